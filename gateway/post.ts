/**
 * How commands reach the node that owns an actor's shard, wherever they come from, in the order in which they were asked:
 * at once when it is this node, else by the shard's courier.
 */
import type { ActorCommand } from '../machines/actor.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Bus } from './bus.ts';
import { rest, within, type Clock } from './clock.ts';
import { Counter } from './counter.ts';
import { Courier } from './courier.ts';
import type { Answer } from './resident.ts';
import { moved, type Shard } from './shard.ts';
import { shardOf } from './sharding.ts';
import type { Soon } from './turn.ts';
import type { Asked } from './waiting.ts';
import { NOBODY } from './writer.ts';

export interface PostParts {
  bus: Bus;
  clock: Clock;
  node: string;
  soon: Soon;
  shards: readonly Shard[];
  /** Whether this node has caught up with the log: until then nobody waits for it to know what they have done. */
  isLevel(): boolean;
  /** An owner is sure of it for so long after an append. */
  proofMs: number;
}

interface Place {
  courier: Courier;
  counter: Counter;
  /** What came while this node gives the shard away: it must not overtake what is still being written. */
  held: Asked[];
}

const HELD_MAX = 2_000;
const OVERLOADED_RETRY_MS = 1_000;
const SURE_WITHIN_MS = 2_000;

export class Post {
  readonly #clock: Clock;
  readonly #proofMs: number;
  readonly #soon: Soon;
  readonly #shards: readonly Shard[];
  readonly #places: readonly Place[];
  #closed = false;

  constructor({ bus, clock, node, soon, shards, isLevel, proofMs }: PostParts) {
    this.#clock = clock;
    this.#proofMs = proofMs;
    this.#soon = soon;
    this.#shards = shards;
    this.#places = shards.map((shard) => {
      const { n, copy } = shard;
      return {
        courier: new Courier({
          shard: n, node, bus, clock, soon, epoch: () => shard.epoch, reached: (seq, then) => { if (isLevel()) copy.reached(seq, then); else then(); },
        }),
        counter: new Counter({
          shard: n, bus, ask: (actor, command, done) => this.#take(shard, actor, command, done), head: () => copy.head, isOpen: () => shard.isOpen,
          epoch: () => shard.epoch, isSure: () => shard.prove(proofMs, true),
        }),
        held: [],
      };
    });
  }

  /** `done` is called once, when the answer is durable and this node knows what came of it. */
  tell(shard: Shard, actor: string, command: ActorCommand, done: (answer: Answer) => void): void {
    const { held } = this.#at(shard);
    if (!shard.isGiving && held.length === 0) return this.#send(shard, actor, command, done);
    if (held.length >= HELD_MAX) return done(new Refusal('overloaded', '', OVERLOADED_RETRY_MS));
    held.push({ actor, command, done });
  }

  #send(shard: Shard, actor: string, command: ActorCommand, done: (answer: Answer) => void): void {
    const { courier } = this.#at(shard);
    const refusal = this.#closed ? moved() : shard.refusal;
    if (refusal !== undefined) return done(refusal);
    if (!shard.isOpen) return courier.ask(actor, command, done);
    this.#take(shard, actor, command, (answer) => {
      if (answer instanceof Refusal && answer.name === 'ownerChanging' && !this.#closed) courier.ask(actor, command, done);
      else done(answer);
    });
  }

  /**
   * Effects are taken only from whoever owns the actor that sends them, as this node has followed the log. What a node sent
   * before it was replaced may come after its successor has gone on, when he who is told may have forgotten that he was told.
   */
  #take(shard: Shard, actor: string, command: ActorCommand, done: (answer: Answer) => void): void {
    if (!('epoch' in command && 'from' in command)) return shard.ask(actor, command, done);
    const { epoch, ...told } = command as ActorCommand & { epoch: number; from: string };
    const known = this.#shards[shardOf(told.from, this.#shards.length)]?.epoch ?? 0;
    // Its claim has not come here yet: its courier asks again.
    if (epoch > known) return done(moved());
    if (epoch < known) return done(new Refusal('conflict'));
    shard.ask(actor, told, done);
  }

  /** Tells again for as long as the answer is to try again. */
  async insist(shard: Shard, actor: string, command: ActorCommand): Promise<Answer> {
    const answer = await new Promise<Answer>((resolve) => { this.tell(shard, actor, command, resolve); });
    if (!(answer instanceof Refusal) || answer.retryAfterMs === 0) return answer;
    await rest(this.#clock, answer.retryAfterMs);
    return this.insist(shard, actor, command);
  }

  /**
   * Resolves when this node has taken all that the shard's owner had when it was asked, true; false when nobody can tell
   * now: then what this node knows may be older than what somebody has seen elsewhere.
   */
  async refresh(shard: Shard): Promise<boolean> {
    // An owner that was cut off may be none any more, and not know it.
    if (shard.isOpen) {
      // While the log takes nothing it cannot be proved.
      const isSure = await within(this.#clock, SURE_WITHIN_MS, shard.prove(this.#proofMs, true)) ?? false;
      if (isSure || shard.isOpen) return isSure;
    }
    const head = await this.#at(shard).courier.head();
    if (head === undefined) return false;
    await new Promise<void>((resolve) => { shard.copy.reached(head, resolve); });
    return true;
  }

  /** Resolves once commands for the shard arrive here. Nobody is answered before it is open. */
  listen(shard: Shard): Promise<void> {
    return this.#at(shard).counter.open();
  }

  silence(shard: Shard): void {
    this.#at(shard).counter.close();
  }

  /** It has another owner than before. What waits for it goes there, before anything that comes now. */
  changed(shard: Shard): void {
    const { courier, held } = this.#at(shard);
    if (shard.isOpen) for (const { actor, command, done } of courier.drain()) this.#send(shard, actor, command, done);
    else if (shard.owner !== NOBODY) courier.resume();
    // Whoever is turned away by this change goes first, later in this turn.
    if (held.length > 0) this.#soon(() => this.#release(shard));
  }

  #release(shard: Shard): void {
    if (shard.isGiving) return;
    for (const { actor, command, done } of this.#at(shard).held.splice(0)) this.#send(shard, actor, command, done);
  }

  /** Commands that wait for the owner of their shard. */
  get waiting(): number {
    return this.#places.reduce((sum, { courier }) => sum + courier.waiting, 0);
  }

  close(): void {
    this.#closed = true;
    for (const { courier, held } of this.#places) {
      courier.close();
      for (const { done } of held.splice(0)) done(moved());
    }
  }

  #at({ n }: Shard): Place {
    const place = this.#places[n];
    if (place === undefined) throw new RangeError(`there is no shard ${n}`);
    return place;
  }
}
