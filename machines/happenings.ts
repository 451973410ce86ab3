/**
 * What has happened in a step on a conversation, as far as flows hear of it or start from it.
 */
import type { Trigger } from './flows/flow.ts';
import type { SessionReason } from './session.ts';
import type { Status } from './style.ts';
import type { Agent } from './ticket.ts';

export type Happening =
  | { type: 'opened' }
  | { type: 'message'; from: 'customer' | 'agent'; text: string }
  | { type: 'status'; status: Status }
  | { type: 'idle'; reason: SessionReason }
  | { type: 'ended' }
  | { type: 'assigned' }
  | { type: 'field'; name: string }
  /** An agent has stepped in: accepted, answered the customer, sent the ticket to a team, or was given it. */
  | { type: 'taken'; by: Agent; why: string };

/** Whether a flow with this trigger starts from it. */
export function starts(trigger: Trigger, happening: Happening): boolean {
  switch (trigger.on) {
    case 'message': return happening.type === 'message' && happening.from === trigger.from;
    case 'status': return happening.type === 'status' && (trigger.to?.includes(happening.status) ?? true);
    case 'idle': return happening.type === 'idle' && (trigger.reasons?.some((reason) => reason === happening.reason) ?? true);
    case 'field': return happening.type === 'field' && trigger.field === `contact.${happening.name}`;
    case 'opened': case 'ended': case 'assigned': return happening.type === trigger.on;
    case 'called': return false;
    default: return trigger satisfies never;
  }
}
