/**
 * What a conversation and its workspace's desk say to each other. Both are durable and either may be behind the other, so
 * nothing here is an order: a conversation says how it stands, the desk says what it has decided and on what ground, and
 * the conversation alone decides whether that still fits.
 */
import type { ActorCommand } from './actor.ts';
import type { Status, Style } from './style.ts';
import type { Agent } from './ticket.ts';
import type { Method } from './workspace.ts';

/** 0 urgent, 1 high, 2 normal, 3 low. */
export type Priority = 0 | 1 | 2 | 3;
export const NORMAL: Priority = 2;

/** How a conversation's ticket stands, as far as routing is concerned. */
export interface Standing {
  /** Number of the ticket within its conversation. */
  ticket: number;
  status: Status;
  style: Style;
  channel: string;
  /** '' for the workspace's default team. */
  team: string;
  priority: Priority;
  /** Skills that its agent must have, and ones that are better, for a time. */
  requires: readonly string[];
  prefers: readonly string[];
  agent: Agent | null;
  /** The customer's name. */
  contact: string;
  /** Since when it has waited for its first agent; kept when it goes back to the queue. */
  since: number;
  /** When an agent first answered this ticket, 0 for not yet. */
  answeredAt: number;
  /** Whether the customer is there: the session is active. */
  active: boolean;
  /** A flow has yet to say to whom it goes: until then it is offered to nobody, and its customer told nothing. */
  held: boolean;
  /** How its agent is chosen, null as its team does. */
  by: Method | null;
}

/**
 * From a conversation to its desk whenever its standing changes, and after every decision that it has heard. Only the
 * newest one waits in the outbox: it takes the place of an older one. `heard`: the newest effect of the desk that the
 * conversation has taken; an older one says nothing about a decision that is still on its way.
 */
export interface Stands extends ActorCommand {
  type: 'stands';
  standing: Standing;
  heard: number;
  from: string;
  n: number;
}

/** The ground on which the desk decided: it holds when the ticket and its agent are still these, and it is not Solved or Closed. */
export interface Ground {
  ticket: number;
  agent: string | null;
}

/** Who did it, when a person did. */
export interface By extends Agent {}

/** From the desk to a conversation. The conversation answers each with `stands`, also when the ground is gone. */
export type Decision =
  /** This agent has it now: accepted, assigned or handed over. */
  | { type: 'assign'; ground: Ground; agent: Agent; by: By | null; note: string; act: string; from: string; n: number }
  /** Back to a queue: without its agent, New. `team`: null leaves the team. */
  | { type: 'requeue'; ground: Ground; team: string | null; by: By | null; note: string; act: string; from: string; n: number }
  /** What the customer should know of their place; said only while the ground holds, and not twice in a row. */
  | { type: 'place'; ground: Ground; state: 'waiting' | 'away' | 'closed'; agent: Agent | null; team: string; opensAt: number; from: string; n: number };

export function deskOf(workspace: string): string {
  return `d/${workspace}`;
}
