import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { handClock } from '../../gateway/clock.ts';
import { LogRefusal, type Stored } from '../../gateway/log.ts';
import { Feeder } from '../../gateway/store.feeder.ts';

/** A feeder of one shard whose batches the test answers. */
function aFeeder(read = (): never => { throw new Error('nothing is missing'); }) {
  const said: string[] = [];
  const clock = handClock(0);
  const batches: number[][] = [];
  const feeder = new Feeder({
    positions: [0], clock, report: (_, what) => { said.push(what); }, log: { read },
    send: ({ places }) => { batches.push(places.map(([, seq]) => seq)); },
  });
  let seq = 0;
  const next = (bytes = 100): Stored => ({ shard: 0, seq: ++seq, bytes: new Uint8Array(bytes) });
  const applied = (took: number): void => feeder.applied([[0, batches.at(-1)?.at(-1) ?? 0]], took);
  return { clock, feeder, batches, next, applied, said };
}

test('a change goes over at once; then the writer rests as its work was long, and what comes meanwhile goes together', async () => {
  const { clock, feeder, batches, next, applied } = aFeeder();
  const rests = async (took: number, rest: number): Promise<void> => {
    const before = batches.length;
    applied(took);
    feeder.apply([next()]);
    feeder.apply([next()]);
    await turn();
    clock.advance(rest - 1);
    expect(batches).toHaveLength(before);
    clock.advance(1);
    expect(batches).toHaveLength(before + 1);
    expect(batches.at(-1)).toHaveLength(2);
  };
  feeder.apply([next()]);
  await turn();
  expect(batches).toEqual([[1]]);
  await rests(0.3, 20);
  await rests(15, 90);
  await rests(500, 250);
});

test('whoever waits for what was handed in, or a whole batch of it, ends a rest', async () => {
  const { feeder, batches, next, applied } = aFeeder();
  feeder.apply([next()]);
  await turn();
  applied(10);
  feeder.apply([next()]);
  const settled = feeder.settled();
  expect(batches).toEqual([[1], [2]]);
  applied(10);
  await settled;
  for (let i = 0; i < 5; i++) feeder.apply([next(1024 * 1024)]);
  expect(batches[2]).toEqual([3, 4, 5, 6]);
  for (let i = 0; i < 4; i++) feeder.apply([next(1024 * 1024)]);
  applied(10);
  expect(batches[3]).toEqual([7, 8, 9, 10]);
});

test('tables that fell behind what the log begins with end, and say so; nobody waits for them in vain', async () => {
  const { feeder, next, said } = aFeeder(() => { throw new LogRefusal('trimmed', 'Shard 0 has no record 1 any more.'); });
  next();
  feeder.apply([next()]);
  await expect(feeder.settled()).rejects.toThrow('no record 1 any more');
  expect(said.at(-1)).toContain('they are then taken from a backup');
});
