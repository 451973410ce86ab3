import { join } from 'node:path';
import { expect, test } from 'vitest';
import { connect, openFile } from '../../gateway/store.file.ts';
import { Queries } from '../../gateway/store.queries.ts';
import { RecordFault, Tables } from '../../gateway/tables.ts';
import { aFolder, range } from './store.stage.ts';
import { conversation, line, Scribe, START, state, story } from './store.story.ts';

function aTable(shards: number): { tables: Tables; queries: Queries; db: ReturnType<typeof connect> } {
  const file = join(aFolder(), 'store.sqlite');
  const { db } = openFile(file, shards, []);
  return { tables: new Tables(db), queries: new Queries(connect(file)), db };
}

test('a batch with a gap, a stranger, or bytes that are no record changes nothing, and the right one then applies', async () => {
  const { records } = await story({ shards: 1, messages: 60 });
  const another = await story({ shards: 1, messages: 60, conversations: 3 });
  const { tables, queries } = aTable(1);
  tables.apply(records.slice(0, 5));
  const before = queries.newest('demo', null, 100);
  for (const wrong of [
    [...records.slice(5, 8), ...records.slice(9, 12)],
    another.records.slice(5, 8),
    [...records.slice(5, 8), { shard: 7, seq: 1, bytes: records[0]?.bytes ?? new Uint8Array() }],
    [...records.slice(5, 8), { shard: 0, seq: 9, bytes: new Uint8Array(40) }],
  ]) {
    expect(() => tables.apply(wrong)).toThrow(RecordFault);
    expect(tables.positions).toEqual([5]);
    expect(queries.newest('demo', null, 100)).toEqual(before);
  }
  expect(tables.apply(records.slice(3, 20)).positions).toEqual([[0, 20]]);
  expect(tables.apply(records.slice(3, 20))).toEqual({ positions: [], feed: [] });
});

test('an actor that changed twice in a batch is told of once, after those that changed before its newest change', async () => {
  const scribe = new Scribe(1);
  const { tables, queries } = aTable(1);
  const change = (i: number, seq: number) => scribe.write(0, [{
    actor: conversation(i), state: state('ada', START + seq), due: 0, pending: false,
    entries: [{ audience: 'everyone', bytes: line(seq, START + seq, 'hello', null) }],
  }]);
  const { feed } = tables.apply([await change(1, 1), await change(2, 1), await change(1, 2)]);
  expect(feed.map((row) => row.actor)).toEqual([conversation(2), conversation(1)]);
  expect((feed[1]?.n ?? 0) - (feed[0]?.n ?? 0)).toBe(1);
  expect(JSON.parse(feed[1]?.state ?? '').at).toBe(START + 2);
  expect(queries.feed('demo', null, 0, 10)).toEqual(feed);
  expect(queries.entries(conversation(1), range())).toHaveLength(2);
});

test('a disk that is full in the middle of a batch leaves the tables as they were, and the same batch applies later', async () => {
  const { records } = await story({ shards: 1, messages: 900, padding: 1000 });
  const { tables, queries, db } = aTable(1);
  tables.apply(records.slice(0, 10));
  const pages = (db.prepare('pragma page_count').raw().get() as [number])[0];
  db.exec(`pragma max_page_count = ${pages + 10}`);
  expect(() => tables.apply(records.slice(10))).toThrow('full');
  expect(tables.positions).toEqual([10]);
  expect(queries.entries(conversation(0), range()).every((entry) => entry.seq <= 10)).toBe(true);
  db.exec('pragma max_page_count = 1000000');
  expect(tables.apply(records.slice(10)).positions).toEqual([[0, records.length]]);
});
