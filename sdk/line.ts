/** The messages of one conversation on their way out: first in, first out, a window of them at a time. */
import { actionOf, CODES } from './protocol/codes.ts';
import type { Clock } from './clock.ts';
import type { Sending } from './outgoing.ts';

export interface LineOptions {
  clock: Clock;
  random: () => number;
  /** Sends of this conversation that the server takes unanswered. */
  window(): number;
  /** Whether the person who is signed in may send what this one wrote. */
  mine(by: string): boolean;
  /** False when there is no live connection. */
  transmit(message: Sending): boolean;
  failed(message: Sending, code: number, detail: string): void;
}

const HOLD_MS = 250;
const HOLD_MAX_MS = 20_000;

export class Line {
  /** Oldest first; it holds what is not durable, failed messages too. */
  readonly waiting: Sending[] = [];
  readonly #options: LineOptions;
  /** Takes the hold back, while the line is held. */
  #unhold: (() => void) | null = null;
  #holds = 0;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  /** Sends what may be sent, in order: nothing passes a message that is not in storage yet. */
  pump(): void {
    if (this.#unhold !== null) return;
    const { clock, window, mine, transmit } = this.#options;
    let flying = 0;
    for (const message of [...this.waiting]) {
      if (message.status.get() === 'failed' || !mine(message.kept.by)) continue;
      if (!message.safe || flying >= window()) return;
      flying++;
      if (message.sentAt !== 0) continue;
      if (!transmit(message)) return;
      message.sentAt = clock.now();
      message.left = true;
      message.status.set('sending');
    }
  }

  /** The socket is gone, or another one: what is unanswered goes again, from the first. */
  restart(): void {
    this.#release();
    this.#rewind(0);
  }

  take(message: Sending): void {
    const at = this.waiting.indexOf(message);
    if (at >= 0) this.waiting.splice(at, 1);
    this.#holds = 0;
  }

  refused(message: Sending, code: number, retryAfterMs: number, detail: string): void {
    // Of those behind a held one, each is refused too: they have gone back with it already.
    if (message.sentAt === 0) return;
    const action = actionOf(code);
    if (action === 'drop') return this.#options.failed(message, code, detail);
    this.#rewind(this.waiting.indexOf(message));
    if (code === CODES.unknownAlias.code) return this.pump();
    const { clock, random } = this.#options;
    const backoff = random() * Math.min(HOLD_MAX_MS, HOLD_MS * 2 ** Math.min(this.#holds++, 20));
    this.#unhold = clock.after(Math.max(retryAfterMs, backoff), () => {
      this.#unhold = null;
      this.pump();
    });
  }

  #rewind(from: number): void {
    for (const message of this.waiting.slice(Math.max(0, from))) if (message.sentAt !== 0) message.rewind();
  }

  #release(): void {
    this.#unhold?.();
    this.#unhold = null;
  }
}
