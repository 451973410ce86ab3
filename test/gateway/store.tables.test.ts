import { join } from 'node:path';
import { expect, test } from 'vitest';
import { entriesIn } from '../../gateway/chunk.ts';
import { connect, openFile } from '../../gateway/store.file.ts';
import { Queries } from '../../gateway/store.queries.ts';
import { RecordFault, Tables } from '../../gateway/tables.ts';
import { aFolder, range } from './store.stage.ts';
import { cmid, conversation, line, Scribe, START, state, story } from './store.story.ts';

function aTable(shards: number): { tables: Tables; queries: Queries; db: ReturnType<typeof connect> } {
  const file = join(aFolder(), 'store.sqlite');
  const { db } = openFile(file, shards, []);
  return { tables: new Tables(db), queries: new Queries(connect(file), 1), db };
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
  expect(queries.feed('demo', null, 0, 10)).toEqual(feed.map(({ n, actor, state }) => ({ n, actor, state })));
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

/** One conversation of 300 lines in transactions of very different sizes; every third is a note, some are very long. */
async function longConversation() {
  const scribe = new Scribe(1);
  const made = aTable(1);
  // Ids do not grow with sequences: another device's clock is behind.
  const idOf = (seq: number): string | null => (seq % 10 === 0 ? null : cmid(seq % 4 === 0 ? 1000 - seq : 1000 + seq));
  const bytesOf = (seq: number): Uint8Array =>
    line(seq, START + seq, seq >= 150 && seq < 160 ? 'x'.repeat(7000) : `line ${seq}`, idOf(seq), seq % 3 === 0 ? 'note' : 'message');
  let seq = 0;
  for (const gained of [1, 1, 1, 64, 65, 1, 130, 2, 35]) {
    const batch = [];
    for (let left = gained; left > 0;) {
      const entries = Array.from({ length: Math.min(left, 3) }, () => (
        { audience: ++seq % 3 === 0 ? 'agents' as const : 'everyone' as const, bytes: bytesOf(seq) }));
      left -= entries.length;
      batch.push(await scribe.write(0, [{ actor: conversation(1), state: state('ada', START + seq), due: 0, pending: false, entries }]));
    }
    made.tables.apply(batch);
  }
  return { ...made, idOf, bytesOf };
}

test('lines that lie together are read one by one, whatever the range, from either end, for either audience', async () => {
  const { queries, bytesOf } = await longConversation();
  const every = Array.from({ length: 300 }, (_, i) => i + 1);
  for (const after of [0, 1, 2, 66, 67, 131, 149, 150, 297, 300]) {
    for (const before of [0, 1, 3, 68, 69, 151, 152, 300, 301]) {
      for (const limit of [1, 5, 70, 1000]) {
        for (const audience of ['agents', 'everyone'] as const) {
          const all = every.filter((seq) => seq > after && (before === 0 || seq < before) && (audience === 'agents' || seq % 3 !== 0));
          const of = (newest: boolean) => queries.entries(conversation(1), range({ after, before, limit, newest, audience }));
          expect(of(true).map((entry) => entry.seq)).toEqual(all.slice(-limit));
          expect(of(false).map((entry) => entry.seq)).toEqual(all.slice(0, limit));
        }
      }
    }
  }
  for (const entry of queries.entries(conversation(1), range())) {
    expect(entry).toEqual({ seq: entry.seq, audience: entry.seq % 3 === 0 ? 'agents' : 'everyone', bytes: Buffer.from(bytesOf(entry.seq)) });
  }
});

test('every line is found by the id of its client, in whatever order the ids are; no other is', async () => {
  const { queries, idOf } = await longConversation();
  for (let seq = 1; seq <= 300; seq++) {
    const id = idOf(seq);
    if (id !== null) expect(queries.byCmid(conversation(1), id)?.seq).toBe(seq);
  }
  for (const stranger of [cmid(0), cmid(1010), cmid(5000), 'no id']) expect(queries.byCmid(conversation(1), stranger)).toBeUndefined();
});

test('what is gained together shares few rows, and none is longer than is quickly read', async () => {
  const { db } = await longConversation();
  const rows = db.prepare('select first, bytes from chunk').raw().all() as [number, Uint8Array][];
  expect(rows.length).toBeLessThan(20);
  for (const [first, bytes] of rows) {
    expect(entriesIn({ first, bytes }).length).toBeLessThanOrEqual(64);
    expect(bytes.length).toBeLessThanOrEqual(32 * 1024);
  }
});

test('a conversation is listed under the contact that it was handed to, and under no other', async () => {
  const scribe = new Scribe(1);
  const { tables, queries } = aTable(1);
  for (const contact of ['visitor', 'ada']) {
    tables.apply([await scribe.write(0, [{ actor: conversation(1), state: state(contact, START), due: 0, pending: false, entries: [] }])]);
  }
  expect(queries.newest('demo', 'visitor', 10).rows).toEqual([]);
  expect(queries.newest('demo', 'ada', 10).rows).toHaveLength(1);
});
