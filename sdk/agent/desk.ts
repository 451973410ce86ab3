/** The desk as this agent sees it: their status, places and offers; and, while somebody looks at it, all teams and agents. */
import type { Value } from '../value.ts';

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
  readonly teams: readonly { readonly team: string; readonly waiting: number; readonly since: number; readonly open: number }[];
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
  /** Live while watched; null before. */
  readonly board: Value<Board | null>;
  watchBoard(): () => void;
}
