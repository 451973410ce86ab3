/** Many nodes, and whatever dies: nothing that anybody was told is lost, doubled or out of order, and no zombie does anything. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFailed, test } from 'vitest';
import { findNats } from '../../gateway/cluster.nats.ts';
import { REPLICAS_LEAST } from '../../gateway/nats.fit.ts';
import { BREACHES } from './cluster/judge.ts';
import { tempest, type Outcome, type TempestPlan } from './cluster/tempest.ts';

const SEED = Number(process.env['PARLEY_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Whoever does not notice that a node is gone takes longer; how fast it is on a machine of its own, the crash test by hand says. */
const FAILOVER_MS = 5_000;

async function run(plan: Omit<TempestPlan, 'folder' | 'seed' | 'say' | 'nodes'>): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-cluster-'));
  const lines: string[] = [];
  onTestFailed(() => {
    process.stderr.write(`${lines.join('\n')}\nPARLEY_SEED=${SEED} repeats the plan; everything is in ${folder}.\n`);
  });
  const outcome = await tempest({ ...plan, folder, nodes: 3, seed: SEED, say: (line) => void lines.push(line) });
  expect(outcome.findings).toEqual([]);
  expect(Object.fromEntries(BREACHES.map((breach) => [breach, outcome[breach]]))).toEqual(Object.fromEntries(BREACHES.map((breach) => [breach, 0])));
  // What was to be survived has happened, and what was to go on went on.
  expect(outcome.acked).toBe(outcome.sends);
  expect(outcome.acked).toBeGreaterThanOrEqual(plan.sends);
  expect(outcome.faults).toMatchObject({ kill: plan.kills, freeze: plan.freezes, roll: 3 });
  expect([outcome.repeats > 0, outcome.timers > 0, outcome.effects > 0, outcome.failoverAll.count > 0]).toEqual([true, true, true, true]);
  expect(outcome.failoverAll.p50).toBeLessThan(FAILOVER_MS);
  expect(outcome.rollFailed).toBe(0);
  rmSync(folder, { recursive: true, force: true });
  const { failover, replaced, longestGapMs, rollDisconnectMs, waitedMs, seconds } = outcome;
  process.stderr.write(`nats-server ${outcome.version}: ${JSON.stringify({ failover, replaced, longestGapMs, rollDisconnectMs, waitedMs, seconds, seed: SEED })}\n`);
  return outcome;
}

test('50,000 sends, 20 kills, 10 freezes, 5 NATS kills on one server', { timeout: 600_000 }, async () => {
  const { faults } = await run({ nats: 1, sends: 50_000, customers: 40, kills: 20, freezes: 10, natsKills: 5, partitions: 2, deadlineMs: 580_000 });
  expect((faults['nats.kill'] ?? 0) + (faults['nats.stop'] ?? 0) + (faults['nats.freeze'] ?? 0)).toBe(5);
});

const later = await findNats(REPLICAS_LEAST);
const why = later === undefined ? ` (skipped: no nats-server ${REPLICAS_LEAST} or later can be had)` : '';

test.skipIf(later === undefined)(`the same, shorter, on three servers${why}`, { timeout: 400_000 }, async () => {
  await run({ nats: 3, sends: 5_000, customers: 40, kills: 3, freezes: 2, natsKills: 2, partitions: 1, deadlineMs: 380_000 });
});
