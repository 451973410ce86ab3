import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Backup, Backups } from '../../gateway/backups.ts';
import { memoryNetwork } from '../../gateway/bus.memory.ts';
import { handClock } from '../../gateway/clock.ts';
import { Keeper, type KeeperParts } from '../../gateway/keeper.ts';
import { aFolder, report, said } from './store.stage.ts';

const MINUTE = 60_000;

/** A keeper of a cluster whose log, tables and backups are numbers that the test sets. */
function aKeeper(more: Partial<KeeperParts> = {}) {
  const clock = handClock(0);
  const folder = aFolder();
  const world = { bytes: 0, owner: true, positions: [1, 1], idle: [] as number[], fails: '', renewals: [] as number[], trims: 0, backup: (): void => undefined };
  let copies: Backup[] = [];
  const backups: Backups = {
    list: async () => copies,
    async keep(file, positions) {
      expect(existsSync(file)).toBe(true);
      if (world.fails !== '') throw new Error(world.fails);
      copies = [{ name: `${clock.now()}`, at: clock.now(), bytes: 1, positions: [...positions] }, ...copies].slice(0, 2);
    },
    fetch: async () => undefined,
    trim: async () => { world.trims += 1; return world.idle; },
    logBytes: async () => world.bytes,
  };
  const bus = memoryNetwork().bus('a');
  const store = { get positions() { return world.positions; }, backup: async (file: string) => { writeFileSync(file, 'tables'); world.backup(); return world.positions; } };
  const keeper = new Keeper({
    backups, store, folder, bus, clock, report, minutes: 10, owns: () => world.owner, renew: async (ms) => { world.renewals.push(ms); }, ...more,
  });
  return { keeper, world, clock, bus, copies: () => copies.length, newest: () => copies[0]?.at, left: () => existsSync(join(folder, 'backup.sqlite')) };
}

it('a first copy is made at once, the next when their time has come or the log has grown, none while nothing changes', async () => {
  const { keeper, world, clock, newest, left } = aKeeper({ logBytes: 1000 });
  const look = async (ms: number): Promise<number | undefined> => { clock.advance(ms); await keeper.look(); return newest(); };
  expect(await look(5)).toBe(5);
  expect(await look(20 * MINUTE)).toBe(5);
  world.positions = [1, 2];
  const second = await look(1);
  expect(second).toBe(20 * MINUTE + 6);
  world.positions = [2, 2];
  expect(await look(9 * MINUTE)).toBe(second);
  world.bytes = 999;
  expect(await look(1)).toBe(second);
  world.bytes = 1000;
  expect(await look(1)).toBe(clock.now());
  expect(left()).toBe(false);
});

it('copies that take long are made less often: a tenth of the time is theirs', async () => {
  const { keeper, world, clock, newest } = aKeeper();
  await keeper.look();
  const { backup } = world;
  world.backup = () => { clock.advance(3 * MINUTE); };
  const look = async (ms: number): Promise<number | undefined> => {
    clock.advance(ms);
    world.positions = world.positions.map((seq) => seq + 1);
    await keeper.look();
    return newest();
  };
  const slow = await look(10 * MINUTE);
  expect(slow).toBe(clock.now());
  world.backup = backup;
  expect(await look(30 * MINUTE - 1)).toBe(slow);
  expect(await look(1)).toBe(clock.now());
});

it('only the owner of the first shard does it', async () => {
  const { keeper, world, copies } = aKeeper();
  world.owner = false;
  await keeper.look();
  expect(copies()).toBe(0);
  world.owner = true;
  await keeper.look();
  expect(copies()).toBe(1);
});

it('looks by itself, and goes on after one that failed', async () => {
  const { keeper, world, clock, copies, left } = aKeeper();
  await keeper.open();
  world.fails = 'no room';
  clock.advance(30_000);
  await keeper.look();
  expect([copies(), left()]).toEqual([0, false]);
  expect(said.at(-1)).toContain('no room');
  world.fails = '';
  await new Promise((resolve) => { setImmediate(resolve); });
  clock.advance(30_000);
  while (copies() === 0) await new Promise((resolve) => { setImmediate(resolve); });
  await keeper.close();
  clock.advance(60 * MINUTE);
  expect(copies()).toBe(1);
});

it('owners of idle shards are asked to append, of any node, and the log is trimmed again; not for the sake of little', async () => {
  const { keeper, world, clock } = aKeeper({ smallBytes: 500 });
  await keeper.open();
  const copy = async (): Promise<void> => {
    world.positions = world.positions.map((seq) => seq + 1);
    clock.advance(10 * MINUTE);
    await keeper.look();
    await new Promise((resolve) => { setImmediate(resolve); });
  };
  world.idle = [1];
  await copy();
  await copy();
  expect(world.renewals).toEqual([]);
  world.bytes = 500;
  await copy();
  // Whose newest record is older than the older copy.
  expect(new Set(world.renewals)).toEqual(new Set([10 * MINUTE]));
  world.idle = [];
  const { trims } = world;
  await keeper.look();
  expect(world.trims).toBe(trims + 1);
  await keeper.look();
  expect(world.trims).toBe(trims + 1);
  await keeper.close();
});
