/**
 * A workspace as its administrators have set it up: who works in which team, what each may hold, and how tickets find
 * them. Plain data; its schema, with units, defaults and limits, is in the gateway's settings.
 */
import type { Hours } from './hours.ts';
import type { Priority } from './routing.ts';
import type { Rule, Style } from './style.ts';

/** How a team chooses among those who are free: most free places, whose turn it is, or who has had nothing for longest. */
export type Method = 'leastBusy' | 'roundRobin' | 'longestIdle';
export type Right = 'agent' | 'supervisor' | 'admin';
/** What an agent in this status takes: everything, only what colleagues hand over, or nothing. */
export type Takes = 'all' | 'transfers' | 'nothing';

export interface Team {
  id: string;
  name: string;
  /** Tickets of a team with a smaller number go first, for agents of several teams. Default 5, from 0 to 9. */
  priority: number;
  method: Method;
  /** An offer that nobody accepts moves on after this. Default 30 s. */
  offerMs: number;
  /** Offers are assignments at once. Default false. */
  autoAccept: boolean;
  /** Preferred skills count for this long, then any agent of the team will do. Default 60 s. */
  preferMs: number;
  /** Where a ticket goes that nobody took for `afterMs`. */
  fallback: { team: string; afterMs: number } | null;
  /** When somebody is there. Null: always. */
  hours: Hours | null;
}

export interface Member {
  /** As in the token's `sub`, without the gateway's prefix. */
  id: string;
  name: string;
  right: Right;
  teams: readonly string[];
  skills: readonly string[];
  /** Places by channel group, where they differ from the workspace's. */
  capacity: Readonly<Record<string, number>>;
}

export interface AgentStatus {
  id: string;
  name: string;
  takes: Takes;
}

export interface Channel {
  style?: Style | undefined;
  /** Team of its tickets. Default: the workspace's first. */
  team?: string | undefined;
  /** Channels of one group share an agent's places. Default `messaging`. */
  group: string;
  requires: readonly string[];
  prefers: readonly string[];
}

export interface Routing {
  /** How long an agent may be without a connection before they count as gone. Default 20 s. */
  graceMs: number;
  /** What an agent who is gone keeps goes back to the queue after this. Null: never, the default. */
  keepMs: number | null;
  /** A returning customer waits this long for their own agent who is away or gone, then goes to the team. Default 5 min; null: for ever. */
  returnMs: number | null;
  /** So many offers in a row that lapse set an agent away. 0: never, the default. */
  lapses: number;
  /** A conversation whose customer is inactive frees its place until the next message. Default false. */
  inactiveFrees: boolean;
}

/** A rule of routing stands in the same list as those of style: the first that fits a new ticket decides each of these. */
export interface TicketRule extends Omit<Rule, 'style'> {
  style?: Style | undefined;
  team?: string | undefined;
  priority?: Priority | undefined;
  requires?: readonly string[] | undefined;
  prefers?: readonly string[] | undefined;
}

/** A saved reply. `{contact}`, `{agent}`, `{channel}` and `{ticket}` in its text are filled in. */
export interface Macro {
  id: string;
  name: string;
  text: string;
  /** What it also does to the ticket. */
  status?: 'open' | 'pending' | 'onHold' | 'solved' | undefined;
  priority?: Priority | undefined;
  tags: readonly string[];
}

/** The part of a workspace that the desk works with. */
export interface Staff {
  teams: readonly Team[];
  agents: readonly Member[];
  skills: readonly { id: string; name: string }[];
  /** Beside the four that are always there: online, away, transfers, offline. */
  statuses: readonly AgentStatus[];
  /** Places of every agent by channel group. Default `{ messaging: 5 }`; a group that is not named has 5. */
  capacity: Readonly<Record<string, number>>;
  channels: Readonly<Record<string, Channel>>;
  routing: Routing;
  hours: Hours;
}

export const STATUSES_ALWAYS: readonly AgentStatus[] = [
  { id: 'online', name: 'Online', takes: 'all' }, { id: 'away', name: 'Away', takes: 'nothing' },
  { id: 'transfers', name: 'Transfers only', takes: 'transfers' }, { id: 'offline', name: 'Offline', takes: 'nothing' },
];
/** Places in a channel group that nobody has set. */
export const PLACES = 5;
