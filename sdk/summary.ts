/** What is known of a conversation at a glance: rows of the list and live entries merged, whichever came first. */
import type { Me } from './me.ts';
import type { Entry, Mark, Summary } from './protocol/entry.ts';

export interface ConversationSummary extends Omit<Summary, 'conversation' | 'marks'> {
  readonly id: string;
  /** Messages of the other side that this person has not read: exact, also offline. */
  readonly unread: number;
}

const PREVIEW = 120;

export function mergeMarks(old: readonly Mark[], fresh: readonly Mark[]): Mark[] {
  const { max } = Math;
  const merged = new Map(old.map((mark) => [mark.person, mark]));
  for (const mark of fresh) {
    const { delivered, read, n } = merged.get(mark.person) ?? mark;
    const far = { delivered: max(mark.delivered, delivered), read: max(mark.read, read), n: max(mark.n, n) };
    merged.set(mark.person, { ...mark, ...far });
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

/** `more`: what the entry tells beyond what everybody knows of a conversation. */
export function apply(known: Summary, entry: Entry, more?: Partial<Summary>): Summary {
  const side = entry.author.role === 'customer' ? 'customerMessages' : 'agentMessages';
  const counted = entry.n > known[side] ? { ...known, [side]: entry.n } : known;
  return entry.seq > known.seq ? { ...counted, seq: entry.seq, ...says(entry), ...more } : counted;
}

function says({ kind, at, body }: Entry): Partial<Summary> {
  switch (kind) {
    case 'message':
      return { at, preview: body.text.slice(0, PREVIEW) };
    case 'status':
      return { status: body.status, ticket: body.ticket };
    case 'assigned':
      return { assignee: body.agent };
    case 'ticket':
      return { ticket: body.ticket, style: body.style, status: 'new', assignee: null };
    case 'session':
      return { session: body.state };
    default:
      // A note says nothing about the ticket, nor does a kind that this version does not know.
      return {};
  }
}

/** How many messages the other side has said. */
export const said = (summary: Summary, me: Me): number =>
  me.role === 'agent' ? summary.customerMessages : summary.agentMessages;

export const markOf = (summary: Summary, me: Me): Mark | undefined =>
  summary.marks.find(({ person }) => person === me.id);

/** `read`: how many of them were read on this device, if that is not yet known elsewhere. */
export function shown(summary: Summary, me: Me | null, read: number): ConversationSummary {
  const { conversation: id, marks: _, ...rest } = summary;
  const unread = me === null ? 0 : Math.max(0, said(summary, me) - Math.max(read, markOf(summary, me)?.n ?? 0));
  return { ...rest, id, unread };
}
