/** The log in memory, for tests and simulation: several owners may hold one history, and a test can break it. */
import { LogRefusal, type Damage, type Log, type LogReason, type Stored } from './log.ts';
import { hashOf, NO_HASH, previousOf } from './record.ts';

interface History {
  readonly shards: Stored[][];
  readonly damage: Damage[];
  /** What the next appends meet, first come first served. */
  readonly faults: { reason: LogReason; written: boolean }[];
  /** While a test holds the disk still, appends wait for this. */
  held: Promise<void> | undefined;
  /** Who is told of new records. */
  readonly followers: Set<(record: Stored) => void>;
}

export function memoryLog({ shards = 64 }: { shards?: number } = {}): MemoryLog {
  const empty = Array.from({ length: shards }, (): Stored[] => []);
  return new MemoryLog({ shards: empty, damage: [], faults: [], held: undefined, followers: new Set() });
}

export class MemoryLog implements Log {
  readonly #history: History;
  readonly #writing = new Set<Promise<number>>();
  readonly #ends = new Set<() => void>();
  #closed = false;

  constructor(history: History) {
    this.#history = history;
  }

  /** A handle of another owner over the same history. */
  share(): MemoryLog {
    return new MemoryLog(this.#history);
  }

  /** The next append, of any handle, is refused so; `written` says whether an `unknown` one did reach the disk. */
  failNext(reason: LogReason, written = false): void {
    this.#history.faults.push({ reason, written });
  }

  /** Appends of all handles wait until the returned function is called. */
  hold(): () => void {
    let release = (): void => {};
    this.#history.held = new Promise((resolve) => {
      release = () => {
        this.#history.held = undefined;
        resolve();
      };
    });
    return release;
  }

  /** A hole in a shard, from a sequence on. */
  harm(shard: number, seq: number): void {
    this.#history.damage.push({ shard, seq, where: 'memory', report: 'A test destroyed the record.' });
  }

  get shards(): number {
    return this.#history.shards.length;
  }

  get damage(): readonly Damage[] {
    return this.#history.damage;
  }

  append(shard: number, expected: number, record: Uint8Array): Promise<number> {
    const writing = this.#append(shard, expected, record);
    this.#writing.add(writing);
    const done = (): boolean => this.#writing.delete(writing);
    writing.then(done, done);
    return writing;
  }

  async #append(shard: number, expected: number, record: Uint8Array): Promise<number> {
    const records = this.#records(shard);
    while (this.#history.held) await this.#history.held;
    const damage = this.#history.damage.find((each) => each.shard === shard);
    if (damage) throw new LogRefusal('damaged', damage.report);
    const fault = this.#history.faults.shift();
    if (fault && !fault.written) throw new LogRefusal(fault.reason, 'A test refused the append.');
    const there = records[expected];
    if (there && Buffer.compare(there.bytes, record) === 0) return expected + 1;
    const last = records.at(-1);
    const hash = last ? hashOf(last.bytes) : NO_HASH;
    if (records.length !== expected || Buffer.compare(previousOf(record), hash) !== 0) {
      throw new LogRefusal('fenced', `Shard ${shard} stands at ${records.length}, another record follows ${expected}.`);
    }
    const stored = { shard, seq: expected + 1, bytes: new Uint8Array(record) };
    records.push(stored);
    for (const tell of this.#history.followers) tell(stored);
    if (fault) throw new LogRefusal(fault.reason, 'A test took the answer away.');
    return expected + 1;
  }

  async last(shard: number): Promise<Stored | undefined> {
    const records = this.#records(shard);
    const damage = this.#history.damage.find((each) => each.shard === shard);
    if (damage) throw new LogRefusal('damaged', damage.report);
    return records.at(-1);
  }

  async *read(after: ReadonlyMap<number, number>): AsyncGenerator<Stored> {
    // The records are those that stand here now: whoever reads must not chase whoever writes.
    const slices = [...after].map(([shard, seq]) => {
      const damage = this.#history.damage.find((each) => each.shard === shard);
      return this.#records(shard).slice(seq, damage && damage.seq - 1);
    });
    for (const slice of slices) yield* slice;
  }

  /** Told in a later turn, as over a network. */
  follow(after: ReadonlyMap<number, number>, tell: (records: readonly Stored[]) => void | Promise<void>): () => void {
    let ended = false;
    let waiting: Stored[] = [];
    const hear = (record: Stored): void => {
      if (waiting.push(record) > 1) return;
      setImmediate(() => {
        const told = waiting;
        waiting = [];
        if (!ended) void tell(told);
      });
    };
    for (const [shard, seq] of after) for (const record of this.#records(shard).slice(seq)) hear(record);
    this.#history.followers.add(hear);
    const end = (): void => {
      ended = true;
      this.#history.followers.delete(hear);
      this.#ends.delete(end);
    };
    this.#ends.add(end);
    return end;
  }

  readonly shared = true;
  readonly recordBytesMax = 8 * 1024 * 1024;

  async close(): Promise<void> {
    this.#closed = true;
    for (const end of this.#ends) end();
    await Promise.allSettled(this.#writing);
  }

  #records(shard: number): Stored[] {
    if (this.#closed) throw new LogRefusal('unavailable', 'The log is closed.');
    const records = this.#history.shards[shard];
    if (!records) throw new RangeError(`There is no shard ${shard}: the log has ${this.shards}.`);
    return records;
  }
}
