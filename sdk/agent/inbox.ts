/** Lists of conversations as the gateway keeps them: exact, live, and only as long as somebody looks. */
import type { ConversationSummary } from '../summary.ts';
import type { Value } from '../value.ts';

/**
 * `open`: not Solved or Closed, nor snoozed. `unassigned`: of these, New ones. `mine`: of these, with this agent. `waiting`: of these,
 * the customer waits for an answer. `mentions`: of this agent, in unfinished tickets. `team:<id>`, `agent:<id>`, `status:<status>`;
 * `contact:<id>`: all of a contact, whatever their status.
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

export interface Inbox {
  /** The same name and sort give the same object. It is kept live while somebody subscribes to it. */
  list(name: ListName, sort?: Sort): { readonly value: Value<LiveList>; more(): void };
  /** How many conversations each list has; those that were never told are 0. `contact:` lists are not counted. */
  readonly tallies: Value<Readonly<Record<string, number>>>;
}
