import { decode } from 'msgpackr';
import { expect, it } from 'vitest';
import { decodeRecord, encodeRecord, hashOf, NO_HASH, previousOf, type ShardRecord } from '../../gateway/record.ts';

const text = (value: string): Uint8Array => Buffer.from(value);
const full: ShardRecord = {
  epoch: 7,
  counter: 1234567,
  node: 'knoten-ä',
  at: 1_800_000_000_123,
  changes: [
    { actor: '01HZX', state: text('{"n":"é"}'), due: 1_900_000_000_000, pending: true, entries: [
      { audience: 'everyone', bytes: text('hello') },
      { audience: 'agents', bytes: new Uint8Array(70_000).fill(3) },
    ] },
    { actor: 'desk', state: new Uint8Array(0), due: 0, pending: false, entries: [] },
  ],
};
const plain = ({ changes, ...record }: ShardRecord): unknown => ({
  ...record,
  changes: changes.map(({ state, entries, ...change }) => ({
    ...change,
    state: Buffer.from(state).toString('hex'),
    entries: entries.map(({ audience, bytes }) => [audience, Buffer.from(bytes).toString('hex')]),
  })),
});

it('says again what it was told', () => {
  const bytes = encodeRecord(NO_HASH, full);
  expect(plain(decodeRecord(bytes))).toEqual(plain(full));
  expect(plain(decodeRecord(encodeRecord(NO_HASH, { ...full, changes: [] })))).toEqual(plain({ ...full, changes: [] }));
});

it('reads out of the middle of other bytes, as a socket or a file hands them', () => {
  const bytes = encodeRecord(NO_HASH, full);
  const around = Buffer.concat([Buffer.alloc(5, 1), bytes, Buffer.alloc(9, 2)]);
  expect(plain(decodeRecord(around.subarray(5, 5 + bytes.length)))).toEqual(plain(full));
});

it('names the record before it, so that records form a chain', () => {
  const first = encodeRecord(NO_HASH, full);
  const second = encodeRecord(hashOf(first), { ...full, counter: 1 });
  expect(hashOf(first)).toHaveLength(16);
  expect([...previousOf(second)]).toEqual([...hashOf(first)]);
  expect([...previousOf(first)]).toEqual([...new Uint8Array(16)]);
});

it('is MessagePack that any other program reads', () => {
  const [version, epoch, counter, node, at, changes] = decode(encodeRecord(NO_HASH, full).subarray(16));
  expect([version, epoch, counter, node, at]).toEqual([1, 7, 1234567, 'knoten-ä', 1_800_000_000_123]);
  expect(changes[0][0]).toBe('01HZX');
  expect(Buffer.from(changes[0][4][0][1]).toString()).toBe('hello');
});

it('refuses another version and cut bytes with a sentence', () => {
  const bytes = encodeRecord(NO_HASH, { ...full, changes: full.changes.slice(1) });
  const future = bytes.slice();
  future[21] = 2;
  expect(() => decodeRecord(future)).toThrow('version 2');
  for (let length = 16; length < bytes.length; length++) {
    expect(() => decodeRecord(bytes.subarray(0, length)), `${length}`).toThrow();
  }
});
