/** What has happened to one's own conversations between two looks at the list. */
import type { LiveList } from '../agent.ts';
import type { ConversationSummary } from '../index.ts';

export interface News {
  /** Handed over or assigned: they were not there before. */
  readonly came: readonly ConversationSummary[];
  /** Their customers have said something. */
  readonly spoke: readonly ConversationSummary[];
}

/** `before` and `after`: the newest of `mine`. What the first answer of a connection brings is no news. */
export function newsOf(before: LiveList, after: LiveList): News {
  if (!before.live || !after.live) return { came: [], spoke: [] };
  const known = new Map(before.items.map((item) => [item.id, item.customerMessages]));
  // One that has moved up from beyond what is loaded was there before: then there are no more than before.
  const came = after.total > before.total ? after.items.filter(({ id }) => !known.has(id)) : [];
  return { came, spoke: after.items.filter((item) => item.unread > 0 && (known.get(item.id) ?? Infinity) < item.customerMessages) };
}
