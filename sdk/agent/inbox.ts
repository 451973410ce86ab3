/** Lists of conversations as the gateway keeps them: exact, live, and only as long as somebody looks. */
import type { ParleyError } from '../error.ts';
import type { House } from '../house.ts';
import type { Told } from '../protocol/frames.ts';
import type { ConversationSummary } from '../summary.ts';
import { confirm } from '../switchboard.ts';
import { cell, type Value } from '../value.ts';
import type { Listed } from './rows.ts';
import { createWatched, type Watched } from './watched.ts';

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
  /** Why the gateway does not keep it: there is no such list, or more than 8 are looked at. */
  readonly error: ParleyError | null;
}

export interface List {
  /** Kept live while somebody subscribes to it; else what it was then. */
  readonly value: Value<LiveList>;
  /** Asks for 50 more, unless some are on their way; up to 5,000. */
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
  refused(frame: Extract<Told, { t: 'nack' }>): void;
  forget(): void;
}

/** A refusal names the number of a list or of a question: these are far from those. */
const FIRST = 1_000_000;

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
      if (list === undefined) {
        list = createWatched(house, watched, { wid: FIRST + all.size, name, sort });
        all.set(key, list);
      }
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
    refused(frame) {
      watched.get(frame.ref as number)?.refused(frame);
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
