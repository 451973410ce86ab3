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
  /** Entries by sequence, also those beyond a gap. */
  #all = new Map<number, Entry>();

  /** Nothing is missing between the first entry and the newest that was ever heard of. */
  get complete(): boolean {
    return this.from > 0 && this.head <= this.to;
  }

  /** The server's verdict on the cursor that it was shown. */
  begin(epoch: number, head: number, reset: boolean): void {
    if (reset || this.epoch !== epoch) {
      this.from = this.to = this.head = 0;
      this.entries = [];
      this.#all.clear();
    }
    this.epoch = epoch;
    this.raise(head);
  }

  raise(head: number): void {
    this.head = Math.max(this.head, head);
  }

  /**
   * Takes a proven range, in which every visible entry is given; or, with `from` 0, an entry as it happens, which
   * proves nothing but itself. Returns what is now known without a gap and was not before.
   */
  fill({ from, to, entries }: Page): Entry[] {
    const all = this.#all;
    for (const entry of entries) {
      this.raise(entry.seq);
      // The first copy stays, so that what is shown of it stays the same; and it is never older than the window.
      const room = entry.seq > this.to && all.size - this.entries.length < HELD;
      if (!all.has(entry.seq) && (from > 0 || room)) all.set(entry.seq, entry);
    }
    if (from > 0 && (this.from === 0 || (from <= this.to + 1 && to >= this.from - 1))) {
      this.from = Math.min(this.from || from, from);
      this.to = Math.max(this.to, to);
    }
    if (this.from === 0) return [];
    const sorted = [...all.values()].sort((a, b) => a.seq - b.seq);
    for (const { seq, prev } of sorted) {
      const next = this.role === 'customer' ? prev <= this.to : seq === this.to + 1;
      if (next && seq > this.to) this.to = seq;
    }
    const known = new Set(this.entries);
    this.entries = sorted.filter(({ seq }) => seq >= this.from && seq <= this.to);
    return this.entries.filter((entry) => !known.has(entry));
  }

  missing(): Missing | null {
    return this.head <= this.to ? null : { after: this.to, before: 0, newest: this.from === 0 };
  }

  /** Lets go of all but the newest entries. */
  trim(count: number): void {
    if (this.entries.length <= count) return;
    this.entries = this.entries.slice(-count);
    this.from = this.entries[0]!.seq;
    this.#all = new Map(this.entries.map((entry) => [entry.seq, entry]));
  }
}
