/** How far each person of a conversation is: what has arrived with them, and what they have read. Marks only grow. */
import type { Who } from './actor.ts';
import type { ConversationState, Marked } from './state.ts';

const MARKS_MAX = 64;

/** The marks after somebody has said how far they are; the same list when they say nothing new. */
export function marked(state: ConversationState, who: Who, said: Pick<Marked, 'delivered' | 'read' | 'n'>): readonly Marked[] {
  const role = who.role === 'agent' ? 'agent' : 'customer';
  const head = role === 'agent' ? state.seq : state.publicSeq;
  const count = role === 'agent' ? state.customerMessages : state.agentMessages;
  const old = state.marks.find((m) => m.person === who.id) ?? { person: who.id, role, delivered: 0, read: 0, n: 0 };
  const read = Math.max(old.read, Math.min(said.read, head));
  const next: Marked = {
    person: who.id, role, read, delivered: Math.max(old.delivered, read, Math.min(said.delivered, head)),
    n: Math.max(old.n, read === head ? count : Math.min(said.n, count)),
  };
  if (next.read === old.read && next.delivered === old.delivered && next.n === old.n) return state.marks;
  return [...state.marks.filter((m) => m.person !== who.id).slice(-(MARKS_MAX - 1)), next];
}
