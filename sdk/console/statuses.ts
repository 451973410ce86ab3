/** What an agent may do to a ticket by hand, and why not. The gateway decides; this only spares a refusal. */
import type { ConversationSummary, Me } from '../index.ts';
import { STRINGS } from './strings.ts';

export const SETTABLE = ['open', 'pending', 'onHold', 'solved'] as const;
export type Settable = (typeof SETTABLE)[number];

/** Whether the control shows this status itself, as the pressed one. */
export function shows(status: ConversationSummary['status']): boolean {
  return SETTABLE.some((one) => one === status);
}

/** Null: it may be done. Else the reason, for the title of the disabled button. */
export function whyNotStatus(summary: ConversationSummary | null, to: Settable): string | null {
  if (!summary) return STRINGS.notYet;
  if (summary.status === 'closed') return STRINGS.closedIsFinal;
  if (summary.status === to) return STRINGS.isNow(STRINGS.statuses[to]);
  if (summary.status === 'new') return STRINGS.acceptFirst;
  return null;
}

export function whyNotAccept(summary: ConversationSummary | null, me: Me | null): string | null {
  return whyNotChange(summary) ?? (summary?.assignee && summary.assignee.id === me?.id ? STRINGS.accepted : null);
}

export function whyNotUnassign(summary: ConversationSummary | null): string | null {
  return whyNotChange(summary) ?? (summary?.assignee ? null : STRINGS.unassignedAlready);
}

/** For what may be done to any ticket that is not Closed: priority, team, hand-over, snooze. */
export function whyNotChange(summary: ConversationSummary | null): string | null {
  if (!summary) return STRINGS.notYet;
  return summary.status === 'closed' ? STRINGS.closedIsFinal : null;
}
