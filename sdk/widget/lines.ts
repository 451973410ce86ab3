/** What a customer is told about the course of their request, and what goes without saying. */
import type { Item, Status } from '../index.ts';
import type { Happening } from '../ui/blocks.ts';
import { STRINGS } from './strings.ts';

export function line(item: Happening, items: readonly Item[], index: number): string | null {
  switch (item.kind) {
    case 'status': {
      const { status } = item.body;
      // A chat closes in the same step, at the same time: one line says both.
      const [earlier, later] = [items[index - 1], items[index + 1]];
      if (status === 'solved') return is(later, 'closed') && later?.at === item.at ? null : STRINGS.solved;
      if (status === 'closed') return is(earlier, 'solved') && earlier?.at === item.at ? STRINGS.solvedAndClosed : STRINGS.closed;
      const before = items.slice(0, index).findLast(({ kind }) => kind === 'status');
      return status === 'open' && is(before, 'solved') ? STRINGS.reopened : null;
    }
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

function is(item: Item | undefined, status: Status): boolean {
  return item?.kind === 'status' && item.body.status === status;
}
