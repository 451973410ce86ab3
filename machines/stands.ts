/**
 * How a conversation's ticket stands for its desk, and when that is news. Most messages are none.
 */
import { deskOf, type Standing } from './routing.ts';
import type { ConversationState } from './state.ts';

export function standingOf(state: ConversationState): Standing {
  const { number, channel, team, priority, requires, prefers, contact, since, answeredAt, by } = state;
  const { value: status, context: { agent, policy: { style } } } = state.ticket;
  return {
    ticket: number, status, style, channel, team, priority, requires, prefers, agent, contact: contact.name, since, answeredAt,
    active: state.session.value === 'active', held: isHeld(state), by,
  };
}

/** A flow that asks or routes has begun, or is about to, and nobody has taken the ticket meanwhile. */
export function isHeld({ ticket, opening, runs }: ConversationState): boolean {
  return ticket.value === 'new' && (opening || runs.some(({ routed }) => !routed));
}

/** The newest effect of its desk that the conversation has taken, 0 for none. */
export function heardOf({ taken, workspace }: ConversationState): number {
  return taken[deskOf(workspace)] ?? 0;
}

/** Whether its desk need not hear of a step. Every step asks, so what a standing is made of is only looked at when it changed. */
export function stoodStill(before: ConversationState, after: ConversationState): boolean {
  if (before.ticket === after.ticket && before.session === after.session && before.taken === after.taken
    && before.answeredAt === after.answeredAt && before.contact === after.contact
    && before.team === after.team && before.priority === after.priority && isHeld(before) === isHeld(after)
    && before.by === after.by && before.requires === after.requires) return true;
  return heardOf(before) === heardOf(after) && JSON.stringify(standingOf(before)) === JSON.stringify(standingOf(after));
}
