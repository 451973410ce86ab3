/** Saved replies: what stands in their braces, and what they do besides. */
import type { ConversationSummary, Me } from '../index.ts';
import type { Macro } from './workspace.ts';

export interface Filling {
  readonly contact: string;
  readonly agent: string;
  readonly channel: string;
  readonly ticket: string;
}

export function fillingOf(summary: ConversationSummary | null, me: Me | null): Filling {
  return {
    contact: summary?.contact.name ?? '', agent: me?.name ?? '', channel: summary?.channel ?? '',
    ticket: summary ? String(summary.ticket) : '',
  };
}

/**
 * `{contact}` and its like, filled in. A name that is not known leaves no gap: the blanks before it go with it, as in
 * "Hello {contact}," to a visitor. Other braces are the writer's own.
 */
export function filled(text: string, filling: Filling): string {
  return text.replace(/([ \t]*)\{(contact|agent|channel|ticket)\}/gu, (_, space: string, field: keyof Filling) =>
    (filling[field] === '' ? '' : space + filling[field]));
}

/** What happens to the ticket once the words have been sent; null when nothing does. */
export type After = Pick<Macro, 'status' | 'priority' | 'tags'>;

export function afterOf(macro: Macro): After | null {
  const { status, priority, tags } = macro;
  return status === null && priority === null && tags.length === 0 ? null : { status, priority, tags };
}

/** The macro's tags beside those that are there, each once. */
export function joined(tags: readonly string[], more: readonly string[]): string[] {
  return [...new Set([...tags, ...more])];
}
