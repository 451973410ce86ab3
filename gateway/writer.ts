/**
 * The end of one shard's log, as its owner holds it: claims it, and writes one record after another, each with the hash of
 * the one before.
 */
import type { Clock } from './clock.ts';
import { LogRefusal, type Log } from './log.ts';
import { decodeRecord, encodeRecord, hashOf, NO_HASH, type Change } from './record.ts';

export interface WriterParts {
  log: Log;
  clock: Clock;
  /** Name of this node, for records and reports. */
  node: string;
}

const RETRY_MS = 200;

export class Writer {
  readonly #shard: number;
  readonly #parts: WriterParts;
  #epoch = 0;
  #counter = 0;
  #hash: Uint8Array = NO_HASH;
  /** The shard's newest sequence. */
  head = 0;

  constructor(shard: number, parts: WriterParts) {
    this.#shard = shard;
    this.#parts = parts;
  }

  /**
   * Reads the shard's end and appends a record that says who owns it now; tries again when somebody else did meanwhile.
   * Resolves with the record's bytes.
   *
   * @throws LogRefusal `damaged`, `unavailable`
   */
  async claim(): Promise<Uint8Array> {
    for (;;) {
      const last = await this.#parts.log.last(this.#shard);
      this.#epoch = (last === undefined ? 0 : decodeRecord(last.bytes).epoch) + 1;
      this.#counter = -1;
      this.head = last?.seq ?? 0;
      this.#hash = last === undefined ? NO_HASH : hashOf(last.bytes);
      try {
        return await this.write(this.#parts.clock.now(), []);
      } catch (error) {
        if (!(error instanceof LogRefusal) || error.reason !== 'fenced') throw error;
      }
    }
  }

  /**
   * Appends one record and resolves with its bytes once it is durable. While the outcome is unknown it sends the same
   * bytes with the same expectation again.
   *
   * @throws LogRefusal `fenced`, `unavailable`, `damaged`: nothing was written.
   */
  async write(at: number, changes: Change[]): Promise<Uint8Array> {
    const { log, clock, node } = this.#parts;
    const bytes = encodeRecord(this.#hash, { epoch: this.#epoch, counter: ++this.#counter, node, at, changes });
    for (;;) {
      try {
        const written = log.append(this.#shard, this.head, bytes);
        // The hash is made while the disk works.
        const hash = hashOf(bytes);
        this.head = await written;
        this.#hash = hash;
        return bytes;
      } catch (error) {
        if (!(error instanceof LogRefusal) || error.reason !== 'unknown') throw error;
        await new Promise<void>((resolve) => { clock.after(RETRY_MS, resolve); });
      }
    }
  }
}
