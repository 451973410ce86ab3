import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, test } from 'vitest';
import { catchUp } from '../../gateway/catchup.ts';
import { openFolder } from '../../gateway/folder.ts';
import { openFileLog } from '../../gateway/log.file.ts';
import { lockFolder } from '../../gateway/log.lock.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import type { Log } from '../../gateway/log.ts';
import { rebuild } from '../../gateway/rebuild.ts';
import { openStore, STORE_FILE } from '../../gateway/store.sqlite.ts';
import type { FeedRow, Store } from '../../gateway/store.ts';
import { aFolder, opened, range, report, said } from './store.stage.ts';
import { conversation, story, tablesOf } from './store.story.ts';

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
        expect(client.seen.get(conversation(i))).toEqual(Buffer.from((await store.actor(conversation(i)))?.state ?? '').toString());
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
      expect(client.seen.get(conversation(i))).toEqual(Buffer.from((await after.actor(conversation(i)))?.state ?? '').toString());
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

  test('that knows more than the log, or follows another, is the last copy: nothing starts, and nothing is thrown away', async () => {
    const folder = aFolder();
    const { log } = await filled(folder);
    const older = await story({ messages: 300 });
    await expect(again(older.log, folder)).rejects.toThrow('a part of the log is missing');
    const another = await story({ messages: 300, conversations: 8 });
    await expect(again(another.log, folder)).rejects.toThrow('a part of the log is missing');
    expect((await again(log, folder)).read).toBe(0);
    expect(said).toEqual([]);
  });

  test('that turns out damaged in use answers nothing wrong, says so once, and is made anew at the next start', async () => {
    const folder = aFolder();
    const { log, tables } = await filled(folder);
    const store = await opened(log, { folder });
    overwrite(join(folder, STORE_FILE), 4096, Buffer.alloc(80_000, 0xa5));
    const asked = Array.from({ length: 20 }, (_, i) => store.entries(conversation(i), range()));
    for (const answer of await Promise.allSettled(asked)) expect(answer.status).toBe('rejected');
    await expect(store.settled()).rejects.toThrow('damaged');
    expect(said).toHaveLength(1);
    await store.close();
    expect((await again(log, folder)).tables).toEqual(tables);
  });

  test('is made anew by the rebuild command, but not under a gateway that runs', async () => {
    const path = join(aFolder(), 'data');
    const folder = await openFolder(path);
    const log = await openFileLog(folder.log, { shards: 4 });
    for (const { shard, seq, bytes } of (await story({})).records) await log.append(shard, seq - 1, bytes);
    const { tables, id } = await again(log, folder.store);
    const lines: string[] = [];
    await expect(rebuild(path, (text) => { lines.push(text); })).rejects.toThrow();
    await log.close();
    change(join(folder.store, STORE_FILE), 'delete from chunk');
    await rebuild(path, (text) => { lines.push(text); });
    expect(lines.join()).toContain('200 records in');
    expect(tablesOf(join(folder.store, STORE_FILE))).toEqual(tables);
    const reopened = await openFileLog(folder.log);
    expect((await again(reopened, folder.store)).id).not.toBe(id);
    await reopened.close();
  });

  test('of a node of a cluster is put aside by a rebuild, unless the node runs; the next start makes it anew', async () => {
    const path = join(aFolder(), 'data');
    const { store } = await openFolder(path, { cluster: 'east' });
    const file = join(store, STORE_FILE);
    const log = memoryLog({ shards: 4 });
    await again(log, store);
    const lock = await lockFolder(path);
    await expect(rebuild(path, () => undefined, 'east')).rejects.toThrow(/in use by process/);
    await lock.release();
    await expect(rebuild(path, () => undefined, 'west')).rejects.toThrow(/belongs to a node of the cluster "east"/);
    expect(existsSync(file)).toBe(true);
    const lines: string[] = [];
    await rebuild(path, (text) => { lines.push(text); }, 'east');
    expect(lines).toEqual(['The tables are put aside. The next start makes them anew, from a backup or from the log of the cluster.']);
    expect([existsSync(file), existsSync(`${file}.aside`)]).toEqual([false, true]);
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
