/**
 * How a conversation's state is kept: as JSON, and read back from what this or any earlier version wrote.
 */
import type { Frozen } from './pure.ts';
import { NORMAL } from './routing.ts';
import { session } from './session.ts';
import type { ConversationState } from './state.ts';
import { ticket } from './ticket.ts';

/** A state as its JSON says it: its machines are values, which cannot step. */
type Kept = Omit<ConversationState, 'ticket' | 'session'> & { ticket: Frozen; session: Frozen };
/** What version 1 did not know, and what neither it nor version 2 did. */
type Added1 = 'team' | 'priority' | 'tags' | 'requires' | 'prefers' | 'since' | 'answeredAt' | 'mentions' | 'place'
  | 'waitingSince' | 'snoozed' | 'lastReply';
type Added2 = 'runs' | 'runCount' | 'unprompted' | 'fields' | 'inbound' | 'opening' | 'by' | 'said';

/** What most messages leave as it was. */
function lasting(state: ConversationState) {
  const { v, workspace, channel, epoch, number, team, priority, tags, requires, prefers, since, mentions, place, snoozed } = state;
  const { floor, idle, effects, contact, timers, outbox, taken, fields, inbound, opening, by } = state;
  return {
    v, workspace, channel, epoch, number, team, priority, tags, requires, prefers, since, mentions, place, snoozed,
    floor, idle, effects, contact, timers, outbox, taken, fields, inbound, opening, by,
  };
}

/** What nearly every message changes. */
function passing(state: ConversationState) {
  const { seq, publicSeq, customerMessages, agentMessages, answeredAt, waitingSince, lastReply } = state;
  const { spokeAt, at, preview, devices, runCount, unprompted, said } = state;
  return {
    seq, publicSeq, customerMessages, agentMessages, answeredAt, waitingSince, lastReply, spokeAt, at, preview, devices,
    runCount, unprompted, said,
  };
}
type Written = keyof ReturnType<typeof lasting> | keyof ReturnType<typeof passing> | 'marks' | 'runs' | 'ticket' | 'session';

/** A field that nobody writes would be lost: then this does not compile. */
export function freeze(state: Exclude<keyof ConversationState, Written> extends never ? ConversationState : never): string {
  return `${JSON.stringify(passing(state)).slice(0, -1)},${onceLasting(state)},"marks":${once(state.marks)},"runs":${once(state.runs)},`
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
  const kept = JSON.parse(json) as Omit<Kept, 'v'> & { v: 1 | 2 | 3 };
  switch (kept.v) {
    case 1: return { ...fromVersion1(kept), ...FROM_VERSION_2, ...kept, v: 1 };
    case 2: return { ...FROM_VERSION_2, ...kept, v: 3 };
    default: return kept as Kept;
  }
}

/** Outgoing conversations and flows are younger. */
const FROM_VERSION_2: Pick<ConversationState, Added2> = {
  runs: [], runCount: 0, unprompted: 0, fields: {}, inbound: true, opening: false, by: null, said: '',
};

/** What was not counted then is taken from the customer's last word. */
function fromVersion1({ spokeAt, agentMessages, ticket: { value } }: Omit<Kept, 'v'>): Pick<ConversationState, Added1> {
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
    && a.taken === b.taken && a.fields === b.fields && a.inbound === b.inbound && a.opening === b.opening && a.by === b.by;
}

function once(part: object): string {
  let json = jsons.get(part);
  if (json === undefined) {
    json = JSON.stringify(part);
    jsons.set(part, json);
  }
  return json;
}
