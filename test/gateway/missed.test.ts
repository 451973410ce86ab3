/** Records that following left out: a node reads them from the log, however often that fails. */
import { expect, it } from 'vitest';
import { handClock } from '../../gateway/clock.ts';
import { LogRefusal, type Stored } from '../../gateway/log.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { UNMEASURED } from '../../gateway/measures.ts';
import { encodeRecord, hashOf, NO_HASH } from '../../gateway/record.ts';
import { Shard } from '../../gateway/shard.ts';
import type { Store } from '../../gateway/store.ts';
import { endOfTurn } from '../../gateway/turn.ts';

it('what is missing is asked for again until it can be read, though nothing else comes', async () => {
  const [log, clock] = [memoryLog({ shards: 1 }), handClock(0)];
  let hash = NO_HASH;
  for (let counter = 0; counter < 3; counter++) {
    const bytes = encodeRecord(hash, { epoch: 1, counter, node: 'other', at: 0, changes: [] });
    await log.append(0, counter, bytes);
    hash = hashOf(bytes);
  }
  const read = log.read.bind(log);
  let refusals = 2;
  log.read = async function* refusing(after: ReadonlyMap<number, number>) {
    if (refusals-- > 0) throw new LogRefusal('unavailable', 'A test refused the reading.');
    yield* read(after);
  };
  const taken: number[] = [];
  const shard = new Shard(0, {
    log, clock, node: 'this', soon: endOfTurn(), measures: UNMEASURED, report: () => undefined, store: { positions: [0] } as unknown as Store,
    kindOf: () => { throw new Error('nobody asks for an actor'); }, attended: () => false,
    committed: ({ seq }) => taken.push(seq), changed: () => undefined,
  });
  shard.follow([await log.last(0) as Stored]);
  for (let i = 0; i < 3; i++) {
    for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => { setImmediate(resolve); });
    clock.advance(1_000);
  }
  expect(taken).toEqual([1, 2, 3]);
});
