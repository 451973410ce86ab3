/**
 * The actors of this node: finds the shard of each, carries their effects out after the commit, and rings their timers.
 */
import type { ActorCommand, ActorState, Kind } from '../machines/actor.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Bus } from './bus.ts';
import type { OutsideCaller } from './caller.ts';
import { catchUp } from './catchup.ts';
import { within, type Clock } from './clock.ts';
import { Duties } from './duties.ts';
import type { Hub } from './hub.ts';
import { Level } from './level.ts';
import type { Log, Stored } from './log.ts';
import { UNMEASURED, type Measures } from './measures.ts';
import type { Members } from './members.ts';
import { Ownership } from './ownership.ts';
import { Post } from './post.ts';
import type { Report } from './report.ts';
import type { Answer } from './resident.ts';
import { Shard, type Committed, type ShardParts } from './shard.ts';
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
  bus: Bus;
  members: Members;
  measures?: Measures | undefined;
  soon: Soon;
  /** An actor without work for this long is let go. Default 5 min. */
  idleMs?: number;
  /** What comes next is not in the log any more: this node knows nothing new until it starts again, from a backup. */
  lost?: ((why: string) => void) | undefined;
}

const SWEEP_MS = 30_000;
const IDLE_MS = 300_000;
/** What leaves the house does so within this time of a proof that its shard is still this node's. */
const PROOF_MS = 1_000;
/** And whom this node takes itself for, where a client doubts it. */
const SURE_MS = 50;
/** Records that the tables have not applied: with more, little more of the log is read. */
const BEHIND_RECORDS = 4_000;
const CLOSE_MS = 3_000;

export class Host {
  readonly #parts: HostParts;
  readonly #kinds: ReadonlyMap<string, Kind<ActorState>>;
  readonly #shards: readonly Shard[];
  readonly #ownership: Ownership;
  readonly #post: Post;
  readonly #duties: Duties;
  readonly #owned = new Set<(shard: number) => void>();
  #records: Stored[] = [];
  #stops: (() => void)[] = [];
  #closed = false;
  readonly #level: Level;

  constructor(parts: HostParts) {
    const { log, store, clock, report, members, hub, measures = UNMEASURED } = parts;
    this.#parts = parts;
    this.#kinds = new Map(parts.kinds.map((kind) => [kind.prefix, kind]));
    const forShards: ShardParts = {
      log, store, clock, report, measures, node: members.self, soon: parts.soon,
      kindOf: (actor: string) => this.#kindOf(actor), attended: (actor) => hub.attends(actor),
      committed: (record, facts, shard) => this.#committed(record, facts, shard),
      changed: (shard) => this.#changed(shard),
    };
    const shards = this.#shards = Array.from({ length: log.shards }, (_, n) => new Shard(n, forShards));
    this.#level = new Level(shards, clock);
    // Nobody else can have taken what only this process writes.
    const proofMs = (ms: number): number => (log.shared ? ms : Infinity);
    this.#post = new Post({
      bus: parts.bus, clock, soon: parts.soon, node: members.self, shards, isLevel: () => this.isLevel, proofMs: proofMs(SURE_MS),
    });
    this.#ownership = new Ownership({
      members, shards, clock, report, measures, listen: (shard) => this.#post.listen(shard), silence: (shard) => this.#post.silence(shard),
      stoodStill: () => this.#doubt(),
    });
    this.#duties = new Duties({
      ...parts, measures, shards, shardOf: (actor) => this.#shardOf(actor), tell: (actor, command, done) => this.tell(actor, command, done),
      proofMs: proofMs(PROOF_MS),
    });
  }

  /**
   * Opens the log: from here on this node follows it. What only this process writes is all known when this resolves; of
   * what others have written, once `isLevel`. It takes no commands yet but for other nodes.
   */
  async open(): Promise<void> {
    const { log, store, hub } = this.#parts;
    if (!log.shared) await catchUp(log, store);
    for (const { copy, n } of this.#shards) copy.reach(store.positions[n] ?? 0);
    await this.#level.look();
    this.#stops.push(store.onApplied((rows) => {
      this.#shards.forEach(({ copy }, n) => copy.applied(store.positions[n] ?? 0));
      hub.feed(rows);
    }));
    this.#sweep();
    this.#follow();
  }

  /** From here on this node takes shards and commands; resolves when every shard has an owner. */
  async join(): Promise<void> {
    const { bus, store } = this.#parts;
    await this.#level.reached();
    // Lists and searches, too.
    this.#feedStore();
    await store.settled();
    await this.#ownership.join();
    this.#stops.push(bus.onConnection(() => this.#doubt()));
  }

  /** Carries out what waits in outboxes and rings what fell due: once all that steps look up is known. */
  start(): Promise<void> {
    return this.#duties.start();
  }

  /** Whether this node has taken all that the log held when it opened it. */
  get isLevel(): boolean {
    return this.#level.isReached;
  }

  /** Whether this node owns the actor's shard. */
  owns(actor: string): boolean {
    return this.#shardOf(actor).isOpen;
  }

  /** The same of a shard, by its number. */
  has(shard: number): boolean {
    return this.#shards[shard]?.isOpen === true;
  }

  /** Called with each shard that this node takes over. @returns ends it */
  onOwned(call: (shard: number) => void): () => void {
    this.#owned.add(call);
    return () => { this.#owned.delete(call); };
  }

  /** `done` is called once, when the answer is durable and this node knows what came of it. */
  tell(actor: string, command: ActorCommand, done: (answer: Answer) => void): void {
    this.#post.tell(this.#shardOf(actor), actor, command, done);
  }

  /** Tells again for as long as the answer is to try again. */
  insist(actor: string, command: ActorCommand): Promise<Answer> {
    return this.#post.insist(this.#shardOf(actor), actor, command);
  }

  /** Why nobody can be asked for this actor now; its conversation may well exist. */
  refusal(actor: string): Refusal | undefined {
    return this.#shardOf(actor).refusal;
  }

  /**
   * The newest durable state that this node knows, read together with whatever `then` registers: no line falls between.
   * Before it says that there is no such actor it asks the owner, or proves that it is that; `isSure` is false when neither
   * can be done now.
   */
  peek(actor: string, then: (state: ActorState | undefined, isSure: boolean) => void): void {
    const { copy } = this.#shardOf(actor);
    copy.peek(actor, (state) => {
      if (state !== undefined) return then(state, true);
      void this.refresh(actor).then((isSure) => copy.peek(actor, (found) => then(found, isSure)));
    });
  }

  /** The same, as far as this node knows it: the owner is not asked. */
  known(actor: string, then: (state: ActorState | undefined) => void): void {
    this.#shardOf(actor).copy.peek(actor, then);
  }

  /** Resolves when this node knows what the actor's owner knew when it was asked; false when nobody can tell now. */
  refresh(actor: string): Promise<boolean> {
    return this.#post.refresh(this.#shardOf(actor));
  }

  history(actor: string, range: Range): Promise<StoredEntry[]> {
    return this.#shardOf(actor).copy.history(actor, range);
  }

  /** Resolves when the actor's outbox is empty. */
  quiet(actor: string): Promise<void> {
    return new Promise((resolve) => {
      this.peek(actor, (state) => {
        if (state === undefined || state.outbox.length === 0) return resolve();
        this.#duties.quiet(actor, resolve);
      });
    });
  }

  get residents(): number { return this.#shards.reduce((sum, { copy }) => sum + copy.residents.size, 0); }

  /** For the operator. `waiting`: commands that no record holds yet; `behind`: records that the tables do not show. */
  counts(): { residents: number; waiting: number; owned: number; shards: number; behind: number } {
    let { waiting } = this.#post;
    for (const { copy } of this.#shards) for (const resident of copy.residents.values()) waiting += resident.waiting;
    const owned = this.#shards.filter(({ isOpen }) => isOpen).length;
    return { residents: this.residents, waiting, behind: this.#behind, owned, shards: this.#shards.length };
  }

  get #behind(): number {
    return this.#shards.reduce((sum, { copy: { head }, n }) => sum + Math.max(0, head - (this.#parts.store.positions[n] ?? 0)), 0);
  }

  /** Appends an empty record to each owned shard that has had none for so long: proof that it is owned, and a younger end. */
  async renew(olderThanMs: number): Promise<void> {
    await Promise.all(this.#shards.map((shard) => shard.prove(olderThanMs)));
  }

  /** Hands every shard to the other nodes; resolves when none is left, or nobody takes them. Goes on serving its clients. */
  give(): Promise<void> {
    return this.#ownership.leave();
  }

  /** Finishes what has begun; nothing is taken afterwards. */
  async close(): Promise<void> {
    this.#duties.stop();
    this.#parts.outside.close();
    this.#ownership.close();
    await within(this.#parts.clock, CLOSE_MS, Promise.all(this.#shards.map((shard) => shard.close())));
    this.#closed = true;
    for (const stop of this.#stops) stop();
    this.#post.close();
    this.#feedStore();
    await this.#parts.store.settled();
  }

  #kindOf(actor: string): Kind<ActorState> {
    const kind = this.#kinds.get(actor.slice(0, actor.indexOf('/')));
    if (kind !== undefined) return kind;
    throw new Error(`no kind of actor for the id ${actor}`);
  }

  #shardOf(actor: string): Shard {
    const shard = this.#shards[shardOf(actor, this.#shards.length)];
    if (shard === undefined) throw new Error('a host has at least one shard');
    return shard;
  }

  /** Lets idle actors go, again and again. */
  #sweep(i = this.#stops.push(() => undefined) - 1): void {
    const { clock, idleMs = IDLE_MS } = this.#parts;
    this.#stops[i] = clock.after(SWEEP_MS, () => {
      for (const { copy } of this.#shards) copy.passivate(clock.now() - idleMs);
      if (!this.#closed) this.#sweep(i);
    });
  }

  #follow(): void {
    const { log, store, report, lost = () => undefined } = this.#parts;
    const heads = new Map(this.#shards.map(({ n, copy }) => [n, copy.head]));
    this.#stops.push(log.follow(heads, (records) => {
      for (const record of records) this.#shards[record.shard]?.follow([record]);
      this.#level.rose();
      this.#feedStore();
      return this.#behind > BEHIND_RECORDS ? store.settled() : undefined;
    }, (why) => {
      report('error', 'this node cannot go on behind what it knows of the log: it must start again', { why });
      lost(why);
    }));
  }

  /** Whatever this node owned may have been taken from it. */
  #doubt(): void {
    for (const shard of this.#shards) void shard.prove(0);
  }

  /** A shard has another owner, perhaps this node, in this very moment. */
  #changed(shard: Shard): void {
    this.#post.changed(shard);
    if (shard.isOpen) this.#duties.come(shard);
    else this.#duties.gone(shard);
    if (shard.isOpen) for (const call of this.#owned) call(shard.n);
    this.#ownership.changed(shard);
  }

  #committed(record: Stored, facts: readonly Committed[], shard: Shard): void {
    this.#ownership.saw(shard);
    // Records of one turn go to the store's thread in one message.
    if (this.#records.push(record) === 1) this.#parts.soon(() => this.#feedStore());
    for (const fact of facts) {
      this.#parts.hub.publish(fact);
      if (shard.isOpen) this.#duties.changed(fact.actor, fact.state, fact.due);
    }
  }

  #feedStore(): void {
    if (this.#records.length > 0) this.#parts.store.apply(this.#records.splice(0));
  }
}
