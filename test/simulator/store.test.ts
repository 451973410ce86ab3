/** The simulator's store against the real one: fed with the same records, asked the same, they say the same. */
import { expect, test } from 'vitest';
import { systemClock } from '../../gateway/clock.ts';
import type { Store } from '../../gateway/store.ts';
import { opened, range } from '../gateway/store.stage.ts';
import { cmid, conversation, START, story, type Story } from '../gateway/store.story.ts';
import { Disk, modelStore } from './store.model.ts';

const faults: string[] = [];
const modelOf = (log: Story['log'], disk = new Disk(log.shards)): Store =>
  modelStore({ log, disk, clock: systemClock, lag: () => 0, fault: (why) => { faults.push(why); } });

async function both(feed: (store: Store, records: Story['records']) => void): Promise<[Store, Store]> {
  const { log, records } = await story({});
  const stores: [Store, Store] = [await opened(log), modelOf(log)];
  for (const store of stores) {
    feed(store, records);
    await store.settled();
  }
  return stores;
}

test('every question has the same answer', async () => {
  const [real, model] = await both((store, records) => store.apply(records));
  const ask = async (question: (store: Store) => Promise<unknown>): Promise<void> => expect(await question(model)).toEqual(await question(real));
  expect(model.positions).toEqual(real.positions);
  for (let i = 0; i < 20; i++) {
    await ask(async (store) => Buffer.from((await store.actor(conversation(i)))?.state ?? '').toString());
    for (const more of [{}, { limit: 3 }, { limit: 3, newest: true }, { after: 4, before: 20 }, { after: 4, before: 20, limit: 2, newest: true }, { audience: 'everyone' as const }]) {
      await ask((store) => store.entries(conversation(i), range(more)));
    }
  }
  for (const id of ['d/demo', 'c/demo/nobody']) await ask(async (store) => [...(await store.actor(id))?.parts ?? []].map(([key, part]) => [key, Buffer.from(part).toString()]).sort());
  for (const [at, limit] of [[START, 10], [START + 200_000, 1_000], [START + 200_000, 3], [START * 2, 1_000]] as const) {
    await ask(async (store) => (await store.due(at, limit)).next);
    await ask(async (store) => (await store.due(at, limit)).actors.map(({ due }) => due));
    await ask(async (store) => (await store.due(at, limit, [1, 3])).actors.map(({ actor }) => actor).sort());
  }
  await ask((store) => store.pending());
  await ask((store) => store.pending([0, 2]));
  for (const i of [0, 7, 300, 599, 9_999]) for (const c of [0, 3, 7]) await ask((store) => store.byCmid(conversation(c), cmid(i)));
});

test('each record counts once, and one that is missing is read from the log', async () => {
  const [real, model] = await both((store, records) => {
    store.apply(records.slice(0, 90));
    store.apply(records.slice(40, 120));
    store.apply(records.filter((_, i) => i !== 130));
    store.apply(records.slice(-20));
  });
  while (model.positions.some((seq, shard) => seq < (real.positions[shard] ?? 0))) await model.settled();
  for (let i = 0; i < 20; i++) expect(await model.entries(conversation(i), range())).toEqual(await real.entries(conversation(i), range()));
  expect(faults).toEqual([]);
});

test('what it had applied is there when another comes to the same disk, and a record of another log is a fault', async () => {
  const { log, records } = await story({});
  const disk = new Disk(log.shards);
  const first = modelOf(log, disk);
  const told: number[] = [];
  first.onApplied(() => told.push(first.positions[0] ?? 0));
  first.apply(records.slice(0, 100));
  await first.settled();
  await first.close();
  expect(told.at(-1)).toBe(25);
  const second = modelOf(log, disk);
  expect(second.positions).toEqual([25, 25, 25, 25]);
  second.apply(records.slice(100, 104).map((record) => ({ ...record, bytes: new Uint8Array(record.bytes).fill(7, 0, 16) })));
  await second.settled();
  expect(faults.splice(0).map((why) => why.replace(/\d+/g, 'n'))).toEqual(Array(4).fill('Record n of shard n breaks the chain.'));
  expect(second.positions).toEqual([25, 25, 25, 25]);
});
