/**
 * A frame that many agents of a workspace read alike: made at most once a second while somebody reads it, and encoded
 * once for all of them.
 */
import type { Codec } from '../sdk/protocol/codec.ts';
import type { Told } from '../sdk/protocol/frames.ts';
import type { Clock } from './clock.ts';
import type { Bytes } from './outgoing.ts';
import type { Report } from './report.ts';

export interface Reader {
  readonly codec: Codec;
  /** The newest frame of that kind; the ones before it are worth nothing. */
  shown(kind: Told['t'], bytes: Bytes): void;
}

export interface BulletinParts {
  clock: Clock;
  report: Report;
  /** What is to be read now, if anything. */
  make(): Told | undefined;
}

const EVERY_MS = 1_000;

export class Bulletin {
  readonly #parts: BulletinParts;
  readonly #readers = new Set<Reader>();
  #frame: Told | undefined;
  /** The frame, once somebody reads it in that encoding. */
  readonly #encoded = new Map<Codec, Bytes>();
  #fresh = false;
  /** When everybody was last shown it. */
  #shownAt = -Infinity;
  /** It will be shown to everybody in a moment. */
  #due = false;

  constructor(parts: BulletinParts) {
    this.#parts = parts;
  }

  /** A reader is shown it at once, as it is now. */
  add(reader: Reader): void {
    if (this.#readers.has(reader)) return;
    this.#readers.add(reader);
    this.#show(reader);
  }

  remove(reader: Reader): void {
    this.#readers.delete(reader);
  }

  /** What it says may have changed. */
  changed(): void {
    this.#fresh = false;
    if (this.#due || this.#readers.size === 0) return;
    const wait = this.#shownAt + EVERY_MS - this.#parts.clock.now();
    if (wait <= 0) return this.#showAll();
    this.#due = true;
    this.#parts.clock.after(wait, () => {
      this.#due = false;
      this.#showAll();
    });
  }

  #showAll(): void {
    this.#shownAt = this.#parts.clock.now();
    for (const reader of this.#readers) this.#show(reader);
  }

  #show(reader: Reader): void {
    // Whoever changed it is in the middle of something that concerns others: a fault in it stays here.
    try {
      if (!this.#fresh) {
        this.#encoded.clear();
        this.#frame = this.#parts.make();
        this.#fresh = true;
      }
      if (this.#frame === undefined) return;
      let bytes = this.#encoded.get(reader.codec);
      if (bytes === undefined) this.#encoded.set(reader.codec, bytes = reader.codec.encodeTold(this.#frame));
      reader.shown(this.#frame.t, bytes);
    } catch (error) {
      this.#parts.report('error', 'a frame for all agents could not be made', { why: error instanceof Error ? error.message : String(error) });
    }
  }
}
