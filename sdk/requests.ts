/** Questions to the server that await an answer by number or id, each with a deadline. */
import { ParleyError } from './error.ts';
import type { House } from './house.ts';
import type { Data } from './protocol/data.ts';
import { actionOf } from './protocol/codes.ts';
import type { Said } from './protocol/frames.ts';

export interface Requests {
  /** Asks on the live connection; rejects when it ends. */
  ask(frame: (rid: number) => Said): Promise<void>;
  /** Asks until there is an answer or the deadline passes, on as many connections as it takes. */
  insist(id: string, frame: Said): Promise<unknown>;
  /** What happens to a conversation: a repeat is harmless. */
  command(conversation: string, name: string, args: Data): Promise<void>;
  answered(ref: string | number, value?: unknown): void;
  refused(ref: string | number, code: number, retryAfterMs: number, detail: string): void;
  /** Another connection, or none. */
  restart(): void;
}

interface Asked {
  frame: Said;
  /** With an error, or the answer. */
  settle(error: ParleyError | null, value?: unknown): void;
  /** A question of this connection alone; others go again on the next. */
  passing: boolean;
}

const DEADLINE_MS = 30_000;
const RETRY_MS = 250;

export function createRequests({ after, send, ids, errorOf }: House): Requests {
  const asked = new Map<string | number, Asked>();
  const unanswered = (): ParleyError => new ParleyError('unanswered');
  let rids = 0;

  function wait<T>(ref: string | number, frame: Said, passing: boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      if (!send(frame) && passing) return reject(unanswered());
      const cancel = after(DEADLINE_MS, () => settle(unanswered()));
      const settle: Asked['settle'] = (error, value) => {
        asked.delete(ref);
        cancel();
        if (error) reject(error);
        else resolve(value as T);
      };
      asked.set(ref, { frame, settle, passing });
    });
  }

  return {
    ask: (frame) => wait(++rids, frame(rids), true),
    insist: (id, frame) => wait(id, frame, false),
    async command(conversation, name, args) {
      const id = ids.next();
      await wait(id, { t: 'command', id, conversation, name, args }, false);
    },
    answered: (ref, value) => asked.get(ref)?.settle(null, value),
    refused(ref, code, retryAfterMs, detail) {
      const it = asked.get(ref);
      if (actionOf(code) !== 'retry') it?.settle(errorOf(code, detail));
      else if (it) after(Math.max(RETRY_MS, retryAfterMs), () => asked.get(ref) === it && send(it.frame));
    },
    restart() {
      for (const { passing, settle, frame } of [...asked.values()]) {
        if (passing) settle(unanswered());
        else send(frame);
      }
    },
  };
}
