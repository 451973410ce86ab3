/** Everything that is read from the tables, on a connection of its own that never waits for the writing one. */
import type Database from 'libsql';
import { putUlid } from '../sdk/protocol/ulid.ts';
import { entriesIn, lineIn } from './chunk.ts';
import { PART } from './record.ts';
import type { Rank, Sort } from './lists.ts';
import { countOf, listed, newest, tallies } from './store.lists.ts';
import { shardOf } from './sharding.ts';
import { search } from './store.search.ts';
import { positionsOf } from './store.file.ts';
import type { FeedRow, FoundPage, Listed, Range, StoredEntry } from './store.ts';
import { readFeed, type Db } from './tables.ts';

/** No answer is longer than this, whatever is asked. */
const LIMIT = 1000;
/** So many chunks are read at a time. */
const CHUNKS_MIN = 2;
const CHUNKS_MAX = 64;
/** The first name after those of all parts. */
const AFTER_PARTS = String.fromCharCode(PART.charCodeAt(0) + 1);

type ChunkRow = [first: number, bytes: Uint8Array];
type Row = [n: number, actor: string, state: string];

export class Queries {
  readonly #db: Db;
  /** How many shards actors are spread over. */
  readonly #shards: number;
  readonly #statements = new Map<string, Database.Statement>();
  readonly #ask = <Row>(sql: string, ...values: (string | number)[]): Row[] => this.#rows<Row>(sql, ...values);

  constructor(db: Db, shards: number) {
    this.#db = db;
    this.#shards = shards;
  }

  /** The state of an actor and, by key, of its parts. */
  actor(id: string): { state: string; parts: [key: string, state: string][] } | undefined {
    const parts: [string, string][] = [];
    let own: string | undefined;
    const rows = this.#rows<[string, string]>('select id, state from actor where id = ? or (id > ? and id < ?)', id, id + PART, id + AFTER_PARTS);
    for (const [of, state] of rows) {
      if (of === id) own = state;
      else parts.push([of.slice(id.length + PART.length), state]);
    }
    return own === undefined ? undefined : { state: own, parts };
  }

  due(at: number, limit: number, shards: readonly number[] | undefined): { actors: { actor: string; due: number }[]; next: number } {
    const most = Math.min(limit, LIMIT);
    if (shards !== undefined) return this.#dueOn(at, most, shards);
    const rows = this.#rows<[string, number]>(
      'select id, due from actor where due > 0 and due <= ? order by due limit ?', at, most + 1);
    const left = rows[most];
    if (left !== undefined) rows.length = most;
    const [later] = left ? [] : this.#rows<[number]>(
      'select due from actor where due > ? and due > 0 order by due limit 1', at);
    return { actors: rows.map(([actor, due]) => ({ actor, due })), next: left?.[1] ?? later?.[0] ?? 0 };
  }

  /** The rows are walked in the order of their times, for as long as those that are wanted may follow. */
  #dueOn(at: number, most: number, shards: readonly number[]): { actors: { actor: string; due: number }[]; next: number } {
    const wanted = this.#livesOn(shards);
    const actors: { actor: string; due: number }[] = [];
    const sql = 'select id, due, rowid from actor where due > 0 and (due, rowid) > (?, ?) order by due, rowid limit ?';
    for (let after = [0, 0], count = LIMIT; shards.length > 0 && count === LIMIT;) {
      const rows = this.#rows<[string, number, number]>(sql, ...after, LIMIT);
      for (const [actor, due, row] of rows) {
        after = [due, row];
        if (!wanted(actor)) continue;
        if (due > at || actors.length === most) return { actors, next: due };
        actors.push({ actor, due });
      }
      count = rows.length;
    }
    return { actors, next: 0 };
  }

  pending(shards: readonly number[] | undefined): string[] {
    const ids = this.#rows<[string]>('select id from actor where pending = 1 order by id').map(([id]) => id);
    return shards === undefined ? ids : ids.filter(this.#livesOn(shards));
  }

  #livesOn(shards: readonly number[]): (actor: string) => boolean {
    const set = new Set(shards);
    return (actor) => set.has(shardOf(actor, this.#shards));
  }

  entries(actor: string, { after, before, limit, newest, audience }: Range): StoredEntry[] {
    const most = Math.min(limit, LIMIT);
    const end = before === 0 ? Infinity : before;
    const found: StoredEntry[] = [];
    for (const [first, bytes] of newest ? this.#older(actor, end) : this.#newer(actor, after)) {
      const lines = entriesIn({ first, bytes }).filter((line) =>
        line.seq > after && line.seq < end && (audience === 'agents' || line.audience === 'everyone'));
      found.push(...(newest ? lines.reverse() : lines));
      if (found.length >= most || (newest ? first <= after + 1 : first >= end)) break;
    }
    found.length = Math.min(found.length, most);
    return newest ? found.reverse() : found;
  }

  /**
   * Ids grow with time, nearly, so those of few chunks enclose a given one; and what is sent again was sent a moment
   * ago, so the newest of those comes first.
   */
  byCmid(actor: string, cmid: string): StoredEntry | undefined {
    const id = new Uint8Array(16);
    if (!putUlid(cmid, id, 0)) return undefined;
    for (const [first, bytes] of this.#older(actor, Infinity, id)) {
      const entry = lineIn({ first, bytes }, id);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  feed(workspace: string, contact: string | null, after: number, limit: number): FeedRow[] {
    const most = Math.min(limit, LIMIT);
    const rows = contact === null
      ? this.#rows<Row>(`${LIST} where workspace = ? and n > ? order by n limit ?`, workspace, after, most)
      : this.#rows<Row>(`${LIST_OF_CONTACT} and n > ? order by n limit ?`, workspace, contact, after, most);
    return rows.map(toFeedRow);
  }

  newest(workspace: string, contact: string | null, limit: number): { rows: FeedRow[]; n: number } {
    const most = Math.min(limit, LIMIT);
    return this.#together(() => ({
      rows: contact === null ? newest(this.#ask, workspace, most)
        : listed(this.#ask, workspace, `contact:${contact}`, 'newest', null, most),
    }));
  }

  list(workspace: string, list: string, sort: Sort, after: Rank | null, limit: number): Listed {
    return this.#together(() => ({
      rows: listed(this.#ask, workspace, list, sort, after, Math.min(limit, LIMIT)),
      total: countOf(this.#ask, workspace, list),
    }));
  }

  tallies(workspace: string): { counts: [list: string, count: number][]; n: number } {
    return this.#together(() => ({ counts: tallies(this.#ask, workspace) }));
  }

  changed(workspace: string, after: number, limit: number): string[] {
    const sql = 'select id from actor where workspace = ? and n > ? order by n limit ?';
    return this.#rows<[string]>(sql, workspace, after, Math.min(limit, LIMIT)).map(([id]) => id);
  }

  search(workspace: string, query: string, before: string | null, limit: number): Omit<FoundPage, 'whole'> {
    return search(this.#ask, workspace, query, before, limit);
  }

  /** A copy as it is at one moment, while others go on writing. Returns the positions that it has. */
  copy(into: string): number[] {
    this.#db.prepare('vacuum into ?').run(into);
    return positionsOf(into);
  }

  /** One transaction, so that what is read and the feed number are of the same moment. */
  #together<T extends object>(read: () => T): T & { n: number } {
    this.#db.exec('begin');
    try {
      return { ...read(), n: readFeed(this.#db) };
    } finally {
      this.#db.exec('commit');
    }
  }

  /** Chunks with lines before a sequence, newest first; only those that may hold a client's id, if one is named. */
  #older(actor: string, before: number, cmid?: Uint8Array): Iterable<ChunkRow> {
    const sql = `select first, bytes from chunk where actor = ? and first < ?
      ${cmid === undefined ? '' : 'and ? between least and greatest'} order by first desc limit ?`;
    return this.#walk(sql, actor, Math.min(before, Number.MAX_SAFE_INTEGER), cmid === undefined ? [] : [cmid]);
  }

  /** Chunks with lines after a sequence, oldest first. */
  #newer(actor: string, after: number): Iterable<ChunkRow> {
    const [row] = this.#rows<[number | null]>(
      'select max(first) from chunk where actor = ? and first <= ?', actor, after + 1);
    const from = row?.[0] ?? 1;
    const sql = 'select first, bytes from chunk where actor = ? and first > ? order by first limit ?';
    return this.#walk(sql, actor, from - 1, []);
  }

  /** A chunk may be one line or many, so few are read at first. No statement is left open between two. */
  *#walk(sql: string, actor: string, edge: number, values: Uint8Array[]): Iterable<ChunkRow> {
    for (let count = CHUNKS_MIN; ; count = Math.min(count * 2, CHUNKS_MAX)) {
      const rows = this.#rows<ChunkRow>(sql, actor, edge, ...values, count);
      yield* rows;
      const last = rows[count - 1];
      if (last === undefined) return;
      [edge] = last;
    }
  }

  /** Rows as arrays: as objects, the binding adds a field of its own to each. */
  #rows<Row>(sql: string, ...values: (string | number | Uint8Array)[]): Row[] {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, statement = this.#db.prepare(sql).raw());
    return statement.all(...values) as Row[];
  }
}

const LIST = 'select n, id, state from actor';
/** A contact has few conversations: they are found by contact and then sorted, rather than indexed in every order. */
const LIST_OF_CONTACT = `${LIST} indexed by conversation_contact where workspace = ? and contact = ?`;

const toFeedRow = ([n, actor, state]: Row): FeedRow => ({ n, actor, state });
