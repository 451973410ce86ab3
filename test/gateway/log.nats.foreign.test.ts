/** A message on the log's subjects that no node of Parley wrote: it stops its shard, and nothing else. */
import { afterEach, expect, it, vi } from 'vitest';
import { followed, readAll, reasonOf } from '../contracts/log.ts';
import { fill, recordAfter } from './log.folders.ts';
import { natsStage, type NatsStage } from './log.nats.stage.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
let stage: NatsStage;
afterEach(() => stage.end());

it.each(['hi', 'somebody tries whether this NATS is there'])('"%s": that shard takes no more records, and says why; all others go on, also after a start', async (word) => {
  stage = await natsStage();
  const log = await stage.open('open');
  const follower = followed(log, [[1, 0], [2, 0]]);
  const [record] = await fill(log, 1, 1);
  await fill(log, 2, 2);
  await follower.count(3);
  const { api } = await stage.connections();
  await api.send('parley.open.log.1', Buffer.from(word));
  await fill(log, 2, 2);
  await follower.count(5);
  expect(await reasonOf(log.append(1, 1, recordAfter(record, 'next')))).toBe('damaged');
  await expect(log.last(1)).rejects.toThrow('In shard 1 of the log, at 4, stands what no node of Parley has written: it takes no more records.');
  const later = await stage.open('open');
  expect((await readAll(later, [[1, 0], [2, 0]])).filter(({ shard }) => shard === 2).map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
  const after = followed(later, [[1, 0], [2, 2]]);
  await fill(later, 2, 1);
  await after.until(() => after.of(2).length === 3);
  expect([follower.lost, after.lost]).toEqual([[], []]);
});
