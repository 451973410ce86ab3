/**
 * The actors of this node: finds the shard of each, carries their effects out after the commit, and rings their timers.
 */
import type { ActorCommand, ActorState, Effect, Kind } from '../machines/actor.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import { Alarm } from './alarm.ts';
import type { OutsideCaller } from './caller.ts';
import { catchUp } from './catchup.ts';
import type { Clock } from './clock.ts';
import { Delivery, type DeliveryParts } from './delivery.ts';
import type { Hub } from './hub.ts';
import type { Log, Stored } from './log.ts';
import type { Report } from './report.ts';
import type { Answer } from './resident.ts';
import { Shard, type Committed } from './shard.ts';
import { shardOf } from './sharding.ts';
import type { Range, Store, StoredEntry } from './store.ts';
import type { Soon } from './turn.ts';

export interface HostParts {
  log: Log;
  store: Store;
  hub: Hub;
  kinds: readonly Kind<ActorState>[];
  /** For effects that are for nobody here. */
  outside: OutsideCaller;
  clock: Clock;
  report: Report;
  node: string;
  soon: Soon;
  /** An actor without work for this long is let go. Default 5 min. */
  idleMs?: number;
}

const SWEEP_MS = 30_000;
const IDLE_MS = 300_000;

export class Host {
  readonly #parts: HostParts;
  readonly #kinds: ReadonlyMap<string, Kind<ActorState>>;
  readonly #shards: readonly Shard[];
  readonly #alarm: Alarm;
  /** Of actors with effects in the outbox. */
  readonly #deliveries = new Map<string, Delivery>();
  readonly #forDeliveries: DeliveryParts;
  readonly #quiet = new Map<string, (() => void)[]>();
  #records: Stored[] = [];
  #stops: (() => void)[] = [];
  #started = false;
  #closed = false;

  constructor(parts: HostParts) {
    this.#parts = parts;
    this.#kinds = new Map(parts.kinds.map((kind) => [kind.prefix, kind]));
    const shard = {
      log: parts.log, store: parts.store, clock: parts.clock, report: parts.report, node: parts.node,
      kindOf: (actor: string) => this.#kindOf(actor),
      soon: parts.soon,
      committed: (record: Stored, facts: readonly Committed[]) => this.#committed(record, facts),
    };
    this.#forDeliveries = {
      outside: parts.outside, clock: parts.clock, report: parts.report, closed: () => this.#closed,
      tell: (actor, command, done) => this.tell(actor, command, done),
    };
    this.#shards = Array.from({ length: parts.log.shards }, (_, n) => new Shard(n, shard));
    this.#alarm = new Alarm({
      clock: parts.clock, store: parts.store,
      ring: (actor, now) => this.#shardOf(actor).fire(actor, now),
      unapplied: () => this.#unapplied(),
    });
  }

  /** Catches the store up and claims every shard. Actors take what they are told; nothing leaves an outbox, no timer rings. */
  async open(): Promise<void> {
    const { log, store, hub, clock } = this.#parts;
    await catchUp(log, store);
    await Promise.all(this.#shards.map((shard) => shard.open()));
    this.#stops.push(store.onApplied((rows) => {
      this.#shards.forEach((shard, n) => shard.tail.applied(store.positions[n] ?? 0));
      hub.feed(rows);
    }));
    const sweep = (): void => {
      for (const shard of this.#shards) shard.passivate(clock.now() - (this.#parts.idleMs ?? IDLE_MS));
      if (!this.#closed) this.#stops[1] = clock.after(SWEEP_MS, sweep);
    };
    this.#stops[1] = clock.after(SWEEP_MS, sweep);
  }

  /** Carries out what waits in outboxes and rings what fell due: once all that steps look up is known. */
  async start(): Promise<void> {
    this.#started = true;
    // What the tables do not show when they are asked is among these, or is delivered by its commit.
    const actors = new Set(Array.from(this.#unapplied(), ({ actor }) => actor));
    for (const actor of await this.#parts.store.pending()) actors.add(actor);
    for (const actor of actors) this.peek(actor, (state) => this.#deliver(actor, state?.outbox ?? []));
    await this.#alarm.start();
  }

  /** `done` is called once, when the answer is durable. */
  tell(actor: string, command: ActorCommand, done: (answer: Answer) => void): void {
    this.#shardOf(actor).ask(actor, command, done);
  }

  /** Tells again for as long as the answer is to try again. */
  async insist(actor: string, command: ActorCommand): Promise<Answer> {
    const answer = await new Promise<Answer>((resolve) => { this.tell(actor, command, resolve); });
    if (!(answer instanceof Refusal) || answer.retryAfterMs === 0) return answer;
    await new Promise<void>((resolve) => { this.#parts.clock.after(answer.retryAfterMs, resolve); });
    return this.insist(actor, command);
  }

  /** Why nobody can be asked for this actor now; its conversation may well exist. */
  refusal(actor: string): Refusal | undefined {
    return this.#shardOf(actor).refusal;
  }

  peek(actor: string, then: (state: ActorState | undefined) => void): void {
    this.#shardOf(actor).peek(actor, then);
  }

  history(actor: string, range: Range): Promise<StoredEntry[]> {
    return this.#shardOf(actor).history(actor, range);
  }

  /** Resolves when the actor's outbox is empty. */
  quiet(actor: string): Promise<void> {
    return new Promise((resolve) => {
      this.peek(actor, (state) => {
        if (state === undefined || state.outbox.length === 0) return resolve();
        this.#quiet.set(actor, [...this.#quiet.get(actor) ?? [], resolve]);
      });
    });
  }

  get residents(): number {
    return this.#shards.reduce((sum, shard) => sum + shard.residents, 0);
  }

  /** Finishes what has begun; nothing is taken afterwards. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#alarm.stop();
    this.#parts.outside.close();
    for (const stop of this.#stops) stop();
    await Promise.all(this.#shards.map((shard) => shard.close()));
    this.#feedStore();
    await this.#parts.store.settled();
  }

  #kindOf(actor: string): Kind<ActorState> {
    const kind = this.#kinds.get(actor.slice(0, actor.indexOf('/')));
    if (kind === undefined) throw new Error(`no kind of actor for the id ${actor}`);
    return kind;
  }

  #shardOf(actor: string): Shard {
    const shard = this.#shards[shardOf(actor, this.#shards.length)];
    if (shard === undefined) throw new Error('a host has at least one shard');
    return shard;
  }

  #committed(record: Stored, facts: readonly Committed[]): void {
    // Records of one turn go to the store's thread in one message.
    if (this.#records.push(record) === 1) this.#parts.soon(() => this.#feedStore());
    for (const fact of facts) {
      this.#parts.hub.publish(fact);
      if (fact.due > 0) this.#alarm.set(fact.actor, fact.due);
      this.#deliver(fact.actor, fact.state.outbox);
    }
  }

  #feedStore(): void {
    if (this.#records.length > 0) this.#parts.store.apply(this.#records.splice(0));
  }

  #hush(actor: string): void {
    for (const resolve of this.#quiet.get(actor) ?? []) resolve();
    this.#quiet.delete(actor);
  }

  *#unapplied(): Iterable<{ actor: string; state: ActorState }> {
    for (const shard of this.#shards) yield* shard.unapplied();
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
    if (delivery === undefined) this.#deliveries.set(actor, delivery = new Delivery(actor, this.#forDeliveries));
    delivery.hear(outbox);
  }
}
