/**
 * One list on one connection: what the client has of it, what it is still owed, and how it is brought level when it comes
 * back, asks for more, or has not read for a while.
 */
import type { Codec } from '../sdk/protocol/codec.ts';
import type { Inbox } from './inbox.ts';
import type { Sort } from './lists.ts';
import type { Outgoing } from './outgoing.ts';
import type { Row } from './row.ts';
import type { Store } from './store.ts';
import { Change, type Seer, type Watched } from './watched.ts';
import type { Difference } from './window.ts';

export interface WatchParts {
  inbox: Inbox;
  store: Store;
  out: Outgoing;
  codec: Codec;
}

export interface Wanted {
  wid: number;
  /** By its name inside, see lists.ts. */
  list: string;
  sort: Sort;
  limit: number;
}

/** A client that missed so many changes of the workspace gets its list anew. */
const MISSED_MAX = 1_000;
/** Its position is never further behind than this, though nothing happens in its list. */
const BEHIND_MAX = 250;
/** What a row costs, in names of conversations: with more to say than the whole list, that is said. */
const ROW_IN_NAMES = 12;

/** Nothing is owed; these actors; or all. */
type Owed = 'nothing' | Set<string> | 'all';

/** A client that had the list before: actors that changed since, once the tables have said which, and those that do meanwhile. */
interface Returning {
  heard: Set<string>;
  known: readonly string[] | undefined;
}

export class Watch implements Seer {
  readonly list: string;
  readonly sort: Sort;
  readonly #parts: WatchParts;
  readonly #wid: number;
  #watched: Watched;
  /** More of the same list, or less, until it is filled. */
  #next: Watched | undefined;
  #answered = false;
  #owed: Owed = 'all';
  /** What the client has is true up to there, and it knows of so many. */
  #n = 0;
  #total = 0;
  #returning: Returning | undefined;

  constructor({ wid, list, sort, limit }: Wanted, parts: WatchParts) {
    this.list = list;
    this.sort = sort;
    this.#wid = wid;
    this.#parts = parts;
    this.#watched = parts.inbox.watch(list, sort, limit, this);
  }

  /** Answers as soon as the list is known: all of it, or what the client lacks who had it at a position. */
  begin(since: { store: string; n: number } | null): void {
    const { store, inbox } = this.#parts;
    if (since !== null && since.store === store.id && since.n > 0) {
      const returning: Returning = { heard: inbox.collect(), known: undefined };
      this.#returning = returning;
      this.#n = since.n;
      const answered = (known: readonly string[] | undefined): void => {
        if (this.#returning !== returning) return;
        // Tables that do not answer know nothing of before: then the client gets all.
        if (known === undefined) this.#forget();
        else returning.known = known;
        this.filled();
      };
      store.changed(inbox.workspace, since.n, MISSED_MAX).then(answered, () => answered(undefined));
    }
    this.filled();
  }

  /** Also what lies behind is wanted now, or less. */
  grow(limit: number): void {
    const { inbox } = this.#parts;
    if (this.#next !== undefined) inbox.unwatch(this.#next, this);
    this.#next = undefined;
    if (limit !== this.#watched.window.limit) {
      // What it had, it had of the shorter one.
      this.#forget();
      this.#next = inbox.watch(this.list, this.sort, limit, this);
    } else if (this.#owed === 'nothing') {
      this.#owed = new Set();
    }
    this.filled();
  }

  filled(): void {
    if (this.#next?.window.full === true) this.#switch(this.#next);
    if (this.#answered) return this.drained();
    const { window } = this.#watched;
    const known = this.#returning === undefined ? window.full : window.ample && this.#returning.known !== undefined;
    if (!known) return;
    this.#answered = true;
    const lack = this.#lack();
    if (lack === undefined) this.#owed = 'all';
    else this.#owed = new Set([...lack.rows.map((row) => row.actor), ...lack.gone]);
    this.drained();
  }

  changed(change: Change, of: Watched): void {
    // Until it is answered, the answer will say it.
    if (of !== this.#watched || !this.#answered || this.#owed === 'all') return;
    if (this.#owed === 'nothing' && !this.#parts.out.lagging) return this.#say(change);
    const owed = this.#owed === 'nothing' ? new Set<string>() : this.#owed;
    for (const { actor } of change.rows) owed.add(actor);
    for (const actor of change.gone) owed.add(actor);
    this.#owed = owed.size > MISSED_MAX ? 'all' : owed;
  }

  stands(change: Change, of: Watched): void {
    if (change.total !== this.#total || change.n - this.#n >= BEHIND_MAX) this.changed(change, of);
  }

  /** The client reads: it is told what it is owed, as that is now. */
  drained(): void {
    if (!this.#answered || this.#owed === 'nothing' || this.#parts.out.lagging) return;
    const { window, n } = this.#watched;
    const owed = this.#owed;
    this.#owed = 'nothing';
    const { total, more } = window;
    if (owed === 'all') return this.#say(new Change({ rows: window.first, gone: [], reset: true, total, more, n }));
    const rows = window.first.filter((row) => owed.has(row.actor));
    const gone = [...owed].filter((actor) => !window.shown.has(actor));
    this.#say(new Change({ rows, gone, reset: false, total, more, n }));
  }

  end(): void {
    const { inbox } = this.#parts;
    this.#answered = false;
    this.#forget();
    for (const watched of [this.#watched, this.#next]) if (watched !== undefined) inbox.unwatch(watched, this);
  }

  #forget(): void {
    if (this.#returning !== undefined) this.#parts.inbox.forget(this.#returning.heard);
    this.#returning = undefined;
  }

  /** What a client lacks who had the list before; undefined when it is better told all. */
  #lack(): Difference<Row> | undefined {
    const { heard = [], known } = this.#returning ?? {};
    this.#forget();
    if (known === undefined || known.length === MISSED_MAX) return undefined;
    const { window } = this.#watched;
    const lack = window.since(new Set([...known, ...heard]));
    if (lack === undefined || lack.rows.length * ROW_IN_NAMES + lack.gone.length > window.shown.size * ROW_IN_NAMES) return undefined;
    return lack;
  }

  /** From one window of the list to another: the client is owed what they do not share. */
  #switch(next: Watched): void {
    const { shown } = this.#watched.window;
    this.#parts.inbox.unwatch(this.#watched, this);
    this.#watched = next;
    this.#next = undefined;
    if (this.#owed === 'all') return;
    const owed = this.#owed === 'nothing' ? new Set<string>() : this.#owed;
    for (const [actor, row] of next.window.shown) if (shown.get(actor)?.same(row) !== true) owed.add(actor);
    for (const actor of shown.keys()) if (!next.window.shown.has(actor)) owed.add(actor);
    this.#owed = owed;
  }

  #say(change: Change): void {
    const { codec, out, store } = this.#parts;
    out.sayAll(() => change.frames({ codec, wid: this.#wid, store: store.id, before: this.#n }));
    this.#n = change.n;
    this.#total = change.total;
  }
}
