/** Nothing that anybody was told may be lost, doubled or out of order, whoever dies meanwhile: `npm run chaos`, in small. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFailed, test } from 'vitest';
import { storm } from './storm.ts';

test('clients send through kill -9 of the gateway and of themselves', { timeout: 240_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-chaos-'));
  const seed = Math.floor(Math.random() * 2 ** 31);
  const lines: string[] = [];
  onTestFailed(() => {
    process.stderr.write(`${lines.join('\n')}\nSeed ${seed}; log, journals and outboxes are in ${folder}.\n`);
  });
  const outcome = await storm({
    folder, seed, sends: 2_000, kills: 4, crewKills: 1, clients: 20, deadlineMs: 200_000, say: (line) => void lines.push(line),
  });
  expect(outcome.findings).toEqual([]);
  expect(outcome.damage).toEqual([]);
  expect(outcome).toMatchObject({
    acked: 2_000, lost: 0, duplicated: 0, reordered: 0, gaps: 0, misplaced: 0, strange: 0, refused: 0, unknown: 0, windows: 0,
  });
  rmSync(folder, { recursive: true, force: true });
});
