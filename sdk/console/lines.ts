/** The course of a ticket in the words of the house. */
import type { Happening } from '../ui/blocks.ts';
import { STRINGS } from './strings.ts';

export function line(item: Happening): string | null {
  switch (item.kind) {
    case 'status':
      // A ticket's beginning is told by its own line.
      return item.body.status === 'new' ? null : by(STRINGS.became(STRINGS.statuses[item.body.status]), item);
    case 'assigned':
      return item.body.agent ? STRINGS.assigned(item.body.agent.name) : STRINGS.unassigned;
    case 'ticket':
      return STRINGS.ticketBegan(item.body.ticket, STRINGS.styles[item.body.style]);
    case 'session': {
      const { state, reason } = item.body;
      if (state === 'active') return STRINGS.session.active;
      const words: Partial<Record<typeof reason, string>> = STRINGS.session[state];
      return words[reason] ?? STRINGS.sessionStates[state];
    }
    default:
      return null;
  }
}

function by(text: string, item: Happening): string {
  return item.author.role === 'system' || item.author.name === '' ? text : `${text} · ${item.author.name}`;
}
