/** Lists of conversations as the gateway keeps them: exact, live, and only as long as somebody looks. */
import type { House } from '../house.ts';
import type { Told } from '../protocol/frames.ts';
import type { ConversationSummary } from '../summary.ts';
import { confirm } from '../switchboard.ts';
import { cell, derived, type Derived, type Value } from '../value.ts';
import { Rows, type Listed } from './rows.ts';

/**
 * `open`: not Solved or Closed, nor snoozed; and of these, `unassigned`: New ones, `mine`: with this agent, `waiting`:
 * whose customer waits for an answer, `team:<id>`, `agent:<id>`. `mentions`: of this agent, in unfinished tickets.
 * `done`: Solved or Closed. `contact:<id>`: all of a contact, whatever their status.
 */
export type ListName =
  | 'open' | 'unassigned' | 'mine' | 'waiting' | 'mentions' | 'snoozed' | 'done'
  | `team:${string}` | `agent:${string}` | `status:${string}` | `contact:${string}`;
export type Sort = 'newest' | 'waiting';

export interface LiveList {
  readonly items: readonly ConversationSummary[];
  /** How many the list has in all. */
  readonly total: number;
  /** There are more beyond `items`: `more()` brings them. */
  readonly more: boolean;
  /** False until the gateway has answered on this connection. */
  readonly live: boolean;
}

export interface List {
  /** Kept live while somebody subscribes to it; else what it was then. */
  readonly value: Value<LiveList>;
  /** Asks for 50 more, unless some are on their way. */
  more(): void;
}

export interface Inbox {
  /** The same name and sort (default: newest activity first) give the same object. */
  list(name: ListName, sort?: Sort): List;
  /** How many conversations each list has; one that is not named has none. `contact:` lists are not counted. */
  readonly tallies: Value<Readonly<Record<string, number>>>;
}

export interface Lists extends Inbox {
  listed(frame: Listed): void;
  counted(frame: Extract<Told, { t: 'tallies' }>): void;
  moved(live: boolean): void;
  /** What is shown of a conversation has changed. */
  changed(id: string): void;
  forget(): void;
}

interface Watched extends List {
  readonly rows: Rows;
  readonly view: Derived<LiveList>;
  moved(live: boolean): void;
  listed(frame: Listed): void;
}

const PAGE = 50;
/** Another component may look at it again at once, so watching ends a little later. */
const LINGER_MS = 1_000;
/** A change that leaves the list short is followed by what fills it; later than that it was lost. */
const FILL_MS = 2_000;

export function createInbox(house: House): Lists {
  const all = new Map<string, Watched>();
  /** Those that somebody looks at, or did a moment ago, by their number. */
  const watched = new Map<number, Watched>();
  const tallies = cell<Readonly<Record<string, number>>>({});
  /** The next counts are all that there are. */
  let recount = true;

  return {
    tallies,
    list(name, sort = 'newest') {
      const key = `${sort} ${name}`;
      let list = all.get(key);
      if (list === undefined) all.set(key, (list = createWatched(house, watched, all.size + 1, name, sort)));
      return list;
    },
    listed(frame) {
      for (const row of frame.rows) {
        house.list.row(row);
        confirm(house, row.conversation);
      }
      watched.get(frame.wid)?.listed(frame);
    },
    counted({ counts }) {
      const told = Object.fromEntries(counts);
      tallies.set(recount ? told : { ...tallies.get(), ...told });
      recount = false;
    },
    moved(live) {
      recount = true;
      for (const list of watched.values()) list.moved(live);
    },
    changed(id) {
      for (const { rows, view } of watched.values()) if (rows.has(id)) view.stale();
    },
    forget() {
      tallies.set({});
      for (const list of all.values()) {
        list.rows.forget();
        list.view.stale();
      }
    },
  };
}

type All = Map<number, Watched>;

function createWatched({ list, send, after }: House, watched: All, wid: number, name: ListName, sort: Sort): Watched {
  const rows = new Rows(sort, PAGE);
  let viewers = 0;
  let linger: (() => void) | null = null;
  let live = false;
  /** What is missing was asked for already, and has not come. */
  let healed = false;
  let unfill: (() => void) | null = null;

  const view = derived((): LiveList => {
    const items = rows.ids.map((id) => list.show(id)).filter((row) => row !== null);
    return { items, total: rows.total, more: rows.more, live };
  });

  /** `afresh`: whatever is here does not count. */
  function ask(afresh = false): void {
    send({ t: 'watch', wid, list: name, sort, limit: rows.limit, since: afresh ? null : rows.since });
  }

  function fill(): void {
    unfill?.();
    unfill = null;
    if (rows.whole) healed = false;
    else if (!healed) {
      unfill = after(FILL_MS, () => {
        unfill = null;
        healed = true;
        ask(true);
      });
    }
  }

  function open(): () => void {
    if (++viewers === 1) {
      if (linger === null) ask();
      linger?.();
      linger = null;
      watched.set(wid, it);
    }
    let released = false;
    return () => {
      if (released) return;
      released = true;
      if (--viewers > 0) return;
      linger = after(LINGER_MS, () => {
        linger = null;
        watched.delete(wid);
        send({ t: 'watch', wid, list: name, sort, limit: 0, since: null });
        end();
        rows.trim(PAGE);
        view.stale();
      });
    };
  }

  function end(): void {
    unfill?.();
    unfill = null;
    live = healed = false;
  }

  const it: Watched = {
    rows,
    view,
    value: {
      get: view.get,
      subscribe(listener) {
        const release = open();
        const stop = view.subscribe(listener);
        return () => {
          stop();
          release();
        };
      },
    },
    more() {
      if (!live || !rows.more || !rows.whole) return;
      rows.limit += PAGE;
      ask();
    },
    moved(connected) {
      end();
      // What was still on its way was lost with the connection.
      if (connected) ask(!rows.whole);
      view.stale();
    },
    listed(frame) {
      rows.take(frame);
      live = true;
      fill();
      view.stale();
    },
  };
  return it;
}
