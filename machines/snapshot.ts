/**
 * How a conversation's state is kept: as JSON, and read back from what this or any earlier version wrote.
 */
import type { Frozen } from './pure.ts';
import { NORMAL } from './routing.ts';
import { session } from './session.ts';
import type { ConversationState } from './step.ts';
import { ticket } from './ticket.ts';

/** A state as its JSON says it: its machines are values, which cannot step. */
type Kept = Omit<ConversationState, 'ticket' | 'session'> & { ticket: Frozen; session: Frozen };
/** What version 1 did not know. */
type Added = 'team' | 'priority' | 'tags' | 'requires' | 'prefers' | 'since' | 'answeredAt' | 'mentions' | 'place' | 'waitingSince' | 'snoozed' | 'lastReply';

/** The parts of a state that most messages leave as they were: their JSON is made once and kept beside them. */
const KEPT_APART = {
  contact: undefined, timers: undefined, marks: undefined, outbox: undefined, taken: undefined, ticket: undefined, session: undefined,
};
const jsons = new WeakMap<object, string>();

export function freeze(state: ConversationState): string {
  const { contact, timers, marks, outbox, taken } = state;
  const rest = JSON.stringify({ ...state, ...KEPT_APART });
  return `${rest.slice(0, -1)},"contact":${once(contact)},"timers":${once(timers)},"marks":${once(marks)},"outbox":${once(outbox)},`
    + `"taken":${once(taken)},"ticket":${ticket.freeze(state.ticket)},"session":${session.freeze(state.session)}}`;
}

export function thaw(json: string): ConversationState {
  const kept = read(json);
  return { ...kept, ticket: ticket.thaw(kept.ticket), session: session.thaw(kept.session) };
}

/** A state to look at, without waking its machines: `value` and `context` of them are there, and nothing else. */
export function glance(json: string): ConversationState {
  return read(json) as unknown as ConversationState;
}

function read(json: string): Kept {
  const kept = JSON.parse(json) as Kept;
  return kept.v === 1 ? { ...fromVersion1(kept), ...kept } : kept;
}

/** What was not counted then is taken from the customer's last word. */
function fromVersion1({ spokeAt, agentMessages, ticket: { value } }: Kept): Pick<ConversationState, Added> {
  return {
    team: '', priority: NORMAL, tags: [], requires: [], prefers: [], since: spokeAt, answeredAt: agentMessages > 0 ? spokeAt : 0,
    mentions: [], place: null, waitingSince: value === 'new' ? spokeAt : 0, snoozed: null, lastReply: null,
  };
}

function once(part: object): string {
  let json = jsons.get(part);
  if (json === undefined) {
    json = JSON.stringify(part);
    jsons.set(part, json);
  }
  return json;
}
