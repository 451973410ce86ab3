/**
 * What one connection asks of actors, and the order in which its sends may pass: one that was refused for now holds its
 * conversation's line until it comes again.
 */
import type { Who } from '../machines/actor.ts';
import type { ConversationState } from '../machines/state.ts';
import { deskOf } from '../machines/routing.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Said } from '../sdk/protocol/frames.ts';
import type { Following } from './following.ts';
import { hear, hearAct, hearDelivered } from './hear.ts';
import type { Host } from './host.ts';
import type { Intake } from './intake.ts';
import type { Outgoing } from './outgoing.ts';

export interface AskingParts {
  intake: Intake;
  host: Host;
  following: Following;
  out: Outgoing;
  /** Answers a frame with a refusal. */
  refuse(ref: string | number, refusal: Refusal): void;
}

/** With more unanswered than this the socket is not read until some are answered. */
const IN_FLIGHT_MAX = 512;
const LINE_RETRY_MS = 100;
/** More lines than this are not held at once: a client that sends into so many does not wait for answers at all. */
const HELD_MAX = 1_000;

interface Held {
  cmid: string;
  /** Whose, when it may stand all the same: its owner did not answer. Whoever sees it stand never says it again. */
  device: string | undefined;
}

export class Asking {
  readonly #parts: AskingParts;
  /** Per conversation, the send that was refused for now. */
  readonly #held = new Map<string, Held>();
  #inFlight = 0;

  constructor(parts: AskingParts) {
    this.#parts = parts;
  }

  /** @throws Refusal `lineHeld` for a send that would overtake an earlier one, `unknownAlias` */
  check(frame: Extract<Said, { t: 'send' }>): void {
    const actor = this.#parts.following.actor(frame.conversation);
    const held = this.#held.get(actor);
    if (held !== undefined && held.cmid !== frame.cmid) {
      this.#look(actor, held);
      throw new Refusal('lineHeld', '', LINE_RETRY_MS);
    }
    this.#held.delete(actor);
  }

  /** A send was refused: when it is for now, nothing of its conversation passes before it. */
  hold({ conversation, cmid }: Extract<Said, { t: 'send' }>, refusal: Refusal): void {
    if (refusal.code < 1100) this.#hold(this.#parts.following.actor(conversation), { cmid, device: undefined });
  }

  send(frame: Extract<Said, { t: 'send' }>, who: Who, device: string): void {
    const { host, following, out, refuse } = this.#parts;
    // Looked up now: when the answer comes, the alias may be gone.
    const actor = following.actor(frame.conversation);
    this.#departed();
    host.tell(actor, hear(frame, who, device), (answer) => {
      this.#landed();
      if (answer instanceof Refusal) {
        if (answer.code < 1100) this.#hold(actor, { cmid: frame.cmid, device: answer.name === 'ownerChanging' ? device : undefined });
        return refuse(frame.cmid, answer);
      }
      const { seq, n, at, repeated } = answer;
      out.say({ t: 'ack', cmid: frame.cmid, seq, n, at, repeated });
    });
  }

  command(frame: Extract<Said, { t: 'command' }>, who: Who, device: string): void {
    const { host, following, out, refuse } = this.#parts;
    const actor = following.actor(frame.conversation);
    this.#departed();
    host.tell(actor, hear(frame, who, device), (answer) => {
      this.#landed();
      if (answer instanceof Refusal) return refuse(frame.id, answer);
      out.say({ t: 'result', id: frame.id, value: { seq: answer.seq } });
    });
  }

  /** On the desk, which knows who may do what. */
  act(frame: Extract<Said, { t: 'act' }>, who: Who, workspace: string): void {
    const { host, out, refuse } = this.#parts;
    this.#departed();
    host.tell(deskOf(workspace), hearAct(frame, who), (answer) => {
      this.#landed();
      if (answer instanceof Refusal) return refuse(frame.id, answer);
      out.say({ t: 'result', id: frame.id, value: {} });
    });
  }

  /** Marks only grow, so one that is refused for now is made good by the next. */
  read(frame: Extract<Said, { t: 'read' }>, who: Who, device: string): void {
    const { host, following } = this.#parts;
    host.tell(following.actor(frame.conversation), hear(frame, who, device), () => undefined);
  }

  delivered({ marks }: Extract<Said, { t: 'delivered' }>, who: Who): void {
    const { host, following } = this.#parts;
    for (const [target, seq] of marks) {
      host.tell(following.actor(target), hearDelivered(seq, who), () => undefined);
    }
  }

  #hold(actor: string, held: Held): void {
    if (!this.#held.has(actor) && this.#held.size < HELD_MAX) this.#held.set(actor, held);
  }

  /** Lets go of the line once what holds it stands. */
  #look(actor: string, held: Held): void {
    const { cmid, device } = held;
    if (device === undefined) return;
    this.#parts.host.peek(actor, (found) => {
      const { devices = {} } = (found ?? {}) as Partial<ConversationState>;
      if ((devices[device] ?? '') >= cmid && this.#held.get(actor) === held) this.#held.delete(actor);
    });
  }

  #departed(): void {
    if (++this.#inFlight === IN_FLIGHT_MAX) this.#parts.intake.stop('unanswered');
  }

  #landed(): void {
    if (this.#inFlight-- === IN_FLIGHT_MAX) this.#parts.intake.goOn('unanswered');
  }
}
