/** What a customer is told about the course of their request, and what goes without saying. */
import type { Bodies, Item, Status } from '../index.ts';
import type { Happening } from '../ui/blocks.ts';
import { LANGUAGE, STRINGS } from './strings.ts';

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
    case 'assigned': {
      const { agent } = item.body;
      // A hand-over to a person says so itself.
      const next = items[index + 1];
      if (next?.kind === 'routing' && next.body.state === 'handedOver' && next.body.agent?.id === agent?.id) return null;
      return agent ? STRINGS.joined(agent.name) : null;
    }
    case 'routing':
      return place(item.body, item.at);
    case 'ticket':
      return item.body.previous === 0 ? null : STRINGS.ticketBegan;
    case 'session':
      return null;
    default:
      return null;
  }
}

/** Where the customer stands; times are those of their own clock. */
function place({ state, agent, opensAt }: Bodies['routing'], at: number): string {
  switch (state) {
    case 'waiting': return STRINGS.waits;
    case 'away': return agent ? STRINGS.away(agent.name) : STRINGS.allAway;
    case 'closed': return opensAt > at ? STRINGS.shutUntil(opening(opensAt, at)) : STRINGS.shut;
    case 'handedOver': return agent ? STRINGS.handedTo(agent.name) : STRINGS.handedOn;
    default: return state satisfies never;
  }
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** The weekday and time; in a week or more, with the date. */
function opening(opensAt: number, at: number): string {
  const date = opensAt - at < WEEK_MS ? {} : { day: 'numeric', month: 'long' } as const;
  return new Intl.DateTimeFormat(LANGUAGE, { weekday: 'long', ...date, hour: 'numeric', minute: '2-digit' }).format(opensAt);
}

function is(item: Item | undefined, status: Status): boolean {
  return item?.kind === 'status' && item.body.status === status;
}
