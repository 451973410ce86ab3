/** Whoever dies meanwhile: nobody gets more than they can hold, nothing is with two agents, nobody who waits is forgotten. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFailed, test } from 'vitest';
import { shift } from './shift.ts';

const SEED = Number(process.env['PARLEY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

test('agents accept, decline, let lapse, hand over and solve through kill -9 of the gateway', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-desk-'));
  const lines: string[] = [];
  onTestFailed(() => {
    process.stderr.write(`${lines.join('\n')}\nPARLEY_SEED=${SEED} repeats the plan; the log is in ${folder}.\n`);
  });
  const outcome = await shift({ folder, seed: SEED, conversations: 30, agents: 6, kills: 6, deadlineMs: 100_000, say: (line) => void lines.push(line) });
  expect(outcome).toMatchObject({ faults: [], damage: [], conversations: 30 });
  // What was to be survived has happened.
  expect([outcome.solved > 0, outcome.handedOver > 0, outcome.refused > 0]).toEqual([true, true, true]);
  rmSync(folder, { recursive: true, force: true });
});
