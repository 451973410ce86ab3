/** What a customer is told about the course of their request, and what goes without saying. */
import type { Item } from '../index.ts';
import type { Happening } from '../ui/blocks.ts';
import { STRINGS } from './strings.ts';

export function line(item: Happening, next: Item | undefined): string | null {
  switch (item.kind) {
    case 'status':
      if (item.body.status === 'solved') {
        // A chat closes in the same step: one line says both.
        return next?.kind === 'status' && next.body.status === 'closed' ? null : STRINGS.solved;
      }
      return item.body.status === 'closed' ? STRINGS.solvedAndClosed : null;
    case 'assigned':
      return item.body.agent ? STRINGS.joined(item.body.agent.name) : null;
    case 'ticket':
      return item.body.previous === 0 ? null : STRINGS.ticketBegan;
    case 'session':
      return null;
    default:
      return null;
  }
}
