/**
 * Every frame of the protocol: the one table from which types, encodings, validation and documentation come.
 *
 * A frame is the positional array `[number, ...fields]`. Readers ignore trailing fields and frame numbers that they do
 * not know, so fields are only ever added at the end.
 */
import { AGENT_CLIENT, AGENT_SERVER, feedCursor } from './desk.ts';
import { entry, mark, summary, type Entry, type Mark, type Summary } from './entry.ts';
import { data, either, id, list, literal, maybe, text, tuple, uint, ulid, type Infer } from './fields.ts';
import { struct } from './struct.ts';

/** A conversation by ULID, or by the small number that this connection's SUBSCRIBED gave it. */
const target = id;
/** Where a client's copy of a conversation ends. Epoch 0 and seq 0: it has nothing. */
const cursor = struct({ conversation: ulid, epoch: uint, seq: uint });

export const SIGNALS = ['typing', 'viewing', 'online', 'draft'] as const;
export const VERDICTS = ['current', 'replaying', 'reset'] as const;

const settings = struct({
  /** The server sends something at least this often; twice missed is a dead socket. */
  heartbeatMs: uint,
  /** Largest WebSocket message that the server takes, in bytes. */
  frameBytes: uint,
  /** Unacknowledged sends per conversation. */
  window: uint,
  /** How long a typing signal counts. Repeat it at half of this. */
  typingMs: uint,
  /** Reconnect after random(0, min(backoffMaxMs, backoffMs * 2^k)). */
  backoffMs: uint,
  backoffMaxMs: uint,
});

/** What a client claims. */
export const CLIENT = {
  /** First frame, within 5 s. `version` is the minor version, now 0. `language`: of the person's device (BCP 47, `pt-BR`). */
  hello: [1, struct({ version: uint, sdk: text(60), device: ulid, token: text(4096), cursors: list(cursor, 50), feed: maybe(feedCursor), language: maybe(text(35)) })],
  /** Follow a conversation from a cursor. `rid` returns in the answer. */
  subscribe: [3, struct({ rid: uint, conversation: ulid, epoch: uint, seq: uint })],
  unsubscribe: [5, struct({ conversation: target })],
  /**
   * Say something. `cmid` is made once and kept through every retry. The first send of a conversation creates it on
   * `channel`. `seen`: an agent's newest sequence on the screen; a message is refused when a colleague has answered after it.
   */
  send: [6, struct({ cmid: ulid, conversation: target, kind: literal(['message', 'note'] as const), text: text(8000), channel: maybe(text(40)), seen: maybe(uint) })],
  /** Entries with after < seq < before (before 0: no bound), nearest to `before` if `newest`, else nearest to `after`. */
  history: [11, struct({ rid: uint, conversation: target, after: uint, before: uint, limit: uint, newest: either })],
  /** Shown on this device up to these sequences; cumulative, at most one a second. */
  delivered: [14, struct({ marks: list(tuple(id, uint), 50) })],
  /** Read up to `seq`, where the other side had said `n` messages. */
  read: [15, struct({ conversation: target, seq: uint, n: uint })],
  /** Typing and the like: last value wins, never stored. */
  signal: [16, struct({ conversation: target, kind: literal(SIGNALS), value: text(500) })],
  /** An act on a conversation: accept, status, end. `id` makes a repeat harmless. */
  command: [17, struct({ id: ulid, conversation: target, name: text(40), args: data })],
  ping: [20, struct({ at: uint })],
  pong: [21, struct({ at: uint })],
  /** A new token for this connection, in answer to REAUTH or when a visitor becomes identified. */
  auth: [22, struct({ token: text(4096) })],
  bye: [25, struct({ reason: text(40) })],
} as const;

/** What the server says. */
export const SERVER = {
  welcome: [2, struct({ version: uint, connection: ulid, settings, now: uint, tokenExpires: uint, me: struct({ id: text(64), name: text(120), role: literal(['customer', 'agent'] as const), identified: either, workspace: text(40) }), epoch: text(40) })],
  /** Answers SUBSCRIBE (by `rid`), and each cursor of HELLO (rid 0). When replaying or reset, PAGEs with rid 0 follow. */
  subscribed: [4, struct({ rid: uint, conversation: ulid, alias: uint, epoch: uint, head: uint, verdict: literal(VERDICTS), summary })],
  /** The send is durable: it stands at `seq`. `repeated`: it had been there already. */
  ack: [7, struct({ cmid: ulid, seq: uint, n: uint, at: uint, repeated: either })],
  /** Refused: see codes. `ref` is the cmid, the command id or the rid. */
  nack: [8, struct({ ref: id, code: uint, retryAfterMs: uint, detail: text(300) })],
  event: [9, struct({ alias: uint, entry })],
  /** Every visible entry with from <= seq <= to is in `entries`; `more`: the asked range goes on beyond. */
  page: [10, struct({ rid: uint, conversation: id, from: uint, to: uint, more: either, entries: list(entry, 200) })],
  /** The newest sequence, for a client that pulls, and in heartbeats. */
  head: [12, struct({ alias: uint, epoch: uint, seq: uint })],
  mark: [13, struct({ alias: uint, mark })],
  signalled: [18, struct({ alias: uint, person: struct({ role: literal(['customer', 'agent'] as const), id: text(64), name: text(120) }), kind: literal(SIGNALS), value: text(500), ttlMs: uint })],
  result: [19, struct({ id: ulid, value: data })],
  /** Rows of the reader's list of conversations, newest state of each, in feed order; `reset`: forget the old list; `more`: further pages follow. */
  feed: [23, struct({ store: text(40), n: uint, reset: either, more: either, rows: list(summary, 200) })],
  /** `heads`: conversations of this connection that changed lately, so that a lost last event is found. */
  ping: [20, struct({ at: uint, heads: list(tuple(uint, uint), 200) })],
  pong: [21, struct({ at: uint })],
  /** The token ends in `deadlineMs`: send AUTH. */
  reauth: [26, struct({ deadlineMs: uint })],
  /** This node is leaving: open another socket within a random part of `spreadMs`, then close this one by `deadlineMs`. */
  goaway: [24, struct({ code: uint, deadlineMs: uint, spreadMs: uint })],
} as const;

type Named<T> = { [K in keyof T]: T[K] extends readonly [number, infer F] ? { t: K } & Infer<F> : never }[keyof T];
/** Client to server. */
export type Said = Named<typeof CLIENT> | Named<typeof AGENT_CLIENT>;
/** Server to client. */
export type Told = Named<typeof SERVER> | Named<typeof AGENT_SERVER>;
export type { Entry, Mark, Summary };
