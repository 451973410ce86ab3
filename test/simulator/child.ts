/** A process that runs seeds, one after the other, and says what came of each. It is built with the house in one file. */
import type { Fact } from './history.ts';
import { run, type Outcome } from './run.ts';

export interface Order {
  seeds: readonly number[];
  /** Says each fact, too. */
  trace: boolean;
}

export type Word = { t: 'fact'; fact: Fact } | { t: 'outcome'; outcome: Outcome };

const say = (word: Word): void => { process.send?.(word); };

process.on('message', (order: Order) => {
  void (async () => {
    for (const seed of order.seeds) {
      const outcome = await run(seed, order.trace ? (fact) => say({ t: 'fact', fact }) : undefined)
        .catch((error: unknown): Outcome => ({
          seed, operations: 0, events: 0, faults: {}, hash: '', violations: [{ promise: 'P12', what: error instanceof Error ? error.stack ?? error.message : String(error) }],
        }));
      say({ t: 'outcome', outcome });
    }
  })();
});
