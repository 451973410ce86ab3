/**
 * What only agents say and hear: lists of conversations, acts on the desk, and how the desk stands. A client for
 * customers needs none of it.
 */
import { summary } from './entry.ts';
import { data, either, list, literal, maybe, text, tuple, uint, ulid } from './fields.ts';
import { struct } from './struct.ts';

/** Newest activity first; or who has waited longest for an answer first, those who wait for nothing at the end. */
export const SORTS = ['newest', 'waiting'] as const;
/** A reply; time to pass, or somebody to be there; the answer to an HTTP request. */
export const WAITS = ['reply', 'time', 'answer'] as const;
export const RIGHTS = ['agent', 'supervisor', 'admin'] as const;
/** A position in the changes of conversations: the store that counted, and its number. */
export const feedCursor = struct({ store: text(40), n: uint });

/** A ticket on offer to this agent. */
const offer = struct({
  /** Number of the offer; a later one for the same conversation has another. */
  offer: uint,
  conversation: ulid,
  /** When it moves on to somebody else, milliseconds since 1970. */
  until: uint,
  team: text(40),
  channel: text(40),
  priority: uint,
  contact: text(120),
  /** A hand-over, with who hands over and their note; empty for a ticket from the queue. */
  from: text(120),
  note: text(8000),
});

/** Numbers go on from those of `frames.ts`. */
export const AGENT_CLIENT = {
  /**
   * Keep the first `limit` rows of a list on this connection, at most 5,000 of at most 8 lists; 0 ends it. `wid` is the
   * client's name for it. Asked again with a larger limit it grows. `since`, on a new connection: the client has the first
   * `limit` rows as they were at that position, so that it needs only what has changed. A refusal has the `wid` as its `ref`.
   */
  watch: [28, struct({ wid: uint, list: text(80), sort: literal(SORTS), limit: uint, since: maybe(feedCursor) })],
  /** An act on the desk; `id` makes a repeat harmless. Answered by RESULT or NACK. */
  act: [29, struct({ id: ulid, name: text(40), args: data })],
} as const;

export const AGENT_SERVER = {
  /** The agents who are online, all of them, whenever that changes. */
  presence: [27, struct({ people: list(struct({ id: text(64), name: text(120) }), 500) })],
  /**
   * Rows of a watched list as they are now, and conversations that are not among its first ones any more. `reset`: forget
   * what was there. `total`: how many the list has. `more`: it goes on beyond what is kept here. `n`: what the client has is
   * true up to there, 0 while it has only a part of the answer. Without rows and gone it says that nothing else has changed.
   */
  listed: [30, struct({ wid: uint, store: text(40), n: uint, total: uint, reset: either, more: either, rows: list(summary, 200), gone: list(ulid, 200) })],
  /** How many conversations each list has, of those that changed; all of them after WELCOME. */
  tallies: [31, struct({ counts: list(tuple(text(80), uint), 500) })],
  /** How this agent stands: after WELCOME, and whenever it changes. `lanes`: channel group, conversations held, limit. */
  desk: [32, struct({ status: text(40), since: uint, right: literal(RIGHTS), lanes: list(tuple(text(40), uint, uint), 50), offers: list(offer, 100) })],
  /**
   * All teams and agents, at most once a second, to whom asked for it by the act `board`.
   * `hours`: [from, most waiting, first answers, sum of their milliseconds, opened, solved] of each quarter of an hour, oldest first.
   */
  board: [33, struct({
    at: uint,
    teams: list(struct({ team: text(40), waiting: uint, /** Since when the first has waited, 0 for none. */ since: uint, open: uint }), 200),
    agents: list(struct({ id: text(64), name: text(120), status: text(40), here: either, open: uint, held: uint, limit: uint }), 1000),
    hours: list(tuple(uint, uint, uint, uint, uint, uint), 100),
  })],
  /**
   * The flows that run on a followed conversation: after SUBSCRIBED when there are any, and whenever that changes. `step`,
   * `stepName`: where it stands; `waits`: for what; `until`: at the latest, milliseconds since 1970, 0 for ever; `next`: what
   * comes then.
   */
  runs: [35, struct({
    alias: uint,
    runs: list(struct({
      run: uint, flow: text(40), name: text(80), version: uint, step: text(40), stepName: text(80), waits: literal(WAITS), until: uint,
      next: text(80),
    }), 20),
  })],
  /** The workspace's settings have changed: fetch them. Each section has a revision. */
  configured: [34, struct({ rev: uint })],
} as const;
