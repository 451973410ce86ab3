/** A ticket's status, as a word on its colour. */
import type { ConversationSummary } from '../index.ts';
import { STRINGS } from './strings.ts';

export function Chip({ status }: { status: ConversationSummary['status'] }) {
  return <span class={`chip is-${status}`}>{STRINGS.statuses[status]}</span>;
}
