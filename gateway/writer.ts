/**
 * The end of one shard's log, as its owner holds it: claims it, and writes one record after another, each with the hash of
 * the one before.
 */
import { rest, type Clock } from './clock.ts';
import { LogRefusal, type Log, type Stored } from './log.ts';
import { decodeRecord, encodeRecord, hashOf, NO_HASH, type Change } from './record.ts';

export interface WriterParts {
  log: Log;
  clock: Clock;
  /** Name of this node, for records and reports. */
  node: string;
}

/** The name in a record by which an owner gives its shard away. */
export const NOBODY = '';
const RETRY_MS = 200;

/** The append under way, and what following the log may say of it before the answer comes. */
interface Writing {
  bytes: Uint8Array;
  durable(): void;
  refused(): void;
}

export class Writer {
  readonly #shard: number;
  readonly #parts: WriterParts;
  #counter = 0;
  #hash: Uint8Array = NO_HASH;
  #writing: Writing | undefined;
  /** Of the newest claim by this node, 0 before any. */
  epoch = 0;
  /** The newest sequence that it has written, or found when it claimed. */
  head = 0;
  /**
   * Until when this node certainly was the owner: when its newest record was first sent. That it stands may be heard long
   * after others have gone on behind it.
   */
  #provenAt = -Infinity;
  /** What was sent before says nothing: this node was cut off, or stood still. */
  #doubtedAt = -Infinity;

  constructor(shard: number, parts: WriterParts) {
    this.#shard = shard;
    this.#parts = parts;
  }

  /** Whether a record that was sent not longer ago than `ms` stands. */
  isProven(ms: number): boolean {
    const age = this.#parts.clock.now() - this.#provenAt;
    // One from the future is no proof: somebody set the clock back.
    return age >= 0 && age <= ms && this.#provenAt > this.#doubtedAt;
  }

  doubt(): void {
    this.#doubtedAt = this.#parts.clock.now();
  }

  /** Whether an append is under way. */
  get busy(): boolean {
    return this.#writing !== undefined;
  }

  /**
   * Reads the shard's end, has `level` bring this node up to it, and appends a record that says who owns it now. Resolves
   * with the record's bytes; undefined when it belongs to somebody from whom it may not be taken.
   *
   * @throws LogRefusal `damaged`, `unavailable`
   */
  async claim(mayTake: (owner: string) => boolean, level: (seq: number) => Promise<void>): Promise<Uint8Array | undefined> {
    const { log, clock } = this.#parts;
    for (;;) {
      const last = await log.last(this.#shard);
      const found = last === undefined ? undefined : decodeRecord(last.bytes);
      const owner = found?.node ?? NOBODY;
      if (!mayTake(owner)) return undefined;
      await level(last?.seq ?? 0);
      // What was read may say that its owner lives.
      if (!mayTake(owner)) return undefined;
      this.epoch = (found?.epoch ?? 0) + 1;
      this.#counter = -1;
      this.head = last?.seq ?? 0;
      this.#hash = last === undefined ? NO_HASH : hashOf(last.bytes);
      try {
        return await this.write(clock.now(), []);
      } catch (error) {
        if (!(error instanceof LogRefusal) || error.reason !== 'fenced') throw error;
      }
    }
  }

  /**
   * Appends one record and resolves with its bytes once it is durable. While the outcome is unknown it sends the same
   * bytes with the same expectation again.
   *
   * @param node who owns the shard from here on: this node, or nobody
   * @throws LogRefusal `fenced`, `unavailable`, `damaged`: nothing was written.
   */
  async write(at: number, changes: Change[], node = this.#parts.node): Promise<Uint8Array> {
    const sentAt = this.#parts.clock.now();
    const bytes = encodeRecord(this.#hash, { epoch: this.epoch, counter: ++this.#counter, node, at, changes });
    const told = new Promise<void>((resolve, reject) => {
      this.#writing = {
        bytes, durable: resolve,
        refused: () => reject(new LogRefusal('fenced', `Another record follows ${this.head} in shard ${this.#shard}.`)),
      };
    });
    try {
      const written = Promise.race([told, this.#append(bytes)]);
      // The hash is made while the disk works.
      const hash = hashOf(bytes);
      await written;
      this.head += 1;
      this.#hash = hash;
      this.#provenAt = sentAt;
      return bytes;
    } finally {
      this.#writing = undefined;
    }
  }

  /** What stands behind the head, as following the log tells it: the answer to an append may come later, or never. */
  told({ seq, bytes }: Stored): void {
    if (seq !== this.head + 1 || this.#writing === undefined) return;
    if (Buffer.compare(bytes, this.#writing.bytes) === 0) this.#writing.durable();
    else this.#writing.refused();
  }

  async #append(bytes: Uint8Array): Promise<void> {
    const { log, clock } = this.#parts;
    const { head } = this;
    while (this.#writing?.bytes === bytes) {
      try {
        await log.append(this.#shard, head, bytes);
        return;
      } catch (error) {
        if (!(error instanceof LogRefusal) || error.reason !== 'unknown') throw error;
        await rest(clock, RETRY_MS);
      }
    }
  }
}
