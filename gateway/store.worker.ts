/**
 * A thread of the store: the writer, which opens the file and applies records, or the reader, which answers questions
 * from a connection of its own, so that no question waits behind a long transaction.
 */
import { parentPort, workerData } from 'node:worker_threads';
import type { Rank, Sort } from './lists.ts';
import type { Stored } from './log.ts';
import type { MovedRow, Range } from './store.ts';
import { connect, examine, ForeignFile, isBroken, markDamaged, openFile, rename, type Examined, type Head } from './store.file.ts';
import { pack, unpack, type Parcel } from './store.parcel.ts';
import { Indexing, WordIndex } from './store.index.ts';
import { Queries } from './store.queries.ts';
import { readMeta, RecordFault, Tables, type Db } from './tables.ts';

/** The examiner and the renamer do one thing and end: only with its thread is a file let go of for certain. */
export interface Role { role: 'writer' | 'reader' | 'examiner' | 'renamer'; file: string; shards: number; heads: Head[] }

/** Shard and sequence of each record, and their bytes in the same order. */
export interface Batch { places: [shard: number, seq: number][]; records: Parcel }
export type Question =
  | { ask: 'actor'; id: string }
  | { ask: 'due'; at: number; limit: number; shards: readonly number[] | undefined }
  | { ask: 'pending'; shards: readonly number[] | undefined }
  | { ask: 'entries'; actor: string; range: Range }
  | { ask: 'byCmid'; actor: string; cmid: string }
  | { ask: 'feed' | 'newest'; workspace: string; contact: string | null; after: number; limit: number }
  | { ask: 'list'; workspace: string; list: string; sort: Sort; after: Rank | null; limit: number }
  | { ask: 'tallies'; workspace: string }
  | { ask: 'changed'; workspace: string; after: number; limit: number }
  | { ask: 'search'; workspace: string; query: string; before: string | null; limit: number }
  | { ask: 'copy'; into: string };
export type Order =
  | { t: 'apply'; batch: Batch }
  | { t: 'open' }
  /** Takes what the index of words lacks, as far as that is done at once. */
  | { t: 'index' }
  | { t: 'questions'; questions: { n: number; question: Question }[] }
  | { t: 'close' };

/** Entries without their bytes, which are in a parcel. */
export interface Lines { lines: [seq: number, agents: boolean][]; parcel: Parcel }
export type News =
  | { t: 'open'; id: string; positions: number[]; rebuilt: string }
  | { t: 'foreign'; what: string }
  | { t: 'examined'; examined: Examined }
  | { t: 'ready' }
  /** `took`: milliseconds of work. */
  | { t: 'applied'; positions: [shard: number, seq: number][]; feed: MovedRow[]; took: number }
  /** `fault`: this record never; `later`: no room or no access, try again; `damaged`: the file is broken. */
  | { t: 'failed'; kind: 'fault' | 'later' | 'damaged'; shard: number; seq: number; what: string }
  /** `whole`: the index has all that the tables have. */
  | { t: 'indexed'; whole: boolean }
  | { t: 'answers'; answers: Answer[] };
export type Answer = { n: number; value: unknown } | { n: number; error: string };

const port = parentPort;
if (port === null) throw new Error('store.worker.ts runs as a worker thread of the store.');
const { role, file, shards, heads } = workerData as Role;
const tell = (news: News): void => port.postMessage(news);

switch (role) {
  case 'writer': write(); break;
  case 'reader': read(); break;
  case 'examiner': look(); break;
  case 'renamer':
    rename(file);
    tell({ t: 'ready' });
}

function look(): void {
  try {
    tell({ t: 'examined', examined: examine(file, shards) });
  } catch (error) {
    if (!(error instanceof ForeignFile)) throw error;
    tell({ t: 'foreign', what: error.message });
  }
}

function write(): void {
  let db: Db;
  let tables: Tables;
  let index: Indexing;
  try {
    const opened = openFile(file, shards, heads);
    db = opened.db;
    tables = new Tables(db);
    index = new Indexing(new WordIndex(db), (error) => {
      const failure = failureOf(error);
      // A full disk is tried again; what is applied does not depend on it.
      if (failure.kind === 'damaged') tell({ t: 'failed', ...failure });
    });
    tell({ t: 'open', id: readMeta(db, 'store') ?? '', positions: tables.positions, rebuilt: opened.rebuilt });
  } catch (error) {
    if (!(error instanceof ForeignFile)) throw error;
    tell({ t: 'foreign', what: error.message });
    return;
  }
  port?.on('message', (order: Order) => {
    if (order.t === 'close') {
      index.stop();
      finish(db);
    } else if (order.t === 'index') {
      tell({ t: 'indexed', whole: index.now() });
    } else if (order.t === 'apply') {
      try {
        const begun = performance.now();
        const applied = tables.apply(recordsOf(order.batch));
        tell({ t: 'applied', ...applied, took: performance.now() - begun });
        index.soon();
      } catch (error) {
        tell({ t: 'failed', ...failureOf(error) });
      }
    }
  });
}

function read(): void {
  let db: Db | undefined;
  let queries: Queries;
  port?.on('message', (order: Order) => {
    if (order.t === 'open') {
      db = connect(file);
      queries = new Queries(db, shards);
      tell({ t: 'ready' });
    } else if (order.t === 'questions') {
      tell({ t: 'answers', answers: order.questions.map(({ n, question }) => reply(queries, n, question)) });
    } else if (order.t === 'close') {
      finish(db);
    }
  });
}

function reply(queries: Queries, n: number, question: Question): Answer {
  try {
    return { n, value: answer(queries, question) };
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === 'damaged') tell({ t: 'failed', ...failure });
    return { n, error: failure.what };
  }
}

function answer(queries: Queries, question: Question): unknown {
  switch (question.ask) {
    case 'actor': return queries.actor(question.id);
    case 'due': return queries.due(question.at, question.limit, question.shards);
    case 'pending': return queries.pending(question.shards);
    case 'entries': return linesOf(queries.entries(question.actor, question.range));
    case 'byCmid': {
      const entry = queries.byCmid(question.actor, question.cmid);
      return linesOf(entry === undefined ? [] : [entry]);
    }
    case 'feed': return queries.feed(question.workspace, question.contact, question.after, question.limit);
    case 'list': return queries.list(question.workspace, question.list, question.sort, question.after, question.limit);
    case 'tallies': return queries.tallies(question.workspace);
    case 'changed': return queries.changed(question.workspace, question.after, question.limit);
    case 'search': return queries.search(question.workspace, question.query, question.before, question.limit);
    case 'copy': return queries.copy(question.into);
    case 'newest': return queries.newest(question.workspace, question.contact, question.limit);
  }
}

function linesOf(entries: ReturnType<Queries['entries']>): Lines {
  return { lines: entries.map((e) => [e.seq, e.audience === 'agents']), parcel: pack(entries.map((e) => e.bytes)) };
}

function recordsOf({ places, records }: Batch): Stored[] {
  const bytes = unpack(records);
  return places.map(([shard, seq], i) => ({ shard, seq, bytes: bytes[i] ?? new Uint8Array() }));
}

function failureOf(error: unknown): { kind: 'fault' | 'later' | 'damaged'; shard: number; seq: number; what: string } {
  const what = error instanceof Error ? error.message : String(error);
  if (error instanceof RecordFault) return { kind: 'fault', shard: error.shard, seq: error.seq, what };
  if (!isBroken(error)) return { kind: 'later', shard: -1, seq: 0, what };
  markDamaged(file);
  return { kind: 'damaged', shard: -1, seq: 0, what };
}

/** The last connection that closes makes the file whole; a port without listeners lets the thread end. */
function finish(db: Db | undefined): void {
  if (db?.open) {
    if (role === 'writer') db.exec('pragma wal_checkpoint(truncate)');
    db.close();
  }
  port?.removeAllListeners('message');
  port?.close();
}
