/**
 * From what the house knows to what it says on the wire. With `hear.ts`, one of the two files that translate.
 */
import type { Line, Who } from '../machines/actor.ts';
import type { Shelf } from '../machines/flows/run.ts';
import { runsShown } from '../machines/shown.ts';
import { shown } from '../machines/style.ts';
import { statusOf, type ConversationState } from '../machines/state.ts';
import { decodeEntry, encodeEntry } from '../sdk/protocol/codec.ts';
import type { Refusal } from '../sdk/protocol/codes.ts';
import type { Entry, Mark, Summary, Told } from '../sdk/protocol/frames.ts';
import type { Audience } from './record.ts';

/** The bytes of a log line: made once, for the log, the tables and every socket. */
export function encodeLine(line: Line): Uint8Array {
  return encodeEntry(line as unknown as Entry);
}

export function decodeLine(bytes: Uint8Array, audience: Audience): Line {
  const { seq, prev, n, kind, at, author, cmid, body } = decodeEntry(bytes);
  return { seq, prev, n, kind, at, author, cmid, body: body as unknown as Line['body'], audience };
}

/** A conversation as this role may see it: customers see On-hold as Open, and not whether they seem to be gone. */
export function tellSummary(conversation: string, state: ConversationState, role: Who['role']): Summary {
  const agent = role === 'agent';
  const status = statusOf(state);
  return {
    conversation,
    channel: state.channel,
    style: state.ticket.context.policy.style,
    status: agent ? status : shown(status),
    ticket: state.number,
    contact: state.contact,
    assignee: state.ticket.context.agent,
    session: agent ? state.session.value : 'active',
    seq: agent ? state.seq : state.publicSeq,
    customerMessages: state.customerMessages,
    agentMessages: state.agentMessages,
    at: state.at,
    preview: state.preview,
    marks: state.marks.map((mark) => tellMark(mark, state, role)),
    desk: agent ? [state.team, state.priority, state.waitingSince, state.snoozed?.until ?? 0, [...state.tags], [...state.mentions]] : null,
  };
}

/** How far somebody is, counted in what this role may see: a mark on a note would tell a customer that there is one. */
export function tellMark(mark: ConversationState['marks'][number], { publicSeq }: ConversationState, to: Who['role']): Mark {
  const { person, role, delivered, read, n } = mark;
  if (to === 'agent') return { person, role, delivered, read, n };
  return { person, role, delivered: Math.min(delivered, publicSeq), read: Math.min(read, publicSeq), n };
}

/** Who moved on, as this role may see it; for what only agents may know, nobody did. */
export function tellMoves(before: ConversationState | undefined, after: ConversationState, to: Who['role']): Mark[] {
  if (before?.marks === after.marks) return [];
  return after.marks.filter((mark) => before?.marks.includes(mark) !== true).flatMap((mark) => {
    const now = tellMark(mark, after, to);
    const known = before?.marks.find(({ person }) => person === mark.person);
    const old = known === undefined || before === undefined ? undefined : tellMark(known, before, to);
    return old?.delivered === now.delivered && old.read === now.read && old.n === now.n ? [] : [now];
  });
}

/** The flows under way on a conversation that this alias stands for. */
export function tellRuns(alias: number, state: ConversationState, shelf: Shelf): Extract<Told, { t: 'runs' }> {
  return { t: 'runs', alias, runs: runsShown(state, shelf) };
}

/** A person as they hear of themselves. */
export function tellMe({ who: { id, name, role, identified }, workspace }: { who: Who; workspace: string }): Extract<Told, { t: 'welcome' }>['me'] {
  return { id, name, role: role === 'agent' ? 'agent' : 'customer', identified, workspace };
}

const DETAIL_CHARS = 300;

/** A refusal of the frame that the client gave this id. What an actor says at length is cut, and not through a character. */
export function tellRefusal(ref: string | number, { code, retryAfterMs, detail }: Refusal): Extract<Told, { t: 'nack' }> {
  return { t: 'nack', ref, code, retryAfterMs, detail: detail.slice(0, DETAIL_CHARS).replace(/[\ud800-\udbff]$/, '') };
}
