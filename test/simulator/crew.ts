/** Several processes that share the seeds among them. */
import { fork } from 'node:child_process';
import type { Order, Word } from './child.ts';
import type { Fact } from './history.ts';
import type { Outcome } from './run.ts';

export interface Task {
  /** Built by `bundled`. */
  file: string;
  seeds: Iterable<number>;
  workers: number;
  told?: ((fact: Fact) => void) | undefined;
  /** @returns whether to go on */
  done(outcome: Outcome): boolean;
}

/** So many at a time: small enough that all end together, large enough that nobody waits. */
const SHARE = 8;

/** Resolves when all seeds have run, or enough of them. */
export async function runAll({ file, seeds, workers, told, done }: Task): Promise<void> {
  const left = seeds[Symbol.iterator]();
  let enough = false;
  const share = (): number[] => {
    const some: number[] = [];
    while (some.length < SHARE && !enough) {
      const next = left.next();
      if (next.done === true) break;
      some.push(next.value);
    }
    return some;
  };
  await Promise.all(Array.from({ length: workers }, () => new Promise<void>((resolve, reject) => {
    let own = share();
    if (own.length === 0) return resolve();
    const child = fork(file, { execArgv: ['--enable-source-maps', '--max-semi-space-size=64'] });
    let waiting = 0;
    const order = (): void => {
      waiting = own.length;
      child.send({ seeds: own, trace: told !== undefined } satisfies Order);
    };
    child.on('message', (word: Word) => {
      if (word.t === 'fact') return told?.(word.fact);
      if (!enough && !done(word.outcome)) enough = true;
      if (enough) { child.kill(); return; }
      if (--waiting > 0) return;
      own = share();
      if (own.length > 0) order();
      else child.kill();
    });
    child.on('error', reject);
    child.on('exit', (code) => { if (code === null || code === 0) resolve(); else reject(new Error(`A process of the simulator ended with ${code}.`)); });
    order();
  })));
}
