/**
 * An agent's place at the desk, on one connection: what they do there, and what they are told of it. Of everything that
 * is told only the newest counts, so a client that does not read is owed one frame of each kind, and no more.
 */
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Said } from '../sdk/protocol/frames.ts';
import type { Asking } from './asking.ts';
import type { Desk } from './desk.ts';
import type { Listener } from './hub.ts';
import type { Bytes, Outgoing } from './outgoing.ts';
import type { Presence } from './presence.ts';

export interface SeatParts {
  desk: Desk;
  presence: Presence;
  asking: Asking;
  out: Outgoing;
  /** The connection, as the hub knows it. */
  listener: Listener;
}

export class Seat {
  readonly #parts: SeatParts;
  readonly #owed = new Map<string, () => void>();

  constructor(parts: SeatParts) {
    const { desk, presence, listener } = parts;
    this.#parts = parts;
    this.moved();
    presence.come(desk.workspace, listener.who);
  }

  /** @throws Refusal `forbidden`, `invalid` */
  act(frame: Extract<Said, { t: 'act' }>): void {
    const { listener, desk, asking, out } = this.#parts;
    if (frame.name !== 'board') return asking.act(frame, listener.who, desk.workspace);
    const { on } = frame.args;
    if (typeof on !== 'boolean') throw new Refusal('invalid', 'args.on is true or false');
    if (on && desk.right(listener.who.id) === 'agent') throw new Refusal('forbidden', 'the board is for supervisors and admins');
    out.say({ t: 'result', id: frame.id, value: {} });
    if (on) desk.board.add(listener);
    else desk.board.remove(listener);
  }

  /** How this agent stands may have changed. */
  moved(): void {
    const { listener, desk, out } = this.#parts;
    this.#say('desk', () => {
      const view = desk.view(listener.who.id);
      if (view !== undefined) out.say({ t: 'desk', ...view });
      // Whoever loses the right loses sight of the others.
      if (view?.right === 'agent') desk.board.remove(listener);
    });
  }

  configured(rev: number): void {
    this.#say('configured', () => this.#parts.out.say({ t: 'configured', rev }));
  }

  shown(kind: string, bytes: Bytes): void {
    this.#say(kind, () => this.#parts.out.raw(bytes));
  }

  /** The client has read everything. */
  drained(): void {
    const owed = [...this.#owed.values()];
    this.#owed.clear();
    for (const say of owed) say();
  }

  leave(): void {
    const { desk, presence, listener } = this.#parts;
    desk.board.remove(listener);
    presence.leave(desk.workspace, listener.who);
  }

  #say(kind: string, say: () => void): void {
    if (this.#parts.out.lagging) this.#owed.set(kind, say);
    else say();
  }
}
