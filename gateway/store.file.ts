/**
 * The store's file: made whole or not at all, used only if it is ours, sound and of this log. Since everything in it
 * follows from the log, one that is not right is made anew; only what somebody else put there is never touched.
 */
import { randomUUID } from 'node:crypto';
import {
  closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync, writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import Database from 'libsql';
import { NO_PLACE, readFeed, readMeta, readPlaces, SCHEMA, VERSION, type Db, type Place } from './tables.ts';

/** Where a shard's log ends; undefined when the log cannot tell. */
export type Head = Place | undefined;

/** What is in the place of the store is not one, and is not ours to remove. */
export class ForeignFile extends Error {}

/** 'PRLY', which SQLite keeps in the file's header: a Parley store, of whatever version. */
const APPLICATION_ID = 0x50524c59;
const APPLICATION_ID_AT = 68;
const SQLITE = 'SQLite format 3\0';
/** Tables that know more than the log are the last copy of it: nobody throws them away but a person. */
const LOST = 'a part of the log is missing. Nothing was changed. Put the log back from a backup; or, to go on without '
  + 'what is missing, move this file away, or start once with --rebuild, which keeps it as .aside.';
/** SQLite makes the log of changes part of the file at this many pages: rarely, since busy pages change often. */
const CHECKPOINT_PAGES = 4000;
/** Files up to here are checked whole at every start, in a tenth of a second; in larger ones damage shows in use. */
const CHECKED_BYTES = 64 * 1024 * 1024;

/**
 * The newest transactions are not synced, so a power cut may take them, and the catching up makes them anew, perhaps
 * in another order. A feed number that a client already holds must then not stand for another change: so numbers leap
 * at each start, further than can be given out between two, and the leap is on the disk before the first is given.
 */
const FEED_LEAP = 2 ** 32;

/** Opens the store for writing; `rebuilt` says why it begins empty again, if it does. @throws ForeignFile */
export function openFile(file: string, shards: number, heads: readonly Head[]): { db: Db; rebuilt: string } {
  const wrong = inspect(file, shards, heads);
  if (wrong !== '') discard(file, wrong);
  if (!existsSync(file)) create(file, shards);
  const db = connect(file);
  db.prepare(`update meta set value = ? where key = 'feed'`).run(String(readFeed(db) + FEED_LEAP));
  db.exec('pragma wal_checkpoint(truncate)');
  return { db, rebuilt: wrong };
}

/** A connection as both threads use it. */
export function connect(file: string): Db {
  const db = new Database(file);
  db.exec(`pragma busy_timeout = 0; pragma cache_size = -32000; pragma journal_mode = wal;
    pragma synchronous = normal; pragma wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  return db;
}

/** Notes that the file turned out damaged in use, for the next start. */
export function markDamaged(file: string): void {
  writeFileSync(`${file}.damaged`, 'Found damaged in use. Parley makes it anew from the log at the next start.\n');
}

/** What the tables in a file have of each shard; or why there are none that can be used as they are. */
export type Examined = { positions: number[] } | { wrong: string };

/** @throws ForeignFile */
export function examine(file: string, shards: number): Examined {
  const wrong = existsSync(file) ? inspect(file, shards, []) : 'not there';
  return wrong === '' ? { positions: positionsOf(file) } : { wrong };
}

/** The same of a file that is known to be right. */
export function positionsOf(file: string): number[] {
  const db = new Database(file);
  try {
    return readPlaces(db).map((place) => place.seq);
  } finally {
    db.close();
  }
}

/** Gives a copy of another node's tables an identity of its own: feed cursors of the other's are worthless here. */
export function rename(copy: string): void {
  const db = new Database(copy);
  db.exec(`pragma journal_mode = delete; update meta set value = '${randomUUID()}' where key = 'store'`);
  db.close();
}

/** Puts a copy in the place of the tables, which nobody may have open. */
export function replace(copy: string, file: string): void {
  for (const part of [file, `${file}-wal`, `${file}-shm`, `${file}.damaged`]) rmSync(part, { force: true });
  renameSync(copy, file);
}

/** Puts the tables aside, before a rebuild: whole, for whoever finds that the log lacked something. @throws ForeignFile */
export function putAside(file: string): void {
  if (kindOf(file) === 'none') return;
  for (const part of ['', '-wal', '-shm']) if (existsSync(file + part)) renameSync(file + part, `${file}.aside${part}`);
  rmSync(`${file}.damaged`, { force: true });
}

/** Whether SQLite found the file itself wrong, rather than the disk full or the file locked. */
export function isBroken(error: unknown): boolean {
  return /^SQLITE_(CORRUPT|NOTADB)/.test(codeOf(error));
}
/** A table or column that is not there. */
const isSqlError = (error: unknown): boolean => codeOf(error) === 'SQLITE_ERROR';
const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** Why the file must be made anew; '' when it is right or not there. */
function inspect(file: string, shards: number, heads: readonly Head[]): string {
  const kind = kindOf(file);
  if (kind === 'none') return '';
  if (kind === 'broken') return 'damaged: the file is not a SQLite database any more';
  if (existsSync(`${file}.damaged`)) return 'damaged: found in use';
  let db: Db | undefined;
  try {
    db = connect(file);
    return read(db, file, shards, heads);
  } catch (error) {
    // No room or no access says nothing about the file: the start fails, and the tables stay.
    if (!isBroken(error) && !isSqlError(error)) throw error;
    return `damaged: ${error instanceof Error ? error.message : String(error)}`;
  } finally {
    db?.close();
  }
}

function read(db: Db, file: string, shards: number, heads: readonly Head[]): string {
  const version = readMeta(db, 'version');
  if (version !== VERSION) return `outdated: its tables are of version ${version}, these are of version ${VERSION}`;
  if (statSync(file).size <= CHECKED_BYTES) {
    const [answer] = db.prepare('pragma quick_check(1)').raw().get() as [string];
    if (answer !== 'ok') return `damaged: ${answer}`;
  }
  const places = readPlaces(db);
  if (places.length !== shards) return `foreign to this log: it has ${places.length} shards, the log ${shards}`;
  for (const [shard, place] of places.entries()) {
    const head = heads[shard];
    if (head === undefined) continue;
    if (place.seq > head.seq) throw new ForeignFile(`${file} knows record ${place.seq} of shard ${shard}, but the log ends at ${head.seq}: ${LOST}`);
    if (place.seq < head.seq) continue;
    const same = Buffer.compare(place.hash, head.hash) === 0;
    if (!same) throw new ForeignFile(`${file} follows another log: shard ${shard} ends with another record. ${LOST}`);
  }
  return '';
}

/** What is in the place, by its header alone: nothing is opened, so nothing can be changed. @throws ForeignFile */
function kindOf(file: string): 'none' | 'ours' | 'broken' {
  if (!existsSync(file)) return 'none';
  const header = Buffer.alloc(100);
  const from = openSync(file, 'r');
  readSync(from, header, 0, header.length, 0);
  closeSync(from);
  if (header.toString('latin1', 0, SQLITE.length) !== SQLITE) return 'broken';
  if (header.readUInt32BE(APPLICATION_ID_AT) === APPLICATION_ID) return 'ours';
  throw new ForeignFile(`${file} is the database of another program. Move it away, or give Parley another data folder; `
    + 'nothing was changed.');
}

/** What is damaged is kept beside, once, for whoever wants to know why; the rest holds nothing that the log lacks. */
function discard(file: string, why: string): void {
  // What SQLite has yet to merge goes first: it must never be found beside another file of this name.
  for (const part of [`${file}-wal`, `${file}-shm`]) rmSync(part, { force: true });
  if (why.startsWith('damaged')) renameSync(file, `${file}.aside`);
  for (const part of [file, `${file}.damaged`]) rmSync(part, { force: true });
}

/** Made under another name first, so that a file in the place is always a whole store. */
function create(file: string, shards: number): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const draft = `${file}.new`;
  rmSync(draft, { force: true });
  const db = new Database(draft);
  db.exec(`pragma application_id = ${APPLICATION_ID}; begin; ${SCHEMA}`);
  const put = db.prepare('insert into meta values (?, ?)');
  put.run('version', VERSION);
  put.run('store', randomUUID());
  put.run('feed', '0');
  put.run('words', '0');
  const place = db.prepare('insert into position values (?, ?, ?)');
  for (let shard = 0; shard < shards; shard++) place.run(shard, NO_PLACE.seq, NO_PLACE.hash);
  db.exec('commit');
  db.close();
  for (const part of [`${file}-wal`, `${file}-shm`]) rmSync(part, { force: true });
  renameSync(draft, file);
}
