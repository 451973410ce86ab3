/** The messages of one conversation on their way out: first in, first out, a window of them at a time. */
import { backoff } from './dial.ts';
import type { House } from './house.ts';
import type { Sending } from './outgoing.ts';

export interface Line {
  /** Oldest first; it holds what is not durable, failed messages too. */
  readonly waiting: Sending[];
  /** Sends what may be sent, in order: nothing passes a message that is not in storage yet. */
  pump(): void;
  /** The socket is gone, or another one: what is unanswered goes again, from the first. */
  restart(): void;
  take(message: Sending): void;
  /** Refused for now: this one and all behind it go again, in order, after a while. */
  hold(message: Sending, retryAfterMs: number): void;
}

/** False when there is no live connection, null when whoever is signed in may not send this one. */
type Transmit = (message: Sending) => boolean | null;

export function createLine({ clock, wire, random, after }: House, transmit: Transmit): Line {
  const waiting: Sending[] = [];
  /** Takes the hold back, while the line is held. */
  let unhold: (() => void) | null = null;
  let holds = 0;

  const rewind = (from: number): void => {
    for (const message of waiting.slice(from)) if (message.sentAt !== 0) message.rewind();
  };

  function pump(): void {
    if (unhold !== null) return;
    let flying = 0;
    for (const message of waiting) {
      if (message.status.get() === 'failed') continue;
      if (!message.safe || flying >= wire.settings().window) return;
      const sent = message.sentAt !== 0 || transmit(message);
      if (sent === false) return;
      if (sent === null) continue;
      flying++;
      if (message.sentAt !== 0) continue;
      message.sentAt = clock.now();
      message.kept.left = true;
      message.status.set('sending');
    }
  }

  return {
    waiting,
    pump,
    restart() {
      unhold?.();
      unhold = null;
      rewind(0);
      pump();
    },
    take(message) {
      const at = waiting.indexOf(message);
      if (at >= 0) waiting.splice(at, 1);
      holds = 0;
    },
    hold(message, retryAfterMs) {
      // Those behind a held one are refused too; they have gone back with it already.
      if (message.sentAt === 0) return;
      rewind(waiting.indexOf(message));
      unhold = after(Math.max(retryAfterMs, backoff(++holds, random(), wire.settings())), () => {
        unhold = null;
        pump();
      });
    },
  };
}
