/** What is known of a conversation at a glance: rows of the list and live entries merged, whichever came first. */
import type { Me } from './me.ts';
import type { Bodies, Entry, Mark, Summary } from './protocol/entry.ts';

export interface ConversationSummary extends Omit<Summary, 'conversation' | 'marks'> {
  readonly id: string;
  /** Messages of the other side that this person has not read: exact, also offline. */
  readonly unread: number;
}

const PREVIEW = 120;

export function mergeMarks(old: readonly Mark[], fresh: readonly Mark[]): Mark[] {
  const merged = new Map(old.map((mark) => [`${mark.role}/${mark.person}`, mark]));
  for (const mark of fresh) {
    const key = `${mark.role}/${mark.person}`;
    const known = merged.get(key);
    const { max } = Math;
    merged.set(key, known === undefined ? mark : {
      ...mark, delivered: max(mark.delivered, known.delivered), read: max(mark.read, known.read), n: max(mark.n, known.n),
    });
  }
  return [...merged.values()];
}

/** A row beside what is known: the one that has seen more says how things stand, and counts only grow. */
export function merge(known: Summary | undefined, row: Summary): Summary {
  if (known === undefined) return row;
  return {
    ...(row.seq >= known.seq ? row : known),
    customerMessages: Math.max(row.customerMessages, known.customerMessages),
    agentMessages: Math.max(row.agentMessages, known.agentMessages),
    marks: mergeMarks(known.marks, row.marks),
  };
}

export function apply(known: Summary, entry: Entry): Summary {
  const { customerMessages, agentMessages } = known;
  const counts = {
    customerMessages: entry.author.role === 'customer' ? Math.max(customerMessages, entry.n) : customerMessages,
    agentMessages: entry.author.role === 'customer' ? agentMessages : Math.max(agentMessages, entry.n),
  };
  if (entry.seq <= known.seq) {
    const grew = counts.customerMessages > customerMessages || counts.agentMessages > agentMessages;
    return grew ? { ...known, ...counts } : known;
  }
  return { ...known, ...counts, seq: entry.seq, ...says(entry) };
}

function says(entry: Entry): Partial<Summary> {
  switch (entry.kind) {
    case 'message':
      return { at: entry.at, preview: entry.body.text.slice(0, PREVIEW) };
    case 'status':
      return { status: entry.body.status, ticket: entry.body.ticket };
    case 'assigned':
      return { assignee: entry.body.agent, ticket: entry.body.ticket };
    case 'ticket':
      return { ticket: entry.body.ticket, style: entry.body.style, assignee: null };
    case 'session':
      return { session: entry.body.state satisfies Bodies['session']['state'] };
    default:
      // A note says nothing about the ticket, nor does a kind that this version does not know.
      return {};
  }
}

/** How many messages the other side has said. */
export const said = (summary: Summary, me: Me): number => (me.role === 'agent' ? summary.customerMessages : summary.agentMessages);

export const markOf = (summary: Summary, me: Me): Mark | undefined =>
  summary.marks.find((mark) => mark.person === me.id && mark.role === me.role);

/** `read`: how many of them were read on this device, if that is not yet known elsewhere. */
export function shown(summary: Summary, me: Me | null, read: number): ConversationSummary {
  const { conversation: id, marks: _, ...rest } = summary;
  const unread = me === null ? 0 : Math.max(0, said(summary, me) - Math.max(read, markOf(summary, me)?.n ?? 0));
  return { ...rest, id, unread };
}
