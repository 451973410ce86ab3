/** Which conversations the list shows. */
import type { ConversationSummary, Me } from '../index.ts';

export const FILTERS = ['open', 'mine', 'new', 'done'] as const;
export type Filter = (typeof FILTERS)[number];

export function belongs(summary: ConversationSummary, filter: Filter, me: Me | null): boolean {
  const running = summary.status !== 'solved' && summary.status !== 'closed';
  switch (filter) {
    case 'open': return running;
    case 'mine': return running && summary.assignee !== null && summary.assignee?.id === me?.id;
    case 'new': return summary.status === 'new';
    case 'done': return !running;
    default: return filter satisfies never;
  }
}

/** Every word that was typed stands somewhere in the name or the preview; case does not matter. */
export function matches(summary: ConversationSummary, words: string): boolean {
  const text = `${summary.contact.name} ${summary.preview} ${summary.assignee?.name ?? ''}`.toLocaleLowerCase();
  return words.toLocaleLowerCase().split(/\s+/u).every((word) => text.includes(word));
}
