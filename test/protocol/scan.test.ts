/** What hostile bytes get: a refusal, before anything is built from them. */
import { Unpackr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { json, msgpack } from '../../sdk/protocol/codec.ts';
import { Refusal } from '../../sdk/protocol/codes.ts';
import { SAID_LIMITS, scan, TOLD_LIMITS } from '../../sdk/protocol/scan.ts';
import { said } from './samples.ts';

const bytes = (...parts: (string | number[])[]): Uint8Array => Buffer.concat(parts.map((part) =>
  (typeof part === 'string' ? Buffer.from(part.replaceAll(' ', ''), 'hex') : Buffer.from(part))));
const fill = (value: number, length: number): number[] => new Array<number>(length).fill(value);
const ping = Buffer.from(msgpack.encodeSaid(said.ping)).toString('hex');

/** msgpackr's shared references: each level holds the next one twice, so that 13 bytes double the tree. */
const bomb = (levels: number): Uint8Array => {
  const names = Array.from({ length: levels }, (_, level) => level.toString(16).padStart(8, '0'));
  const opened = names.map((name) => `92 d669 ${name}`);
  const closed = names.map((name) => `d670 ${name}`).reverse();
  return bytes(...opened, '90', ...closed);
};

const hostile: [what: string, message: Uint8Array, why: string][] = [
  ['nothing at all', bytes(''), 'empty'],
  ['shared references of msgpackr', bomb(24), 'a type'],
  ['a record of msgpackr', bytes('92 06 d472 40 91a161 01'), 'a type'],
  ['a regular expression of msgpackr', bytes('92 06 c7 05 78 92 a1 61 a1 67'), 'a type'],
  ['a big integer of msgpackr', bytes('92 06 c7 02 42 0102'), 'a type'],
  ['an error of msgpackr', bytes('92 06 d4 65 00'), 'a type'],
  ['a date', bytes('92 06 d6 ff 00000000'), 'a type'],
  ['the largest extension', bytes('92 06 c9 ffffffff 01'), 'a type'],
  ...['c7', 'c8', 'c9', 'd4', 'd5', 'd6', 'd7', 'd8'].map((first): [string, Uint8Array, string] =>
    [`an extension 0x${first}`, bytes('92 06', first, fill(1, 30)), 'a type']),
  ['the byte that means nothing', bytes('92 06 c1'), 'a type'],
  ['a text of 4 GB', bytes('92 06 db ffffffff 61'), 'cut short'],
  ['a binary of 4 GB', bytes('92 06 c6 ffffffff 61'), 'cut short'],
  ['an array of 4 billion', bytes('dd ffffffff 06'), 'too many items'],
  ['a map of 4 billion', bytes('92 06 df ffffffff a161 01'), 'too many items'],
  ['an array of 65535 that is not there', bytes('dc ffff'), 'too many items'],
  ['lengths that are cut off themselves', bytes('92 06 db ffff'), 'cut short'],
  ['a size of an array cut off', bytes('dd 00'), 'cut short'],
  ['arrays in arrays in arrays', bytes(fill(0x91, 60_000), '01'), 'too many levels'],
  ['maps in maps in maps', bytes('92 11', ...fill(0, 9).map(() => '81 a161'), '01'), 'too many levels'],
  ['a map with a number as key', bytes('95 11 01 01 a161 81 01 02'), 'a map key'],
  ['a map with null as key', bytes('95 11 01 01 a161 81 c0 02'), 'a map key'],
  ['a map with a map as key', bytes('95 11 01 01 a161 81 80 02'), 'a map key'],
  ['a map with a binary as key', bytes('95 11 01 01 a161 81 c401 00 02'), 'a map key'],
  ['a second key that is no text', bytes('95 11 01 01 a161 82 a161 01 02 03'), 'a map key'],
  ['a key after a nested map that is no text', bytes('95 11 01 01 a161 82 a161 81 a162 01 02 03'), 'a map key'],
  ['65 KB of empty maps', bytes(...fill(0, 127).map(() => `dc01fe${'80'.repeat(510)}`)), 'too many values'],
  ['more frames than one message may hold', bytes(...fill(0, 257).map(() => ping)), 'too many frames'],
  ['a frame cut short', bytes(ping).subarray(0, -1), 'cut short'],
  ['a byte too many', bytes(ping, '93'), 'cut short'],
  ['an integer cut short', bytes('92 06 cf 00000000'), 'cut short'],
  ['a float cut short', bytes('92 06 cb 000000'), 'cut short'],
];
describe('scan', () => {
  it.each(hostile)('refuses %s', (_what, message, why) => {
    expect(() => scan(message, SAID_LIMITS)).toThrow(Refusal);
    expect(() => scan(message, SAID_LIMITS)).toThrow(why);
    expect(() => msgpack.decodeSaid(message)).toThrow(expect.objectContaining({ name: 'badFrame' }));
  });

  it('stands between us and a bomb that works', () => {
    expect(bomb(24).length).toBe(313);
    expect(JSON.stringify(new Unpackr({ useRecords: false }).unpack(bomb(10))).length).toBeGreaterThan(2 ** 11);
  });

  it('gives where each frame begins', () => {
    expect(scan(bytes('9106 9106 c0 a161 82a16101a16290'), TOLD_LIMITS)).toEqual([0, 2, 4, 5, 7]);
  });

  it('knows the length of every kind of value', () => {
    const all = ['00', '7f', 'e0', 'ff', 'c0', 'c2', 'c3', 'cc00', 'cd0000', 'ce00000000', 'cf0000000000000000',
      'd000', 'd10000', 'd200000000', 'd30000000000000000', 'ca00000000', 'cb0000000000000000',
      'a0', 'a161', 'd90161', 'da000161', 'db0000000161',
      'c40161', 'c5000161', 'c60000000161', '90', '9100', 'dc000100', 'dd0000000100', '80', '81a16100', 'de0001a16100',
      'df00000001a16100', '81d9016180'];
    for (const value of all) {
      expect(scan(bytes('c0', value, 'c0'), SAID_LIMITS)).toEqual([0, 1, 1 + value.length / 2]);
      for (let end = 1; end < value.length / 2; end++) {
        expect(() => scan(bytes(value).subarray(0, end), SAID_LIMITS)).toThrow(Refusal);
      }
      // What is well formed and unknown is passed over: a field that a later version adds.
      const added = bytes('9314 07', value);
      expect(msgpack.decodeSaid(added)).toEqual([{ t: 'ping', at: 7 }]);
    }
  });

  it('reads each byte about once, whatever the bytes claim', () => {
    for (const [, message] of hostile) {
      let reads = 0;
      const counted = new Proxy(message, {
        get(of, key) {
          if (typeof key === 'string' && /^\d+$/.test(key)) reads++;
          return Reflect.get(of, key, of);
        },
      });
      expect(() => scan(counted, SAID_LIMITS)).toThrow(Refusal);
      expect(reads).toBeLessThanOrEqual(message.length + 8);
    }
  });
});

describe('JSON', () => {
  const bad: [string, string][] = [
    ['nothing', ''], ['no JSON', '{'], ['an empty list', '[]'], ['an object', '{"t":"ping"}'], ['a number', '20'],
    ['null', 'null'], ['a frame without number', '["ping"]'], ['a list of other things', '[[20,1],20]'],
    ['a list with objects', '[[20,1],{}]'],
    ['100,000 levels', '['.repeat(100_000)], ['100,000 levels of maps', '{"a":'.repeat(100_000)],
    ['levels in a field that is not read', `[20,1,${'['.repeat(20)}${']'.repeat(20)}]`],
    ['levels behind a text that quotes', `["\\\\\\"[",${'['.repeat(20)}`],
    ['65 KB of empty lists', `[6${',[]'.repeat(20_000)}]`], ['65 KB of commas', `[6${',0'.repeat(30_000)}]`],
    ['more frames than one message may hold', `[${new Array(257).fill('[20,1]').join(',')}]`],
    ['a text without end', '[6,"abc'], ['a number that is too large', '[20,1e400]'], ['a fraction', '[20,1.5]'],
    ['a negative number', '[20,-1]'], ['2^53', '[20,9007199254740992]'], ['half a pair', `[25,"\\ud83d"]`],
    ['a word that is not in the list', `[16,3,"sleeping",""]`],
    ['the key that changes prototypes', `[17,"${said.send.cmid}",3,"status",{"__proto__":{"x":1}}]`],
    ['data that is a list', `[17,"${said.send.cmid}",3,"status",[1]]`],
    ['data that is too deep', `[17,"${said.send.cmid}",3,"status",{"a":[[[[[[1]]]]]]}]`],
    ['data with too many values', `[17,"${said.send.cmid}",3,"status",{"a":[${new Array(600).fill(1).join(',')}]}]`],
    ['a ULID with a letter that has no value', '[3,1,"01KAQJ3V5R8Z6N4T2Y7WQDXEGU",0,0]'],
    ['a ULID with a space', '[3,1,"01KAQJ3V5R8Z6 4T2Y7WQDXEGC",0,0]'],
    ['a ULID beyond 128 bits', '[3,1,"81KAQJ3V5R8Z6N4T2Y7WQDXEGC",0,0]'],
    ['a ULID that is too long when upper-cased', '[3,1,"01KAQJ3V5R8Z6N4T2Y7WQDXEGß",0,0]'],
  ];
  it.each(bad)('refuses %s', (_what, message) => {
    expect(() => json.decodeSaid(message)).toThrow(expect.objectContaining({ name: 'badFrame' }));
    expect(() => json.decodeSaid(Buffer.from(message))).toThrow(expect.objectContaining({ name: 'badFrame' }));
  });

  it('takes brackets inside of texts for what they are', () => {
    const reason = '\\"[[[[{{{{[[[[[[[[';
    expect(json.decodeSaid(json.encodeSaid({ t: 'bye', reason }))).toEqual([{ t: 'bye', reason }]);
  });
});

describe('MessagePack values', () => {
  const bad: [string, string][] = [
    ['2^53', '9214 cf0020000000000000'], ['a negative number', '9214 ff'], ['not a number', '9214 cb7ff8000000000000'],
    ['infinity', '9214 cb7ff0000000000000'], ['a fraction', '9214 cb3ff8000000000000'],
    ['a text as number', '9214 a137'], ['a text instead of a frame', 'a137'], ['a frame with no number', '90'],
    ['a frame with a text as number', '91a137'],
    ['a word beyond the list', '9410 03 09 a0'], ['a text that is not UTF-8', '9219 a2c0af'],
    ['a binary of 15 bytes', `9503 01 c40f${'00'.repeat(15)} 00 00`], ['a binary as text', '9219 c40161'],
    ['the key that changes prototypes', `9511 c410${'00'.repeat(16)} 03 a161 81a95f5f70726f746f5f5f80`],
    ['the same key twice', `9511 c410${'00'.repeat(16)} 03 a161 82a16101a16102`],
  ];
  it.each(bad)('refuses %s', (_what, hex) => {
    expect(() => msgpack.decodeSaid(bytes(hex))).toThrow(expect.objectContaining({ name: 'badFrame' }));
  });

  it('takes a float for an integer when it is one, and minus zero for zero', () => {
    expect(msgpack.decodeSaid(bytes('9214 cb4279ab07d0dc0000'))).toMatchObject([{ t: 'ping' }]);
    expect(msgpack.decodeSaid(bytes('9214 cb8000000000000000'))).toEqual([{ t: 'ping', at: 0 }]);
  });

  it('does not accept text where MessagePack was agreed', () => {
    expect(() => msgpack.decodeSaid('[20,1]')).toThrow(expect.objectContaining({ name: 'badFrame' }));
  });
});
