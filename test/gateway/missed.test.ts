/** What following did not tell a node: it reads it from the log, however often that fails. */
import { expect, it } from 'vitest';
import { handClock } from '../../gateway/clock.ts';
import { Level } from '../../gateway/level.ts';
import { LogRefusal, type Log, type Stored } from '../../gateway/log.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { UNMEASURED } from '../../gateway/measures.ts';
import { encodeRecord, hashOf, NO_HASH } from '../../gateway/record.ts';
import { Shard } from '../../gateway/shard.ts';
import type { Store } from '../../gateway/store.ts';
import { endOfTurn } from '../../gateway/turn.ts';

/** Three records of another node. */
async function logOfOther(): Promise<Log> {
  const log = memoryLog({ shards: 1 });
  let hash = NO_HASH;
  for (let counter = 0; counter < 3; counter++) {
    const bytes = encodeRecord(hash, { epoch: 1, counter, node: 'other', at: 0, changes: [] });
    await log.append(0, counter, bytes);
    hash = hashOf(bytes);
  }
  return log;
}

const shardOf = (log: Log, clock: ReturnType<typeof handClock>, known: number, taken: number[] = []): Shard => new Shard(0, {
  log, clock, node: 'this', soon: endOfTurn(), measures: UNMEASURED, report: () => undefined,
  store: { positions: [known] } as unknown as Store,
  kindOf: () => { throw new Error('nobody asks for an actor'); }, attended: () => false,
  committed: ({ seq }) => taken.push(seq), changed: () => undefined,
});

async function seconds(clock: ReturnType<typeof handClock>, n: number): Promise<void> {
  for (let i = 0; i < n; i++) {
    for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => { setImmediate(resolve); });
    clock.advance(1_000);
  }
  for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => { setImmediate(resolve); });
}

it('what is missing is asked for again until it can be read, though nothing else comes', async () => {
  const [log, clock] = [await logOfOther(), handClock(0)];
  const read = log.read.bind(log);
  let refusals = 2;
  log.read = async function* refusing(after: ReadonlyMap<number, number>) {
    if (refusals-- > 0) throw new LogRefusal('unavailable', 'A test refused the reading.');
    yield* read(after);
  };
  const taken: number[] = [];
  const shard = shardOf(log, clock, 0, taken);
  shard.follow([await log.last(0) as Stored]);
  await seconds(clock, 3);
  expect(taken).toEqual([1, 2, 3]);
});

it('whose a shard is, is asked again until an answer is as new as the tables, though nobody writes', async () => {
  const [log, clock] = [await logOfOther(), handClock(0)];
  const [old] = [await log.read(new Map([[0, 1]]))[Symbol.asyncIterator]().next()];
  const last = log.last.bind(log);
  let asked = 0;
  log.last = async (n) => {
    if (++asked === 3) throw new LogRefusal('unavailable', 'A test refused the reading.');
    return asked < 3 ? old.value as Stored : last(n);
  };
  const shard = shardOf(log, clock, 3);
  await new Level([shard], clock).look();
  expect(shard.owner).toBe('');
  await seconds(clock, 6);
  expect([shard.owner, asked]).toEqual(['other', 4]);
});
