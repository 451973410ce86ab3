/** What following the log tells of one shard: handed on in order, each record once, and none while an append is in flight. */
import type { Clock } from './clock.ts';
import type { Log, Stored } from './log.ts';
import type { Report } from './report.ts';

export interface ArrivalsParts {
  shard: number;
  log: Pick<Log, 'read'>;
  clock: Clock;
  report: Report;
  /** The newest sequence that was taken. */
  head(): number;
  /** Whether an append is in flight. */
  busy(): boolean;
  /** What comes meanwhile, before it is taken. */
  told(record: Stored): void;
  take(record: Stored): void;
}

const RETRY_MS = 1_000;

export class Arrivals {
  readonly #parts: ArrivalsParts;
  #ahead: Stored[] = [];
  #ended = false;

  constructor(parts: ArrivalsParts) {
    this.#parts = parts;
  }

  /** The next records; those that this node has already taken say nothing. */
  follow(records: readonly Stored[]): void {
    const { head, busy, told, take } = this.#parts;
    for (const record of records) {
      if (record.seq <= head() || this.#ended) continue;
      if (busy()) {
        this.#ahead.push(record);
        told(record);
      } else if (record.seq !== head() + 1) this.#missed(record);
      else take(record);
    }
  }

  /** No append is in flight any more. */
  goOn(): void {
    this.follow(this.#ahead.splice(0));
  }

  /** Reads what this node lacks up to a sequence. */
  async level(seq: number): Promise<void> {
    const { shard, log, head } = this.#parts;
    if (head() >= seq) return;
    for await (const record of log.read(new Map([[shard, head()]]))) this.follow([record]);
  }

  end(): void {
    this.#ended = true;
  }

  #missed(record: Stored): void {
    const { shard, clock, report, head } = this.#parts;
    this.#ahead.push(record);
    if (this.#ahead.length > 1) return;
    this.level(record.seq).then(() => this.goOn(), (error: unknown) => {
      report('error', 'records are missing and cannot be read now', { shard, after: head(), why: String(error) });
      clock.after(RETRY_MS, () => this.goOn());
    });
  }
}
