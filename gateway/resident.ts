/**
 * One actor in memory: its mailbox, and one step at a time. It wakes from the store, looks up what may be a repeat, and is
 * held back alone when its step throws.
 */
import type { ActorCommand, ActorState, Kind, Line, Refusal as Refused, Reply } from '../machines/actor.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Report } from './report.ts';
import type { Store } from './store.ts';
import { Tail } from './tail.ts';
import { Unnamed } from './world.ts';

/** What records of other nodes have made of an actor, as their bytes: its state, and the parts that changed, empty for one that is gone. */
export interface News {
  /** The newest of these records. */
  record: number;
  state: Uint8Array;
  parts: ReadonlyMap<string, Uint8Array>;
  due: number;
  pending: boolean;
}

export type Answer = Reply | Refusal;

export interface ResidentParts {
  store: Store;
  tail: Tail;
  report: Report;
  /** The shard's time, which never runs backwards. */
  now(): number;
  /** Takes what a step gave into the record that is being gathered; the answer waits until that is durable. */
  gather(resident: Resident, lines: readonly Line[], answer: Answer, done: (answer: Answer) => void): void;
  /** The line under a client's id in the record that is being gathered. */
  gathered(resident: Resident, cmid: string): Line | undefined;
  /** Whether that record takes more. */
  room(): boolean;
  /** Calls after a rest. */
  later(call: () => void): void;
  /** Calls when the record that is being gathered is durable and published. */
  afterwards(see: () => void): void;
}

const WAITING_MAX = 2_000;
const OVERLOADED_RETRY_MS = 1_000;
/** What an actor lacks for a step comes with a repair, not in a moment. */
const UNREADY_RETRY_MS = 10_000;

export class Resident {
  readonly id: string;
  readonly kind: Kind<ActorState>;
  readonly #parts: ResidentParts;
  /** Newest state, which may not be durable yet. */
  state: ActorState | undefined;
  /** What the newest record that it was gathered for holds or will hold. */
  gathered: ActorState | undefined;
  committed: ActorState | undefined;
  /** The newest record that changed it. */
  record = 0;
  /** How long its state was when it was last written or read, in bytes. */
  bytes = 0;
  usedAt: number;
  /** What came while it wakes or looks for a repeat, in order. */
  #waiting: { call: () => void; isCommand: boolean }[] = [];
  /** What is looked up as a perhaps repeated one. */
  #looking: { done(answer: Answer): void } | undefined;
  #busy = true;
  /** Why it takes nothing more. */
  #refusal: Refusal | undefined;
  /** While it wakes, what the tables may not show yet. */
  #news: News | undefined;
  #waking = true;

  /** @param news what the tables may not show yet */
  constructor(id: string, kind: Kind<ActorState>, parts: ResidentParts, news?: News) {
    this.id = id;
    this.kind = kind;
    this.#parts = parts;
    this.#news = news;
    this.usedAt = parts.now();
    this.#wake();
  }

  /**
   * A record of another node has changed it. Returns the states before and after; undefined while it wakes, for then it
   * wakes as that.
   */
  follow(news: News): { before: ActorState | undefined; state: ActorState } | undefined {
    this.record = news.record;
    this.bytes = news.state.length;
    if (this.#waking) {
      this.#news = this.#news === undefined ? news : merged(this.#news, news);
      return undefined;
    }
    const before = this.committed;
    try {
      const state = this.#renewed(before, news);
      this.committed = this.gathered = this.state = state;
      return { before, state };
    } catch (error) {
      this.#quarantine(error, 'what another node has made of it cannot be read');
      return undefined;
    }
  }

  #renewed(before: ActorState | undefined, news: News): ActorState {
    const { kind } = this;
    const json = text(news.state);
    if (before === undefined) return kind.thaw(json, texts(standing(news.parts)));
    const changed = new Map(Array.from(news.parts, ([key, bytes]) => [key, bytes.length === 0 ? null : text(bytes)]));
    if (kind.renew !== undefined) return kind.renew(before, json, changed);
    const whole = new Map<string, string>();
    for (const [key, part] of [...kind.parts?.(before, undefined) ?? [], ...changed]) {
      if (part === null) whole.delete(key);
      else whole.set(key, part);
    }
    return kind.thaw(json, whole);
  }

  ask(command: ActorCommand, done: (answer: Answer) => void): void {
    if (this.#waiting.length >= WAITING_MAX) return done(new Refusal('overloaded', '', OVERLOADED_RETRY_MS));
    this.#enqueue(() => this.#take(command, done), true);
  }

  /** The newest durable state. An actor whose first step is not durable yet is seen once it is: who has just written finds it. */
  see(then: (state: ActorState | undefined) => void): void {
    if (this.committed !== undefined) return then(this.committed);
    this.#enqueue(() => {
      if (this.state === this.committed) then(this.committed);
      else this.#parts.afterwards(() => then(this.committed));
    }, false);
  }

  /** Commands that wait to be looked at. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Whether it may leave memory once the tables show `record`. */
  get quiet(): boolean {
    return !this.#busy && this.#refusal === undefined && this.#waiting.length === 0 && this.state === this.committed;
  }

  /** Whether there is no such actor, and nobody is about to make it. */
  get empty(): boolean {
    return this.quiet && this.state === undefined;
  }

  /** What is not durable did not happen. Returns whether there was any. */
  undo(): boolean {
    const undone = this.state !== this.committed;
    this.state = this.gathered = this.committed;
    return undone;
  }

  /** Refuses whatever command waits or is being looked up, and takes what comes later. */
  turnAway(refusal: Refusal): void {
    if (this.#refusal !== undefined) return;
    const looking = this.#looking;
    const commands = this.#waiting.filter(({ isCommand }) => isCommand);
    if (looking === undefined && commands.length === 0) return;
    this.#waiting = this.#waiting.filter(({ isCommand }) => !isCommand);
    this.#looking = undefined;
    this.#refusal = refusal;
    looking?.done(refusal);
    for (const { call } of commands) call();
    this.#refusal = undefined;
  }

  /** Takes nothing more: whatever waits, or is still being looked up, is refused. */
  dismiss(refusal: Refusal): void {
    this.#refusal = refusal;
    this.#resume();
  }

  #wake(): void {
    this.#parts.store.actor(this.id).then((found) => {
      const news = this.#news;
      this.#waking = false;
      this.#news = undefined;
      try {
        const parts = new Map([...found?.parts ?? [], ...news?.parts ?? []]);
        const state = news?.state ?? found?.state;
        this.bytes = state?.length ?? 0;
        if (state !== undefined) this.committed = this.gathered = this.state = this.kind.thaw(text(state), texts(standing(parts)));
      } catch (error) {
        return this.#quarantine(error, 'its state cannot be read');
      }
      this.#resume();
    }, (error: unknown) => {
      // The tables do not answer now: nothing is known of this actor, so nothing is said of it.
      this.#parts.report('error', 'an actor could not be woken, and is asked for again', { actor: this.id, why: String(error) });
      this.#parts.later(() => this.#wake());
    });
  }

  #enqueue(call: () => void, isCommand: boolean): void {
    if (this.#busy || this.#waiting.length > 0) this.#waiting.push({ call, isCommand });
    else call();
  }

  #resume(): void {
    this.#busy = false;
    while (!this.#busy && this.#waiting.length > 0) this.#waiting.shift()?.call();
  }

  #take(command: ActorCommand, done: (answer: Answer) => void): void {
    if (this.#refusal !== undefined) return done(this.#refusal);
    if (!this.#parts.room()) return done(new Refusal('overloaded', '', OVERLOADED_RETRY_MS));
    const repeat = this.kind.mayRepeat(this.state, command);
    if (repeat === undefined) return this.#step(command, done);
    this.#busy = true;
    const looking = this.#looking = { done };
    // Whoever was turned away meanwhile has been answered.
    const found = (answer: () => void): void => {
      if (this.#looking === looking) {
        this.#looking = undefined;
        answer();
      }
      this.#resume();
    };
    this.#known(repeat).then(
      (known) => found(() => this.#step(command, done, known)),
      // The tables do not answer now; the actor is sound, and the client asks again.
      () => found(() => done(new Refusal('storeUnavailable', '', OVERLOADED_RETRY_MS))),
    );
  }

  /** The line under a client's id: in the record being gathered, in one being written or not yet applied, or in the tables. */
  async #known(cmid: string): Promise<Line | undefined> {
    const { store, tail, gathered } = this.#parts;
    return gathered(this, cmid) ?? tail.byCmid(this.id, cmid) ?? await Tail.stored(store, this.id, cmid);
  }

  #step(command: ActorCommand, done: (answer: Answer) => void, known?: Line): void {
    if (this.#refusal !== undefined) return done(this.#refusal);
    const now = this.#parts.now();
    this.usedAt = now;
    const before = this.state;
    try {
      const stepped = this.kind.step(this.id, this.state, command, now, known);
      if ('refused' in stepped) return this.#parts.gather(this, [], refusalOf(stepped), done);
      this.state = stepped.state;
      this.#parts.gather(this, stepped.lines, stepped.reply, done);
    } catch (error) {
      this.state = before;
      if (error instanceof Unnamed) return this.#parts.gather(this, [], refusalOf({ refused: 'overloaded', detail: error.message }), done);
      this.#quarantine(error, `its step failed on "${command.type}"`);
      this.#parts.gather(this, [], new Refusal('quarantined'), done);
    }
  }

  /** Held back with its last good state, and a report; nobody else notices. */
  #quarantine(error: unknown, why: string): void {
    this.dismiss(new Refusal('quarantined'));
    this.#parts.report('error', 'an actor is quarantined', {
      actor: this.id, why, error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      mend: 'its history is safe; correct the cause and restart the node',
    });
  }
}

function refusalOf({ refused, detail }: Refused): Refusal {
  return new Refusal(refused, detail, refused === 'overloaded' ? UNREADY_RETRY_MS : 0);
}

export function merged(old: News, { record, state, parts, due, pending }: News): News {
  return { record, state, due, pending, parts: new Map([...old.parts, ...parts]) };
}

/** Those that are not gone. */
function standing(parts: ReadonlyMap<string, Uint8Array>): Map<string, Uint8Array> {
  return new Map([...parts].filter(([, bytes]) => bytes.length > 0));
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function texts(parts: ReadonlyMap<string, Uint8Array>): Map<string, string> {
  return new Map(Array.from(parts, ([key, bytes]) => [key, text(bytes)]));
}
