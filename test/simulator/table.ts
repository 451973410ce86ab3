/** The table of planted faults: which promise catches each, and after how many seeds. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUGS, type Bug } from './bugs.ts';
import { bundled } from './bundle.ts';
import { PROMISES, type PromiseName } from './checks.ts';
import { runAll } from './crew.ts';

export const DOC = join(import.meta.dirname, '../../docs/simulator.md');
/** Seeds that a fault may hide from. */
export const SEEDS_MAX = 500;
const TRIALS = 3;
const TRIAL_STEP = 10_000;

export interface Caught {
  /** How many seeds it took; Infinity: it was not caught. */
  seeds: number;
  promises: readonly PromiseName[];
}

/** Runs seeds from one on, in order, until one breaks a promise. */
export async function caught(file: string, from: number): Promise<Caught> {
  let found: Caught = { seeds: Infinity, promises: [] };
  await runAll({
    file, workers: 1, seeds: Array.from({ length: SEEDS_MAX }, (_, i) => from + i),
    done: ({ seed, violations }) => {
      if (violations.length > 0) found = { seeds: seed - from + 1, promises: [...new Set(violations.map(({ promise }) => promise))] };
      return violations.length === 0;
    },
  });
  return found;
}

/** The rows of the table that a document has. */
export function rowsOf(text: string): string[][] {
  const [, part = ''] = text.split('<!-- the table -->');
  return (part.split('<!-- the end of the table -->')[0] ?? '').trim().split('\n').slice(2).map((row) => row.split('|').slice(1, -1).map((cell) => cell.trim()));
}

async function rowOf({ name, what, patches }: Bug): Promise<string> {
  const file = await bundled(name, patches);
  const trials: Caught[] = [];
  for (let trial = 0; trial < TRIALS; trial++) trials.push(await caught(file, 1 + trial * TRIAL_STEP));
  const counts = trials.map(({ seeds }) => seeds).sort((a, b) => a - b);
  const promises = [...new Set(trials.flatMap((trial) => trial.promises))].sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  return `| ${name} | ${what} | ${promises.join(', ') || 'nothing'} | ${counts[Math.floor(TRIALS / 2)]} | ${counts.at(-1)} |`;
}

/** Writes the promises and the table into docs/simulator.md. @param only these faults; others keep their rows */
export async function writeTable({ workers, only, tell }: { workers: number; only: readonly string[]; tell(text: string): void }): Promise<void> {
  const rows = new Map(rowsOf(await readFile(DOC, 'utf8')).map((cells) => [cells[0] ?? '', `| ${cells.join(' | ')} |`]));
  const left = BUGS.filter(({ name }) => only.length === 0 || only.includes(name));
  await Promise.all(Array.from({ length: workers }, async () => {
    for (let bug = left.shift(); bug !== undefined; bug = left.shift()) {
      const row = await rowOf(bug);
      rows.set(bug.name, row);
      tell(row);
      await write(rows);
    }
  }));
}

async function write(rows: ReadonlyMap<string, string>): Promise<void> {
  const table = ['| fault | what it does | caught by | seeds (median) | seeds (most) |', '|---|---|---|--:|--:|', ...BUGS.flatMap(({ name }) => rows.get(name) ?? [])];
  const promises = Object.entries(PROMISES).map(([name, { promise }]) => `- **${name}** ${promise}`);
  const text = await readFile(DOC, 'utf8');
  await writeFile(DOC, between(between(text, 'the table', table), 'the promises', promises));
}

function between(text: string, name: string, lines: readonly string[]): string {
  const [before, rest = ''] = text.split(`<!-- ${name} -->`);
  const [, after = ''] = rest.split(`<!-- the end of ${name} -->`);
  return `${before}<!-- ${name} -->\n${lines.join('\n')}\n<!-- the end of ${name} -->${after}`;
}
