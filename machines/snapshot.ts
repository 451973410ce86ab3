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
type Added = 'team' | 'priority' | 'tags' | 'requires' | 'prefers' | 'since' | 'answeredAt' | 'mentions' | 'place'
  | 'waitingSince' | 'snoozed' | 'lastReply';

/** What most messages leave as it was. */
function lasting(state: ConversationState) {
  const { v, workspace, channel, epoch, number, team, priority, tags, requires, prefers, since, mentions, place, snoozed } = state;
  const { floor, idle, effects, contact, timers, outbox, taken } = state;
  return {
    v, workspace, channel, epoch, number, team, priority, tags, requires, prefers, since, mentions, place, snoozed,
    floor, idle, effects, contact, timers, outbox, taken,
  };
}

/** What nearly every message changes. */
function passing(state: ConversationState) {
  const { seq, publicSeq, customerMessages, agentMessages, answeredAt, waitingSince, lastReply } = state;
  const { spokeAt, at, preview, devices } = state;
  return { seq, publicSeq, customerMessages, agentMessages, answeredAt, waitingSince, lastReply, spokeAt, at, preview, devices };
}
type Written = keyof ReturnType<typeof lasting> | keyof ReturnType<typeof passing> | 'marks' | 'ticket' | 'session';

/** A field that nobody writes would be lost: then this does not compile. */
export function freeze(state: Exclude<keyof ConversationState, Written> extends never ? ConversationState : never): string {
  return `${JSON.stringify(passing(state)).slice(0, -1)},${onceLasting(state)},"marks":${once(state.marks)},`
    + `"ticket":${ticket.freeze(state.ticket)},"session":${session.freeze(state.session)}}`;
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

const jsons = new WeakMap<object, string>();
const lastingOf = new WeakMap<ConversationState['ticket'], { state: ConversationState; json: string }>();

/** The JSON of what lasts, made anew when any of it is another. */
function onceLasting(state: ConversationState): string {
  const last = lastingOf.get(state.ticket);
  if (last !== undefined && lasts(last.state, state)) return last.json;
  const json = JSON.stringify(lasting(state)).slice(1, -1);
  lastingOf.set(state.ticket, { state, json });
  return json;
}

/** Field by field, because a loop over their names costs half of a message's step. */
function lasts(a: ConversationState, b: ConversationState): boolean {
  return a.v === b.v && a.workspace === b.workspace && a.channel === b.channel && a.epoch === b.epoch && a.number === b.number
    && a.team === b.team && a.priority === b.priority && a.tags === b.tags && a.requires === b.requires && a.prefers === b.prefers
    && a.since === b.since && a.mentions === b.mentions && a.place === b.place && a.snoozed === b.snoozed && a.floor === b.floor
    && a.idle === b.idle && a.effects === b.effects && a.contact === b.contact && a.timers === b.timers && a.outbox === b.outbox
    && a.taken === b.taken;
}

function once(part: object): string {
  let json = jsons.get(part);
  if (json === undefined) {
    json = JSON.stringify(part);
    jsons.set(part, json);
  }
  return json;
}
