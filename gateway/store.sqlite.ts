/**
 * The store's side of the main thread: it hands committed records to the writing thread, many at a time, and questions
 * to the reading one. It costs the main thread a copy of the bytes and a few numbers for each record.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from './clock.ts';
import { LogRefusal, type Log } from './log.ts';
import { hashOf } from './record.ts';
import type { Report } from './report.ts';
import type { FoundPage, MovedRow, Store, StoredEntry } from './store.ts';
import { Feeder } from './store.feeder.ts';
import { replace, type Examined, type Head } from './store.file.ts';
import { unpack } from './store.parcel.ts';
import type { Queries } from './store.queries.ts';
import { endThread, firstNews, once, order, Reader, startThread } from './store.thread.ts';
import type { Lines, News } from './store.worker.ts';
import { NO_PLACE } from './tables.ts';

export const STORE_FILE = 'store.sqlite';

/** Where the tables are. In memory means a folder of its own that goes when the store is closed: one code path. */
export type StorePlace = { folder: string } | { memory: true };

export type StoreOptions = StorePlace & {
  /** What the tables follow. Read when they fell behind; `catchUp` makes them level at start. */
  log: Pick<Log, 'shards' | 'last' | 'read'>;
  report: Report;
  /** For rests of milliseconds and for another try. Not the clock that a test moves by hand, unless it means to. */
  clock?: Clock;
  /** How many bytes of records may wait in memory. */
  queueBytes?: number;
};

/** @throws Error with a sentence for the operator, when another program's database is in the place. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { log, report, clock = systemClock, queueBytes } = options;
  const temporary = 'memory' in options;
  const folder = temporary ? mkdtempSync(join(tmpdir(), 'parley-store-')) : options.folder;
  const place = { file: join(folder, STORE_FILE), shards: log.shards };
  const writer = startThread({ ...place, role: 'writer', heads: await headsOf(log) });
  const broke = (error: Error): void => {
    report('error', 'A thread of the store has failed. Start again; nothing is lost.', { why: String(error) });
    end(new Error('The store has failed.', { cause: error }));
  };
  const aReader = (): Reader => new Reader(place, (news) => feeder.failed(news), broke);
  const reader = aReader();
  const opened = await firstNews(writer);
  if (opened.t !== 'open') {
    await Promise.all([writer.terminate(), reader.terminate()]);
    throw new Error(opened.t === 'foreign' ? opened.what : 'The store did not open.');
  }
  if (opened.rebuilt !== '') report('warn', 'The store is made anew from the log.', { why: opened.rebuilt });
  const { asker } = await reader.open();

  const listeners = new Set<(feed: readonly MovedRow[]) => void>();
  const indexing: ((whole: boolean) => void)[] = [];
  const feeder = new Feeder({
    positions: opened.positions, log, clock, report, queueBytes,
    send: (batch) => order(writer, { t: 'apply', batch }, [batch.records.bytes.buffer]),
  });
  writer.on('message', (news: News) => {
    if (news.t === 'failed') return feeder.failed(news);
    if (news.t === 'indexed') return indexing.shift()?.(news.whole);
    if (news.t !== 'applied') return;
    feeder.applied(news.positions, news.took);
    for (const listener of listeners) listener(news.feed);
  });
  writer.on('error', broke);
  /** Nobody who wakes an actor waits behind a search. Few houses search at once, so its thread is started by the first. */
  let searching: Promise<Reader> | undefined;
  let ended: Error | undefined;
  const end = (error: Error): void => {
    ended ??= error;
    feeder.end(error);
    asker.end(error);
    for (const done of indexing.splice(0)) done(false);
    void searching?.then((searcher) => searcher.asker.end(error));
  };
  const indexed = (): Promise<boolean> => new Promise((resolve) => {
    indexing.push(resolve);
    order(writer, { t: 'index' });
  });
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    end(new Error('The store is closed.'));
    for (const each of [reader, await searching]) await each?.close();
    await endThread(writer);
    if (temporary) rmSync(folder, { recursive: true, force: true });
  };

  return {
    id: opened.id,
    positions: feeder.positions,
    apply: (records) => feeder.apply(records),
    onApplied(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    settled: () => feeder.settled(),
    async actor(id) {
      const found = await asker.ask<ReturnType<Queries['actor']>>({ ask: 'actor', id });
      if (found === undefined) return undefined;
      return { state: Buffer.from(found.state), parts: new Map(found.parts.map(([key, state]) => [key, Buffer.from(state)])) };
    },
    due: (at, limit, shards) => asker.ask({ ask: 'due', at, limit, shards }),
    pending: (shards) => asker.ask({ ask: 'pending', shards }),
    entries: async (actor, range) => entriesOf(await asker.ask<Lines>({ ask: 'entries', actor, range })),
    byCmid: async (actor, cmid) => entriesOf(await asker.ask<Lines>({ ask: 'byCmid', actor, cmid }))[0],
    feed: (workspace, contact, after, limit) => asker.ask({ ask: 'feed', workspace, contact, after, limit }),
    newest: (workspace, contact, limit) => asker.ask({ ask: 'newest', workspace, contact, after: 0, limit }),
    list: (workspace, list, sort, after, limit) => asker.ask({ ask: 'list', workspace, list, sort, after, limit }),
    tallies: (workspace) => asker.ask({ ask: 'tallies', workspace }),
    changed: (workspace, after, limit) => asker.ask({ ask: 'changed', workspace, after, limit }),
    async search(workspace, query, before, limit) {
      if (ended !== undefined) throw ended;
      const [whole, searcher] = await Promise.all([indexed(), searching ??= aReader().open()]);
      const page = await searcher.asker.ask<Omit<FoundPage, 'whole'>>({ ask: 'search', workspace, query, before, limit });
      return { ...page, whole };
    },
    async backup(file) {
      if (ended !== undefined) throw ended;
      const copier = await aReader().open();
      try {
        return await copier.asker.ask<number[]>({ ask: 'copy', into: file });
      } finally {
        await copier.close();
      }
    },
    close: () => (closing ??= close()),
  };
}

/** What tables a file has, without opening them. @throws Error with a sentence, when another program's database is in the place */
export async function examineStore(file: string, shards: number): Promise<Examined> {
  const news = await once('examiner', file, shards);
  if (news.t !== 'examined') throw new Error(news.t === 'foreign' ? news.what : 'The store could not be examined.');
  return news.examined;
}

/** Puts a copy of another node's tables in the place of this one's, which nobody may have open. */
export async function adopt(copy: string, file: string): Promise<void> {
  await once('renamer', copy);
  replace(copy, file);
}

/** Where the log ends, shard by shard: tables that are further than that belong to another log. */
async function headsOf(log: Pick<Log, 'shards' | 'last'>): Promise<Head[]> {
  return Promise.all(Array.from({ length: log.shards }, async (_, shard): Promise<Head> => {
    try {
      const last = await log.last(shard);
      return last === undefined ? NO_PLACE : { seq: last.seq, hash: hashOf(last.bytes) };
    } catch (error) {
      if (error instanceof LogRefusal) return undefined;
      throw error;
    }
  }));
}

function entriesOf({ lines, parcel }: Lines): StoredEntry[] {
  const bytes = unpack(parcel);
  return lines.map(([seq, agents], i) =>
    ({ seq, audience: agents ? 'agents' : 'everyone', bytes: bytes[i] ?? new Uint8Array() }));
}
