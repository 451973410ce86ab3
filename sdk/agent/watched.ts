/** One list while somebody looks at it: asked for on each connection, healed where something was lost, and ended. */
import type { ParleyError } from '../error.ts';
import type { House } from '../house.ts';
import { actionOf } from '../protocol/codes.ts';
import type { Told } from '../protocol/frames.ts';
import { derived, type Derived } from '../value.ts';
import type { List, ListName, LiveList, Sort } from './inbox.ts';
import { Rows, type Listed } from './rows.ts';

export interface Watched extends List {
  readonly rows: Rows;
  readonly view: Derived<LiveList>;
  moved(live: boolean): void;
  listed(frame: Listed): void;
  refused(frame: Extract<Told, { t: 'nack' }>): void;
  /** Ends it now, if nobody looks at it any more. */
  leave(): boolean;
}

const PAGE = 50;
const MOST = 5_000;
/** Lists that the gateway keeps for one connection. */
const AT_ONCE = 8;
/** Another component may look at it again at once, so watching ends a little later. */
const LINGER_MS = 1_000;
/** A change that leaves the list short is followed by what fills it; later than that it was lost. */
const FILL_MS = 2_000;
const RETRY_MS = 250;

/** Its name, and the number by which the gateway knows it. */
export interface Naming {
  readonly wid: number;
  readonly name: ListName;
  readonly sort: Sort;
}

/** `watched`: all that somebody looks at, or did a moment ago, by their number. */
export function createWatched(
  { list, send, after, errorOf }: House, watched: Map<number, Watched>, { wid, name, sort }: Naming,
): Watched {
  const rows = new Rows(sort, PAGE);
  let viewers = 0;
  let linger: (() => void) | null = null;
  let live = false;
  let error: ParleyError | null = null;
  /** What is missing was asked for already, and has not come. */
  let healed = false;
  let unfill: (() => void) | null = null;

  const view = derived((): LiveList => {
    const items = rows.ids.map((id) => list.show(id)).filter((row) => row !== null);
    return { items, total: rows.total, more: rows.more, live, error };
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
      linger?.();
      linger = null;
      if (!watched.has(wid)) begin();
    }
    let released = false;
    return () => {
      if (released) return;
      released = true;
      if (--viewers > 0) return;
      linger = after(LINGER_MS, leave);
    };
  }

  function begin(): void {
    if (watched.size >= AT_ONCE) [...watched.values()].some((other) => other.leave());
    watched.set(wid, it);
    ask();
  }

  function leave(): boolean {
    if (linger === null) return false;
    linger();
    linger = null;
    watched.delete(wid);
    send({ t: 'watch', wid, list: name, sort, limit: 0, since: null });
    end();
    rows.trim(PAGE);
    view.stale();
    return true;
  }

  function end(): void {
    unfill?.();
    unfill = error = null;
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
      if (!live || !rows.more || !rows.whole || rows.limit >= MOST) return;
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
      error = null;
      fill();
      view.stale();
    },
    refused({ code, retryAfterMs, detail }) {
      end();
      if (actionOf(code) === 'retry') unfill = after(Math.max(retryAfterMs, RETRY_MS), () => ask(!rows.whole));
      else error = errorOf(code, detail);
      view.stale();
    },
    leave,
  };
  return it;
}
