/** Tells the others that this person types, no more often than they need to know, and that it has ended. */
import type { House } from './house.ts';
import { wellFormed } from './pack.ts';

const DRAFT = 500;

export interface Typing {
  set(on: boolean, draft: string): void;
  /** The others know by themselves: a message came, the connection went, or it was said too long ago. */
  quiet(): void;
}

export function createTyping({ send, me, wire, after }: House, conversation: string): Typing {
  /** What the others know to stand in the composer; null when they know of no typing. */
  let told: string | null = null;
  /** What stands there now, if it has been touched since. */
  let next: string | null = null;
  /** Until then nothing more is told. */
  let pause: (() => void) | null = null;

  function signal(typing: string, draft: string): void {
    send({ t: 'signal', conversation, kind: 'typing', value: typing });
    // Half-written words are a customer's, for agents to see.
    const shown = me.get()?.role === 'customer' && draft !== (told ?? '');
    if (shown) send({ t: 'signal', conversation, kind: 'draft', value: draft });
    told = draft;
  }

  function tell(): void {
    if (next === null) return quiet();
    signal('1', next);
    next = null;
    pause = after(wire.settings().typingMs / 2, () => {
      pause = null;
      tell();
    });
  }

  function quiet(): void {
    pause?.();
    pause = told = next = null;
  }

  return {
    set(on, draft) {
      if (!on) {
        if (told !== null) signal('', '');
        return quiet();
      }
      next = wellFormed(draft.slice(0, DRAFT));
      if (pause === null) tell();
    },
    quiet,
  };
}
