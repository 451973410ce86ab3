/** The reader's conversations: rows of the feed and what open conversations heard meanwhile, as one. */
import type { House } from './house.ts';
import type { Entry, Mark, Summary } from './protocol/entry.ts';
import type { Told } from './protocol/frames.ts';
import { apply, merge, mergeMarks, shown, type ConversationSummary } from './summary.ts';
import { derived } from './value.ts';

export interface ConversationList {
  /** Newest activity first. */
  readonly items: readonly ConversationSummary[];
  /** Every conversation is there; false until the server has told them all. */
  readonly complete: boolean;
}

export class List {
  /** Up to where the feed is known: the server goes on from here. */
  cursor = { store: '', n: 0 };
  readonly #house: House;
  readonly #rows = new Map<string, Summary>();
  readonly #shown = new Map<string, ConversationSummary>();
  #complete = false;

  readonly value = derived<ConversationList>(() => ({
    items: [...this.#rows.keys()].map((id) => this.show(id)!).sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)),
    complete: this.#complete,
  }));
  readonly unread = derived(() => this.value.get().items.reduce((sum, { unread }) => sum + unread, 0));

  constructor(house: House) {
    this.#house = house;
  }

  summary(id: string): Summary | undefined {
    return this.#rows.get(id);
  }

  show(id: string): ConversationSummary | null {
    const row = this.#rows.get(id);
    if (row === undefined) return null;
    let known = this.#shown.get(id);
    if (known === undefined) this.#shown.set(id, (known = shown(row, this.#house.me.get(), this.#house.reads.of(id).n)));
    return known;
  }

  feed({ store, n, reset, more, rows }: Extract<Told, { t: 'feed' }>): void {
    if (reset) for (const id of [...this.#rows.keys()]) if (!rows.some((row) => row.conversation === id)) this.#drop(id);
    for (const row of rows) this.row(row);
    this.cursor = { store, n };
    this.#complete = !more;
    this.#refresh();
  }

  row(row: Summary): void {
    this.#set(row.conversation, merge(this.#rows.get(row.conversation), row));
  }

  entry(id: string, entry: Entry): void {
    const row = this.#rows.get(id);
    if (row !== undefined) this.#set(id, apply(row, entry));
  }

  mark(id: string, mark: Mark): void {
    const row = this.#rows.get(id);
    if (row !== undefined) this.#set(id, { ...row, marks: mergeMarks(row.marks, [mark]) });
  }

  /** What is shown of it depends on more than its row, and that has changed. */
  touch(id: string): void {
    this.#shown.delete(id);
    this.#refresh();
    this.#house.changed(id);
  }

  /** All of it may look different now. */
  retell(): void {
    for (const id of this.#rows.keys()) this.touch(id);
  }

  /** Another person: nothing of the old list is theirs until the server says so. */
  forget(): void {
    this.cursor = { store: '', n: 0 };
    this.#complete = false;
    for (const id of [...this.#rows.keys()]) this.#drop(id);
    this.#refresh();
  }

  #drop(id: string): void {
    this.#rows.delete(id);
    this.touch(id);
  }

  #set(id: string, row: Summary): void {
    if (row === this.#rows.get(id)) return;
    this.#rows.set(id, row);
    this.touch(id);
  }

  #refresh(): void {
    this.value.stale();
    this.unread.stale();
  }
}
