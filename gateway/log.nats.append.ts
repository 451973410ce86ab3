/**
 * Appending to JetStream, and finding out what became of an append: it is durable, somebody else was first, nothing was
 * stored, or nobody knows. What nobody knows is never called a failure: whoever appends sends the same bytes again.
 */
import { LogRefusal } from './log.ts';
import type { Placed, Places } from './log.nats.places.ts';
import { Denial, DENIED, Silence, type Api } from './nats.api.ts';
import { hashOf, previousOf } from './record.ts';
import type { Report } from './report.ts';

export interface AppendingParts {
  api: Pick<Api, 'pause'>;
  places: Pick<Places, 'known' | 'newest' | 'note' | 'append' | 'last' | 'following'>;
  replicas: number;
  report: Report;
}

/** A reading that is older than what is known already is tried again. */
const STALE_MS = 100;
const STALE_TIMES = 10;
/** By these a server says, before it stores anything, that it has no room. */
const NO_ROOM: readonly number[] = [DENIED.resourcesOfAccount, DENIED.resources, DENIED.storage, DENIED.tooLarge];

export class Appending {
  readonly #parts: AppendingParts;
  /** Shards with an append that may yet turn out durable, and what it expected. */
  readonly #doubts = new Map<number, number>();
  #troubled = false;

  constructor(parts: AppendingParts) {
    this.#parts = parts;
  }

  /** As `Log.append`. */
  async append(shard: number, expected: number, record: Uint8Array): Promise<number> {
    try {
      await this.#append(shard, expected, record);
      this.#doubts.delete(shard);
      this.#trouble('');
      return expected + 1;
    } catch (error) {
      const refusal = this.#refusal(shard, expected, error);
      if (refusal.reason === 'fenced') this.#doubts.delete(shard);
      else this.#trouble(refusal.message);
      throw refusal;
    }
  }

  /** Resolves when the record stands behind the expected one. @throws LogRefusal `fenced`; Silence, Denial */
  async #append(shard: number, expected: number, record: Uint8Array): Promise<void> {
    const { places } = this.#parts;
    let before = places.known(shard, expected);
    if (before === undefined) {
      const last = await this.#last(shard, 0);
      if ((last?.seq ?? 0) < expected) throw fenced(shard, expected);
      if (last !== undefined && last.seq > expected) return this.#compare(expected, record, last);
      before = places.known(shard, expected);
      if (before === undefined) throw new Silence('Others append to this shard.', false);
    }
    if (before.hash !== undefined && Buffer.compare(previousOf(record), before.hash) !== 0) throw fenced(shard, expected);
    const sent = places.append(shard, expected + 1, record, before.at);
    // The hash is made while the server works.
    const hash = hashOf(record);
    try {
      places.note({ shard, seq: expected + 1, at: await sent, bytes: record }, hash);
    } catch (error) {
      if (error instanceof Silence && error.sent) this.#doubts.set(shard, expected);
      if (!(error instanceof Denial) || (error.code !== DENIED.wrongLast && error.code !== DENIED.wrongLastMaybe)) throw error;
      const last = await this.#last(shard, Number(/: (\d+)$/.exec(error.message)?.[1] ?? 0));
      // It knows less than this node does, or has something under way that it does not show yet.
      if (last === undefined || last.seq <= expected) throw new Silence('The log has not decided yet.', true);
      await this.#compare(expected, record, last);
    }
  }

  /** The newest record, as a server sees it that knows at least as much as has been known of the shard. @throws Silence, Denial */
  async #last(shard: number, least: number): Promise<Placed | undefined> {
    const { api, places } = this.#parts;
    for (let turn = 0; turn < STALE_TIMES; turn++) {
      const last = await places.last(shard);
      if ((last?.at ?? 0) >= Math.max(least, places.newest(shard).at)) return last;
      await api.pause(STALE_MS);
    }
    throw new Silence('The server that answers is behind.', false);
  }

  /** Whether it is this record that follows the expected one. */
  async #compare(expected: number, record: Uint8Array, last: Placed): Promise<void> {
    const { bytes } = await this.#parts.places.following(expected, last);
    if (Buffer.compare(bytes, record) !== 0) throw fenced(last.shard, expected);
  }

  #refusal(shard: number, expected: number, error: unknown): LogRefusal {
    if (error instanceof LogRefusal) return error.reason === 'trimmed' ? fenced(shard, expected) : error;
    if (!(error instanceof Silence) && !(error instanceof Denial)) throw error;
    const certain = this.#parts.replicas === 1 && error instanceof Denial && nothingStored(error) && this.#doubts.get(shard) !== expected;
    return new LogRefusal(certain ? 'unavailable' : 'unknown', error.message, { cause: error });
  }

  #trouble(why: string): void {
    const { report } = this.#parts;
    if (why !== '' && !this.#troubled) report('warn', 'The log takes no records now; what is sent waits until it does.', { why });
    if (why === '' && this.#troubled) report('info', 'The log takes records again.');
    this.#troubled = why !== '';
  }
}

function nothingStored({ code, message }: Denial): boolean {
  return NO_ROOM.includes(code) || (code === DENIED.store && /maximum (bytes|messages) exceeded/.test(message));
}

function fenced(shard: number, expected: number): LogRefusal {
  return new LogRefusal('fenced', `Another record follows ${expected} in shard ${shard}.`);
}
