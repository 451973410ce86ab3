/**
 * The tables of the store, and how one batch of records changes them: all of it or nothing, each record once and in its
 * shard's order, and of each actor only the newest state.
 */
import type Database from 'libsql';
import { decodeEntry } from '../sdk/protocol/codec.ts';
import type { Stored } from './log.ts';
import { decodeRecord, hashOf, NO_HASH, previousOf, type Change } from './record.ts';
import type { FeedRow } from './store.ts';

export type Db = Database.Database;

/** A store of another version is rebuilt, never migrated: it is derived. */
export const VERSION = '1';

/**
 * What is written together lies together: an id of a client begins with its time, so an index that begins with that id
 * grows at its end, whichever actor it is for. That index is not unique: a double line would be a fault of an actor,
 * and must show in the log, not stop the tables.
 */
export const SCHEMA = `
  create table meta(key text primary key, value text not null) without rowid;
  create table position(shard integer primary key, seq integer not null, hash blob not null);
  create table actor(
    id text primary key, shard integer not null, state text not null, due integer not null, pending integer not null
  );
  create index actor_due on actor(due) where due > 0;
  create index actor_pending on actor(id) where pending = 1;
  create table entry(
    actor text, seq integer, audience integer not null, n integer not null, role text not null, kind text not null,
    at integer not null, cmid text, bytes blob not null,
    primary key (actor, seq)
  ) without rowid;
  create index entry_cmid on entry(cmid, actor) where cmid is not null;
  create table conversation(
    actor text primary key, workspace text not null, contact text not null, at integer not null, n integer not null
  ) without rowid;
  create index conversation_feed on conversation(workspace, n);
  create index conversation_newest on conversation(workspace, at);
  create index conversation_contact on conversation(workspace, contact);
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
  feed: FeedRow[];
}

/** The writing side, on the one connection that writes. */
export class Tables {
  readonly #db: Db;
  readonly #statements: ReturnType<typeof statements>;
  /** Position and newest hash of each shard; replaced, not changed, so that a rolled back batch leaves no trace. */
  #places: Place[];
  #feed: number;

  constructor(db: Db) {
    this.#db = db;
    this.#statements = statements(db);
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
    const places = [...this.#places];
    const moved = new Map<number, Stored>();
    const newest = new Map<string, { change: Change; record: Stored }>();
    for (const record of batch) {
      const seq = moved.get(record.shard)?.seq ?? placeOf(places, record).seq;
      if (record.seq <= seq) continue;
      if (record.seq !== seq + 1) throw new RecordFault(record, `the tables end at ${seq}, so others are missing.`);
      if (!moved.has(record.shard)) checkChain(record, placeOf(places, record));
      for (const change of changesOf(record)) {
        this.#addEntries(record, change);
        // Deleted first, so that the order is that of the newest changes.
        newest.delete(change.actor);
        newest.set(change.actor, { change, record });
      }
      moved.set(record.shard, record);
    }

    const feed: FeedRow[] = [];
    for (const { change, record } of newest.values()) this.#putActor(change, record, feed);
    if (feed.length > 0) this.#statements.putFeed.run(String(this.#feed + feed.length));
    for (const { shard, seq, bytes } of moved.values()) {
      const hash = hashOf(bytes);
      this.#statements.putPosition.run(shard, seq, hash);
      places[shard] = { seq, hash };
    }
    return { positions: [...moved.values()].map(({ shard, seq }) => [shard, seq]), feed, places };
  }

  #addEntries(record: Stored, change: Change): void {
    for (const { audience, bytes } of change.entries) {
      const line = readable(record, () => decodeEntry(bytes));
      this.#statements.putEntry.run(
        change.actor, line.seq, audience === 'agents' ? 1 : 0,
        line.n, line.author.role, line.kind, line.at, line.cmid, bytes,
      );
    }
  }

  #putActor(change: Change, record: Stored, feed: FeedRow[]): void {
    const state = Buffer.from(change.state.buffer, change.state.byteOffset, change.state.byteLength).toString();
    this.#statements.putActor.run(change.actor, record.shard, state, change.due, change.pending ? 1 : 0);
    const row = change.actor.startsWith('c/') ? readable(record, () => listed(state)) : undefined;
    if (row === undefined) return;
    const n = this.#feed + feed.length + 1;
    this.#statements.putConversation.run(change.actor, row.workspace, row.contact, row.at, n);
    feed.push({ n, actor: change.actor, state });
  }
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
    putEntry: db.prepare('insert or replace into entry values (?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    putActor: db.prepare(`insert into actor values (?, ?, ?, ?, ?) on conflict(id) do update set
      shard = excluded.shard, state = excluded.state, due = excluded.due, pending = excluded.pending`),
    putConversation: db.prepare(`insert into conversation values (?, ?, ?, ?, ?) on conflict(actor) do update set
      workspace = excluded.workspace, contact = excluded.contact, at = excluded.at, n = excluded.n`),
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

function readable<T>(record: Stored, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new RecordFault(record, error instanceof Error ? error.message : String(error), { cause: error });
  }
}

interface Listed {
  workspace?: string;
  contact?: { id?: string };
  at?: number;
}

/** What the list of conversations sorts by; undefined for a state that says nothing of it. */
function listed(state: string): { workspace: string; contact: string; at: number } | undefined {
  const { workspace, contact, at } = JSON.parse(state) as Listed;
  if (typeof workspace !== 'string' || typeof contact?.id !== 'string' || typeof at !== 'number') return undefined;
  return { workspace, contact: contact.id, at };
}
