/**
 * Which lists of the inbox a conversation belongs to, and its place in them, from its state alone. Tables and windows
 * both ask here, so that they always agree. Pure.
 *
 * Inside, an agent's own lists have names that hold for everybody: `mine` is `agent:<id>`, `mentions` is `mentions:<id>`.
 */
import { STATUSES } from '../sdk/protocol/entry.ts';
import type { SORTS } from '../sdk/protocol/desk.ts';

export type Sort = (typeof SORTS)[number];

/** What lists are made from. The tables keep each of these as a column. */
export interface Facts {
  workspace: string;
  contact: string;
  /** Its status, and whether it is snoozed: a place in `STATUSES`, behind them all when it is. */
  shelf: number;
  /** Who has it and whose it is, of an open one; null of any other. */
  agent: string | null;
  team: string | null;
  /** Ids of the agents whom its notes name, each between line ends, of an unfinished one; null for none. */
  mentions: string | null;
  /** Since when the customer waits for an answer, 0: does not. */
  waiting: number;
  /** Newest activity. */
  at: number;
}

/** Where a row stands among others: enough to sort it, and to go on behind it. */
export interface Rank extends Pick<Facts, 'at' | 'waiting'> {
  actor: string;
}

const FINISHED = [STATUSES.indexOf('solved'), STATUSES.indexOf('closed')] as const;
const OPEN = STATUSES.map((_, shelf) => shelf).filter((shelf) => !FINISHED.some((finished) => finished === shelf));
const SNOOZED = OPEN.map((shelf) => shelf + STATUSES.length);
export const SHELVES: readonly number[] = [...OPEN, ...FINISHED, ...SNOOZED];

/** The shelves of each list that is made of whole ones. */
export const SHELVES_OF: Readonly<Record<string, readonly number[]>> = {
  open: OPEN, unassigned: [STATUSES.indexOf('new')], snoozed: SNOOZED, done: FINISHED,
  ...Object.fromEntries(STATUSES.map((status, shelf) =>
    [`status:${status}`, SHELVES.filter((other) => other % STATUSES.length === shelf)])),
};
const LISTS_OF_SHELF = new Map(SHELVES.map((shelf) =>
  [shelf, Object.keys(SHELVES_OF).filter((list) => SHELVES_OF[list]?.includes(shelf))]));

/** The parts of a conversation's state that are looked at here; what an older version did not write is missing. */
interface Listed {
  v?: number;
  workspace?: string;
  contact?: { id?: string };
  at?: number;
  spokeAt?: number;
  ticket?: { value?: unknown; context?: { agent?: { id?: string } | null } };
  team?: string;
  snoozed?: object | null;
  waitingSince?: number;
  mentions?: readonly string[];
}

/** Undefined for a state that says nothing of it. */
export function factsOf(state: Listed): Facts | undefined {
  const { workspace, contact, at, ticket, team = '', snoozed = null, mentions = [] } = state;
  const status = STATUSES.findIndex((known) => known === ticket?.value);
  if (typeof workspace !== 'string' || typeof contact?.id !== 'string' || typeof at !== 'number') return undefined;
  if (status < 0) return undefined;
  const unfinished = OPEN.includes(status);
  const shelf = unfinished && snoozed !== null ? status + STATUSES.length : status;
  const open = shelf === status && unfinished;
  return {
    workspace, contact: contact.id, shelf, at, waiting: waitingSince(state),
    agent: open ? ticket?.context?.agent?.id ?? null : null,
    team: open && team !== '' ? team : null,
    mentions: unfinished && mentions.length > 0 ? `\n${[...new Set(mentions)].join('\n')}\n` : null,
  };
}

/** What version 1 did not say is taken from the customer's last word, as `machines/snapshot.ts` does. */
function waitingSince({ waitingSince: said, ticket, spokeAt = 0 }: Listed): number {
  return said ?? (ticket?.value === 'new' ? spokeAt : 0);
}

/** All lists that a conversation belongs to. */
export function listsOf({ contact, shelf, agent, team, mentions, waiting }: Facts): string[] {
  const lists = [...LISTS_OF_SHELF.get(shelf) ?? [], `contact:${contact}`];
  if (agent !== null) lists.push(`agent:${agent}`);
  if (team !== null) lists.push(`team:${team}`);
  if (waiting > 0 && OPEN.includes(shelf)) lists.push('waiting');
  if (mentions !== null) for (const id of mentions.slice(1, -1).split('\n')) lists.push(`mentions:${id}`);
  return lists;
}

/** Lists of which nobody keeps a number: a contact has few conversations, and there are many contacts. */
export const isCounted = (list: string): boolean => !list.startsWith('contact:');

/** A list as this agent names it, by the name that it has inside; undefined when there is none of that name. */
export function resolve(name: string, agent: string): string | undefined {
  if (name === 'mine') return `agent:${agent}`;
  if (name === 'mentions') return `mentions:${agent}`;
  const known = Object.hasOwn(SHELVES_OF, name) || name === 'waiting' || /^(team|agent|contact):./.test(name);
  return known ? name : undefined;
}

/** Below 0 when `a` stands before `b`. Those of one moment stand by their ids, so that no two share a place. */
export function compare(sort: Sort, a: Rank, b: Rank): number {
  if (sort === 'waiting' && a.waiting !== b.waiting) return (a.waiting || Infinity) - (b.waiting || Infinity);
  return b.at - a.at || (a.actor < b.actor ? -1 : a.actor > b.actor ? 1 : 0);
}
