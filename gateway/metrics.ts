/** What a node counts, for Prometheus: one registry for each gateway, so that two in one process tell their own. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Measures } from './measures.ts';

/** How the node stands at the moment that it is asked. */
export interface Figures {
  /** By who is at the other end: `agent`, `customer`, and `greeting` for nobody yet. */
  sockets: Readonly<Record<'agent' | 'customer' | 'greeting', number>>;
  /** Actors in memory. */
  residents: number;
  /** Commands that no record holds yet. */
  waiting: number;
  /** Shards. */
  owned: number;
  /** Records that the log has, as far as this node knows, and its tables do not show. */
  behind: number;
  /** Whether words can reach other nodes. */
  connected: boolean;
  ready: boolean;
}

/** Seconds. Of a log on this disk below a millisecond, of JetStream with three replicas some more. */
const APPEND_S = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
/** Of timers and of shards that change hands, which are counted in human time. */
const LATE_S = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300];

export class Metrics implements Measures {
  /** What a scraper is told that it gets. */
  readonly type: string;
  readonly #registry = new Registry();
  readonly #appends: Histogram;
  readonly #fences: Counter;
  readonly #takeovers: Histogram;
  readonly #timers: Histogram;
  readonly #slow: Counter;
  readonly #show: ((figures: Figures) => void)[] = [];
  #isAsked = false;

  constructor() {
    const registers = [this.#registry];
    const histogram = (name: string, help: string, buckets: number[]): Histogram => new Histogram({ name, help, buckets, registers });
    const counter = (name: string, help: string): Counter => new Counter({ name, help, registers });
    this.type = this.#registry.contentType;
    this.#appends = histogram('parley_append_seconds', 'Until a record of the log was durable', APPEND_S);
    this.#fences = counter('parley_fence_refusals_total', 'Appends refused because somebody else had written first');
    this.#takeovers = histogram('parley_failover_seconds', 'Shards taken over, by the time since this node saw that nobody owned them', LATE_S);
    this.#timers = histogram('parley_timer_late_seconds', 'Timers that fired, by how late', LATE_S);
    this.#slow = counter('parley_slow_clients_total', 'Clients cut off because they did not read');
    const sockets = new Gauge({ name: 'parley_sockets', help: 'Open sockets, by who is at the other end', labelNames: ['role'], registers });
    this.#show.push((figures) => { for (const [role, count] of Object.entries(figures.sockets)) sockets.set({ role }, count); });
    this.#gauge('parley_actors', 'Actors in memory', ({ residents }) => residents);
    this.#gauge('parley_mailbox_commands', 'Commands that no record holds yet', ({ waiting }) => waiting);
    this.#gauge('parley_shards_owned', 'Shards that this node owns', ({ owned }) => owned);
    this.#gauge('parley_store_lag_records', 'Records of the log that the tables do not show yet', ({ behind }) => behind);
    this.#gauge('parley_connected', 'Whether other nodes can be reached: 0 while cut off from NATS', ({ connected }) => Number(connected));
    this.#gauge('parley_ready', 'What /readyz says', ({ ready }) => Number(ready));
  }

  appended(ms: number): void { this.#appends.observe(ms / 1_000); }
  fenced(): void { this.#fences.inc(); }
  tookOver(ms: number): void { this.#takeovers.observe(ms / 1_000); }
  timerFired(lateMs: number): void { this.#timers.observe(Math.max(0, lateMs) / 1_000); }
  slowClient(): void { this.#slow.inc(); }

  /** All of it, in Prometheus' text format. */
  async text(figures: Figures): Promise<string> {
    // Watching the event loop and garbage collection costs a little, so it begins when somebody wants to know.
    if (!this.#isAsked) collectDefaultMetrics({ register: this.#registry });
    this.#isAsked = true;
    for (const show of this.#show) show(figures);
    return this.#registry.metrics();
  }

  #gauge(name: string, help: string, value: (figures: Figures) => number): void {
    const gauge = new Gauge({ name, help, registers: [this.#registry] });
    this.#show.push((figures) => gauge.set(value(figures)));
  }
}
