/** Whoever dies meanwhile: everybody is reminded and closed exactly once, and what the CRM has answered counts once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFailed, test } from 'vitest';
import { rush } from './rush.ts';

const SEED = Number(process.env['PARLEY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));

test('customers go through a nudge and a VIP flow while the gateway is killed with kill -9', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-flows-'));
  const lines: string[] = [];
  onTestFailed(() => {
    process.stderr.write(`${lines.join('\n')}\nPARLEY_SEED=${SEED} repeats the plan; the log is in ${folder}.\n`);
  });
  const outcome = await rush({ folder, seed: SEED, conversations: 50, kills: 4, deadlineMs: 100_000, say: (line) => void lines.push(line) });
  expect(outcome).toMatchObject({ faults: [], damage: [], pending: [], conversations: 50 });
  // What was to be survived has happened.
  expect([outcome.reminders >= 50, outcome.answers > 0, outcome.repeated > 0]).toEqual([true, true, true]);
  rmSync(folder, { recursive: true, force: true });
});
