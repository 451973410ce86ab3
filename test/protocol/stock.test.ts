/** Ours is stock MessagePack: an independent implementation reads what we write, and we read what it writes. */
import fc from 'fast-check';
import { Packr, Unpackr } from 'msgpackr';
import { describe, expect, it } from 'vitest';
import { json, msgpack } from '../../sdk/protocol/codec.ts';
import { CLIENT, SERVER, type Said, type Told } from '../../sdk/protocol/frames.ts';
import type { Field, Shape } from '../../sdk/protocol/fields.ts';
import { saidOf, toldOf } from './arbitrary.ts';

const options = { useRecords: false, mapsAsObjects: true, int64AsType: 'number', variableMapSize: true } as const;
const unpackr = new Unpackr(options);
const packr = new Packr(options);

/** From what JSON says to what MessagePack says: ULIDs are 16 bytes, words are indices. */
function binary(shape: Shape, value: unknown): unknown {
  const each = (of: readonly Shape[]): unknown =>
    Array.isArray(value) && value.map((item, place) => binary(of[place]!, item));
  switch (shape.is) {
    case 'ulid': return Uint8Array.from(Buffer.from(hexOf(String(value)), 'hex'));
    case 'id': return typeof value === 'number' ? value : binary({ is: 'ulid' }, value);
    case 'literal': return shape.values.indexOf(String(value));
    case 'maybe': return value === null ? null : binary(shape.of, value);
    case 'list': return Array.isArray(value) && value.map((item) => binary(shape.of, item));
    case 'tuple': return each(shape.of);
    case 'struct': return each(Object.values(shape.of));
    default: return value;
  }
}
function hexOf(ulid: string): string {
  const digits = [...ulid].map((character) => BigInt('0123456789ABCDEFGHJKMNPQRSTVWXYZ'.indexOf(character)));
  return digits.reduce((sum, digit) => sum * 32n + digit, 0n).toString(16).padStart(32, '0');
}
/** The positional values of a frame as an implementation that knows nothing of ours would hold them. */
function positional(body: Field<unknown>, text: string): unknown[] {
  const [number, ...fields]: unknown[] = JSON.parse(text);
  return [number, ...(binary(body.shape, fields) as unknown[])];
}

describe('msgpackr', () => {
  it.each(Object.entries(CLIENT))('and ours mean the same by %s', (name, [, body]) => {
    fc.assert(fc.property(saidOf[name]!, (frame: Said) => {
      const plain = positional(body, json.encodeSaid(frame));
      expect(unpackr.unpack(msgpack.encodeSaid(frame))).toEqual(plain);
      expect(msgpack.decodeSaid(packr.pack(plain))).toEqual([frame]);
    }), { numRuns: 60 });
  });

  it.each(Object.entries(SERVER))('and ours mean the same by %s of the server', (name, [, body]) => {
    fc.assert(fc.property(toldOf[name]!, (frame: Told) => {
      const plain = positional(body, json.encodeTold(frame));
      expect(unpackr.unpack(msgpack.encodeTold(frame))).toEqual(plain);
      expect(msgpack.decodeTold(packr.pack(plain))).toEqual([frame]);
    }), { numRuns: 60 });
  });
});
