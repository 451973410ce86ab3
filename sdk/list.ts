/** The reader's conversations: rows of the feed and what open conversations heard meanwhile, as one. */
import type { House } from './house.ts';
import type { Entry, Mark, Summary } from './protocol/entry.ts';
import type { Told } from './protocol/frames.ts';
import { apply, merge, mergeMarks, shown, type ConversationSummary } from './summary.ts';
import { derived, type Value } from './value.ts';

export interface ConversationList {
  /** Newest activity first. */
  readonly items: readonly ConversationSummary[];
  /** Every conversation is there; false until the server has told them all. */
  readonly complete: boolean;
}
interface Cursor {
  store: string;
  n: number;
}

export interface List {
  readonly value: Value<ConversationList>;
  readonly unread: Value<number>;
  /** Up to where the feed is known: the server goes on from here. */
  cursor(): Cursor;
  summary(id: string): Summary | undefined;
  show(id: string): ConversationSummary | null;
  feed(frame: Extract<Told, { t: 'feed' }>): void;
  row(row: Summary): void;
  entry(id: string, entry: Entry): void;
  mark(id: string, mark: Mark): void;
  /** What is shown of it depends on more than its row, and that has changed. */
  touch(id: string): void;
  /** All of it may look different now; conversations are told by whoever says so. */
  retell(): void;
  /** Another person: nothing of the old list is theirs until the server says so. */
  forget(): void;
}

export function createList(house: House): List {
  const { me, reads, changed } = house;
  const rows = new Map<string, Summary>();
  const views = new Map<string, ConversationSummary>();
  const nowhere: Cursor = { store: '', n: 0 };
  let cursor = nowhere;
  let complete = false;

  const value = derived<ConversationList>(() => ({
    items: [...rows.keys()].map((id) => show(id)!).sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)),
    complete,
  }));
  const unread = derived(() => value.get().items.reduce((sum, item) => sum + item.unread, 0));

  function show(id: string): ConversationSummary | null {
    const row = rows.get(id);
    if (row === undefined) return null;
    let view = views.get(id);
    if (view === undefined) views.set(id, (view = shown(row, me.get(), reads.of(id).n)));
    return view;
  }

  function refresh(): void {
    value.stale();
    unread.stale();
  }

  function touch(id: string): void {
    views.delete(id);
    refresh();
    changed(id);
  }

  /** Gives the row what is news to it. */
  function set(id: string, next: Summary | undefined): void {
    if (next === undefined || next === rows.get(id)) return;
    rows.set(id, next);
    touch(id);
  }

  function retell(): void {
    views.clear();
    refresh();
  }

  function row(fresh: Summary): void {
    set(fresh.conversation, merge(rows.get(fresh.conversation), fresh));
  }

  return {
    value,
    unread,
    cursor: () => cursor,
    summary: (id) => rows.get(id),
    show,
    // A list that begins anew brings what has changed; conversations do not end, so nothing is taken away.
    feed({ store, n, more, rows: fresh }) {
      fresh.forEach(row);
      cursor = { store, n };
      complete = !more;
      refresh();
    },
    row,
    entry(id, entry) {
      const known = rows.get(id);
      set(id, known && apply(known, entry, house.extension?.says(known, entry)));
    },
    mark(id, mark) {
      const known = rows.get(id);
      set(id, known && { ...known, marks: mergeMarks(known.marks, [mark]) });
    },
    touch,
    retell,
    forget() {
      cursor = nowhere;
      complete = false;
      rows.clear();
      retell();
    },
  };
}
