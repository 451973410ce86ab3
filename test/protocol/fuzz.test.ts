/**
 * Frames with a few wrong bytes: they are heard as frames or refused, with bounded work and nothing of theirs in the
 * refusal.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeEntry, encodeEntry, json, msgpack, type Bytes } from '../../sdk/protocol/codec.ts';
import { CODES, Refusal } from '../../sdk/protocol/codes.ts';
import { SAID_LIMITS } from '../../sdk/protocol/scan.ts';
import { entries, said, told } from './samples.ts';

const RUNS = 120_000;
const SEED = 20_261_123;

/** A small generator of our own: fast-check's costs more than what it would test here. */
function chance(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 12), 0x297a2d39);
    return ((mixed ^ (mixed >>> 15)) >>> 0) % below;
  };
}

/** First bytes of every kind, and the ends of every width. */
const SPICE = [0, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, ...Array.from({ length: 33 }, (_, k) => 0xc0 + k), 0xff];

function mutate(of: Uint8Array, from: readonly Uint8Array[], random: (below: number) => number): Uint8Array {
  let bytes = Buffer.from(of);
  for (let turns = 1 + random(4); turns > 0; turns--) {
    const at = random(bytes.length + 1);
    const other = from[random(from.length)]!;
    const kind = random(6);
    if (kind === 0 && at < bytes.length) bytes[at] = random(256);
    else if (kind === 1 && at < bytes.length) bytes[at] = SPICE[random(SPICE.length)]!;
    else if (kind === 2) bytes = bytes.subarray(0, at);
    else if (kind === 3) bytes = spliced(bytes, at, Buffer.of(SPICE[random(SPICE.length)]!), at);
    else if (kind === 4) bytes = spliced(bytes, at, Buffer.of(), at + 1 + random(4));
    else bytes = spliced(bytes, at, other.subarray(random(other.length)), bytes.length);
  }
  return bytes;
}

function spliced(bytes: Uint8Array, end: number, middle: Uint8Array, start: number): Buffer<ArrayBuffer> {
  return Buffer.concat([bytes.subarray(0, end), middle, bytes.subarray(start)]);
}

/** Values inside of a decoded frame. */
function nodes(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce<number>((sum, item) => sum + nodes(item), 1);
}

/** What a decode came to: how many values it made, or 0 when it was refused as it should be. */
function outcome(decode: () => unknown, input: Bytes): number {
  try {
    return nodes(decode());
  } catch (error) {
    if (error instanceof Refusal && error.code === CODES.badFrame.code) return 0;
    throw new Error(`not refused as badFrame: ${Buffer.from(input).toString('hex')}`, { cause: error });
  }
}

function attack(frames: readonly Uint8Array[], decode: (message: Uint8Array) => unknown, runs: number): void {
  const random = chance(SEED);
  let heard = 0;
  let most = 0;
  for (let run = 0; run < runs; run++) {
    const message = mutate(frames[random(frames.length)]!, frames, random);
    const made = outcome(() => decode(message), message);
    if (made > 0) heard++;
    most = Math.max(most, made);
  }
  // A mutation that always or never matters would test nothing.
  expect(heard).toBeGreaterThan(runs / 50);
  expect(heard).toBeLessThan(runs * 0.9);
  // Every frame adds its name and itself, every absent optional field a null.
  expect(most).toBeLessThanOrEqual(SAID_LIMITS.nodes + 2 * SAID_LIMITS.frames);
}

it('hears or refuses mutated frames of clients', { timeout: 120_000 }, () => {
  const frames = Object.values(said).map((frame) => msgpack.encodeSaid(frame).slice());
  attack(frames, (message) => msgpack.decodeSaid(message), RUNS);
});

it('hears or refuses mutated frames of the server', { timeout: 120_000 }, () => {
  const frames = Object.values(told).map((frame) => msgpack.encodeTold(frame).slice());
  attack(frames, (message) => msgpack.decodeTold(message), RUNS / 4);
});

it('hears or refuses mutated JSON', { timeout: 120_000 }, () => {
  const frames = Object.values(said).map((frame) => Buffer.from(json.encodeSaid(frame)));
  attack(frames, (message) => json.decodeSaid(message), RUNS / 4);
});

it('reads or refuses mutated entries', { timeout: 120_000 }, () => {
  attack(Object.values(entries).map((entry) => encodeEntry(entry)), (message) => decodeEntry(message), RUNS / 4);
});

it('hears or refuses any bytes and any text', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 80 }), (message) => {
    outcome(() => msgpack.decodeSaid(message), message);
    outcome(() => json.decodeSaid(message), message);
  }), { numRuns: 2000 });
  fc.assert(fc.property(fc.json(), (message) => {
    outcome(() => json.decodeSaid(message), message);
  }), { numRuns: 500 });
});

it('makes no more than the limits allow, for each frame that is refused alone too', () => {
  const random = chance(SEED + 1);
  const frames = Object.values(said).map((frame) => msgpack.encodeSaid(frame).slice());
  for (let run = 0; run < 20_000; run++) {
    const message = mutate(frames[random(frames.length)]!, frames, random);
    outcome(() => msgpack.decodeSaid(message, (ref, refusal) => {
      expect(['string', 'number']).toContain(typeof ref);
      expect(['invalid', 'tooLarge']).toContain(refusal.name);
    }), message);
  }
});

it('never shows what the sender wrote', { timeout: 60_000 }, () => {
  const secret = 'GEHEIM';
  const random = chance(SEED + 2);
  const frame = msgpack.encodeSaid({
    ...said.command, name: secret.repeat(6), args: { [secret]: secret, list: [{ [secret]: [secret] }] },
  }).slice();
  const message = Buffer.from(json.encodeSaid({ ...said.send, text: secret.repeat(20) }));
  let refused = 0;
  for (let run = 0; run < 20_000; run++) {
    for (const [codec, whole] of [[msgpack, frame], [json, message]] as const) {
      try {
        codec.decodeSaid(mutate(whole, [whole], random));
      } catch (error) {
        if (!(error instanceof Refusal) || error.cause !== undefined) throw error;
        if (`${error} ${error.detail}`.includes(secret)) throw error;
        refused++;
      }
    }
  }
  expect(refused).toBeGreaterThan(10_000);
});
