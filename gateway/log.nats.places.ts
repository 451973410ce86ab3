/**
 * Where the records of each shard stand in the stream: a shard's sequence has no gaps, the stream's numbers are shared by
 * all shards. What is known is remembered for the newest record; the rest is found by halving.
 */
import { LogRefusal, type Stored } from './log.ts';
import type { Message, Stream } from './log.nats.stream.ts';
import { hashOf, NO_HASH } from './record.ts';

/** A record and its place in the stream. */
export interface Placed extends Stored {
  at: number;
}

interface Newest {
  seq: number;
  at: number;
  /** Undefined when nobody has needed it. */
  hash: Uint8Array | undefined;
}

/** How far each shard is to be read. */
export interface Course {
  /** From here on the stream has everything that is wanted. */
  from: number;
  /** The newest records of those shards that have any behind the positions asked for. */
  last: ReadonlyMap<number, Placed>;
}

const NONE: Newest = { seq: 0, at: 0, hash: NO_HASH };
const HEAD_BYTES = 8;

export class Places {
  readonly #stream: Stream;
  /** Of a shard's subject, without its number. */
  readonly #prefix: string;
  readonly #newest = new Map<number, Newest>();
  #newestOfAll: Placed | undefined;

  constructor(stream: Stream, prefix: string) {
    this.#stream = stream;
    this.#prefix = prefix;
  }

  /** What the stream holds for a record: its shard's sequence, then its bytes. @throws Silence, Denial */
  append(shard: number, seq: number, record: Uint8Array, expected: number): Promise<number> {
    const data = Buffer.allocUnsafe(HEAD_BYTES + record.length);
    data.writeBigUInt64BE(BigInt(seq));
    data.set(record, HEAD_BYTES);
    return this.#stream.append(this.#subject(shard), data, expected);
  }

  /** @throws LogRefusal `damaged`: no node of Parley wrote it */
  unwrap(message: Message): Placed {
    const record = this.#record(message);
    if (record !== undefined) return record;
    throw new LogRefusal('damaged', `In shard ${this.#shardOf(message)} of the log, at ${message.at}, stands what no node of Parley has written: `
      + 'it takes no more records. See who may publish on these subjects of NATS.');
  }

  /** Those that nodes of Parley wrote. */
  records(messages: readonly Message[]): Placed[] {
    return messages.flatMap((message) => this.#record(message) ?? []);
  }

  /** A shard has no more records than the stream has messages. */
  #record(message: Message): Placed | undefined {
    const { at, data } = message;
    if (data.length < HEAD_BYTES + NO_HASH.length) return undefined;
    const seq = Number(new DataView(data.buffer, data.byteOffset, HEAD_BYTES).getBigUint64(0));
    return seq < 1 || seq > at ? undefined : { shard: this.#shardOf(message), seq, bytes: data.subarray(HEAD_BYTES), at };
  }

  #shardOf({ subject }: Message): number {
    return Number(subject.slice(this.#prefix.length));
  }

  note(record: Placed, hash?: Uint8Array): void {
    const { shard, seq, at } = record;
    if (seq > this.newest(shard).seq) this.#newest.set(shard, { seq, at, hash });
    if (at > (this.#newestOfAll?.at ?? 0)) this.#newestOfAll = record;
  }

  /** Of all records that were seen, the one that stands last in the stream. */
  get newestOfAll(): Placed | undefined {
    return this.#newestOfAll;
  }

  /** The record at a place of the stream. @throws Silence, Denial */
  async at(place: number): Promise<Placed | undefined> {
    const message = await this.#stream.at(place);
    return message === undefined ? undefined : this.unwrap(message);
  }

  /** The newest record that was seen of a shard. */
  newest(shard: number): Newest {
    return this.#newest.get(shard) ?? NONE;
  }

  /** The place and hash of a shard's record, if they are known: those of the newest, and of none. */
  known(shard: number, seq: number): Newest | undefined {
    if (seq === 0) return NONE;
    const newest = this.newest(shard);
    return newest.seq === seq ? newest : undefined;
  }

  /** @throws Silence, Denial */
  async last(shard: number): Promise<Placed | undefined> {
    const message = await this.#stream.last(this.#subject(shard));
    if (message === undefined) return undefined;
    const last = this.unwrap(message);
    this.note(last, hashOf(last.bytes));
    return last;
  }

  /**
   * The record that follows a sequence of which the shard has later ones.
   *
   * @throws LogRefusal `trimmed`; Silence, Denial
   */
  async following(after: number, last: Placed): Promise<Placed> {
    const { shard } = last;
    const wanted = after + 1;
    if (last.seq === wanted) return last;
    const known = this.known(shard, after);
    let low = known === undefined || after === 0 ? await this.#next(shard, 1) : { seq: after, at: known.at };
    if ('bytes' in low && low.seq === wanted) return low;
    // The first record at or behind `high.at` has `high.seq`, which is too late.
    let high: { seq: number; at: number } = last;
    for (let turn = 0; low.seq < wanted && low.at + 1 < high.at; turn++) {
      const guess = turn % 2 === 0 ? (wanted - low.seq) / (high.seq - low.seq) : 0.5;
      const from = low.seq === after ? low.at + 1 : Math.min(high.at - 1, low.at + 1 + Math.floor(guess * (high.at - low.at - 1)));
      const found = await this.#next(shard, from);
      if (found.seq === wanted) return found;
      if (found.seq < wanted) low = found;
      else if (from === low.at + 1) break;
      else high = { seq: found.seq, at: from };
    }
    throw new LogRefusal('trimmed', `Shard ${shard} has no record ${wanted} any more.`);
  }

  /** Where to begin for all that follows these positions, now and later. @throws LogRefusal `trimmed`; Silence, Denial */
  async course(after: ReadonlyMap<number, number>): Promise<Course> {
    // Asked for first: whatever a shard gains after its newest record has been looked up stands behind this.
    const end = (await this.#stream.state()).last_seq;
    const last = new Map<number, Placed>();
    const starts = await Promise.all([...after].map(async ([shard, seq]) => {
      try {
        const newest = await this.last(shard);
        if (newest === undefined || newest.seq <= seq) return end + 1;
        last.set(shard, newest);
        return (await this.following(seq, newest)).at;
      } catch (error) {
        if (!(error instanceof LogRefusal) || error.reason !== 'damaged') throw error;
        last.delete(shard);
        return await this.#beginning(shard, seq) ?? end + 1;
      }
    }));
    return { from: Math.min(end + 1, ...starts), last };
  }

  /** Where the records of a damaged shard begin, which end before its damage. @throws LogRefusal `trimmed`; Silence, Denial */
  async #beginning(shard: number, after: number): Promise<number | undefined> {
    const message = await this.#stream.next(this.#subject(shard), 1);
    const [first] = message === undefined ? [] : this.records([message]);
    if (first !== undefined && first.seq > after + 1) throw new LogRefusal('trimmed', `Shard ${shard} has no record ${after + 1} any more.`);
    return first?.at;
  }

  #subject(shard: number): string {
    return `${this.#prefix}${shard}`;
  }

  async #next(shard: number, from: number): Promise<Placed> {
    const message = await this.#stream.next(this.#subject(shard), from);
    if (message === undefined) throw new LogRefusal('trimmed', `Shard ${shard} has no records from ${from} on.`);
    return this.unwrap(message);
  }
}
