/**
 * The first rows of one list, kept exact while conversations change, and what whoever sees them must be told. Pure.
 *
 * Rows are known from the first up to an edge; what lies behind it is in the tables and is asked for in parts. An answer
 * may be older or newer than what was heard meanwhile, so a row is taken by its number alone: the newer one counts.
 */
import { compare, type Rank, type Sort } from './lists.ts';

/** A row as it is now. `n` grows with each of its changes. */
export interface Ranked extends Rank {
  n: number;
  /** All lists that it is in. */
  lists: readonly string[];
  /** Whether both look the same: not every change shows. */
  same(other: Ranked): boolean;
}

/** A change of a conversation, and what it changed of lists' numbers. */
export interface Moved<R extends Ranked> {
  row: R;
  joined: readonly string[];
  left: readonly string[];
}

/** Since the last one: rows that changed or are new among the first ones, and actors that are there no more. */
export interface Difference<R> {
  rows: R[];
  gone: string[];
}

/** So many rows are known behind the shown ones, so that one that leaves is followed at once by another. */
const SPARE = 50;
const SPARE_MIN = 10;
/** A part that is asked for: some hundredths of a second of the reading thread's time. */
const PART = 500;

export class Window<R extends Ranked> {
  readonly list: string;
  readonly sort: Sort;
  readonly limit: number;
  /** How many the list has. */
  total = 0;
  #totalAt = 0;
  /** In order, without a gap up to the edge. */
  #rows: R[] = [];
  readonly #byActor = new Map<string, R>();
  /** Null: not even the first is known. */
  #edge: Rank | null = null;
  /** Nothing lies behind what is known. */
  #whole = false;
  /** What was heard since a part was asked for. */
  #heard: Moved<R>[] | null = null;
  readonly #shown = new Map<string, R>();
  readonly #touched = new Set<string>();

  /** @param like another window of the same list, whose rows are taken over. */
  constructor(list: string, sort: Sort, limit: number, like?: Window<R>) {
    this.list = list;
    this.sort = sort;
    this.limit = limit;
    if (like === undefined) return;
    this.#rows = [...like.#rows];
    this.#edge = like.#edge;
    this.#whole = like.#whole;
    this.total = like.total;
    this.#totalAt = like.#totalAt;
    for (const row of this.#rows) this.#touch(row.actor, row);
  }

  /** The first rows, as whoever sees them was told. */
  get shown(): ReadonlyMap<string, R> {
    return this.#shown;
  }

  /** The same, in order. */
  get first(): readonly R[] {
    return this.#rows.slice(0, this.limit);
  }

  /** Whether all that is to be shown is known. */
  get full(): boolean {
    return this.#whole || this.#rows.length >= this.limit;
  }

  /** Whether what lies right behind it is known too, as far as there is any. */
  get ample(): boolean {
    return this.#whole || this.#rows.length >= Math.min(this.limit + SPARE_MIN, this.total);
  }

  /** Whether the list goes on behind what is shown. */
  get more(): boolean {
    return this.total > this.#shown.size;
  }

  take(moved: Moved<R>): void {
    this.#heard?.push(moved);
    const { row, joined, left } = moved;
    if (row.n > this.#totalAt) this.total += Number(joined.includes(this.list)) - Number(left.includes(this.list));
    const known = this.#byActor.get(row.actor);
    if (known !== undefined && known.n >= row.n) return;
    if (known !== undefined) this.#rows.splice(this.#placeOf(known), 1);
    const within = row.lists.includes(this.list) && this.#knows(row);
    if (within) this.#rows.splice(this.#placeOf(row), 0, row);
    if (within || known !== undefined) this.#touch(row.actor, within ? row : undefined);
  }

  /** What to ask the tables for now: rows behind a rank. What is heard from then on is kept until they come. */
  ask(): { after: Rank | null; limit: number } | undefined {
    if (this.#whole || this.#heard !== null || this.#rows.length >= this.limit + SPARE_MIN) return undefined;
    this.#heard = [];
    return { after: this.#edge, limit: Math.min(this.limit + SPARE - this.#rows.length, PART) };
  }

  /** The tables did not answer; it may be asked again. */
  failed(): void {
    this.#heard = null;
  }

  /** What they had at feed number `n`. `whole`: nothing lies behind it. */
  extend({ rows, total, n, whole }: { rows: readonly R[]; total: number; n: number; whole: boolean }): void {
    const heard = this.#heard ?? [];
    this.#heard = null;
    this.total = total;
    this.#totalAt = n;
    this.#whole = whole;
    const last = rows.at(-1);
    if (last !== undefined) this.#edge = last;
    for (const row of rows) this.take({ row, joined: [], left: [] });
    for (const moved of heard) if (moved.row.n > n) this.take(moved);
  }

  /** What has changed among the first rows; undefined for nothing. */
  difference(): Difference<R> | undefined {
    if (this.#touched.size === 0) return undefined;
    const rows: R[] = [];
    const gone: string[] = [];
    const show = (row: R): void => {
      if (this.#shown.get(row.actor)?.same(row) !== true) rows.push(row);
      this.#shown.set(row.actor, row);
    };
    const hide = (actor: string): void => { if (this.#shown.delete(actor)) gone.push(actor); };
    for (const actor of this.#touched) {
      const row = this.#byActor.get(actor);
      if (row === undefined || this.#placeOf(row) >= this.limit) hide(actor);
      else if (this.#shown.get(actor) !== row) show(row);
    }
    // Others crossed the end of what is shown only because these did, so they stand right beside it.
    for (let i = Math.min(this.limit, this.#rows.length) - 1; ; i--) {
      const row = this.#rows[i];
      if (row === undefined || (this.#shown.has(row.actor) && !this.#touched.has(row.actor))) break;
      if (!this.#shown.has(row.actor)) show(row);
    }
    for (let i = this.limit; ; i++) {
      const row = this.#rows[i];
      if (row === undefined || (!this.#shown.has(row.actor) && !this.#touched.has(row.actor))) break;
      hide(row.actor);
    }
    this.#touched.clear();
    this.#cut();
    return rows.length + gone.length === 0 ? undefined : { rows, gone };
  }

  /**
   * What somebody lacks who had the first rows at an earlier time, when these actors have changed since; undefined when
   * that cannot be told. It may name more than they lack, never less: nobody knows how those who changed stood then.
   */
  since(changed: ReadonlySet<string>): Difference<R> | undefined {
    const rows: R[] = [];
    const unchanged: R[] = [];
    for (const row of this.#rows.slice(0, this.limit)) (changed.has(row.actor) ? rows : unchanged).push(row);
    const gone = [...changed].filter((actor) => !this.#shown.has(actor));
    // Were all of them theirs then? At most those are missing today that have left since.
    if (this.total + gone.length > this.limit) rows.push(...unchanged.slice(Math.max(0, this.limit - changed.size)));
    // They may have seen further than what did not change reaches today.
    const beyond = this.#rows.slice(this.limit).filter((row) => !changed.has(row.actor));
    const missing = this.limit - unchanged.length;
    if (beyond.length < missing && this.#rows.length < this.total) return undefined;
    gone.push(...beyond.slice(0, missing).map((row) => row.actor));
    return { rows, gone };
  }

  #knows(row: Rank): boolean {
    return this.#whole || (this.#edge !== null && compare(this.sort, row, this.#edge) <= 0);
  }

  /** The place of a rank among the rows, by halves. */
  #placeOf(rank: Rank): number {
    let from = 0;
    for (let to = this.#rows.length; from < to;) {
      const middle = (from + to) >> 1;
      const row = this.#rows[middle];
      if (row !== undefined && compare(this.sort, row, rank) < 0) from = middle + 1;
      else to = middle;
    }
    return from;
  }

  #touch(actor: string, row: R | undefined): void {
    this.#touched.add(actor);
    if (row === undefined) this.#byActor.delete(actor);
    else this.#byActor.set(actor, row);
  }

  /** Rows far behind what is shown are let go. */
  #cut(): void {
    if (this.#rows.length <= this.limit + 3 * SPARE || this.#heard !== null) return;
    for (const { actor } of this.#rows.splice(this.limit + SPARE)) this.#byActor.delete(actor);
    this.#edge = this.#rows.at(-1) ?? null;
    this.#whole = false;
  }
}
