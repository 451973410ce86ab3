/** Whether this node has taken all that the log held when it was opened, and who waits for that. */
import type { Shard } from './shard.ts';

export class Level {
  readonly #shards: readonly Shard[];
  /** Where each shard ended then; unknown before. */
  #ends: readonly number[] = [];
  #isReached = false;
  #waiting: (() => void)[] = [];

  constructor(shards: readonly Shard[]) {
    this.#shards = shards;
  }

  /** Looks where the log ends now. */
  async look(): Promise<void> {
    this.#ends = await Promise.all(this.#shards.map((shard) => shard.look()));
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
