/** A cluster's meta, its backups and the length of its log, on a real nats-server. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../gateway/clock.ts';
import { startNats, type NatsServers } from '../../gateway/cluster.nats.ts';
import { openNats, type Nats } from '../../gateway/nats.ts';
import { parseSettings } from '../../gateway/settings.ts';
import { followed, readAll, reasonOf } from '../contracts/log.ts';
import { fill } from './log.folders.ts';

const SHARDS = 4;
const folder = mkdtempSync(join(tmpdir(), 'parley-backups-'));
let servers: NatsServers;
let clusters = 0;
const said: string[] = [];
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => { servers = await startNats({ folder }); });
afterAll(async () => {
  await servers.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => { for (const end of ends.splice(0).reverse()) await end(); });

async function node(cluster: string, node = 'a', more: object = {}): Promise<Nats> {
  const { nats } = parseSettings({ nats: { servers: [...servers.urls], name: cluster, shards: SHARDS, ...more } });
  const opened = await openNats(nats, { node, clock: systemClock, report: (level, what) => { said.push(`${level}: ${what}`); } });
  ends.push(() => opened.close());
  return opened;
}
const aCluster = (): string => `backups-${++clusters}`;

function aFile(bytes: number): { path: string; content: Buffer } {
  const content = randomBytes(bytes);
  const path = join(folder, `file-${randomBytes(4).toString('hex')}`);
  writeFileSync(path, content);
  return { path, content };
}

it('nodes that make a cluster at once agree on its secret and its shards, and so do those who come later', async () => {
  const cluster = aCluster();
  const nodes = await Promise.all(['a', 'b', 'c'].map((name) => node(cluster, name)));
  const later = await node(cluster, 'd', { shards: 32 });
  const secrets = [...nodes, later].map(({ secret }) => Buffer.from(secret).toString('hex'));
  expect(new Set(secrets).size).toBe(1);
  expect(secrets[0]).toHaveLength(64);
  expect([...nodes, later].map(({ log }) => log.shards)).toEqual([4, 4, 4, 4]);
  expect(said).toContain('warn: The cluster keeps the number of shards that it was made with.');
  const other = await node(aCluster());
  expect(Buffer.from(other.secret).toString('hex')).not.toBe(secrets[0]);
});

it('a copy comes back as it was kept; of many the newest two are there', async () => {
  const { backups } = await node(aCluster());
  expect(await backups.list()).toEqual([]);
  const files = [3_000_000, 10, 500_000, 129 * 1024].map(aFile);
  for (const [i, { path }] of files.entries()) await backups.keep(path, [i, 2, 3, 4]);
  const kept = await backups.list();
  expect(kept.map(({ positions, bytes }) => [positions, bytes])).toEqual([[[3, 2, 3, 4], 129 * 1024], [[2, 2, 3, 4], 500_000]]);
  for (const [i, backup] of kept.entries()) {
    const into = join(folder, `back-${i}-${clusters}`);
    await backups.fetch(backup, into);
    expect(Buffer.compare(readFileSync(into), files[3 - i]?.content ?? Buffer.alloc(0))).toBe(0);
  }
});

it('the log lets go of what both copies have, and of no newest record; a follower from before is told that it is lost', async () => {
  const { log, backups } = await node(aCluster());
  const { path } = aFile(100);
  for (const shard of [0, 1, 2]) await fill(log, shard, 100, 1000);
  await backups.keep(path, [0, 0, 0, 0]);
  await backups.keep(path, [100, 100, 50, 0]);
  // There is nothing that the older copy has: nothing goes.
  expect(await backups.trim()).toEqual([]);
  expect(await readAll(log, [[0, 0]])).toHaveLength(100);
  for (const shard of [0, 2]) await fill(log, shard, 100, 1000);
  // A node that is behind makes a copy: nothing goes that it lacks.
  await backups.keep(path, [10, 100, 10, 0]);
  await backups.trim();
  expect(await readAll(log, [[0, 10], [1, 100], [2, 10]])).toHaveLength(190 + 0 + 190);
  for (let i = 0; i < 2; i++) await backups.keep(path, i === 0 ? [100, 100, 50, 0] : [150, 100, 150, 0]);
  const full = await backups.logBytes();
  // Shard 1 is idle since before: its newest record holds back what others have behind it.
  expect(await backups.trim()).toEqual([1]);
  await fill(log, 1, 1);
  expect(await backups.trim()).toEqual([]);
  expect(await backups.logBytes()).toBeLessThan(full * 0.6);
  expect(await readAll(log, [[0, 100], [1, 100], [2, 100], [3, 0]])).toHaveLength(100 + 1 + 100);
  expect(await readAll(log, [[2, 50]])).toHaveLength(150);
  expect(await reasonOf(readAll(log, [[0, 99]]))).toBe('trimmed');
  const follower = followed(log, [[0, 20], [1, 0], [2, 0], [3, 0]]);
  await follower.until(() => follower.lost.length > 0);
  expect([follower.lost.length, follower.told]).toEqual([1, []]);
  const level = followed(log, [[0, 100], [1, 100], [2, 100], [3, 0]]);
  await level.count(201);
  expect(level.lost).toEqual([]);
  // The fence holds as before.
  expect((await fill(log, 1, 1)).length).toBe(1);
});

it('an upload that is cut off leaves the two that were there, and its pieces go', async () => {
  const cluster = aCluster();
  const { backups } = await node(cluster);
  for (let i = 0; i < 2; i++) await backups.keep(aFile(1000).path, [i]);
  const kept = await backups.list();
  const dying = await node(cluster, 'b');
  const big = aFile(60_000_000);
  const uploading = reasonOf(dying.backups.keep(big.path, [7]));
  const pieces = async (): Promise<number> => {
    const varz = await fetch(`${servers.monitors[0] ?? ''}/jsz?streams=true&accounts=true`);
    const { account_details: [account] } = await varz.json() as { account_details: { stream_detail: { name: string; state: { messages: number } }[] }[] };
    return account?.stream_detail.find(({ name }) => name === `OBJ_PARLEY_${cluster}`)?.state.messages ?? 0;
  };
  while (await pieces() < 50);
  await dying.close();
  expect(await uploading).not.toBe('none');
  expect(await backups.list()).toEqual(kept);
  expect(await pieces()).toBeGreaterThanOrEqual(50);
  // Ten minutes later the next copy takes them along.
  const { nats } = parseSettings({ nats: { servers: [...servers.urls], name: cluster, shards: SHARDS } });
  const late = { now: () => Date.now() + 700_000, after: systemClock.after };
  const next = await openNats(nats, { node: 'c', clock: late, report: () => undefined });
  ends.push(() => next.close());
  await next.backups.keep(aFile(1000).path, [8]);
  expect((await backups.list()).map(({ positions }) => positions)).toEqual([[8], [1]]);
  expect(await pieces()).toBe(4);
});

it('of two nodes that keep a copy at once one does, and it is whole', async () => {
  const cluster = aCluster();
  const [one, two] = [await node(cluster, 'a'), await node(cluster, 'b')];
  await one.backups.keep(aFile(1000).path, [0]);
  const files = [aFile(2_000_000), aFile(2_000_000)];
  const done = await Promise.all([one, two].map(({ backups }, i) => reasonOf(backups.keep(files[i]?.path ?? '', [i + 1]))));
  expect(done.filter((reason) => reason === 'none')).toHaveLength(1);
  const [newest] = await one.backups.list();
  if (newest === undefined) throw new Error('There is no copy.');
  const into = join(folder, `race-${cluster}`);
  await two.backups.fetch(newest, into);
  expect(Buffer.compare(readFileSync(into), files[done.indexOf('none')]?.content ?? Buffer.alloc(0))).toBe(0);
});
