/** What a node starts with, and how long the log gets meanwhile: real stores that follow the log on a real nats-server. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { Backups } from '../../gateway/backups.ts';
import { bootstrap } from '../../gateway/bootstrap.ts';
import { catchUp } from '../../gateway/catchup.ts';
import { systemClock, type Clock } from '../../gateway/clock.ts';
import { startNats, type NatsServers } from '../../gateway/cluster.nats.ts';
import { Keeper } from '../../gateway/keeper.ts';
import { LogRefusal, type Log } from '../../gateway/log.ts';
import { openNats, type Nats } from '../../gateway/nats.ts';
import { encodeRecord, hashOf, NO_HASH } from '../../gateway/record.ts';
import { parseSettings } from '../../gateway/settings.ts';
import { STORE_FILE } from '../../gateway/store.sqlite.ts';
import type { Store } from '../../gateway/store.ts';
import { opened, report, said, aFolder } from './store.stage.ts';
import { START, story, tablesOf, type Story } from './store.story.ts';

/** Stores have threads to start, and servers a disk to write to. */
vi.setConfig({ testTimeout: 120_000 });
/** Of the story; the shard behind them has nothing to do. */
const STORY_SHARDS = 4;
const IDLE = 4;
const folder = mkdtempSync(join(tmpdir(), 'parley-bootstrap-'));
let servers: NatsServers;
let told: Story;
/** Ten minutes pass between two portions of the story. */
let later = 0;
const clock: Clock = { now: () => Date.now() + later, after: systemClock.after };
const ends: (() => Promise<void>)[] = [];
beforeAll(async () => {
  servers = await startNats({ folder });
  told = await story({ messages: 2_400, conversations: 40, shards: STORY_SHARDS, padding: 1_000 });
});
afterAll(async () => {
  await servers.close();
  rmSync(folder, { recursive: true, force: true });
});
afterEach(async () => { for (const end of ends.splice(0).reverse()) await end(); });

let clusters = 0;
async function aCluster(): Promise<Nats> {
  const { nats } = parseSettings({ nats: { servers: [...servers.urls], name: `bootstrap-${++clusters}`, shards: STORY_SHARDS + 1 } });
  const opened = await openNats(nats, { node: 'a', clock, report: () => undefined });
  ends.push(() => opened.close());
  return opened;
}

async function idle(log: Log): Promise<void> {
  const last = await log.last(IDLE);
  const seq = last?.seq ?? 0;
  const record = { epoch: 1, counter: seq, node: 'idle', at: START, changes: [] };
  await log.append(IDLE, seq, encodeRecord(last === undefined ? NO_HASH : hashOf(last.bytes), record));
}

async function following(log: Log, place: string): Promise<Store> {
  const store = await opened(log, { folder: place });
  ends.push(async () => end());
  const end = log.follow(new Map(store.positions.entries()), (records) => store.apply(records), () => undefined);
  return store;
}

async function reached(store: Store, log: Log): Promise<void> {
  const heads = await Promise.all(Array.from({ length: log.shards }, async (_, shard) => (await log.last(shard))?.seq ?? 0));
  while (!heads.every((seq, shard) => (store.positions[shard] ?? 0) >= seq)) {
    await new Promise<void>((resolve) => { const end = store.onApplied(() => { end(); resolve(); }); });
  }
}

/** Tables of a store that has read everything, by whatever way. */
async function tables(nats: Nats, place: string): Promise<ReturnType<typeof tablesOf>> {
  const store = await opened(nats.log, { folder: place });
  await catchUp(nats.log, store);
  await store.close();
  return tablesOf(join(place, STORE_FILE));
}

const starting = ({ log, backups }: Pick<Nats, 'log' | 'backups'>, place: string): Promise<void> =>
  bootstrap({ log, backups, folder: place, clock: systemClock, report });

it('while a cluster writes, its log stays short; a wiped node and one that was long away come back with everything', async () => {
  const nats = await aCluster();
  const { log, backups, bus } = nats;
  const [home, away] = [aFolder(), aFolder()];
  await idle(log);
  const store = await following(log, home);
  let asked = 0;
  let renewed = 0;
  let stirred = (): void => undefined;
  const keeper = new Keeper({
    backups, store, clock, report, folder: home, minutes: 10, smallBytes: 0, owns: () => true,
    bus: { ...bus, publish: (...words) => { asked += 1; bus.publish(...words); }, listen: (...words) => bus.listen(...words) },
    renew: async (olderThanMs) => {
      expect(olderThanMs).toBeGreaterThanOrEqual(600_000);
      await idle(log);
      renewed += 1;
      stirred();
    },
  });
  await keeper.open();
  const portion = told.records.length / 8;
  const lengths: number[] = [];
  for (let i = 0; i < 8; i++) {
    const before = await backups.logBytes();
    for (const { shard, seq, bytes } of told.records.slice(i * portion, (i + 1) * portion)) await log.append(shard, seq - 1, bytes);
    const written = await backups.logBytes() - before;
    await reached(store, log);
    if (i === 0) {
      const gone = await opened(log, { folder: away });
      await catchUp(log, gone);
      await gone.close();
    }
    later += 600_000;
    await keeper.look();
    // Owners of idle shards append when they hear of it, and then more can go.
    while (renewed < asked) await new Promise<void>((resolve) => { stirred = resolve; });
    await keeper.look();
    lengths.push(await backups.logBytes() / written);
  }
  await keeper.close();
  await store.close();
  // Two backups are kept, so two portions are, and what the last look has left.
  expect(Math.max(...lengths)).toBeLessThan(2.2);
  expect(lengths.at(-1)).toBeLessThan(1.2);
  expect(renewed).toBeGreaterThan(3);

  const all = await tables(nats, home);
  expect(all['position']).toHaveLength(STORY_SHARDS + 1);
  expect(all['entry']).toHaveLength(2_400);
  const wiped = aFolder();
  await starting(nats, wiped);
  expect(said.at(-1)).toContain('info: This node starts from a backup. {"why":"its tables are not there"');
  expect(await tables(nats, wiped)).toEqual(all);
  await starting(nats, away);
  expect(said.at(-1)).toContain('its tables are older than what the log begins with');
  expect(await tables(nats, away)).toEqual(all);
  const stores = await Promise.all([home, wiped, away].map((place) => opened(log, { folder: place })));
  expect(new Set(stores.map(({ id }) => id)).size).toBe(3);
});

it('a node whose tables the log continues keeps them', async () => {
  const nats = await aCluster();
  for (const { shard, seq, bytes } of told.records.slice(0, 200)) await nats.log.append(shard, seq - 1, bytes);
  const place = aFolder();
  const store = await opened(nats.log, { folder: place });
  await catchUp(nats.log, store);
  await nats.backups.keep(await copyOf(store), store.positions);
  await store.close();
  said.length = 0;
  await starting(nats, place);
  await starting(nats, aFolder());
  expect(said).toEqual([]);
  expect((await opened(nats.log, { folder: place })).id).toBe(store.id);
});

it('a backup that cannot be used is passed over; without any the operator reads what to do', async () => {
  const nats = await aCluster();
  const { log, backups } = nats;
  for (const { shard, seq, bytes } of told.records.slice(0, 200)) await log.append(shard, seq - 1, bytes);
  const home = aFolder();
  const store = await opened(log, { folder: home });
  await catchUp(log, store);
  await backups.keep(await copyOf(store), store.positions);
  const rubbish = join(home, 'rubbish');
  writeFileSync(rubbish, randomBytes(100_000));
  await backups.keep(rubbish, store.positions);
  await backups.trim();
  const wiped = aFolder();
  await starting(nats, wiped);
  expect(said.slice(-2)).toEqual([
    expect.stringContaining('warn: A backup cannot be used. {"backup":"store-b"'), expect.stringContaining('info: This node starts from a backup.'),
  ]);
  const none: Pick<Backups, 'list'> = { list: async () => [] };
  await expect(starting({ log, backups: none as Backups }, aFolder())).rejects.toThrow(/its tables are not there; the log begins later, and there is no backup/);
});

it('waits while the log cannot be read', async () => {
  const nats = await aCluster();
  let refused = 3;
  const log: Pick<Log, 'shards' | 'read'> = {
    shards: 5,
    async *read() {
      yield* [];
      if (refused-- > 0) throw new LogRefusal('unavailable', 'Not now.');
    },
  };
  const clock = { now: () => Date.now(), after: (_: number, call: () => void) => { setImmediate(call); return () => undefined; } };
  await bootstrap({ log, backups: nats.backups, folder: aFolder(), clock, report });
  expect(refused).toBe(-1);
});

async function copyOf(store: Store): Promise<string> {
  const file = join(aFolder(), 'copy');
  await store.backup(file);
  return file;
}
