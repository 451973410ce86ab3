/** Questions to the server that await an answer by number or id, each with a deadline. */
import { errorOf, ParleyError } from './error.ts';
import type { House } from './house.ts';
import { actionOf } from './protocol/codes.ts';
import type { Said, Told } from './protocol/frames.ts';

interface Asked {
  frame: Said;
  resolve(frame: Told): void;
  reject(error: ParleyError): void;
  /** A question of this connection alone; others go again on the next. */
  passing: boolean;
  /** Takes back its timer. */
  cancel(): void;
}

const PASSING_MS = 10_000;
const LASTING_MS = 30_000;
const RETRY_MS = 250;

export class Requests {
  readonly #asked = new Map<string | number, Asked>();
  readonly #house: House;
  #rid = 0;

  constructor(house: House) {
    this.#house = house;
  }

  /** Asks on the live connection; rejects when it ends. */
  ask(frame: (rid: number) => Said): Promise<Told> {
    const rid = ++this.#rid;
    return this.#wait(rid, frame(rid), true);
  }

  /** Asks until there is an answer or the deadline passes, on as many connections as it takes. */
  insist(id: string, frame: Said): Promise<Told> {
    return this.#wait(id, frame, false);
  }

  answered(ref: string | number, frame: Told): void {
    this.#take(ref)?.resolve(frame);
  }

  refused(ref: string | number, code: number, retryAfterMs: number, detail: string): void {
    const asked = this.#asked.get(ref);
    if (asked === undefined) return;
    if (actionOf(code) === 'retry') this.#house.after(Math.max(RETRY_MS, retryAfterMs), () => this.#asked.get(ref) === asked && this.#house.send(asked.frame));
    else this.#take(ref)?.reject(errorOf(code, detail));
  }

  /** Another connection, or none. */
  restart(): void {
    for (const [ref, asked] of [...this.#asked]) {
      if (asked.passing) this.#take(ref)?.reject(new ParleyError('unanswered'));
      else this.#house.send(asked.frame);
    }
  }

  #wait(ref: string | number, frame: Said, passing: boolean): Promise<Told> {
    return new Promise((resolve, reject) => {
      if (!this.#house.send(frame) && passing) return reject(new ParleyError('unanswered'));
      const cancel = this.#house.after(passing ? PASSING_MS : LASTING_MS, () => this.#take(ref)?.reject(new ParleyError('unanswered')));
      this.#asked.set(ref, { frame, resolve, reject, passing, cancel });
    });
  }

  #take(ref: string | number): Asked | undefined {
    const asked = this.#asked.get(ref);
    this.#asked.delete(ref);
    asked?.cancel();
    return asked;
  }
}
