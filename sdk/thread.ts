/**
 * A gap-free run of one conversation's entries, and the knowledge of where it ends. Pure: it says what is missing, and
 * somebody else asks for it. Whatever is lost, doubled or out of order on the way, it ends as the server has it.
 */
import type { Role } from './protocol/entry.ts';
import type { Entry, Told } from './protocol/frames.ts';

export type Page = Pick<Extract<Told, { t: 'page' }>, 'from' | 'to' | 'entries'>;
/** The fields of HISTORY that name what is missing. */
export interface Missing {
  after: number;
  before: number;
  newest: boolean;
}

/** Entries beyond a gap that are kept until it is filled; more are asked for again. */
const HELD = 500;

export class Thread {
  /** Customers do not see every sequence: for them `prev` proves that nothing is missing, for agents `seq` does. */
  role: Role = 'customer';
  epoch = 0;
  /** Every visible entry from here to `to` is in `entries`. 0: nothing is known yet. */
  from = 0;
  to = 0;
  /** The newest sequence that is known to be there. */
  head = 0;
  entries: readonly Entry[] = [];
  readonly #held = new Map<number, Entry>();

  /** Nothing is missing between the first entry and the newest that was ever heard of. */
  get complete(): boolean {
    return this.from > 0 && this.head <= this.to && this.#held.size === 0;
  }

  get atStart(): boolean {
    return this.from === 1;
  }

  /** The server's verdict on the cursor that it was shown. */
  begin(epoch: number, head: number, reset: boolean): void {
    if (reset || (this.epoch !== epoch && this.epoch !== 0)) {
      this.from = this.to = this.head = 0;
      this.entries = [];
      this.#held.clear();
    }
    this.epoch = epoch;
    this.raise(head);
  }

  raise(head: number): void {
    this.head = Math.max(this.head, head);
  }

  /** Takes an entry as it happens. Returns what is new and provably next, itself or also what waited for it. */
  add(entry: Entry): Entry[] {
    this.raise(entry.seq);
    if (entry.seq <= this.to) return [];
    this.#hold(entry);
    return this.#join([]);
  }

  /** Takes a proven range. Returns the entries that are new. */
  fill(page: Page): Entry[] {
    const { from, to, entries } = page;
    this.raise(entries.at(-1)?.seq ?? 0);
    if (this.from === 0) {
      this.from = from;
      this.to = to;
      this.entries = entries;
      return this.#join(entries);
    }
    const fresh: Entry[] = [];
    if (from < this.from && to >= this.from - 1) {
      fresh.push(...entries.filter(({ seq }) => seq < this.from));
      this.entries = [...fresh, ...this.entries];
      this.from = from;
    }
    if (to > this.to) {
      const later = entries.filter(({ seq }) => seq > this.to);
      if (from > this.to + 1) later.forEach((entry) => this.#hold(entry));
      else {
        this.entries = [...this.entries, ...later];
        this.to = to;
        fresh.push(...later);
      }
    }
    return this.#join(fresh);
  }

  missing(): Missing | null {
    if (this.from === 0) return this.head > 0 ? { after: 0, before: 0, newest: true } : null;
    if (this.#held.size > 0) return { after: this.to, before: Math.min(...this.#held.keys()), newest: false };
    return this.head > this.to ? { after: this.to, before: 0, newest: false } : null;
  }

  /** Lets go of all but the newest entries. */
  trim(count: number): void {
    const first = this.entries.at(-count);
    if (first === undefined || this.entries.length <= count) return;
    this.entries = this.entries.slice(-count);
    this.from = first.seq;
  }

  #hold(entry: Entry): void {
    if (this.#held.size < HELD) this.#held.set(entry.seq, entry);
  }

  /** Joins what waited, as far as it is provably next. */
  #join(fresh: Entry[]): Entry[] {
    if (this.from === 0 || this.#held.size === 0) return fresh;
    const joined: Entry[] = [];
    for (const entry of [...this.#held.values()].sort((a, b) => a.seq - b.seq)) {
      if (entry.seq > this.to) {
        if (this.role === 'customer' ? entry.prev > this.to : entry.seq !== this.to + 1) break;
        joined.push(entry);
        this.to = entry.seq;
      }
      this.#held.delete(entry.seq);
    }
    if (joined.length > 0) this.entries = [...this.entries, ...joined];
    return [...fresh, ...joined];
  }
}
