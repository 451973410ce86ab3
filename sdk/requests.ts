/** Questions to the server that await an answer by number or id, each with a deadline. */
import { ParleyError } from './error.ts';
import type { House } from './house.ts';
import { ask } from './http.ts';
import type { Data } from './protocol/data.ts';
import { actionOf } from './protocol/codes.ts';
import type { Said } from './protocol/frames.ts';

type Question = Unnumbered<Extract<Said, { rid: number }>>;
type Unnumbered<T> = T extends unknown ? Omit<T, 'rid'> : never;

export interface Requests {
  /** Asks on the live connection; rejects when it ends. */
  ask(question: Question): Promise<void>;
  /** Until `ref` is answered or refused, or the deadline passes; `go` asks, again on each connection unless `passing`. */
  wait(ref: string | number, go: Go, passing?: boolean): Promise<unknown>;
  /** What happens to a conversation: a repeat is harmless. */
  command(conversation: string, name: string, args: Data): Promise<void>;
  /** Over HTTP, as often as need be: what is put twice is the same thing. */
  put(path: string, body: unknown): Promise<void>;
  answered(ref: string | number, value?: unknown): void;
  refused(ref: string | number, code: number, retryAfterMs?: number, detail?: string): void;
  /** Another connection, or none. */
  restart(): void;
}

/** False without a live connection: what is passing is not asked then. */
type Go = () => boolean;
interface Asked {
  go: Go;
  /** With an error, or the answer. */
  settle(error: ParleyError | null, value?: unknown): void;
  /** A question of this connection alone; others go again on the next. */
  passing: boolean;
}

const DEADLINE_MS = 30_000;
const RETRY_MS = 250;

export function createRequests(house: House): Requests {
  const { after, send, ids, errorOf } = house;
  const asked = new Map<string | number, Asked>();
  const unanswered = (): ParleyError => new ParleyError('unanswered');
  let rids = 0;

  const wait: Requests['wait'] = (ref, go, passing = false) =>
    new Promise((resolve, reject) => {
      if (!go() && passing) return reject(unanswered());
      const cancel = after(DEADLINE_MS, () => settle(unanswered()));
      const settle: Asked['settle'] = (error, value) => {
        asked.delete(ref);
        cancel();
        if (error) reject(error);
        else resolve(value);
      };
      asked.set(ref, { go, settle, passing });
    });

  const answered: Requests['answered'] = (ref, value) => asked.get(ref)?.settle(null, value);

  const refused: Requests['refused'] = (ref, code, retryAfterMs = 0, detail = '') => {
    const it = asked.get(ref);
    if (actionOf(code) !== 'retry') it?.settle(errorOf(code, detail));
    else if (it) after(Math.max(RETRY_MS, retryAfterMs), () => asked.get(ref) === it && it.go());
  };

  async function put(id: string, path: string, body: unknown, token: string): Promise<void> {
    const { status, said } = await ask('PUT', house.base + path, body, token);
    if (status < 400) answered(id);
    else refused(id, said['code'] as number, 0, said['detail'] as string);
  }

  return {
    async ask(question) {
      const rid = ++rids;
      await wait(rid, () => send({ ...question, rid }), true);
    },
    wait,
    async command(conversation, name, args) {
      const id = ids.next();
      await wait(id, () => send({ t: 'command', id, conversation, name, args }));
    },
    async put(path, body) {
      const id = ids.next();
      await wait(id, () => {
        const token = house.wire.token();
        // What nobody answers goes again on the next connection.
        if (token !== null) void put(id, path, body, token).catch(() => {});
        return true;
      });
    },
    answered,
    refused,
    restart() {
      for (const { passing, settle, go } of [...asked.values()]) {
        if (passing) settle(unanswered());
        else go();
      }
    },
  };
}
