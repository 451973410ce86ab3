/** The simulator itself: no promise is broken, a seed is a history, and a fault that is put in on purpose is found. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { BUGS } from './bugs.ts';
import { bundled } from './bundle.ts';
import { PROMISES } from './checks.ts';
import { runAll } from './crew.ts';
import type { Outcome } from './run.ts';
import { caught, DOC, rowsOf } from './table.ts';
import type { Figures } from './tally.ts';

vi.setConfig({ testTimeout: 300_000 });

const SEEDS = 2_000;
/** Where tests look for a fault: a table's own trials begin elsewhere. */
const FIRST = 50_001;

async function simulate(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const run = promisify(execFile)(process.execPath, ['--import', 'tsx', 'test/simulator/main.ts', ...args], { cwd: join(import.meta.dirname, '../..'), maxBuffer: 2 ** 28 });
  return run.then(({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, out: stdout, err: stderr }));
}

test(`${SEEDS} worlds in which nearly everything goes wrong break no promise`, async () => {
  const { code, out, err } = await simulate('--seeds', String(SEEDS), '--json');
  const { seeds, violations, operations, faults, byKind } = JSON.parse(out) as Figures;
  expect([code, seeds, violations, err]).toEqual([0, SEEDS, 0, '']);
  expect(operations).toBeGreaterThan(SEEDS * 30);
  expect(faults).toBeGreaterThan(SEEDS * 2);
  expect(Object.values(byKind).every((count) => count > 0)).toBe(true);
  expect(Object.keys(byKind)).toHaveLength(18);
});

test('a seed is a history: the same in every process and whatever ran before it, another for another seed', async () => {
  const file = await bundled('house');
  const outcomes = async (seeds: number[]): Promise<Map<number, Outcome>> => {
    const all = new Map<number, Outcome>();
    await runAll({ file, seeds, workers: 1, done: (outcome) => { all.set(outcome.seed, outcome); return true; } });
    return all;
  };
  const [there, back] = [await outcomes([1, 2, 3, 4, 5, 6]), await outcomes([6, 5, 4, 3, 2, 1])];
  for (let seed = 1; seed <= 6; seed++) expect(back.get(seed)).toEqual(there.get(seed));
  expect(new Set([...there.values()].map(({ hash }) => hash)).size).toBe(6);
});

test('a seed that breaks a promise says which, and the command that repeats it tells all that happened', async () => {
  const { out } = await simulate('--seed', '1');
  expect(out).toMatch(/ms {2}send/);
  expect(out).toMatch(/ms {2}record/);
  expect(out).toContain('1 seeds, 0 with a broken promise');
});

test.each(BUGS.map((bug) => [bug.name, bug] as const))('finds %s', async (name, bug) => {
  const { seeds, promises } = await caught(await bundled(name, bug.patches), FIRST);
  expect([name, seeds < Infinity, promises.length > 0]).toEqual([name, true, true]);
});

test('the document has every fault and every promise, and says that each fault was caught', async () => {
  const text = await readFile(DOC, 'utf8');
  const rows = rowsOf(text);
  expect(rows.map(([name, what]) => [name, what])).toEqual(BUGS.map(({ name, what }) => [name, what]));
  for (const [name, , promises = '', median, most] of rows) {
    expect([name, promises.split(', ').every((promise) => Object.hasOwn(PROMISES, promise)), Number(median) < Infinity, Number(most) < Infinity])
      .toEqual([name, true, true, true]);
  }
  for (const [name, { promise }] of Object.entries(PROMISES)) expect(text).toContain(`- **${name}** ${promise}`);
});
