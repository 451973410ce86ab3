/** Everything that is read from the tables, on a connection of its own that never waits for the writing one. */
import type Database from 'libsql';
import { readFeed, type Db } from './tables.ts';
import type { FeedRow, Range, StoredEntry } from './store.ts';

/** No answer is longer than this, whatever is asked. */
const LIMIT = 1000;

type EntryRow = [seq: number, audience: number, bytes: Uint8Array];
type Row = [n: number, actor: string, state: string];

export class Queries {
  readonly #db: Db;
  readonly #statements = new Map<string, Database.Statement>();

  constructor(db: Db) {
    this.#db = db;
  }

  actor(id: string): string | undefined {
    const [row] = this.#rows<[string]>('select state from actor where id = ?', id);
    return row?.[0];
  }

  due(at: number, limit: number): { actors: { actor: string; due: number }[]; next: number } {
    const most = Math.min(limit, LIMIT);
    const rows = this.#rows<[string, number]>(
      'select id, due from actor where due > 0 and due <= ? order by due limit ?', at, most + 1);
    const left = rows[most];
    if (left !== undefined) rows.length = most;
    const [later] = left ? [] : this.#rows<[number]>(
      'select due from actor where due > ? and due > 0 order by due limit 1', at);
    return { actors: rows.map(([actor, due]) => ({ actor, due })), next: left?.[1] ?? later?.[0] ?? 0 };
  }

  pending(): string[] {
    return this.#rows<[string]>('select id from actor where pending = 1 order by id').map(([id]) => id);
  }

  entries(actor: string, { after, before, limit, newest, audience }: Range): StoredEntry[] {
    const rows = this.#rows<EntryRow>(
      `select seq, audience, bytes from entry where actor = ? and seq > ? and seq < ?
      ${audience === 'everyone' ? 'and audience = 0' : ''} order by seq ${newest ? 'desc' : 'asc'} limit ?`,
      actor, after, before === 0 ? Number.MAX_SAFE_INTEGER : before, Math.min(limit, LIMIT));
    return (newest ? rows.reverse() : rows).map(toEntry);
  }

  /** Actors make no two entries of one id; if one did, the first counts. */
  byCmid(actor: string, cmid: string): StoredEntry | undefined {
    const [row] = this.#rows<EntryRow>(
      'select seq, audience, bytes from entry where actor = ? and cmid = ? order by seq limit 1', actor, cmid);
    return row && toEntry(row);
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
    // One transaction, so that the number and the rows are of the same moment.
    this.#db.exec('begin');
    try {
      const rows = contact === null
        ? this.#rows<Row>(`${LIST} where workspace = ? order by at desc, actor limit ?`, workspace, most)
        : this.#rows<Row>(`${LIST_OF_CONTACT} order by at desc, actor limit ?`, workspace, contact, most);
      return { rows: rows.map(toFeedRow), n: readFeed(this.#db) };
    } finally {
      this.#db.exec('commit');
    }
  }

  /** Rows as arrays: as objects, the binding adds a field of its own to each. */
  #rows<Row>(sql: string, ...values: (string | number)[]): Row[] {
    let statement = this.#statements.get(sql);
    if (statement === undefined) this.#statements.set(sql, statement = this.#db.prepare(sql).raw());
    return statement.all(...values) as Row[];
  }
}

const LIST = 'select n, actor, state from conversation join actor on id = actor';
/** A contact has few conversations: they are found by contact and then sorted, rather than indexed in every order. */
const LIST_OF_CONTACT = `select n, actor, state
  from conversation indexed by conversation_contact join actor on id = actor
  where workspace = ? and contact = ?`;

const toEntry = ([seq, audience, bytes]: EntryRow): StoredEntry =>
  ({ seq, audience: audience === 1 ? 'agents' : 'everyone', bytes });
const toFeedRow = ([n, actor, state]: Row): FeedRow => ({ n, actor, state });
