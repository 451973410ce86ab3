/** Commands whose askers wait for an answer, in the order asked: bounded in number and bytes, and none for ever. */
import type { ActorCommand } from '../machines/actor.ts';
import { encodeTask } from './pack.ts';
import type { Answer } from './resident.ts';

export interface Asked {
  actor: string;
  command: ActorCommand;
  done(answer: Answer): void;
}

/** A pack on its way. */
export interface Sent {
  at: number;
  /** How many of its commands are without an answer. */
  unanswered: number;
  end(): void;
}

export interface Waiter extends Asked {
  k: number;
  /** The command as it travels, and its length in bytes. */
  text: string;
  bytes: number;
  at: number;
  /** The answer is here, and waits until this node has followed that far. */
  answered: boolean;
  sent: Sent | undefined;
}

const WAITING_MAX = 5_000;
const WAITING_BYTES_MAX = 4 * 1024 * 1024;

export class Waiting {
  readonly #all = new Map<number, Waiter>();
  /** Of each actor, those without an answer, in order. */
  readonly #lines = new Map<string, Waiter[]>();
  #bytes = 0;
  #k = 0;

  get room(): boolean {
    return this.#all.size < WAITING_MAX && this.#bytes < WAITING_BYTES_MAX;
  }

  get size(): number {
    return this.#all.size;
  }

  get oldest(): Waiter | undefined {
    return this.#all.values().next().value;
  }

  /** In order. */
  get unanswered(): Waiter[] {
    return [...this.#all.values()].filter(({ answered }) => !answered);
  }

  /** Undefined when the command alone is longer than `bytesMax`. */
  add(asked: Asked, at: number, bytesMax: number): Waiter | undefined {
    const k = ++this.#k;
    const text = encodeTask(k, asked.actor, asked.command);
    const bytes = Buffer.byteLength(text) + 1;
    if (bytes > bytesMax) return undefined;
    const waiter: Waiter = { k, ...asked, text, bytes, at, answered: false, sent: undefined };
    this.#all.set(k, waiter);
    this.#bytes += bytes;
    const line = this.#lines.get(asked.actor);
    if (line === undefined) this.#lines.set(asked.actor, [waiter]);
    else line.push(waiter);
    return waiter;
  }

  /** Whether everything that was asked of its actor before has an answer. */
  isFirst(waiter: Waiter): boolean {
    return this.#lines.get(waiter.actor)?.[0] === waiter;
  }

  answered(waiter: Waiter): void {
    waiter.answered = true;
    const line = this.#lines.get(waiter.actor) ?? [];
    while (line[0]?.answered) line.shift();
    if (line.length === 0) this.#lines.delete(waiter.actor);
  }

  get(k: number): Waiter | undefined {
    return this.#all.get(k);
  }

  /** Whoever waits no more is told once, or forgotten with `drop`. */
  tell(waiter: Waiter, answer: Answer): void {
    if (this.drop(waiter)) waiter.done(answer);
  }

  drop(waiter: Waiter): boolean {
    if (!this.#all.delete(waiter.k)) return false;
    this.#bytes -= waiter.bytes;
    this.answered(waiter);
    return true;
  }

  /** What was asked later for the same actor and has no answer. */
  behind({ k, actor }: Waiter): Waiter[] {
    return (this.#lines.get(actor) ?? []).filter((waiter) => waiter.k > k && !waiter.answered);
  }

  /** What was asked at that moment or before, and what waits behind it for the same actor: that must not overtake it. */
  since(at: number): Waiter[] {
    const actors = new Set<string>();
    for (const waiter of this.#all.values()) {
      if (waiter.at > at) break;
      actors.add(waiter.actor);
    }
    return actors.size === 0 ? [] : [...this.#all.values()].filter(({ actor }) => actors.has(actor));
  }
}
