/** The desk as this agent sees it: status, places and offers; and, while somebody looks, all teams and agents. */
import type { House } from '../house.ts';
import type { Data } from '../protocol/data.ts';
import type { Told } from '../protocol/frames.ts';
import { cell, type Value } from '../value.ts';

export type Right = 'agent' | 'supervisor' | 'admin';

export interface Offer {
  /** Number of the offer. */
  readonly offer: number;
  readonly conversation: string;
  /** When it moves on, milliseconds since 1970, the gateway's clock. */
  readonly until: number;
  readonly team: string;
  readonly channel: string;
  readonly priority: number;
  readonly contact: string;
  /** Who hands over, '' for a ticket from the queue; and their note. */
  readonly from: string;
  readonly note: string;
}

export interface DeskState {
  /** Id of a status: online, away, transfers, offline, or one of the workspace's own. */
  readonly status: string;
  readonly since: number;
  readonly right: Right;
  /** Conversations held and limit, by channel group. */
  readonly lanes: readonly { readonly group: string; readonly held: number; readonly limit: number }[];
  readonly offers: readonly Offer[];
}

export interface Board {
  readonly at: number;
  /** `since`: since when the first has waited, 0 for none. */
  readonly teams: readonly {
    readonly team: string; readonly waiting: number; readonly since: number; readonly open: number;
  }[];
  readonly agents: readonly {
    readonly id: string; readonly name: string; readonly status: string; readonly here: boolean;
    readonly open: number; readonly held: number; readonly limit: number;
  }[];
  /** Each quarter of an hour of the last day, oldest first; `responseMs` is the sum over `answered`. */
  readonly hours: readonly {
    readonly from: number; readonly waiting: number; readonly answered: number; readonly responseMs: number;
    readonly opened: number; readonly solved: number;
  }[];
}

export interface Desk {
  /** Null until the gateway has told. */
  readonly state: Value<DeskState | null>;
  /** Supervisors may set a colleague's. */
  setStatus(status: string, agent?: string): Promise<void>;
  /** Rejects with `offerGone` when it has moved on. */
  accept(offer: Offer): Promise<void>;
  decline(offer: Offer): Promise<void>;
  /** For supervisors, live while watched; null before. */
  readonly board: Value<Board | null>;
  watchBoard(): () => void;
}

export interface DeskPart extends Desk {
  told(frame: Extract<Told, { t: 'desk' }>): void;
  showed(frame: Extract<Told, { t: 'board' }>): void;
  moved(live: boolean): void;
  forget(): void;
}

/** Another component may look at it again at once, so watching ends a little later. */
const LINGER_MS = 1_000;

/** An act on the desk: rejects with `ParleyError` when it is refused, or unanswered for 30 s. */
export async function act({ ids, requests, send }: House, name: string, args: Data): Promise<void> {
  const id = ids.next();
  await requests.wait(id, () => send({ t: 'act', id, name, args }));
}

export function createDesk(house: House): DeskPart {
  const state = cell<DeskState | null>(null);
  const board = cell<Board | null>(null);
  let watchers = 0;
  let linger: (() => void) | null = null;
  let connected = false;

  /** Whoever may not see it sees none. */
  const watch = (on: boolean): void => void act(house, 'board', { on }).catch(() => {});
  const offered = ({ conversation, offer }: Offer): Data => ({ conversation, offer });

  return {
    state,
    board,
    setStatus: (status, agent) => act(house, 'status', agent === undefined ? { status } : { status, agent }),
    accept: (offer) => act(house, 'accept', offered(offer)),
    decline: (offer) => act(house, 'decline', offered(offer)),
    watchBoard() {
      if (++watchers === 1 && linger === null && connected) watch(true);
      linger?.();
      linger = null;
      let released = false;
      return () => {
        if (released) return;
        released = true;
        if (--watchers > 0) return;
        linger = house.after(LINGER_MS, () => {
          linger = null;
          board.set(null);
          if (connected) watch(false);
        });
      };
    },
    told({ t: _, lanes, ...rest }) {
      state.set({ ...rest, lanes: lanes.map(([group, held, limit]) => ({ group, held, limit })) });
    },
    showed({ t: _, hours, ...rest }) {
      if (watchers === 0 && linger === null) return;
      const slices = hours.map(([from, waiting, answered, responseMs, opened, solved]) =>
        ({ from, waiting, answered, responseMs, opened, solved }));
      board.set({ ...rest, hours: slices });
    },
    moved(live) {
      connected = live;
      // Each connection is asked for it.
      if (live && (watchers > 0 || linger !== null)) watch(true);
    },
    forget() {
      state.set(null);
      board.set(null);
    },
  };
}
