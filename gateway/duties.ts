/**
 * What this node does by itself for the actors of its shards: carries out what waits in their outboxes, and rings their
 * timers. It begins when it is told to, and with each shard that comes.
 */
import type { ActorCommand, ActorState, Effect } from '../machines/actor.ts';
import { earliest } from '../machines/timers.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import { Alarm } from './alarm.ts';
import type { OutsideCaller } from './caller.ts';
import { rest, type Clock } from './clock.ts';
import type { Unapplied } from './copy.ts';
import { Delivery, type DeliveryParts } from './delivery.ts';
import type { Measures } from './measures.ts';
import type { Report } from './report.ts';
import type { Shard } from './shard.ts';
import type { Store } from './store.ts';
import type { Soon } from './turn.ts';

export interface DutiesParts {
  clock: Clock;
  store: Store;
  soon: Soon;
  measures: Measures;
  shards: readonly Shard[];
  shardOf(actor: string): Shard;
  tell: DeliveryParts['tell'];
  outside: OutsideCaller;
  /** What leaves the house does so within this time of a proof that its shard is still this node's. */
  proofMs: number;
  report: Report;
}

const RETRY_MS = 1_000;

export class Duties {
  readonly #parts: DutiesParts;
  readonly #alarm: Alarm;
  /** Of actors with effects in the outbox. */
  readonly #deliveries = new Map<string, Delivery>();
  readonly #quiet = new Map<string, (() => void)[]>();
  readonly #come = new Set<Shard>();
  /** Counts how often each has come and gone: a delivery of an earlier time knows nothing of what was let go of since. */
  readonly #tenures = new Map<Shard, number>();
  #started = false;
  #stopped = false;

  constructor(parts: DutiesParts) {
    this.#parts = parts;
    const { clock, store } = parts;
    this.#alarm = new Alarm({
      clock, store,
      owned: () => (parts.shards.every(({ isOpen }) => isOpen) ? undefined : parts.shards.filter(({ isOpen }) => isOpen).map(({ n }) => n)),
      ring: (actor, now) => this.#ring(parts.shardOf(actor), actor, now),
      unapplied: () => this.#unapplied(),
    });
  }

  async start(): Promise<void> {
    this.#started = true;
    await this.#wake(this.#parts.shards.filter(({ isOpen }) => isOpen));
    await this.#alarm.start();
  }

  /** This node owns it now. */
  come(shard: Shard): void {
    // It may have been given away, or nearly: what was under way then begins anew.
    this.gone(shard);
    if (!this.#started) return;
    this.#come.add(shard);
    if (this.#come.size > 1) return;
    this.#parts.soon(() => {
      const shards = [...this.#come];
      this.#come.clear();
      this.#alarm.again();
      this.#take(shards);
    });
  }

  /** It belongs to another. */
  gone(shard: Shard): void {
    this.#tenures.set(shard, this.#tenureOf(shard) + 1);
    this.#alarm.forget((actor) => this.#parts.shardOf(actor) === shard);
    for (const actor of this.#deliveries.keys()) if (this.#parts.shardOf(actor) === shard) this.#deliveries.delete(actor);
  }

  /** What an actor of this node has come to, durably. */
  changed(actor: string, state: ActorState, due: number): void {
    if (due > 0) this.#alarm.set(actor, due);
    this.#deliver(actor, state.outbox);
  }

  /** Calls when the actor's outbox, which is not empty, has become so. */
  quiet(actor: string, call: () => void): void {
    this.#quiet.set(actor, [...this.#quiet.get(actor) ?? [], call]);
  }

  stop(): void {
    this.#stopped = true;
    this.#alarm.stop();
  }

  /** Fires the timers of an actor that are due; stale alarms find nothing. */
  #ring(shard: Shard, actor: string, now: number): void {
    const { clock, measures } = this.#parts;
    if (!shard.isOpen) return;
    shard.copy.peek(actor, (state) => {
      const timer = state === undefined ? undefined : earliest(state.timers);
      if (timer === undefined || timer.at > now || !shard.isOpen) return;
      const { owner, id, gen } = timer;
      shard.ask(actor, { type: 'timer', owner, id, gen } as ActorCommand, (answer) => {
        if (answer instanceof Refusal) {
          if (answer.retryAfterMs > 0) clock.after(answer.retryAfterMs, () => this.#ring(shard, actor, now));
          return;
        }
        measures.timerFired(Math.max(0, clock.now() - timer.at));
        this.#ring(shard, actor, now);
      });
    });
  }

  /** Carries out what waits in the outboxes of shards that have come; asked for until the tables answer. */
  #take(shards: readonly Shard[]): void {
    this.#wake(shards).catch(() => {
      this.#parts.clock.after(RETRY_MS, () => { if (!this.#stopped) this.#take(shards.filter(({ isOpen }) => isOpen)); });
    });
  }

  /** What waits in the outboxes of these shards. */
  async #wake(shards: readonly Shard[]): Promise<void> {
    const { store, shards: all } = this.#parts;
    // What the tables do not show when they are asked is among these, or is delivered by its commit.
    const actors = new Set<string>();
    for (const { copy } of shards) for (const { actor, pending } of copy.unapplied()) if (pending) actors.add(actor);
    const stored = await store.pending(shards.length === all.length ? undefined : shards.map(({ n }) => n));
    for (const actor of stored) actors.add(actor);
    for (const actor of actors) {
      const shard = this.#parts.shardOf(actor);
      if (shard.isOpen) shard.copy.peek(actor, (state) => { if (shard.isOpen) this.#deliver(actor, state?.outbox ?? []); });
    }
  }

  *#unapplied(): Iterable<Unapplied> {
    for (const { copy, isOpen } of this.#parts.shards) if (isOpen) yield* copy.unapplied();
  }

  /** Whoever has effects in the outbox has them carried out; whoever has none is done. */
  #deliver(actor: string, outbox: readonly Effect[]): void {
    if (outbox.length === 0) {
      this.#deliveries.get(actor)?.hear(outbox);
      this.#deliveries.delete(actor);
      if (this.#quiet.size > 0) this.#hush(actor);
      return;
    }
    if (!this.#started) return;
    let delivery = this.#deliveries.get(actor);
    if (delivery === undefined) {
      delivery = new Delivery(actor, this.#deliveriesOf(this.#parts.shardOf(actor)));
      this.#deliveries.set(actor, delivery);
    }
    delivery.hear(outbox);
  }

  #tenureOf(shard: Shard): number {
    return this.#tenures.get(shard) ?? 0;
  }

  /** They end when the shard moves, also should it come back. */
  #deliveriesOf(shard: Shard): DeliveryParts {
    const { clock, report, tell, outside, proofMs } = this.#parts;
    const tenure = this.#tenureOf(shard);
    const closed = (): boolean => this.#stopped || !shard.isOpen || this.#tenureOf(shard) !== tenure;
    return {
      clock, report, tell, closed, epoch: () => shard.epoch,
      outside: {
        // Each try needs a proof of its own: another node may have done it meanwhile.
        call: (actor, effect, wanted) => {
          const may = async (): Promise<boolean> => !closed() && await wanted();
          return outside.call(actor, effect, async () => {
            while (await may()) {
              if (await shard.prove(proofMs)) return may();
              // The log takes nothing now, so nothing can be proved; it is asked again.
              await rest(clock, RETRY_MS);
            }
            return false;
          });
        },
        close: () => undefined,
      },
    };
  }

  #hush(actor: string): void {
    for (const resolve of this.#quiet.get(actor) ?? []) resolve();
    this.#quiet.delete(actor);
  }
}
