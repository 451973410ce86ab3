/** The messages of one conversation on their way out: first in, first out, a window of them at a time. */
import type { House } from './house.ts';
import type { Sending } from './outgoing.ts';

const HOLD_MS = 250;
const HOLD_MAX_MS = 20_000;

export class Line {
  /** Oldest first; it holds what is not durable, failed messages too. */
  readonly waiting: Sending[] = [];
  readonly #house: House;
  /** False when there is no live connection, null when whoever is signed in may not send this one. */
  readonly #transmit: (message: Sending) => boolean | null;
  /** Takes the hold back, while the line is held. */
  #unhold: (() => void) | null = null;
  #holds = 0;

  constructor(house: House, transmit: (message: Sending) => boolean | null) {
    this.#house = house;
    this.#transmit = transmit;
  }

  /** Sends what may be sent, in order: nothing passes a message that is not in storage yet. */
  pump(): void {
    if (this.#unhold !== null) return;
    const { clock, wire } = this.#house;
    let flying = 0;
    for (const message of this.waiting) {
      if (message.status.get() === 'failed') continue;
      if (!message.safe || flying >= wire.settings.window) return;
      const sent = message.sentAt !== 0 || this.#transmit(message);
      if (sent === false) return;
      if (sent === null) continue;
      flying++;
      if (message.sentAt !== 0) continue;
      message.sentAt = clock.now();
      message.left = true;
      message.status.set('sending');
    }
  }

  /** The socket is gone, or another one: what is unanswered goes again, from the first. */
  restart(): void {
    this.#unhold?.();
    this.#unhold = null;
    this.#rewind(0);
    this.pump();
  }

  take(message: Sending): void {
    const at = this.waiting.indexOf(message);
    if (at >= 0) this.waiting.splice(at, 1);
    this.#holds = 0;
  }

  /** Refused for now: this one and all behind it go again, in order, after a while. */
  hold(message: Sending, retryAfterMs: number): void {
    // Those behind a held one are refused too; they have gone back with it already.
    if (message.sentAt === 0) return;
    this.#rewind(this.waiting.indexOf(message));
    const backoff = this.#house.random() * Math.min(HOLD_MAX_MS, HOLD_MS * 2 ** this.#holds++);
    this.#unhold = this.#house.after(Math.max(retryAfterMs, backoff), () => {
      this.#unhold = null;
      this.pump();
    });
  }

  #rewind(from: number): void {
    for (const message of this.waiting.slice(from)) if (message.sentAt !== 0) message.rewind();
  }
}
