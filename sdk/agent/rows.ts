/** The first rows of one list, in order, as the gateway has told them. Pure: it says whether something is missing. */
import type { Summary } from '../protocol/entry.ts';
import type { Told } from '../protocol/frames.ts';
import type { Sort } from './inbox.ts';

export type Listed = Extract<Told, { t: 'listed' }>;

interface Place {
  readonly id: string;
  readonly at: number;
  readonly waitingSince: number;
}

const NEVER = Number.MAX_SAFE_INTEGER;
/** As the gateway has it: those of one moment by their ids. */
const newest = (a: Place, b: Place): number => b.at - a.at || (a.id < b.id ? -1 : 1);
const waits = ({ waitingSince }: Place): number => waitingSince || NEVER;
const longest = (a: Place, b: Place): number => waits(a) - waits(b) || newest(a, b);

export class Rows {
  readonly #order: (a: Place, b: Place) => number;
  #places = new Map<string, Place>();
  #ids: readonly string[] | null = null;
  /** How many are wanted. */
  limit: number;
  total = 0;
  /** The list goes on beyond these. */
  more = false;
  #cursor = { store: '', n: 0 };
  /** With the last change nothing was missing: the cursor holds. */
  #sound = false;

  constructor(sort: Sort, limit: number) {
    this.#order = sort === 'newest' ? newest : longest;
    this.limit = limit;
  }

  has(id: string): boolean {
    return this.#places.has(id);
  }

  /** In the list's order; the same array until they change. */
  get ids(): readonly string[] {
    this.#ids ??= [...this.#places.values()].sort(this.#order).map(({ id }) => id);
    return this.#ids;
  }

  /** As many are here as the list has, or as were asked for. */
  get whole(): boolean {
    return this.#places.size >= Math.min(this.limit, this.total);
  }

  /** Up to where these are true; null when there is nothing to go on from. */
  get since(): { store: string; n: number } | null {
    return this.#sound ? this.#cursor : null;
  }

  take({ store, n, total, more, reset, rows, gone }: Listed): void {
    if (reset) this.#places.clear();
    for (const id of gone) this.#places.delete(id);
    for (const row of rows) this.#places.set(row.conversation, placeOf(row));
    this.#cursor = { store, n };
    this.total = total;
    this.more = more;
    this.#ids = null;
    this.#sound = this.whole;
    this.trim(this.limit);
  }

  /** What lies beyond is not kept up to date by anybody. */
  trim(limit: number): void {
    this.limit = limit;
    if (this.#places.size <= limit) return;
    const { ids } = this;
    for (const id of ids.slice(limit)) this.#places.delete(id);
    this.#ids = ids.slice(0, limit);
    this.more = true;
  }

  forget(): void {
    this.#places.clear();
    this.#ids = null;
    this.#sound = false;
    this.total = 0;
    this.more = false;
  }
}

const placeOf = ({ conversation: id, at, desk }: Summary): Place => ({ id, at, waitingSince: desk?.[2] ?? 0 });
