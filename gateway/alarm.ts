/**
 * One OS timer for all durable timers of the node. It keeps those of the next minute in memory and asks the tables for
 * the rest, so that it does not matter how many conversations wait, or for how long.
 */
import type { Clock } from './clock.ts';
import type { Unapplied } from './copy.ts';
import type { Store } from './store.ts';

export interface AlarmParts {
  clock: Clock;
  store: Store;
  /** Must tolerate a ring without cause: an alarm may be stale. */
  ring(actor: string, now: number): void;
  /** The shards whose timers are for this node to ring; undefined for all. */
  owned(): readonly number[] | undefined;
  /** Actors of these whose newest state the tables may not show yet. */
  unapplied(): Iterable<Unapplied>;
}

const HORIZON_MS = 60_000;
/** As many as the store answers at once. */
const PAGE = 1_000;

export class Alarm {
  readonly #parts: AlarmParts;
  readonly #due = new Map<string, number>();
  #horizon = 0;
  /** The last page was full. */
  #crowded = false;
  #cancel: () => void = () => undefined;
  #armedFor = Infinity;
  #stopped = false;

  constructor(parts: AlarmParts) {
    this.#parts = parts;
  }

  async start(): Promise<void> {
    await this.#refill();
  }

  /** This node rings for more shards than before: what is due on them is asked for now. */
  again(): void {
    if (this.#horizon > 0) void this.#refill();
  }

  /** Of actors that this node rings for no more. When they come back, what was known of them then must not stand. */
  forget(isGone: (actor: string) => boolean): void {
    for (const actor of this.#due.keys()) if (isGone(actor)) this.#due.delete(actor);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** An actor's earliest timer is due then. */
  set(actor: string, due: number): void {
    if (due > this.#horizon) return;
    this.#due.set(actor, due);
    this.#arm(due);
  }

  /** Loads what falls due within the next minute; when there is more than a page of it, up to the first that did not fit. */
  async #refill(): Promise<void> {
    const { clock, store } = this.#parts;
    const until = clock.now() + HORIZON_MS;
    // From here on whatever is committed is told to `set`, so nothing falls between the query and its answer.
    this.#horizon = until;
    let next = until;
    try {
      // Who rang a moment ago must be out of the tables, or the same page would come again.
      if (this.#crowded) await store.settled();
      // Before the question: whoever comes into the tables while they answer may be in neither.
      for (const { actor, due } of this.#parts.unapplied()) if (due > 0 && due <= until) this.#due.set(actor, due);
      const { actors, next: later } = await store.due(until, PAGE, this.#parts.owned());
      this.#crowded = later > 0 && later <= until;
      for (const { actor, due } of actors) if (!this.#due.has(actor)) this.#due.set(actor, due);
      if (this.#crowded) next = this.#horizon = later;
    } catch {
      // The tables do not answer now: what is due until then is asked for again in a second.
      this.#horizon = 0;
      next = clock.now() + 1_000;
    }
    for (const due of this.#due.values()) next = Math.min(next, due);
    this.#armedFor = Infinity;
    this.#arm(next);
  }

  #arm(at: number): void {
    if (at >= this.#armedFor || this.#stopped) return;
    this.#cancel();
    this.#armedFor = at;
    const ms = at - this.#parts.clock.now();
    if (ms > 0) this.#cancel = this.#parts.clock.after(ms, () => this.#ring());
    else setImmediate(() => this.#ring());
  }

  #ring(): void {
    const now = this.#parts.clock.now();
    this.#armedFor = Infinity;
    const due = [...this.#due].filter(([, at]) => at <= now).sort(([, a], [, b]) => a - b);
    for (const [actor] of due) {
      this.#due.delete(actor);
      this.#parts.ring(actor, now);
    }
    if (now >= this.#horizon) { void this.#refill(); return; }
    let first = this.#horizon;
    for (const at of this.#due.values()) first = Math.min(first, at);
    this.#arm(first);
  }
}
