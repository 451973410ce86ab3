/** Whether this node has taken all that the log held when it was opened, and who waits for that. */
import type { Clock } from './clock.ts';
import type { Shard } from './shard.ts';
import { NOBODY } from './writer.ts';

const RETRY_MS = 200;

export class Level {
  readonly #shards: readonly Shard[];
  readonly #clock: Clock;
  /** Where each shard ended then; unknown before. */
  #ends: number[] = [];
  #isReached = false;
  #waiting: (() => void)[] = [];

  constructor(shards: readonly Shard[], clock: Clock) {
    this.#shards = shards;
    this.#clock = clock;
  }

  /** Looks where the log ends now. */
  async look(): Promise<void> {
    this.#ends = await Promise.all(this.#shards.map((shard) => shard.look()));
    this.#lookAgain();
  }

  /** An end that is older than what the tables know says nothing of the owner, and it may be long until somebody writes. */
  #lookAgain(): void {
    const old = this.#shards.filter(({ n, copy, owner, refusal }) => owner === NOBODY && refusal === undefined && copy.head > (this.#ends[n] ?? 0));
    if (old.length === 0) return;
    this.#clock.after(RETRY_MS, () => {
      const looks = old.map(async (shard) => { this.#ends[shard.n] = await shard.look(); });
      void Promise.allSettled(looks).then(() => this.#lookAgain());
    });
  }

  get isReached(): boolean {
    return this.#isReached ||= this.#shards.every(({ copy, refusal }, n) => copy.head >= (this.#ends[n] ?? Infinity) || refusal !== undefined);
  }

  /** Resolves when it is. */
  reached(): Promise<void> {
    if (this.isReached) return Promise.resolve();
    return new Promise((resolve) => { this.#waiting.push(resolve); });
  }

  /** This node has taken more. */
  rose(): void {
    if (this.#waiting.length > 0 && this.isReached) for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
