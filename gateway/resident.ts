/**
 * One actor in memory: its mailbox, and one step at a time. It wakes from the store, looks up what may be a repeat, and is
 * held back alone when its step throws.
 */
import type { ActorCommand, ActorState, Kind, Line, Refusal as Refused, Reply } from '../machines/actor.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Report } from './report.ts';
import type { Store } from './store.ts';
import { Tail } from './tail.ts';

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
  usedAt: number;
  /** What came while it wakes or looks for a repeat, in order. */
  #waiting: (() => void)[] = [];
  #busy = true;
  /** Why it takes nothing more. */
  #refusal: Refusal | undefined;

  constructor(id: string, kind: Kind<ActorState>, parts: ResidentParts) {
    this.id = id;
    this.kind = kind;
    this.#parts = parts;
    this.usedAt = parts.now();
    this.#wake();
  }

  ask(command: ActorCommand, done: (answer: Answer) => void): void {
    if (this.#waiting.length >= WAITING_MAX) return done(new Refusal('overloaded', '', OVERLOADED_RETRY_MS));
    this.#enqueue(() => this.#take(command, done));
  }

  /** The newest durable state. An actor whose first step is not durable yet is seen once it is: who has just written finds it. */
  see(then: (state: ActorState | undefined) => void): void {
    if (this.committed !== undefined) return then(this.committed);
    this.#enqueue(() => {
      if (this.state === this.committed) then(this.committed);
      else this.#parts.afterwards(() => then(this.committed));
    });
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

  /** Refuses whatever waits, and takes what comes later. */
  turnAway(refusal: Refusal): void {
    if (this.#refusal !== undefined) return;
    this.#refusal = refusal;
    for (const call of this.#waiting.splice(0)) call();
    this.#refusal = undefined;
  }

  /** Takes nothing more: whatever waits, or is still being looked up, is refused. */
  dismiss(refusal: Refusal): void {
    this.#refusal = refusal;
    this.#resume();
  }

  #wake(): void {
    this.#parts.store.actor(this.id).then((found) => {
      try {
        if (found !== undefined) this.committed = this.gathered = this.state = this.kind.thaw(text(found.state), texts(found.parts));
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

  #enqueue(call: () => void): void {
    if (this.#busy || this.#waiting.length > 0) this.#waiting.push(call);
    else call();
  }

  #resume(): void {
    this.#busy = false;
    while (!this.#busy && this.#waiting.length > 0) this.#waiting.shift()?.();
  }

  #take(command: ActorCommand, done: (answer: Answer) => void): void {
    if (this.#refusal !== undefined) return done(this.#refusal);
    if (!this.#parts.room()) return done(new Refusal('overloaded', '', OVERLOADED_RETRY_MS));
    const repeat = this.kind.mayRepeat(this.state, command);
    if (repeat === undefined) return this.#step(command, done);
    this.#busy = true;
    this.#known(repeat).then((known) => {
      this.#step(command, done, known);
      this.#resume();
    }).catch(() => {
      // The tables do not answer now; the actor is sound, and the client asks again.
      done(new Refusal('storeUnavailable', '', OVERLOADED_RETRY_MS));
      this.#resume();
    });
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

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function texts(parts: ReadonlyMap<string, Uint8Array>): Map<string, string> {
  return new Map(Array.from(parts, ([key, bytes]) => [key, text(bytes)]));
}
