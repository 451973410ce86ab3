/**
 * The tables of the store, and how one batch of records changes them: all of it or nothing, each record once and in its
 * shard's order, and of each actor only the newest state.
 */
import type Database from 'libsql';
import { chunksOf, type ChunkLine } from './chunk.ts';
import { headOf } from './entry.head.ts';
import { factsOf } from './lists.ts';
import type { Stored } from './log.ts';
import { decodeRecord, hashOf, NO_HASH, previousOf, type Change } from './record.ts';
import type { MovedRow } from './store.ts';
import { ActorRows } from './tables.actor.ts';
import { Tally } from './tables.tally.ts';

export type Db = Database.Database;

/** A store of another version is rebuilt, never migrated: it is derived. */
export const VERSION = '4';

/**
 * Only conversations have the columns of an actor from `workspace` on; those from `shelf` on say which lists it is in
 * (see lists.ts). Nearly every change moves a conversation in each list that has it, so an index holds few of them.
 *
 * Chunks of lines lie in the order in which they came, so that what is written together lies together. Their index is
 * not unique: a double line would be a fault of an actor, and must show in the log, not stop the tables. `word` says which
 * chunks have a word (see store.index.ts); it keeps no text, and its words are letters and digits, made in words.ts.
 */
export const SCHEMA = `
  create table meta(key text primary key, value text not null) without rowid;
  create table position(shard integer primary key, seq integer not null, hash blob not null);
  create table actor(
    id text primary key, state text not null, due integer not null, pending integer not null,
    workspace text, contact text, at integer, n integer,
    shelf integer, agent text, team text, mentions text, waiting integer
  );
  create index actor_due on actor(due) where due > 0;
  create index actor_pending on actor(id) where pending = 1;
  create index conversation_feed on actor(workspace, n) where workspace is not null;
  create index conversation_contact on actor(workspace, contact) where workspace is not null;
  create index conversation_shelf on actor(workspace, shelf, at, waiting, agent, team) where workspace is not null;
  create index conversation_mentions on actor(workspace, at) where mentions is not null;
  create index conversation_waiting on actor(workspace, waiting, shelf, agent, team) where waiting > 0;
  create table tally(workspace text, list text, count integer not null, primary key(workspace, list)) without rowid;
  create table chunk(id integer primary key, actor text not null, first integer not null, least blob, greatest blob, bytes blob not null);
  create index chunk_first on chunk(actor, first);
  create virtual table word using fts5(scope, said, content='', columnsize=0, tokenize='ascii');
`;

/** A record that the tables cannot take. Its shard stops there; trying again would not help. */
export class RecordFault extends Error {
  readonly shard: number;
  readonly seq: number;

  constructor(record: Stored, why: string, options?: ErrorOptions) {
    super(`Record ${record.seq} of shard ${record.shard} cannot be applied: ${why}`, options);
    this.shard = record.shard;
    this.seq = record.seq;
  }
}

export interface Applied {
  /** Shard and new position, of the shards that moved. */
  positions: [shard: number, seq: number][];
  feed: MovedRow[];
}

/** The writing side, on the one connection that writes. */
export class Tables {
  readonly #db: Db;
  readonly #statements: ReturnType<typeof statements>;
  readonly #rows: ActorRows;
  readonly #tally: Tally;
  /** Position and newest hash of each shard; replaced, not changed, so that a rolled back batch leaves no trace. */
  #places: Place[];
  #feed: number;

  constructor(db: Db) {
    this.#db = db;
    this.#statements = statements(db);
    this.#rows = new ActorRows(db);
    this.#tally = new Tally(db);
    this.#places = readPlaces(db);
    this.#feed = readFeed(db);
  }

  get positions(): number[] {
    return this.#places.map((place) => place.seq);
  }

  /** @throws RecordFault; or whatever SQLite says. In both cases nothing is changed. */
  apply(batch: readonly Stored[]): Applied {
    this.#db.exec('begin immediate');
    try {
      const applied = this.#applyAll(batch);
      this.#db.exec('commit');
      this.#places = applied.places;
      this.#feed += applied.feed.length;
      return { positions: applied.positions, feed: applied.feed };
    } catch (error) {
      // SQLite may have rolled back by itself, for instance when the disk is full.
      if (this.#db.inTransaction) this.#db.exec('rollback');
      throw error;
    }
  }

  #applyAll(batch: readonly Stored[]): Applied & { places: Place[] } {
    const { gains, moved } = this.#gather(batch);
    const feed: MovedRow[] = [];
    for (const gain of gains) this.#put(gain, feed);
    if (feed.length > 0) this.#statements.putFeed.run(String(this.#feed + feed.length));
    this.#tally.count(feed);
    const places = [...this.#places];
    for (const { shard, seq, bytes } of moved) {
      const hash = hashOf(bytes);
      this.#statements.putPosition.run(shard, seq, hash);
      places[shard] = { seq, hash };
    }
    return { positions: moved.map(({ shard, seq }) => [shard, seq]), feed, places };
  }

  /** What changes, in the order of the newest change of each actor, and the newest record of each shard. */
  #gather(batch: readonly Stored[]): { gains: Gain[]; moved: Stored[] } {
    const moved = new Map<number, Stored>();
    const gains = new Map<string, Gain>();
    let turn = 0;
    for (const record of batch) {
      const place = placeOf(this.#places, record);
      const seq = moved.get(record.shard)?.seq ?? place.seq;
      if (record.seq <= seq) continue;
      if (record.seq !== seq + 1) throw new RecordFault(record, `the tables end at ${seq}, so others are missing.`);
      if (!moved.has(record.shard)) checkChain(record, place);
      for (const change of changesOf(record)) {
        const lines = linesOf(record, change);
        const before = gains.get(change.actor);
        if (before === undefined) gains.set(change.actor, { change, record, lines, turn: turn++ });
        else {
          before.change = change;
          before.record = record;
          before.lines.push(...lines);
          before.turn = turn++;
        }
      }
      moved.set(record.shard, record);
    }
    return { gains: [...gains.values()].sort((a, b) => a.turn - b.turn), moved: [...moved.values()] };
  }

  #put({ change, record, lines }: Gain, feed: MovedRow[]): void {
    const { actor, due, pending } = change;
    if (change.state.byteLength === 0) return this.#rows.drop(actor);
    const state = Buffer.from(change.state.buffer, change.state.byteOffset, change.state.byteLength).toString();
    const facts = actor.startsWith('c/') ? readable(record, () => factsOf(JSON.parse(state))) : undefined;
    const listing = facts === undefined ? undefined : { ...facts, n: this.#feed + feed.length + 1 };
    const moves = this.#rows.put(actor, { state, due, pending }, listing);
    if (listing !== undefined) feed.push({ n: listing.n, actor, state, ...moves });
    for (const { first, least, greatest, bytes } of chunksOf(lines)) {
      this.#statements.putChunk.run([actor, first, least, greatest, bytes]);
    }
  }
}

/** What a batch changes of one actor: its newest change, the record of that, and all lines gained. */
interface Gain {
  change: Change;
  record: Stored;
  lines: ChunkLine[];
  /** When that change came, among all of the batch. */
  turn: number;
}

/** Where a shard stands: its newest applied record. */
export interface Place {
  seq: number;
  hash: Uint8Array;
}

/** The place of a shard without records. */
export const NO_PLACE: Place = { seq: 0, hash: NO_HASH };

export function readPlaces(db: Db): Place[] {
  const rows = db.prepare('select seq, hash from position order by shard').raw().all() as [number, Uint8Array][];
  return rows.map(([seq, hash]) => ({ seq, hash }));
}

/** The newest feed number given out, 0 for none. */
export function readFeed(db: Db): number {
  return Number(readMeta(db, 'feed') ?? 0);
}

export function readMeta(db: Db, key: string): string | undefined {
  const row = db.prepare('select value from meta where key = ?').raw().get(key) as [string] | undefined;
  return row?.[0];
}

function statements(db: Db) {
  return {
    putChunk: db.prepare('insert into chunk(actor, first, least, greatest, bytes) values (?, ?, ?, ?, ?)'),
    putPosition: db.prepare('update position set seq = ?2, hash = ?3 where shard = ?1'),
    putFeed: db.prepare(`update meta set value = ? where key = 'feed'`),
  };
}

function placeOf(places: readonly Place[], record: Stored): Place {
  const place = places[record.shard];
  if (place === undefined) throw new RecordFault(record, `this store has ${places.length} shards.`);
  return place;
}

/** A chain that does not fit means that the tables were filled from another log. */
function checkChain(record: Stored, place: Place): void {
  if (Buffer.compare(previousOf(record.bytes), place.hash) === 0) return;
  throw new RecordFault(record, 'it does not follow the record that the tables end with. Rebuild the store.');
}

function changesOf(record: Stored): Change[] {
  return readable(record, () => decodeRecord(record.bytes)).changes;
}

function linesOf(record: Stored, { entries }: Change): ChunkLine[] {
  return readable(record, () => entries.map(({ audience, bytes }) => {
    const { seq, cmid } = headOf(bytes);
    return { seq, cmid, audience, bytes };
  }));
}

function readable<T>(record: Stored, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new RecordFault(record, error instanceof Error ? error.message : String(error), { cause: error });
  }
}
