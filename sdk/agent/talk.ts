/** A conversation as an agent holds it: what every client can do with it, and what agents do with its ticket. */
import type { Conversation } from '../conversation.ts';
import type { ConversationSummary } from '../summary.ts';

/** What only agents know of a conversation, beside its summary. */
export interface Facts {
  readonly team: string;
  /** 0 urgent, 1 high, 2 normal, 3 low. */
  readonly priority: number;
  /** Since when the customer waits for an answer, milliseconds since 1970; 0: does not. */
  readonly waitingSince: number;
  /** Until when it is snoozed, 0: is not. */
  readonly snoozedUntil: number;
  readonly tags: readonly string[];
  /** Ids of the agents whom its notes name. */
  readonly mentions: readonly string[];
}
export declare function factsOf(summary: ConversationSummary): Facts;

export interface AgentConversation extends Conversation {
  /** Takes the ticket, deliberately also above one's capacity. Rejects with `conflict` when its agent is not the one on the screen any more. */
  accept(): Promise<void>;
  setStatus(status: 'open' | 'pending' | 'onHold' | 'solved'): Promise<void>;
  /** Back to the queue of its team, by its first waiting time. */
  unassign(): Promise<void>;
  setTeam(team: string): Promise<void>;
  setPriority(priority: 0 | 1 | 2 | 3): Promise<void>;
  /** All of them, at most 20; rejects with `conflict` when a colleague has changed them meanwhile. */
  setTags(tags: readonly string[]): Promise<void>;
  /** Out of the lists until then, or until the customer writes; 0 ends it. */
  snooze(until: number): Promise<void>;
  /** To an agent or a team, with a note for them. `over`: deliberately, although the agent is full or away. Rejects with `noCapacity`. */
  handOver(to: { agent: string } | { team: string }, note: string, over?: boolean): Promise<void>;
}
