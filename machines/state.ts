/**
 * What a conversation is between two steps: its current ticket and session, and all that is remembered beside them.
 */
import type { SnapshotFrom } from 'xstate';
import type { Effect } from './actor.ts';
import type { Run } from './flows/run.ts';
import type { Priority } from './routing.ts';
import type { session } from './session.ts';
import type { Status } from './style.ts';
import type { Agent, ticket } from './ticket.ts';
import type { Timer } from './timers.ts';
import type { Method } from './workspace.ts';

export interface Contact {
  id: string;
  name: string;
  identified: boolean;
}

export interface Marked {
  person: string;
  role: 'customer' | 'agent';
  delivered: number;
  read: number;
  n: number;
}

/** What the customer was last told of their place. */
export interface Place {
  state: 'waiting' | 'away' | 'closed' | 'handedOver';
  agent: Agent | null;
  team: string;
  opensAt: number;
}

export interface ConversationState {
  /** 1: as it was before desks; its desk has not heard of it. */
  readonly v: 1 | 3;
  readonly workspace: string;
  readonly channel: string;
  readonly contact: Contact;
  readonly epoch: number;
  readonly seq: number;
  /** Newest sequence that customers may see. */
  readonly publicSeq: number;
  readonly customerMessages: number;
  readonly agentMessages: number;
  /** Number of the current ticket, from 1. */
  readonly number: number;
  readonly ticket: SnapshotFrom<typeof ticket.machine>;
  readonly session: SnapshotFrom<typeof session.machine>;
  /** Of the current ticket, as are all up to `mentions`. '' for the workspace's default team. */
  readonly team: string;
  readonly priority: Priority;
  readonly tags: readonly string[];
  readonly requires: readonly string[];
  readonly prefers: readonly string[];
  /** When it began. */
  readonly since: number;
  /** When an agent first answered it, 0 for not yet. */
  readonly answeredAt: number;
  /** Agents whom its notes name, newest last. */
  readonly mentions: readonly string[];
  /** The last of its `routing` lines that still says how it stands. */
  readonly place: Place | null;
  /** Time of the first message of the customer that nobody has answered, 0 for none. */
  readonly waitingSince: number;
  /** Out of the lists until then; a timer with the owner `snooze` ends it. */
  readonly snoozed: { readonly until: number; readonly by: Agent } | null;
  /** The newest message of an agent. */
  readonly lastReply: { readonly seq: number; readonly at: number; readonly agent: Agent } | null;
  readonly timers: readonly Timer[];
  /** When the customer last spoke. */
  readonly spokeAt: number;
  /** Time and beginning of the newest message, for lists. */
  readonly at: number;
  readonly preview: string;
  readonly marks: readonly Marked[];
  /** Newest client id from each device: a higher one is certainly new. `floor`: the highest of devices let go. */
  readonly devices: Readonly<Record<string, string>>;
  readonly floor: string;
  /** Newest commands that changed nothing, and so left no line by which to know a repeat. */
  readonly idle: readonly string[];
  readonly outbox: readonly Effect[];
  readonly effects: number;
  /** Newest effect taken from each actor. */
  readonly taken: Readonly<Record<string, number>>;
  /** The flows under way, in the order in which they began; none on a Closed ticket. */
  readonly runs: readonly Run[];
  /** How many there have been. */
  readonly runCount: number;
  /** How many of them began since a person last said or did something here. */
  readonly unprompted: number;
  /** The contact's fields, as far as they are known here. */
  readonly fields: Readonly<Record<string, string>>;
  /** Whether the customer began it. */
  readonly inbound: boolean;
  /** Flows that start with the ticket wait for the contact's fields. */
  readonly opening: boolean;
  /** How the ticket's agent is chosen, null as its team does. */
  readonly by: Method | null;
  /** The newest message of the customer, as much of it as flows may look at; '' where none could. */
  readonly said: string;
}

export const SYSTEM = { role: 'system', id: 'parley', name: 'Parley' } as const;

export function statusOf(state: ConversationState): Status {
  return state.ticket.value;
}

/** The actor that keeps what is known of the customer. */
export function contactOf({ workspace, contact }: ConversationState): string {
  return `p/${workspace}/${contact.id}`;
}

export function agentOf(state: ConversationState): Agent | null {
  return state.ticket.context.agent;
}
