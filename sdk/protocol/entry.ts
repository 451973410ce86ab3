/**
 * One durable line of a conversation. The actor gives every entry a gapless `seq`; the bytes that the gateway encodes
 * once are the bytes in its log, in its store and on every socket.
 */
import { data, either, list, literal, maybe, text, tuple, uint, ulid, type Field, type Infer } from './fields.ts';
import { struct } from './struct.ts';
import type { Trail } from './trail.ts';

export const ROLES = ['customer', 'agent', 'system'] as const;
export type Role = (typeof ROLES)[number];

/** Statuses as the product names them. A customer never sees `onHold`: it is shown to them as `open`. */
export const STATUSES = ['new', 'open', 'pending', 'onHold', 'solved', 'closed'] as const;
export type Status = (typeof STATUSES)[number];

export const STYLES = ['chat', 'repeat', 'social'] as const;
export type Style = (typeof STYLES)[number];

/** `message` is the only countable kind; `note` and whatever the customer must not see are for agents only. */
export const KINDS = [
  'message', 'note', 'status', 'assigned', 'ticket', 'session', 'routing', 'team', 'priority', 'tags', 'snooze', 'flow',
] as const;
export type Kind = (typeof KINDS)[number];

/** Who said or did it, as the gateway has established it. `system` has the id `parley`. */
export const author = struct({ role: literal(ROLES), id: text(64), name: text(120) });
export type Author = Infer<typeof author>;

const wire = struct({
  /** Position in the conversation, from 1, without gaps. */
  seq: uint,
  /** The `seq` of the newest earlier entry that customers may see, 0 for none: how a customer's client finds a gap. */
  prev: uint,
  /** For a message: how many messages its side (customer, or agents) has said, this one included. Else 0. */
  n: uint,
  kind: literal(KINDS),
  /** Milliseconds since 1970, the gateway's clock. For display; order is `seq`. */
  at: uint,
  author,
  /** The client's own id of the send, so that the local echo is replaced and never doubled. */
  cmid: maybe(ulid),
  /** By kind, see `Bodies`. Unknown fields are kept. */
  body: data,
});
type Wire = Infer<typeof wire>;

/** What each kind of entry says. */
export interface Bodies {
  /** `choices`: answers that the customer may tap instead of typing. */
  message: { text: string; choices?: string[] };
  /** May hold `mentions`, a list of the ids of agents that it names. */
  note: { text: string };
  /** `ticket` is the ticket's number within the conversation, from 1. */
  status: { status: Status; ticket: number };
  assigned: { agent: { id: string; name: string } | null; ticket: number };
  /** A new ticket began. `previous` is the closed one before it, 0 for none. */
  ticket: { ticket: number; style: Style; previous: number };
  session: {
    state: 'active' | 'inactive' | 'ended';
    reason: 'silence' | 'left' | 'offline' | 'customer' | 'agent' | 'spoke';
  };
  /**
   * What the customer is told of their place: `waiting` for anybody of the team, `away`: for the agent, who is not here,
   * `closed`: the office is, until `opensAt` (0: nobody knows), `handedOver` to another agent or team.
   */
  routing: { state: Routing; agent: { id: string; name: string } | null; team: string; opensAt: number };
  /** Agents only, as are the following. */
  team: { team: string; ticket: number };
  /** 0 urgent, 1 high, 2 normal, 3 low. */
  priority: { priority: number; ticket: number };
  tags: { tags: string[]; ticket: number };
  /** Out of the lists until then, or until the customer writes; 0: back. */
  snooze: { until: number };
  /**
   * A run of a flow: `began` and `ended` only of one that asks or routes; `stopped` by an agent; `broke`: a step failed, and
   * the ticket goes to a person. `why` says it in a sentence, '' if there is nothing to say.
   */
  flow: { run: number; flow: string; name: string; what: 'began' | 'ended' | 'stopped' | 'broke'; step: string; why: string };
}
export type Routing = 'waiting' | 'away' | 'closed' | 'handedOver';
export type Entry = { [K in Kind]: Omit<Wire, 'kind' | 'body'> & { kind: K; body: Bodies[K] } }[Kind];

/** What a body cannot be without; more is welcome. */
const REQUIRED: { [K in Kind]: readonly (keyof Bodies[K] & string)[] } = {
  message: ['text'],
  note: ['text'],
  status: ['status', 'ticket'],
  assigned: ['agent', 'ticket'],
  ticket: ['ticket', 'style', 'previous'],
  session: ['state', 'reason'],
  routing: ['state', 'agent', 'team', 'opensAt'],
  team: ['team', 'ticket'],
  priority: ['priority', 'ticket'],
  tags: ['tags', 'ticket'],
  snooze: ['until'],
  flow: ['run', 'flow', 'name', 'what', 'step', 'why'],
};
/** Actors alone make entries, so what is in those fields needs no second look. */
const isWhole = (read: Wire): read is Entry => REQUIRED[read.kind].every((key) => key in read.body);
function whole(read: Wire, trail: Trail): Entry {
  if (!isWhole(read)) throw trail.refusal('badFrame', 'a body without its fields');
  return read;
}

export const entry: Field<Entry> = {
  ...wire,
  read: (from) => whole(wire.read(from), from),
  fromJson: (json, trail) => whole(wire.fromJson(json, trail), trail),
};

/** `[deliveredSeq, readSeq, n]` of one person: `n` counts the other side's messages up to `readSeq`. Each only grows. */
export const mark = struct({ person: text(64), role: literal(ROLES), delivered: uint, read: uint, n: uint });
export type Mark = Infer<typeof mark>;

/** A conversation as lists show it, and as a thread begins. Customers get it without `session` and with `onHold` as `open`. */
export const summary = struct({
  conversation: ulid,
  channel: text(40),
  style: literal(STYLES),
  status: literal(STATUSES),
  ticket: uint,
  contact: struct({ id: text(64), name: text(120), identified: either }),
  assignee: maybe(struct({ id: text(64), name: text(120) })),
  session: literal(['active', 'inactive', 'ended'] as const),
  /** Newest sequence that this reader may see. */
  seq: uint,
  /** Messages said by each side so far. */
  customerMessages: uint,
  agentMessages: uint,
  /** Time of the newest message and its first 120 characters. */
  at: uint,
  preview: text(500),
  marks: list(mark, 64),
  /** For agents: team, priority (0 urgent to 3 low), since when the customer waits for an answer (0: does not), until when it
   * is snoozed (0: is not), tags, ids of agents whom notes name. Null for customers. */
  desk: maybe(tuple(text(40), uint, uint, uint, list(text(40), 20), list(text(64), 50))),
});
export type Summary = Infer<typeof summary>;
