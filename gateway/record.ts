/**
 * What one append says: the facts of every step that shared it. Nothing is ever recomputed from old inputs.
 *
 * Bytes: 16 bytes of the SHA-256 of the shard's previous record (zeros for its first), then one MessagePack value.
 * So a hole or a flipped bit is found by reading, and an owner recognises its own record by `(epoch, counter)`.
 */
import { hash } from 'node:crypto';

/** One actor's share of a record, or a part of its state (see `partId`). */
export interface Change {
  actor: string;
  /** The whole new state of the actor or part, as UTF-8 JSON. Empty: there is none any more. */
  state: Uint8Array;
  /** When its earliest timer is due, 0 for none. */
  due: number;
  /** Whether its outbox holds effects. */
  pending: boolean;
  /** The log lines it gained, oldest first: encoded once, these bytes go to the store and every socket. */
  entries: { audience: Audience; bytes: Uint8Array }[];
}
export type Audience = 'everyone' | 'agents';

/** What begins the key of a part in its id: no actor's id holds it. */
export const PART = '#';

/** The id under which a part of a large state is kept, beside the actor's own. It has no timers, effects or lines. */
export function partId(actor: string, key: string): string {
  return `${actor}${PART}${key}`;
}

export interface ShardRecord {
  /** Grows by one with each claim of the shard. */
  epoch: number;
  /** The owner's appends in this epoch, from 0 (the claim itself). */
  counter: number;
  /** The owner, for reports. */
  node: string;
  at: number;
  changes: Change[];
}

const VERSION = 1;
const HASH_BYTES = 16;
const AUDIENCES = ['everyone', 'agents'] as const satisfies readonly Audience[];

/** The first 16 bytes of the SHA-256 of a record. */
export function hashOf(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer').subarray(0, HASH_BYTES);
}

/** What a shard's first record has in place of a hash. */
export const NO_HASH: Uint8Array = new Uint8Array(HASH_BYTES);

/** The hash that a record names as that of the one before it. */
export function previousOf(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, HASH_BYTES);
}

/**
 * States and entries are copied once, into memory of the record's own. Every value has one fixed form (arrays of 32
 * bits, texts of 16, binaries of 32, doubles): any MessagePack reads it, and writing needs no second look at a length.
 */
export function encodeRecord(previousHash: Uint8Array, record: ShardRecord): Uint8Array {
  const pen = new Pen(sizeOf(record));
  pen.copy(previousHash);
  pen.array(6);
  pen.small(VERSION);
  pen.number(record.epoch);
  pen.number(record.counter);
  pen.text(record.node);
  pen.number(record.at);
  pen.array(record.changes.length);
  for (const change of record.changes) {
    pen.array(5);
    pen.text(change.actor);
    pen.binary(change.state);
    pen.number(change.due);
    pen.small(change.pending ? 0xc3 : 0xc2);
    pen.array(change.entries.length);
    for (const entry of change.entries) {
      pen.array(2);
      pen.small(AUDIENCES.indexOf(entry.audience));
      pen.binary(entry.bytes);
    }
  }
  return pen.written();
}

/**
 * The states and entries are views of the given bytes. Throws an error that names the position when they are no record:
 * checksums and the chain have been tested before, so that is a fault of the program or a version from the future.
 */
export function decodeRecord(bytes: Uint8Array): ShardRecord {
  const eye = new Eye(bytes, HASH_BYTES);
  eye.array();
  const version = eye.small();
  if (version !== VERSION) {
    throw new Error(`The record is of version ${version}, this program reads ${VERSION}. Run the one that wrote it.`);
  }
  const epoch = eye.number();
  const counter = eye.number();
  const node = eye.text();
  const at = eye.number();
  const changes = eye.list((): Change => {
    eye.array();
    const actor = eye.text();
    const state = eye.binary();
    const due = eye.number();
    const pending = eye.small() === 0xc3;
    const entries = eye.list(() => {
      eye.array();
      return { audience: audienceAt(eye), bytes: eye.binary() };
    });
    return { actor, state, due, pending, entries };
  });
  return { epoch, counter, node, at, changes };
}

function audienceAt(eye: Eye): Audience {
  return AUDIENCES[eye.small()] ?? eye.fail();
}

/** An upper bound: a text's bytes are at most three for each of its units. */
function sizeOf(record: ShardRecord): number {
  let size = HASH_BYTES + 64 + record.node.length * 3;
  for (const change of record.changes) {
    size += 32 + change.actor.length * 3 + change.state.length;
    for (const entry of change.entries) size += 11 + entry.bytes.length;
  }
  return size;
}

const TEXT_BYTES_MAX = 0xffff;

class Pen {
  #bytes: Buffer;
  #at = 0;

  constructor(size: number) {
    this.#bytes = Buffer.allocUnsafeSlow(size);
  }

  written(): Uint8Array {
    return new Uint8Array(this.#bytes.buffer, 0, this.#at);
  }

  /** A number below 128, or a boolean's byte. */
  small(value: number): void {
    this.#bytes[this.#at++] = value;
  }

  number(value: number): void {
    this.small(0xcb);
    this.#at = this.#bytes.writeDoubleBE(value, this.#at);
  }

  array(length: number): void {
    this.small(0xdd);
    this.#at = this.#bytes.writeUInt32BE(length, this.#at);
  }

  text(text: string): void {
    const length = this.#bytes.write(text, this.#at + 3);
    if (length > TEXT_BYTES_MAX) throw new RangeError(`A name in a record has at most ${TEXT_BYTES_MAX} bytes.`);
    this.small(0xda);
    this.#at = this.#bytes.writeUInt16BE(length, this.#at) + length;
  }

  binary(bytes: Uint8Array): void {
    this.small(0xc6);
    this.#at = this.#bytes.writeUInt32BE(bytes.length, this.#at);
    this.copy(bytes);
  }

  copy(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }
}

class Eye {
  #bytes: Buffer;
  #at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#at = at;
  }

  small(): number {
    return this.#bytes[this.#take(1)] ?? 0;
  }

  number(): number {
    this.#expect(0xcb);
    return this.#bytes.readDoubleBE(this.#take(8));
  }

  array(): number {
    this.#expect(0xdd);
    return this.#bytes.readUInt32BE(this.#take(4));
  }

  list<T>(each: () => T): T[] {
    const values: T[] = [];
    for (let left = this.array(); left > 0; left--) values.push(each());
    return values;
  }

  text(): string {
    this.#expect(0xda);
    const length = this.#bytes.readUInt16BE(this.#take(2));
    const at = this.#take(length);
    return this.#bytes.toString('utf8', at, at + length);
  }

  binary(): Uint8Array {
    this.#expect(0xc6);
    const length = this.#bytes.readUInt32BE(this.#take(4));
    const at = this.#take(length);
    return new Uint8Array(this.#bytes.buffer, this.#bytes.byteOffset + at, length);
  }

  fail(): never {
    throw new Error(`The bytes are no record: byte ${this.#at} of ${this.#bytes.length} is not what belongs there.`);
  }

  #expect(first: number): void {
    if (this.#bytes[this.#at] !== first) this.fail();
    this.#at++;
  }

  #take(length: number): number {
    const at = this.#at;
    if (at + length > this.#bytes.length) this.fail();
    this.#at += length;
    return at;
  }
}
