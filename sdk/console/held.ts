/** A reply that a colleague was faster than: what it says, and what the colleague has answered meanwhile. */
import type { Item, Outgoing } from '../index.ts';

export interface Held {
  readonly outgoing: Outgoing;
  readonly text: string;
  /** What colleagues have said to the customer since it was written, oldest first. */
  readonly answers: readonly Extract<Item, { kind: 'message' }>[];
}

/** The first that is held back; null when none is. `mine`: the id of whoever wrote it. */
export function heldOf(items: readonly Item[], mine: string): Held | null {
  const held = items.find((item) => item.outgoing?.error.get()?.name === 'superseded');
  if (held?.kind !== 'message' || !held.outgoing) return null;
  const answers = items.filter((item): item is Held['answers'][number] =>
    item.kind === 'message' && item.seq !== null && item.author.role === 'agent' && item.author.id !== mine);
  const since = answers.filter((item) => item.at >= held.at);
  // Clocks differ: when none seems newer, the newest is the one.
  return { outgoing: held.outgoing, text: held.body.text, answers: since.length > 0 ? since : answers.slice(-1) };
}
