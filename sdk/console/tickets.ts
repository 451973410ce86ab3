/** The tickets of a conversation, read from the part of its history that is loaded. Newest first. */
import type { ConversationSummary, Item } from '../index.ts';

export interface Ticket {
  number: number;
  since: number;
  status: ConversationSummary['status'];
}

export function tickets(items: readonly Item[]): Ticket[] {
  const found = new Map<number, Ticket>();
  for (const item of items) {
    if (item.kind === 'ticket') {
      found.set(item.body.ticket, { number: item.body.ticket, since: item.at, status: 'new' });
    }
    if (item.kind !== 'status') continue;
    const { ticket, status } = item.body;
    found.set(ticket, { number: ticket, since: found.get(ticket)?.since ?? item.at, status });
  }
  return [...found.values()].sort((a, b) => b.number - a.number);
}
