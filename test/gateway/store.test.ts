import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import { catchUp } from '../../gateway/catchup.ts';
import { handClock } from '../../gateway/clock.ts';
import { shardOf } from '../../gateway/sharding.ts';
import { STORE_FILE } from '../../gateway/store.sqlite.ts';
import type { FeedRow, Range, Store } from '../../gateway/store.ts';
import { decodeEntry } from '../../sdk/protocol/codec.ts';
import { aFolder, heard, opened, range, said } from './store.stage.ts';
import { cmid, conversation, line, Scribe, START, state, story, tablesOf } from './store.story.ts';

const seqs = (entries: { seq: number }[]): number[] => entries.map((entry) => entry.seq);

/** One conversation of twelve lines on one shard; every third is a note. */
async function conversationOfTwelve(): Promise<{ scribe: Scribe; store: Store }> {
  const scribe = new Scribe(1);
  const store = await opened(scribe.log);
  for (let seq = 1; seq <= 12; seq++) {
    const note = seq % 3 === 0;
    store.apply([await scribe.write(0, [{
      actor: conversation(1), state: state('ada', START + seq), due: 0, pending: false,
      entries: [{ audience: note ? 'agents' : 'everyone', bytes: line(seq, START + seq, `line ${seq}`, cmid(seq), note ? 'note' : 'message') }],
    }])]);
  }
  await store.settled();
  return { scribe, store };
}

describe('reading', () => {
  test('entries come from either end, in order, for either audience', async () => {
    const { store } = await conversationOfTwelve();
    const of = async (more: Partial<Range>): Promise<number[]> => seqs(await store.entries(conversation(1), range(more)));
    expect(await of({})).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(await of({ limit: 3 })).toEqual([1, 2, 3]);
    expect(await of({ limit: 3, newest: true })).toEqual([10, 11, 12]);
    expect(await of({ after: 2, before: 7 })).toEqual([3, 4, 5, 6]);
    expect(await of({ after: 2, before: 7, limit: 2, newest: true })).toEqual([5, 6]);
    expect(await of({ audience: 'everyone' })).toEqual([1, 2, 4, 5, 7, 8, 10, 11]);
    expect(await of({ audience: 'everyone', limit: 3, newest: true })).toEqual([8, 10, 11]);
    expect(await of({ after: 12 })).toEqual([]);
    expect(await store.entries('c/demo/nobody', range())).toEqual([]);
  });

  test('an entry has the bytes that were committed, and is found by the id of its client', async () => {
    const { store } = await conversationOfTwelve();
    const [third] = await store.entries(conversation(1), range({ after: 2, limit: 1 }));
    expect(third?.audience).toBe('agents');
    expect(decodeEntry(third?.bytes ?? new Uint8Array())).toMatchObject({ seq: 3, body: { text: 'line 3' }, cmid: cmid(3) });
    expect((await store.byCmid(conversation(1), cmid(5)))?.seq).toBe(5);
    expect(await store.byCmid(conversation(2), cmid(5))).toBeUndefined();
    expect(await store.byCmid(conversation(1), cmid(99))).toBeUndefined();
  });

  test('timers come earliest first, with the time of the one after; outboxes are listed; both end', async () => {
    const scribe = new Scribe(1);
    const store = await opened(scribe.log);
    const put = async (i: number, due: number, pending: boolean): Promise<void> =>
      store.apply([await scribe.write(0, [{ actor: conversation(i), state: state('ada', START), due, pending, entries: [] }])]);
    for (const [i, due, pending] of [[1, 300, false], [2, 100, true], [3, 200, true], [4, 0, false], [5, 900, false]] as const) {
      await put(i, due, pending);
    }
    await store.settled();
    const at = (i: number, due: number) => ({ actor: conversation(i), due });
    expect(await store.due(300, 10)).toEqual({ actors: [at(2, 100), at(3, 200), at(1, 300)], next: 900 });
    expect(await store.due(300, 2)).toEqual({ actors: [at(2, 100), at(3, 200)], next: 300 });
    expect(await store.due(50, 10)).toEqual({ actors: [], next: 100 });
    expect(await store.pending()).toEqual([conversation(2), conversation(3)]);
    for (const i of [1, 2, 3, 5]) await put(i, 0, false);
    await store.settled();
    expect(await store.due(1e15, 10)).toEqual({ actors: [], next: 0 });
    expect(await store.pending()).toEqual([]);
  });

  test('timers and outboxes of some shards only, however many others come between', async () => {
    const scribe = new Scribe(8);
    const store = await opened(scribe.log);
    const count = 5_000;
    // Few times for many, so that a page ends among those of the same time.
    const due = (i: number): number => 100 + Math.floor(i / 700) * 100;
    store.apply([await scribe.write(0, Array.from({ length: count }, (_, i) =>
      ({ actor: conversation(i), state: state('ada', START), due: due(i), pending: i % 2 === 0, entries: [] })))]);
    await store.settled();
    const on = (shards: number[]): number[] =>
      Array.from({ length: count }, (_, i) => i).filter((i) => shards.includes(shardOf(conversation(i), 8)));
    for (const shards of [[5], [1, 4, 6], [0, 1, 2, 3, 4, 5, 6, 7]]) {
      const mine = on(shards);
      const all = mine.map((i) => ({ actor: conversation(i), due: due(i) }));
      expect(await store.due(1e6, 1000, shards)).toEqual({ actors: all.slice(0, 1000), next: all[1000]?.due ?? 0 });
      expect(await store.due(300, 3, shards)).toEqual({ actors: all.slice(0, 3), next: 100 });
      expect((await store.due(99, 10, shards))).toEqual({ actors: [], next: 100 });
      expect(new Set(await store.pending(shards))).toEqual(new Set(mine.filter((i) => i % 2 === 0).map(conversation)));
    }
    expect([await store.due(1e6, 10, []), await store.pending([])]).toEqual([{ actors: [], next: 0 }, []]);
  });

  test('the list is by newest activity, of a workspace or of one contact, and only of conversations', async () => {
    const scribe = new Scribe(1);
    const store = await opened(scribe.log);
    const put = async (actor: string, text: Uint8Array): Promise<void> =>
      store.apply([await scribe.write(0, [{ actor, state: text, due: 0, pending: false, entries: [] }])]);
    await put(conversation(1), state('ada', START + 5));
    await put(conversation(2), state('bob', START + 9));
    await put(conversation(3), state('ada', START + 7));
    await put('p/demo/ada', state('ada', START + 99));
    await put('c/other/01ARZ3NDEKTSV4RRFFQ6900001', Buffer.from('{"workspace":"other","contact":{"id":"ada"},"at":5}'));
    await store.settled();
    const actors = ({ rows }: { rows: FeedRow[] }): string[] => rows.map((row) => row.actor);
    expect(actors(await store.newest('demo', null, 10))).toEqual([2, 3, 1].map(conversation));
    expect(actors(await store.newest('demo', null, 2))).toEqual([2, 3].map(conversation));
    expect(actors(await store.newest('demo', 'ada', 10))).toEqual([3, 1].map(conversation));
    expect((await store.feed('demo', 'ada', 0, 10)).map((row) => row.actor)).toEqual([1, 3].map(conversation));
    expect(await store.newest('demo', 'nobody', 10)).toMatchObject({ rows: [] });
    expect(Buffer.from((await store.actor('p/demo/ada'))?.state ?? '').toString()).toBe(Buffer.from(state('ada', START + 99)).toString());
    expect(await store.actor('p/demo/eve')).toBeUndefined();
  });
});

describe('applying', () => {
  test('each record counts once, however often it comes, and only the newest state of an actor stands', async () => {
    const { log, records } = await story({});
    const once = await opened(log);
    const twice = await opened(log);
    once.apply(records);
    twice.apply(records.slice(0, 100));
    await twice.settled();
    twice.apply(records.slice(50, 150));
    twice.apply(records);
    twice.apply(records);
    await Promise.all([once.settled(), twice.settled()]);
    expect(twice.positions).toEqual(once.positions);
    for (let i = 0; i < 20; i++) {
      const text = Buffer.from((await once.actor(conversation(i)))?.state ?? '').toString();
      const all = await once.entries(conversation(i), range({ limit: 1000 }));
      expect(JSON.parse(text).seq).toBe(all.length);
      expect(seqs(all)).toEqual(all.map((_, k) => k + 1));
      expect(Buffer.from((await twice.actor(conversation(i)))?.state ?? '').toString()).toBe(text);
      expect(await twice.entries(conversation(i), range({ limit: 1000 }))).toEqual(all);
    }
  });

  test('a record that is missing is read from the log, never skipped', async () => {
    const { log, records } = await story({});
    const store = await opened(log);
    store.apply(records.filter((_, i) => i !== 8));
    await store.settled();
    expect(said.filter((what) => what.startsWith('error: Records are missing'))).toHaveLength(1);
    const twin = await opened(log);
    await catchUp(log, twin);
    expect(store.positions).toEqual(twin.positions);
    for (let i = 0; i < 20; i++) {
      expect(await store.entries(conversation(i), range({ limit: 1000 }))).toEqual(await twin.entries(conversation(i), range({ limit: 1000 })));
    }
  });

  test('a gap that the log cannot fill stops that shard and no other', async () => {
    const { log, records } = await story({});
    log.harm(1, 3);
    const store = await opened(log);
    store.apply(records.filter(({ shard, seq }) => shard !== 1 || seq !== 3));
    await store.settled();
    expect(store.positions[1]).toBe(2);
    expect([0, 2, 3].map((shard) => store.positions[shard])).toEqual([50, 50, 50]);
    expect(said.filter((what) => what.includes('no more records of this shard'))).toHaveLength(1);
  });

  test('a record that cannot be read stops its shard and no other', async () => {
    const { log, records } = await story({});
    const store = await opened(log);
    store.apply(records.map((r) => (r.shard === 2 && r.seq === 5 ? { ...r, bytes: r.bytes.slice(0, 40) } : r)));
    await store.settled();
    expect(store.positions).toEqual([50, 50, 4, 50]);
    expect(said.join('\n')).toContain('Record 5 of shard 2 cannot be applied');
  });

  test('many actors in one record, and large states', async () => {
    const scribe = new Scribe(1);
    const store = await opened(scribe.log);
    const text = state('ada', START, { filler: 'x'.repeat(2000) });
    const changes = Array.from({ length: 5000 }, (_, i) => ({ actor: conversation(i), state: text, due: i + 1, pending: false, entries: [] }));
    store.apply([await scribe.write(0, changes)]);
    await store.settled();
    expect((await store.newest('demo', null, 1e9)).rows).toHaveLength(1000);
    expect((await store.due(1e9, 1)).next).toBe(2);
    expect((await store.actor(conversation(4999)))?.state).toEqual(text);
  });

  test('a file that cannot be written pauses the store: bounded memory, one report, and then nothing is missing', async () => {
    const { log, records } = await story({ messages: 3000 });
    const folder = aFolder();
    const clock = handClock(0);
    const store = await opened(log, { folder, clock, queueBytes: 20_000 });
    const other = new Database(join(folder, STORE_FILE));
    other.exec('begin immediate');
    const troubled = heard('cannot write');
    for (const record of records) store.apply([record]);
    await troubled;
    expect(await store.entries(conversation(1), range())).toEqual([]);
    other.exec('rollback');
    other.close();
    const settled = store.settled();
    clock.advance(1000);
    await settled;
    expect(store.positions).toEqual([250, 250, 250, 250]);
    expect(said.map((what) => what.slice(0, 34))).toEqual([
      'warn: Too much waits for the store', 'warn: The store cannot write; it t', 'info: The store applies records ag',
    ]);
  });
});

test('a backup is of one moment, while records go on being applied, and has what its positions say', async () => {
  const told = await story({ messages: 3000, shards: 4, padding: 500 });
  const store = await opened(told.log);
  const folder = aFolder();
  const slices = Array.from({ length: 30 }, (_, i) => told.records.slice(i * told.records.length / 30, (i + 1) * told.records.length / 30));
  const applying = (async () => {
    for (const slice of slices) {
      store.apply(slice);
      await store.settled();
    }
  })();
  const taken: { file: string; positions: number[] }[] = [];
  for (let i = 0; i < 3; i++) taken.push({ file: join(folder, `copy-${i}`), positions: await store.backup(join(folder, `copy-${i}`)) });
  await applying;
  for (const { file, positions } of taken) {
    const so = aFolder();
    const rebuilt = await opened(told.log, { folder: so });
    rebuilt.apply(told.records.filter(({ shard, seq }) => seq <= (positions[shard] ?? 0)));
    await rebuilt.settled();
    await rebuilt.close();
    expect(tablesOf(file)).toEqual(tablesOf(join(so, STORE_FILE)));
  }
  await expect(store.backup(join(folder, 'copy-0'))).rejects.toThrow('exists');
  expect((await store.actor(conversation(0)))?.state).toBeDefined();
});
