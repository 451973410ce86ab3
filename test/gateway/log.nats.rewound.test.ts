/** NATS that has lost what it acknowledged, under a node that goes on living: it is said, and never taken for the log. */
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { handClock } from '../../gateway/clock.ts';
import type { NatsServers } from '../../gateway/cluster.nats.ts';
import { Witness } from '../../gateway/log.nats.witness.ts';
import { Denial } from '../../gateway/nats.api.ts';
import { followed } from '../contracts/log.ts';
import { fill, recordAfter } from './log.folders.ts';
import { natsStage, type NatsStage } from './log.nats.stage.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const ends: (() => Promise<void>)[] = [];
afterEach(async () => { for (const end of ends.splice(0).reverse()) await end(); });

async function staged(): Promise<NatsStage> {
  const stage = await natsStage();
  ends.push(() => stage.end());
  return stage;
}

/** What the server's disk holds, now and then again. */
async function kept({ folder, servers }: { folder: string; servers: NatsServers }): Promise<() => Promise<void>> {
  const [store, copy] = [join(folder, 'nats-1', 'store'), join(folder, 'copy')];
  await servers.stop(0);
  cpSync(store, copy, { recursive: true });
  await servers.start(0);
  return async () => {
    await servers.kill(0);
    rmSync(store, { recursive: true });
    cpSync(copy, store, { recursive: true });
    await servers.start(0);
  };
}

it('an older copy of its disk is put back: whoever follows hears that the log has lost something', async () => {
  const stage = await staged();
  const log = await stage.open('rewound');
  const follower = followed(await stage.open('rewound'), [[1, 0], [2, 0]]);
  await fill(log, 1, 10);
  const putBack = await kept(stage);
  await fill(log, 2, 5);
  await follower.count(15);
  await putBack();
  await follower.until(() => follower.lost.length > 0);
  expect(follower.lost).toEqual([expect.stringContaining('NATS has lost what it had acknowledged: its log ends at 10, and this node has seen 15.')]);
});

it('and it has become longer again before that is seen: other records in place of the lost ones are not taken for later ones', async () => {
  const stage = await staged();
  const log = await stage.open('longer');
  const { follower, away, back } = await stage.distant('longer', [[1, 0], [2, 0]]);
  await fill(log, 1, 10);
  const putBack = await kept(stage);
  await fill(log, 1, 5);
  await follower.count(15);
  away();
  await putBack();
  const later = await stage.open('longer');
  await fill(later, 1, 3);
  await fill(later, 2, 40);
  back();
  await follower.until(() => follower.lost.length > 0);
  expect(follower.lost).toEqual([expect.stringContaining('at 15 of its log stands another record than this node has seen.')]);
});

it('a server that has just started says for a while that there is no stream; one that says so for a minute has lost it', async () => {
  const clock = handClock(0);
  let looks = 0;
  const lost: string[] = [];
  const gone = new Denial({ code: 404, err_code: 10059, description: 'stream not found' });
  const witness = new Witness({
    api: { clock, connected: true, onChange: () => () => true }, replicas: 1, lost: (why) => { lost.push(why); },
    stream: { state: async () => { if (++looks === 40) return { messages: 3, bytes: 3, first_seq: 1, last_seq: 3 }; throw gone; } },
    places: { newestOfAll: { shard: 1, seq: 3, at: 3, bytes: recordAfter(undefined, 'x') }, at: async () => undefined },
  });
  const look = async (): Promise<void> => {
    clock.advance(5_000);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  for (let i = 0; i < 99; i++) await look();
  expect([looks, lost]).toEqual([99, []]);
  await look();
  expect(lost).toEqual(['NATS has lost what it had acknowledged: its log ends at 0, and this node has seen 3.']);
  await look();
  expect(looks).toBe(100);
  witness.end();
});
