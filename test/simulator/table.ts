/** The table of planted faults: which promise catches each, and after how many seeds. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUGS, type Bug } from './bugs.ts';
import { bundled } from './bundle.ts';
import { runAll } from './crew.ts';
import type { PromiseName } from './checks.ts';

export const DOC = join(import.meta.dirname, '../../docs/simulator.md');
/** Seeds that a fault may hide from. */
export const SEEDS_MAX = 200;
const TRIALS = 5;
const TRIAL_STEP = 10_000;

export interface Caught {
  /** How many seeds it took; undefined: it was not caught. */
  seeds: number | undefined;
  promises: readonly PromiseName[];
}

/** Runs seeds, in order, until one breaks a promise. */
export async function caught(bug: Bug, from: number, file?: string): Promise<Caught> {
  const outcomes = new Map<number, readonly PromiseName[]>();
  let found: number | undefined;
  await runAll({
    file: file ?? await bundled(bug.name, bug.patches), workers: 1, seeds: Array.from({ length: SEEDS_MAX }, (_, i) => from + i),
    done: ({ seed, violations }) => {
      outcomes.set(seed, [...new Set(violations.map(({ promise }) => promise))]);
      if (violations.length > 0) found ??= seed;
      return found === undefined;
    },
  });
  return found === undefined ? { seeds: undefined, promises: [] } : { seeds: found - from + 1, promises: outcomes.get(found) ?? [] };
}

const BEGINS = '<!-- the table: made by `npm run simulate -- --bugs` -->';
const ENDS = '<!-- the end of the table -->';

export async function writeTable({ tell }: { workers: number; tell(text: string): void }): Promise<void> {
  const rows: string[] = [];
  for (const bug of BUGS) {
    const file = await bundled(bug.name, bug.patches);
    const trials: Caught[] = [];
    for (let trial = 0; trial < TRIALS; trial++) trials.push(await caught(bug, 1 + trial * TRIAL_STEP, file));
    const counts = trials.map(({ seeds }) => seeds ?? Infinity).sort((a, b) => a - b);
    const promises = [...new Set(trials.flatMap((trial) => trial.promises))].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
    rows.push(`| ${bug.name} | ${bug.what} | ${promises.join(', ') || 'nothing'} | ${counts[Math.floor(TRIALS / 2)]} | ${counts.at(-1)} |`);
    tell(rows.at(-1) ?? '');
  }
  const text = await readFile(DOC, 'utf8');
  const [before, rest = ''] = text.split(BEGINS);
  const [, after = ''] = rest.split(ENDS);
  const head = '| fault | what it does | caught by | seeds (median) | seeds (most) |\n|---|---|---|--:|--:|';
  await writeFile(DOC, `${before}${BEGINS}\n${head}\n${rows.join('\n')}\n${ENDS}${after}`);
}
