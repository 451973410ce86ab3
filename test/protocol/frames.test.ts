/** Whatever one side says, the other hears, in both encodings; and old readers live with what newer writers add. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEntry, encodeEntry, entryText, json, msgpack, type Codec } from '../../sdk/protocol/codec.ts';
import { Refusal } from '../../sdk/protocol/codes.ts';
import { encodeSummary, eventFrame, eventText, listedFrame, listedText, pageFrame, pageText, summaryText } from '../../sdk/protocol/envelope.ts';
import type { Said, Told } from '../../sdk/protocol/frames.ts';
import { Writer } from '../../sdk/protocol/writer.ts';
import { saidOf, toldOf } from './arbitrary.ts';
import { entries, said, told } from './samples.ts';

const codecs: readonly Codec[] = [msgpack, json];
const refusalOf = (act: () => unknown): Refusal => {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};

describe.each(codecs)('$subprotocol', (codec) => {
  it.each(Object.keys(saidOf))('carries every %s of a client', (name) => {
    fc.assert(fc.property(saidOf[name]!, (frame) => {
      expect(codec.decodeSaid(codec.encodeSaid(frame))).toEqual([frame]);
    }), { numRuns: 100 });
  });

  it.each(Object.keys(toldOf))('carries every %s of the server', (name) => {
    fc.assert(fc.property(toldOf[name]!, (frame) => {
      expect(codec.decodeTold(codec.encodeTold(frame))).toEqual([frame]);
    }), { numRuns: 100 });
  });

  it('carries several frames in one message, in their order', () => {
    const frames: Said[] = Object.values(said);
    expect(codec.decodeSaid(codec.join(frames.map((frame) => codec.encodeSaid(frame))))).toEqual(frames);
    const answers: Told[] = Object.values(told);
    expect(codec.decodeTold(codec.join(answers.map((frame) => codec.encodeTold(frame))))).toEqual(answers);
  });

  it('carries numbers on both sides of every border between widths', () => {
    const borders = [5, 7, 8, 15, 16, 31, 32, 40, 52].map((bits) => 2 ** bits);
    const numbers = borders.flatMap((border) => [border - 1, border, 1 - border, -border, -border - 1, border + 0.5]);
    const frame: Said = { ...said.command, args: { numbers, far: [Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER] } };
    expect(codec.decodeSaid(codec.encodeSaid(frame))).toEqual([frame]);
  });

  it('never changes bytes that it has handed out', () => {
    const first = codec.encodeSaid(said.send);
    const before = typeof first === 'string' ? first : first.slice();
    for (let k = 0; k < 2000; k++) codec.encodeTold(told.event);
    expect(first).toEqual(before);
  });

  it('hands the sender back the line that was not allowed, and the others to the gateway', () => {
    const send = JSON.stringify([6, said.send.cmid, 3, 'message', 'x'.repeat(8001)]);
    const message = codec.binary ? codec.join([codec.encodeSaid(said.ping), overlong(), codec.encodeSaid(said.read)])
      : `[[20,1],${send},${codec.encodeSaid(said.read)}]`;
    const refused: [string | number, string, string][] = [];
    const heard = codec.decodeSaid(message, (ref, { name, detail }) => refused.push([ref, name, detail]));
    expect(heard.map((frame) => frame.t)).toEqual(['ping', 'read']);
    expect(refused).toEqual([[said.send.cmid, 'tooLarge', 'send.text: at most 8000 characters']]);
    const whole = refusalOf(() => codec.decodeSaid(message));
    expect(whole).toMatchObject({ name: 'badFrame', detail: 'send.text: at most 8000 characters' });
  });

  it('refuses to write what would be refused', () => {
    const wrong = (change: object) => refusalOf(() => codec.encodeSaid({ ...said.send, ...change })).name;
    expect(wrong({ text: 'x'.repeat(8001) })).toBe('tooLarge');
    expect(wrong({ text: 'half a pair: \ud83d' })).toBe('invalid');
    for (const cmid of ['I1KAQJ3V9W0A1B2C3D4E5F6G7H', '01KAQJ3V9W0U1B2C3D4E5F6G7H', '81KAQJ3V9W0A1B2C3D4E5F6G7H', '01KAQ', '']) {
      expect(wrong({ cmid })).toBe('badFrame');
    }
    expect(wrong({ conversation: -1 })).toBe('invalid');
    expect(wrong({ conversation: NaN })).toBe('invalid');
    expect(wrong({ conversation: 2 ** 53 })).toBe('invalid');
    expect(refusalOf(() => codec.encodeSaid({ ...said.command, args: { amount: Infinity } })).name).toBe('invalid');
    expect(codec.decodeSaid(codec.encodeSaid(said.send))).toEqual([said.send]);
  });

  it('accepts lower-case ULIDs and gives them in upper case', () => {
    const frame = { ...said.send, cmid: said.send.cmid.toLowerCase() };
    expect(codec.decodeSaid(codec.encodeSaid(frame))).toEqual([said.send]);
  });
});

function overlong(): Uint8Array {
  return packed((to) => {
    to.array(6);
    to.uint(6);
    to.ulid(said.send.cmid);
    to.uint(3);
    to.uint(0);
    to.text('x'.repeat(8001));
    to.nil();
  });
}
function packed(fill: (to: Writer) => void): Uint8Array {
  const writer = new Writer();
  fill(writer);
  return writer.take();
}

/** EVENT with what `change` puts in place of the cmid, and behind the author and the entry what a later version might. */
const event = (cmid: (to: Writer) => void, more: boolean): Uint8Array => packed((to) => {
  to.array(3);
  for (const value of [9, 3]) to.uint(value);
  to.array(more ? 9 : 8);
  for (const value of [12, 10, 5, 0, 1]) to.uint(value);
  to.array(more ? 4 : 3);
  to.uint(0);
  for (const value of ['visitor-7', 'Mia', 'later'].slice(0, more ? 3 : 2)) to.text(value);
  cmid(to);
  to.map(1);
  to.text('text');
  to.text('hi');
  if (more) to.text('later');
});

it('names the field that is wrong, also behind and inside of others', () => {
  const detail = (cmid: (to: Writer) => void): string => refusalOf(() => msgpack.decodeTold(event(cmid, false))).detail;
  expect(detail((to) => to.text('x'))).toBe('event.entry.cmid: not a ULID of 16 bytes');
  const text = json.encodeTold(told.event);
  expect(refusalOf(() => json.decodeTold(text.replace(said.send.cmid, 'x'))).detail).toBe('event.entry.cmid: not a ULID');
  expect(refusalOf(() => json.decodeTold(text.replace('"Mia"', '7'))).detail).toBe('event.entry.author.name: not a text');
  const wrong = { ...entries.message, cmid: 'x' };
  for (const codec of codecs) {
    expect(refusalOf(() => codec.encodeTold({ ...told.event, entry: wrong })).detail).toBe('event.entry.cmid: not a ULID');
  }
});

describe('a newer writer', () => {
  it('may add fields at the end of frames and of what is inside them', () => {
    expect(json.decodeTold('[4,1,"01KAQJ3V5R8Z6N4T2Y7WQDXEGC",3,1,12,"current",' +
      `${JSON.stringify(JSON.parse(json.encodeTold(told.subscribed))[7]).slice(0, -1)},{"new":[1]}],"more"]`))
      .toEqual([{ ...told.subscribed, verdict: 'current' }]);
    const bytes = packed((to) => {
      to.array(4);
      for (const value of [20, 7]) to.uint(value);
      to.map(1);
      to.text('deep');
      to.array(2);
      to.text('x');
      to.ulid(said.send.cmid);
      to.number(-1.5);
    });
    expect(msgpack.decodeSaid(msgpack.join([bytes, bytes]))).toEqual([{ t: 'ping', at: 7 }, { t: 'ping', at: 7 }]);
  });

  it('may add fields inside of MessagePack structures', () => {
    expect(msgpack.decodeTold(event((to) => to.nil(), true))).toEqual(msgpack.decodeTold(event((to) => to.nil(), false)));
  });

  it('may say frames of numbers that are not known here', () => {
    expect(json.decodeSaid('[[99,"?"],[20,7]]')).toEqual([{ t: 'ping', at: 7 }]);
    const unknown = packed((to) => {
      to.array(2);
      to.uint(99);
      to.text('?');
    });
    expect(msgpack.decodeSaid(msgpack.join([unknown, msgpack.encodeSaid(said.ping)]))).toEqual([said.ping]);
  });
});

describe('an older writer', () => {
  it('may leave out optional fields at the end, and no others', () => {
    expect(json.decodeSaid(`[6,"${said.send.cmid}",3,"message","hi"]`)).toMatchObject([{ t: 'send', channel: null }]);
    expect(refusalOf(() => json.decodeSaid(`[6,"${said.send.cmid}",3,"message"]`)).detail).toBe('send.text: missing');
    const short = packed((to) => {
      to.array(2);
      to.uint(6);
      to.ulid(said.send.cmid);
    });
    expect(refusalOf(() => msgpack.decodeSaid(short)).detail).toBe('send.conversation: missing');
  });
});

describe('entries', () => {
  it.each(Object.values(entries))('of kind $kind are encoded once and copied into frames', (entry) => {
    const bytes = encodeEntry(entry);
    expect(decodeEntry(bytes)).toEqual(entry);
    expect(bytes.buffer.byteLength).toBe(bytes.length);
    expect(eventFrame(300, bytes)).toEqual(msgpack.encodeTold({ t: 'event', alias: 300, entry }));
    expect(eventText(300, entryText(entry))).toBe(json.encodeTold({ t: 'event', alias: 300, entry }));
  });

  it('fill pages without being decoded', () => {
    const all = Object.values(entries);
    const { t: _, entries: __, ...head } = told.page;
    expect(pageFrame(head, all.map(encodeEntry))).toEqual(msgpack.encodeTold(told.page));
    expect(pageText(head, all.map(entryText))).toBe(json.encodeTold(told.page));
    expect(msgpack.decodeTold(pageFrame({ ...head, conversation: said.send.cmid }, []))).toHaveLength(1);
  });

  it('cut short, doubled or without a body are refused', () => {
    const bytes = encodeEntry(entries.message);
    expect(refusalOf(() => decodeEntry(bytes.subarray(0, -1))).name).toBe('badFrame');
    expect(refusalOf(() => decodeEntry(msgpack.join([bytes, bytes]))).name).toBe('badFrame');
    const empty = entryText(entries.message).replace(/\{.*\}/, '{}');
    expect(refusalOf(() => json.decodeTold(eventText(3, empty))).detail).toBe('event.entry: a body without its fields');
  });
});

describe('rows of lists', () => {
  it('are encoded once and copied into frames', () => {
    const { t: _, rows, ...head } = told.listed;
    const bytes = rows.map(encodeSummary);
    expect(bytes[0]?.buffer.byteLength).toBe(bytes[0]?.length);
    expect(listedFrame(head, bytes)).toEqual(msgpack.encodeTold(told.listed));
    expect(listedText(head, rows.map(summaryText))).toBe(json.encodeTold(told.listed));
    expect(listedFrame({ ...head, gone: [] }, [])).toEqual(msgpack.encodeTold({ ...told.listed, rows: [], gone: [] }));
  });

  it('refuse what the other side would refuse', () => {
    const { t: _, rows: [row], ...head } = told.listed;
    if (row === undefined) throw new Error('There is no sample.');
    expect(refusalOf(() => encodeSummary({ ...row, preview: 'x'.repeat(501) })).detail).toBe('summary.preview: at most 500 characters');
    expect(refusalOf(() => listedFrame({ ...head, gone: ['nobody'] }, [])).name).toBe('badFrame');
  });
});
