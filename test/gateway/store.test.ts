import { mkdtempSync, existsSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterEach, describe, expect, test } from 'vitest';
import { catchUp } from '../../gateway/catchup.ts';
import { handClock } from '../../gateway/clock.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import type { Log } from '../../gateway/log.ts';
import type { Report } from '../../gateway/report.ts';
import { openStore, STORE_FILE, type StoreOptions } from '../../gateway/store.sqlite.ts';
import type { FeedRow, Range, Store } from '../../gateway/store.ts';
import { decodeEntry } from '../../sdk/protocol/codec.ts';
import { cmid, conversation, line, Scribe, START, state, story, tablesOf } from './store.story.ts';

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => { for (const end of ends.splice(0).reverse()) await end(); });

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const said: string[] = [];
const report: Report = (level, what, facts) => { said.push(`${level}: ${what} ${JSON.stringify(facts ?? {})}`); };

async function opened(log: Log, more: Partial<StoreOptions> & ({ folder: string } | { memory: true }) = { memory: true }): Promise<Store> {
  said.length = 0;
  const store = await openStore({ log, report, ...more });
  ends.push(() => store.close().catch(() => {}));
  return store;
}

const range = (more: Partial<Range> = {}): Range => ({ after: 0, before: 0, limit: 100, newest: false, audience: 'agents', ...more });
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
    expect(Buffer.from(await store.actor('p/demo/ada') ?? '').toString()).toBe(Buffer.from(state('ada', START + 99)).toString());
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
      const text = Buffer.from(await once.actor(conversation(i)) ?? '').toString();
      const all = await once.entries(conversation(i), range({ limit: 1000 }));
      expect(JSON.parse(text).seq).toBe(all.length);
      expect(seqs(all)).toEqual(all.map((_, k) => k + 1));
      expect(Buffer.from(await twice.actor(conversation(i)) ?? '').toString()).toBe(text);
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
    expect(await store.actor(conversation(4999))).toEqual(text);
  });

  test('a file that cannot be written pauses the store: bounded memory, one report, and then nothing is missing', async () => {
    const { log, records } = await story({ messages: 3000 });
    const folder = aFolder();
    const clock = handClock(0);
    const store = await opened(log, { folder, clock, queueBytes: 20_000 });
    const other = new Database(join(folder, STORE_FILE));
    other.exec('begin immediate');
    const troubled = new Promise<void>((resolve) => {
      const before = said.push.bind(said);
      said.push = (...what) => { if (what[0]?.includes('cannot write')) resolve(); return before(...what); };
    });
    for (const record of records) store.apply([record]);
    await troubled;
    Reflect.deleteProperty(said, 'push');
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

describe('the feed', () => {
  /** A client that holds the newest state of each conversation by following the feed from its cursor. */
  async function follow(store: Store, client: { n: number; seen: Map<string, string> }, page = 7): Promise<void> {
    for (;;) {
      const rows = await store.feed('demo', null, client.n, page);
      for (const row of rows) client.seen.set(row.actor, row.state);
      client.n = rows.at(-1)?.n ?? client.n;
      if (rows.length < page) return;
    }
  }

  test('a cursor misses nothing, across restarts and whatever shares a transaction', async () => {
    const { log, records } = await story({});
    const folder = aFolder();
    const client = { n: 0, seen: new Map<string, string>() };
    for (let from = 0; from < records.length; from += 50) {
      const store = await opened(log, { folder });
      const told: FeedRow[] = [];
      store.onApplied((rows) => { told.push(...rows); });
      for (const record of records.slice(from, from + 50)) {
        store.apply([record]);
        if (record.seq % 3 === 0) await store.settled();
        if (record.seq % 10 === 0) await follow(store, client);
      }
      await store.settled();
      await follow(store, client);
      expect(told.map((row) => row.n)).toEqual([...told].map((row) => row.n).sort((a, b) => a - b));
      expect((await store.newest('demo', null, 1)).n).toBe(client.n);
      for (let i = 0; i < 20; i++) {
        expect(client.seen.get(conversation(i))).toEqual(Buffer.from(await store.actor(conversation(i)) ?? '').toString());
      }
      await store.close();
    }
  });

  test('what a power cut took away comes back under numbers that no client has', async () => {
    const { log, records } = await story({});
    const folder = aFolder();
    const before = await opened(log, { folder });
    before.apply(records.slice(0, 60));
    await before.settled();
    await before.close();
    const file = join(folder, STORE_FILE);
    const lost = await opened(log, { folder });
    const kept = readFileSync(file);
    lost.apply(records.slice(60, 120));
    await lost.settled();
    const client = { n: 0, seen: new Map<string, string>() };
    await follow(lost, client);
    await lost.close();
    writeFileSync(file, kept);
    const after = await opened(log, { folder });
    await catchUp(log, after);
    await follow(after, client);
    for (let i = 0; i < 20; i++) {
      expect(client.seen.get(conversation(i))).toEqual(Buffer.from(await after.actor(conversation(i)) ?? '').toString());
    }
  });
});

describe('the file', () => {
  async function filled(folder: string) {
    const made = await story({});
    const store = await opened(made.log, { folder });
    await catchUp(made.log, store);
    await store.close();
    return { ...made, id: store.id, tables: tablesOf(join(folder, STORE_FILE)) };
  }

  /** Opens, catches up, closes; says what the tables hold. */
  async function again(log: Log, folder: string) {
    const store = await opened(log, { folder });
    const read = await catchUp(log, store);
    await store.close();
    return { id: store.id, read, tables: tablesOf(join(folder, STORE_FILE)) };
  }

  test('is the same when it is opened again, and nothing is read twice', async () => {
    const folder = aFolder();
    const { log, id, tables } = await filled(folder);
    expect(await again(log, folder)).toEqual({ id, read: 0, tables });
    expect(said).toEqual([]);
  });

  test.each([
    ['its first page is gone', (file: string) => overwrite(file, 0, Buffer.alloc(4096))],
    ['its middle is garbage', (file: string) => overwrite(file, 8192, Buffer.alloc(40_000, 0xa5))],
    ['it was cut', (file: string) => truncateSync(file, 20_000)],
    ['it was cut to nothing', (file: string) => truncateSync(file, 0)],
    ['it was found damaged in use', (file: string) => writeFileSync(`${file}.damaged`, '')],
    ['it is of another version', (file: string) => change(file, `update meta set value = '0' where key = 'version'`)],
    ['a table is missing', (file: string) => change(file, 'drop table position')],
    ['it is of a log of other shards', (file: string) => change(file, 'delete from position where shard = 3')],
  ])('is made anew when %s', async (_, harm) => {
    const folder = aFolder();
    const { log, id, tables } = await filled(folder);
    harm(join(folder, STORE_FILE));
    const anew = await again(log, folder);
    expect(anew.tables).toEqual(tables);
    expect(anew.id).not.toBe(id);
    expect(anew.read).toBe(200);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('warn: The store is made anew from the log.');
    expect((await again(log, folder)).id).toBe(anew.id);
  });

  test('is made anew when the log is an older or another one', async () => {
    const folder = aFolder();
    await filled(folder);
    const older = await story({ messages: 300 });
    expect((await again(older.log, folder)).read).toBe(100);
    expect(said[0]).toContain('ahead of the log');
    const another = await story({ messages: 300, conversations: 8 });
    expect((await again(another.log, folder)).read).toBe(100);
    expect(said[0]).toContain('foreign to this log');
  });

  test('of another program is refused and left as it is', async () => {
    const folder = aFolder();
    const file = join(folder, STORE_FILE);
    const db = new Database(file);
    db.exec(`create table treasure(x); insert into treasure values ('gold')`);
    db.close();
    const before = readFileSync(file);
    await expect(openStore({ folder, log: memoryLog({ shards: 4 }), report })).rejects.toThrow('the database of another program');
    expect(readFileSync(file)).toEqual(before);
    expect(existsSync(`${file}-wal`)).toBe(false);
  });

  test('kept in memory leaves nothing behind', async () => {
    const { log, records } = await story({ messages: 30 });
    const store = await openStore({ memory: true, log, report });
    store.apply(records);
    await store.settled();
    await store.close();
    await expect(store.settled()).rejects.toThrow('closed');
    await expect(store.pending()).rejects.toThrow('closed');
  });
});

function overwrite(file: string, at: number, bytes: Uint8Array): void {
  const to = openSync(file, 'r+');
  writeSync(to, bytes, 0, bytes.length, at);
  closeSync(to);
}

function change(file: string, sql: string): void {
  const db = new Database(file);
  db.exec(sql);
  db.close();
}
