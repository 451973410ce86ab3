/** Gathers what shares the next record of a shard, and hands one batch after another to be committed. */
import type { Line } from '../machines/actor.ts';
import { Batch } from './batch.ts';
import type { Answer, Resident } from './resident.ts';
import type { Soon } from './turn.ts';

export interface GatheringParts {
  /** Runs at the end of the current turn of the event loop, so that everything that arrives in it shares a record. */
  soon: Soon;
  /** Writes what is due; resolves when everybody who waited for it has been answered. */
  commit(batch: Batch): Promise<void>;
  /** Nothing waits and nothing is being written. */
  rested(): void;
}

export class Gathering {
  readonly #parts: GatheringParts;
  #next = new Batch();
  #busy = false;
  #planned = false;
  #idle: (() => void)[] = [];

  constructor(parts: GatheringParts) {
    this.#parts = parts;
  }

  get next(): Batch {
    return this.#next;
  }

  gather(resident: Resident, lines: readonly Line[], answer: Answer, done: (answer: Answer) => void): void {
    this.#next.gather(resident, lines, answer, done);
    this.#plan();
  }

  /** Calls when the next record is durable and published. */
  afterwards(see: () => void): void {
    this.#next.seers.push(see);
    this.#plan();
  }

  /** Whether what is being written becomes durable; `isDue`: and a record behind it, though it may be empty. */
  prove(isDue: boolean): Promise<boolean> {
    return new Promise((resolve) => {
      this.#next.isDue ||= isDue;
      this.#next.answers.push({ answer: undefined, done: (answer) => resolve(answer === undefined) });
      this.#plan();
    });
  }

  /** What was gathered is no more to be written. */
  take(): Batch {
    const batch = this.#next;
    this.#next = new Batch();
    return batch;
  }

  /** Resolves when nothing waits and nothing is being written. */
  rest(): Promise<void> {
    if (!this.#busy && !this.#planned) return Promise.resolve();
    return new Promise((resolve) => { this.#idle.push(resolve); });
  }

  /** Nothing is committed while this is done. */
  async exclusively(act: () => Promise<void>): Promise<void> {
    this.#busy = true;
    await act();
    this.#free();
  }

  #plan(): void {
    if (this.#busy || this.#planned) return;
    this.#planned = true;
    this.#parts.soon(() => {
      this.#planned = false;
      if (!this.#busy) void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    this.#busy = true;
    while (this.#next.isWaitedFor) {
      const batch = this.take();
      if (batch.isDue) await this.#parts.commit(batch);
      else batch.settle();
      for (const see of batch.seers) see();
    }
    this.#free();
  }

  #free(): void {
    this.#busy = false;
    this.#parts.rested();
    for (const resolve of this.#idle.splice(0)) resolve();
    if (this.#next.isWaitedFor) this.#plan();
  }
}
