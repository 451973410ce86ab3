/**
 * The effects of one actor on their way, after the commit: those for one target in order, those for different targets at
 * once; each at least once, under a constant name, until the actor's outbox is empty. What is for nobody here, but outside, is
 * done there first; the actor then hears what came of it, and lets go of the effect in the same step.
 */
import type { ActorCommand, Effect } from '../machines/actor.ts';
import { isOutside, type Called } from '../machines/flows/call.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { OutsideCaller } from './caller.ts';
import type { Clock } from './clock.ts';
import type { Report } from './report.ts';
import type { Answer } from './resident.ts';

export interface DeliveryParts {
  tell(actor: string, command: ActorCommand, done: (answer: Answer) => void): void;
  outside: OutsideCaller;
  /** Under which claim of its shard this node carries them out. */
  epoch(): number;
  clock: Clock;
  report: Report;
  /** Whether nothing more is to begin. */
  closed(): boolean;
}

/** So many of one actor's effects are carried out at once; the others wait, so that no outbox fills every mailbox. */
const IN_FLIGHT_MAX = 64;
const RETRY_MS = 1_000;

/** What waits for one target. `busy`: the first is being carried out, or tried again later, or kept for the next start. */
interface Lane {
  to: string;
  effects: Effect[];
  busy: boolean;
}

export class Delivery {
  readonly #actor: string;
  readonly #parts: DeliveryParts;
  readonly #lanes = new Map<string, Lane>();
  /** Those with something to do and nothing in flight, in the order in which they may go. */
  readonly #ready = new Set<Lane>();
  #outbox: readonly Effect[] = [];
  /** The newest effect that has come into a lane. */
  #newest = 0;
  #inFlight = 0;
  #going = false;

  constructor(actor: string, parts: DeliveryParts) {
    this.#actor = actor;
    this.#parts = parts;
  }

  /** The actor's newest durable outbox, in the order of `n`. */
  hear(outbox: readonly Effect[]): void {
    this.#outbox = outbox;
    let fresh = outbox.length;
    while (fresh > 0 && (outbox[fresh - 1]?.n ?? 0) > this.#newest) fresh--;
    for (const effect of outbox.slice(fresh)) {
      const lane = this.#lanes.get(effect.to) ?? { to: effect.to, effects: [], busy: false };
      this.#lanes.set(effect.to, lane);
      lane.effects.push(effect);
      this.#newest = effect.n;
      if (!lane.busy) this.#ready.add(lane);
    }
    this.#goOn();
  }

  #goOn(): void {
    // An answer that comes at once is seen by the loop that asked, however many do.
    if (this.#going) return;
    this.#going = true;
    for (const lane of this.#ready) {
      if (this.#inFlight >= IN_FLIGHT_MAX || this.#parts.closed()) break;
      this.#ready.delete(lane);
      this.#begin(lane);
    }
    this.#going = false;
  }

  #begin(lane: Lane): void {
    // A later effect may have taken the place of one that nobody has been told.
    while (lane.effects[0] !== undefined && !this.#stands(lane.effects[0].n)) lane.effects.shift();
    const [effect] = lane.effects;
    if (effect === undefined) {
      this.#lanes.delete(lane.to);
      return;
    }
    lane.busy = true;
    this.#inFlight++;
    if (isOutside(effect.to)) return void this.#callOut(lane, effect);
    this.#parts.tell(effect.to, { ...effect.command, from: this.#actor, n: effect.n, epoch: this.#parts.epoch() } as ActorCommand, (answer) => {
      this.#inFlight--;
      this.#answered(lane, effect, answer);
      this.#goOn();
    });
  }

  #answered(lane: Lane, effect: Effect, answer: Answer): void {
    if (answer instanceof Refusal) {
      if (answer.retryAfterMs > 0) return this.#later(() => this.#free(lane));
      // Its actor is another node's, which carries it out; this one is about to hear so.
      if (answer.name === 'conflict') return;
      // Held back or damaged is a matter of repair, not an answer: it stays in the outbox, and what is behind it for the
      // same target; the next start carries them out.
      const kept = answer.name === 'quarantined' || answer.name === 'damaged';
      this.#parts.report('error', `an effect was refused and is ${kept ? 'kept for the next start' : 'dropped'}`, {
        from: this.#actor, to: effect.to, type: effect.command.type, why: answer.name,
      });
      if (kept) return;
    }
    this.#finish(lane, effect.n);
  }

  async #callOut(lane: Lane, effect: Effect): Promise<void> {
    const { outside, report } = this.#parts;
    const called = await outside.call(this.#actor, effect, () => this.#stands(effect.n)).catch((error: unknown) => {
      report('error', 'a call of a flow failed in the node itself, and is kept for the next start', { from: this.#actor, why: String(error) });
      return undefined;
    });
    this.#inFlight--;
    if (called !== undefined) this.#tellOutcome(lane, effect, called);
    else if (!this.#stands(effect.n)) this.#free(lane);
    this.#goOn();
  }

  /** Until the actor has taken it, for nothing is called twice that has an outcome while this node lives. */
  #tellOutcome(lane: Lane, effect: Effect, called: Called): void {
    if (this.#parts.closed()) return;
    this.#parts.tell(this.#actor, called, (answer) => {
      if (answer instanceof Refusal) {
        if (answer.retryAfterMs > 0) return this.#later(() => this.#tellOutcome(lane, effect, called));
        return this.#answered(lane, effect, answer);
      }
      if (lane.effects[0]?.n === effect.n) lane.effects.shift();
      this.#free(lane);
    });
  }

  /** The actor lets go of it; only then the next goes to that target, so that none is ever repeated after a later one. */
  #finish(lane: Lane, n: number): void {
    if (!this.#stands(n)) return this.#free(lane);
    this.#parts.tell(this.#actor, { type: 'effectDone', n } as ActorCommand, (answer) => {
      if (!(answer instanceof Refusal)) {
        lane.effects.shift();
        return this.#free(lane);
      }
      // One that takes nothing more is not asked without end; the next start carries it out.
      if (answer.retryAfterMs > 0) this.#later(() => this.#finish(lane, n));
    });
  }

  #free(lane: Lane): void {
    lane.busy = false;
    this.#ready.add(lane);
    this.#goOn();
  }

  #later(call: () => void): void {
    this.#parts.clock.after(RETRY_MS, () => { if (!this.#parts.closed()) call(); });
  }

  /** Whether the actor still wants it to happen. */
  #stands(n: number): boolean {
    let low = 0;
    let high = this.#outbox.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#outbox[middle]?.n ?? 0) < n) low = middle + 1;
      else high = middle;
    }
    return this.#outbox[low]?.n === n;
  }
}
