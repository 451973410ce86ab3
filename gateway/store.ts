/**
 * The store is what the log says, as SQLite tables: everything that is read is read here. A worker thread applies
 * committed records, in order and idempotently; it may lag behind the log and can be rebuilt from it at any time.
 *
 * Until it has applied a record, the shard keeps that record's facts in memory, so a reader never misses its own write.
 */
import type { Rank, Sort } from './lists.ts';
import type { Stored } from './log.ts';
import type { Audience } from './record.ts';

export interface Store {
  /** Identifies this copy of the tables: feed cursors of another copy are worthless here. */
  readonly id: string;
  /** The newest applied sequence of each shard, 0 for none. Grows as `onApplied` is told. */
  readonly positions: readonly number[];

  /** Queues committed records. Never throws, never waits; a full disk is tried again until there is room. */
  apply(records: readonly Stored[]): void;
  /** Called after each transaction, with the conversations whose newest state it changed, in feed order. */
  onApplied(listener: (feed: readonly MovedRow[]) => void): () => void;
  /** Resolves when everything queued so far is applied. */
  settled(): Promise<void>;

  /** The newest applied state of an actor with its parts by key, all of one moment, as the bytes of their `Change`s. */
  actor(id: string): Promise<{ state: Uint8Array; parts: ReadonlyMap<string, Uint8Array> } | undefined>;
  /**
   * Actors with a timer due at or before `at`, earliest first, and the time of the earliest later one (0 for none).
   * `shards`: only those that live on these; all if left out.
   */
  due(at: number, limit: number, shards?: readonly number[]): Promise<{ actors: { actor: string; due: number }[]; next: number }>;
  /** Actors whose outbox holds effects; only those on these shards, if named. */
  pending(shards?: readonly number[]): Promise<string[]>;

  /** Log lines of an actor with after < seq < before (0: no bound), nearest to `before` if `newest`, else nearest to `after`; oldest first in both cases. */
  entries(actor: string, range: Range): Promise<StoredEntry[]>;
  /** The entry that a client's id stands for, if it is there. */
  byCmid(actor: string, cmid: string): Promise<StoredEntry | undefined>;

  /** A workspace's conversations by feed number, after a cursor; only those of one contact if named. */
  feed(workspace: string, contact: string | null, after: number, limit: number): Promise<FeedRow[]>;
  /** The same, newest activity first: the first page of a list, and the feed number it is true for. */
  newest(workspace: string, contact: string | null, limit: number): Promise<{ rows: FeedRow[]; n: number }>;

  /** Rows of a list of the inbox (see lists.ts), in its order, behind a rank. At most 1,000. */
  list(workspace: string, list: string, sort: Sort, after: Rank | null, limit: number): Promise<Listed>;
  /** How many conversations each list has that is counted. Those that never had one are missing. */
  tallies(workspace: string): Promise<{ counts: [list: string, count: number][]; n: number }>;
  /** Conversations of a workspace that changed after a feed number, oldest change first. At most 1,000. */
  changed(workspace: string, after: number, limit: number): Promise<string[]>;

  /**
   * Messages and notes of a workspace that have all of these words, newest first as the tables got them, at most 100.
   * Words in quotes follow each other, the last word may be only begun; case and accents do not count. Whatever is asked,
   * it is an answer. `before`: the `next` of an earlier page.
   */
  search(workspace: string, query: string, before: string | null, limit: number): Promise<FoundPage>;

  /**
   * Writes a copy of the tables, all of one moment, to a file that is not there yet; neither writing nor reading waits for it.
   * Resolves with the sequence that the copy has of each shard.
   */
  backup(file: string): Promise<number[]>;

  close(): Promise<void>;
}

export interface Range {
  after: number;
  before: number;
  limit: number;
  newest: boolean;
  /** 'everyone' leaves out what is for agents only. */
  audience: Audience;
}

export interface StoredEntry {
  seq: number;
  audience: Audience;
  bytes: Uint8Array;
}

export interface FeedRow {
  /** Feed number: grows with every change of any conversation of this store. */
  n: number;
  actor: string;
  /** The actor's whole state, as JSON text. */
  state: string;
}

/** Rows of a list, how many it has in all, and the feed number for which both are true. */
export interface Listed {
  rows: (FeedRow & Pick<Rank, 'at' | 'waiting'>)[];
  total: number;
  n: number;
}

/** A row as a transaction changed it, and the lists (see lists.ts) that it joined and left by that. */
export interface MovedRow extends FeedRow {
  joined: readonly string[];
  left: readonly string[];
}

/** A line that search has found. */
export interface Found {
  conversation: string;
  seq: number;
  at: number;
  author: { role: 'customer' | 'agent' | 'system'; id: string; name: string };
  kind: 'message' | 'note';
  /** A part of its text around the words, of which every second piece is one. */
  pieces: string[];
  contact: { id: string; name: string };
}

export interface FoundPage {
  found: Found[];
  /** Goes on from here; null at the end. A page may be short, or empty, before the end. */
  next: string | null;
  /** Whether all that the tables have has been looked at: after a rebuild the index follows for a while. */
  whole: boolean;
}
