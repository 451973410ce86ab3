/**
 * What waits for the writing thread. Committed records are kept as references, in order, and go over in batches, one
 * batch at a time. When too much waits (the disk is full), or one is missing, the feeder lets go of what comes and
 * reads it from the log later: every record is there.
 */
import type { Clock } from './clock.ts';
import { catchUp } from './catchup.ts';
import { LogRefusal, type Log, type Stored } from './log.ts';
import type { Report } from './report.ts';
import { pack } from './store.parcel.ts';
import type { Batch, News } from './store.worker.ts';

/** Beyond this, waiting records are let go and read again. Room for some seconds of a slow disk. */
const QUEUE_BYTES = 32 * 1024 * 1024;
/** A transaction takes at most this much: some hundredths of a second of the writing thread's time. */
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_RECORDS = 8192;
/**
 * The writer rests after a transaction; what gathers meanwhile shares the next, and costs far less. It rests several
 * times as long as it worked, so that it never takes much of a core from those who wait for answers: when little
 * happens a change shows at once, under load many share a transaction. Nothing that is a whole batch rests.
 */
const REST_TIMES = 6;
const REST_MIN_MS = 20;
const REST_MAX_MS = 250;
const RETRY_MS = 1000;

export interface FeederParts {
  positions: readonly number[];
  log: Pick<Log, 'read'>;
  clock: Clock;
  report: Report;
  /** Beyond this many bytes waiting records are let go. */
  queueBytes?: number;
  send(batch: Batch): void;
}

export class Feeder {
  /** Applied, in the queue or in flight, and ever handed in: per shard, each at most the next. */
  readonly positions: number[];
  readonly #queued: number[];
  readonly #owed: number[];
  readonly #parts: FeederParts;
  readonly #queueBytes: number;
  #queue: Stored[] = [];
  #bytes = 0;
  #inFlight: Stored[] = [];
  /** Set while the next batch waits for a time: a rest, or another try. */
  #wait: { cancel(): void; short: boolean } | undefined;
  #woken = false;
  /** Since when nothing is taken from `apply`, because something before it is missing. */
  #behind = false;
  #healing = false;
  #troubled = false;
  /** Shards that take no more, and where they end. */
  readonly #stopped = new Map<number, number>();
  #ended: Error | undefined;
  #waiters: { until: number[]; resolve(): void; reject(error: Error): void }[] = [];

  constructor(parts: FeederParts) {
    this.#parts = parts;
    this.#queueBytes = parts.queueBytes ?? QUEUE_BYTES;
    this.positions = [...parts.positions];
    this.#queued = [...parts.positions];
    this.#owed = [...parts.positions];
  }

  apply(records: readonly Stored[]): void {
    if (this.#ended) return;
    for (const record of records) {
      const queued = this.#queued[record.shard];
      if (queued === undefined) throw new Error(`There is no shard ${record.shard}.`);
      if (record.seq <= queued) continue;
      this.#owed[record.shard] = Math.max(record.seq, this.#owed[record.shard] ?? 0);
      if (this.#behind || this.#stopped.has(record.shard)) continue;
      if (record.seq === queued + 1 && this.#bytes + record.bytes.byteLength <= this.#queueBytes) this.#enqueue(record);
      else this.#fallBehind(record, queued);
    }
  }

  /** Resolves when all that was handed in is applied, but for shards that are stopped; rejects when the store ends. */
  settled(): Promise<void> {
    return this.#reached([...this.#owed]);
  }

  /** The writing thread has applied what was in flight, in so many milliseconds. */
  applied(positions: readonly [shard: number, seq: number][], took: number): void {
    for (const [shard, seq] of positions) this.positions[shard] = seq;
    this.#inFlight = [];
    if (this.#troubled) this.#parts.report('info', 'The store applies records again.');
    this.#troubled = false;
    this.#release();
    if (this.#waiters.length > 0 || this.#bytes >= BATCH_BYTES) this.#post();
    else this.#waitFor(Math.max(REST_MIN_MS, Math.min(REST_MAX_MS, REST_TIMES * took)), true);
  }

  /** It could not; nothing of the batch is applied. */
  failed({ kind, shard, seq, what }: News & { t: 'failed' }): void {
    if (this.#ended) return;
    const { report } = this.#parts;
    if (kind === 'damaged') {
      report('error', 'The store is damaged. Start again: it is then made anew from the log.', { why: what });
      this.end(new Error(`The store is damaged: ${what}`));
    } else if (kind === 'fault') {
      this.#stop(shard, seq - 1, what);
      this.#queue = [...this.#inFlight, ...this.#queue].filter((record) => record.shard !== shard || record.seq < seq);
      this.#bytes = this.#queue.reduce((sum, record) => sum + record.bytes.byteLength, 0);
      this.#inFlight = [];
      this.#release();
      this.#post();
    } else {
      if (!this.#troubled) report('warn', 'The store cannot write; it tries again until it can.', { why: what });
      this.#troubled = true;
      this.#queue = [...this.#inFlight, ...this.#queue];
      for (const record of this.#inFlight) this.#bytes += record.bytes.byteLength;
      this.#inFlight = [];
      this.#waitFor(RETRY_MS, false);
    }
  }

  /** Nothing is applied any more. */
  end(error: Error): void {
    this.#ended ??= error;
    this.#wait?.cancel();
    this.#queue = [];
    for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#ended);
  }

  #enqueue(record: Stored): void {
    this.#queue.push(record);
    this.#bytes += record.bytes.byteLength;
    this.#queued[record.shard] = record.seq;
    this.#owed[record.shard] = Math.max(record.seq, this.#owed[record.shard] ?? 0);
    if (this.#bytes >= BATCH_BYTES) this.#endRest();
    if (this.#woken || this.#wait || this.#inFlight.length > 0) return;
    this.#woken = true;
    setImmediate(() => { this.#woken = false; this.#post(); });
  }

  #post(): void {
    if (this.#ended || this.#wait || this.#inFlight.length > 0) return;
    if (this.#queue.length === 0) {
      if (this.#behind) void this.#heal();
      return;
    }
    let count = 0;
    for (let bytes = 0; count < this.#queue.length && count < BATCH_RECORDS && bytes < BATCH_BYTES; count++) {
      bytes += this.#queue[count]?.bytes.byteLength ?? 0;
    }
    this.#inFlight = this.#queue.splice(0, count);
    for (const record of this.#inFlight) this.#bytes -= record.bytes.byteLength;
    this.#parts.send({
      places: this.#inFlight.map(({ shard, seq }) => [shard, seq]),
      records: pack(this.#inFlight.map((record) => record.bytes)),
    });
  }

  #waitFor(ms: number, short: boolean): void {
    if (this.#ended) return;
    this.#wait?.cancel();
    this.#wait = { short, cancel: this.#parts.clock.after(ms, () => { this.#wait = undefined; this.#post(); }) };
  }

  #reached(until: number[]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      this.#waiters.push({ until, resolve, reject });
      this.#release();
      if (this.#waiters.length > 0) this.#endRest();
    });
  }

  /** A rest ends early, but not the pause of a disk that is full. */
  #endRest(): void {
    if (this.#wait?.short !== true) return;
    this.#wait.cancel();
    this.#wait = undefined;
    this.#post();
  }

  #release(): void {
    this.#waiters = this.#waiters.filter(({ until, resolve }) => {
      const reached = until.every((seq, shard) =>
        (this.positions[shard] ?? 0) >= Math.min(seq, this.#stopped.get(shard) ?? seq));
      if (reached) resolve();
      return !reached;
    });
  }

  #fallBehind(record: Stored, queued: number): void {
    this.#behind = true;
    const { report } = this.#parts;
    const facts = { shard: record.shard, queued, got: record.seq };
    if (record.seq === queued + 1) report('warn', 'Too much waits for the store; it reads the rest later.', facts);
    else report('error', 'Records are missing before the one that came; the store reads them from the log.', facts);
    this.#post();
  }

  /** Reads from the log what is missing, until nothing is. What comes meanwhile is read in the next round. */
  async #heal(): Promise<void> {
    if (this.#healing || this.#ended) return;
    this.#healing = true;
    try {
      while (this.#behind) {
        const before = [...this.#queued];
        await catchUp(this.#parts.log, {
          positions: this.#queued,
          apply: (records) => records.forEach((record) => this.#enqueue(record)),
          settled: () => this.#reached([...this.#queued]),
        });
        this.#behind = false;
        for (const [shard, seq] of this.#queued.entries()) {
          if (seq >= (this.#owed[shard] ?? 0) || this.#stopped.has(shard)) continue;
          if (seq > (before[shard] ?? 0)) this.#behind = true;
          else this.#stop(shard, seq, `the log does not have what follows ${seq}.`);
        }
        this.#release();
      }
    } catch (error) {
      if (this.#ended) return;
      if (error instanceof LogRefusal && error.reason === 'trimmed') {
        this.#parts.report('error', 'The log no longer has what follows the tables. Start again: they are then taken from a backup.', { why: error.message });
        return this.end(error);
      }
      this.#parts.report('error', 'The store cannot read the log; it tries again.', { why: String(error) });
      this.#parts.clock.after(RETRY_MS, () => void this.#heal());
    } finally {
      this.#healing = false;
    }
  }

  #stop(shard: number, end: number, why: string): void {
    this.#stopped.set(shard, end);
    const { report } = this.#parts;
    report('error', 'The store applies no more records of this shard; the other shards go on.', { shard, why });
  }
}
