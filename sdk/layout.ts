/**
 * How frames lie on the wire, and nothing of how they are checked: a client trusts the server that it chose.
 * Derived from protocol/frames.ts; `npx vitest run test/sdk/layout.test.ts -u` writes it anew.
 */

/** 0: as it stands. 1: an id, binary in MessagePack. Words: an index in MessagePack. One layout in brackets: a list. */
export type Layout = 0 | 1 | readonly string[] | readonly Layout[] | Struct;
export interface Struct {
  readonly [field: string]: Layout;
}
/** By name of the frame: its number and its fields. */
export type Layouts = Readonly<Record<string, readonly [number, Struct]>>;

const author = { role: ['customer', 'agent', 'system'], id: 0, name: 0 } as const;
const entry = { seq: 0, prev: 0, n: 0, kind: ['message', 'note', 'status', 'assigned',
    'ticket', 'session', 'routing', 'team', 'priority', 'tags', 'snooze', 'flow'], at: 0,
    author: author, cmid: 1, body: 0 } as const;
const mark = { person: 0, role: ['customer', 'agent', 'system'], delivered: 0, read: 0, n: 0 } as const;
export const summary = { conversation: 1, channel: 0, style: ['chat', 'repeat', 'social'],
    status: ['new', 'open', 'pending', 'onHold', 'solved', 'closed'], ticket: 0, contact: { id: 0,
    name: 0, identified: 0 }, assignee: { id: 0, name: 0 }, session: ['active', 'inactive',
    'ended'], seq: 0, customerMessages: 0, agentMessages: 0, at: 0, preview: 0, marks: [mark],
    desk: 0 } as const;

export const SAID: Layouts = {
  hello: [1, { version: 0, sdk: 0, device: 1, token: 0, cursors: [{ conversation: 1,
    epoch: 0, seq: 0 }], feed: { store: 0, n: 0 }, language: 0 }],
  subscribe: [3, { rid: 0, conversation: 1, epoch: 0, seq: 0 }],
  unsubscribe: [5, { conversation: 1 }],
  send: [6, { cmid: 1, conversation: 1, kind: ['message', 'note'], text: 0, channel: 0, seen: 0 }],
  history: [11, { rid: 0, conversation: 1, after: 0, before: 0, limit: 0, newest: 0 }],
  delivered: [14, { marks: [[1, 0]] }],
  read: [15, { conversation: 1, seq: 0, n: 0 }],
  signal: [16, { conversation: 1, kind: ['typing', 'viewing', 'online', 'draft'], value: 0 }],
  command: [17, { id: 1, conversation: 1, name: 0, args: 0 }],
  ping: [20, { at: 0 }],
  pong: [21, { at: 0 }],
  auth: [22, { token: 0 }],
  bye: [25, { reason: 0 }],
};

export const TOLD: Layouts = {
  welcome: [2, { version: 0, connection: 1, settings: { heartbeatMs: 0, frameBytes: 0,
    window: 0, typingMs: 0, backoffMs: 0, backoffMaxMs: 0 }, now: 0, tokenExpires: 0,
    me: { id: 0, name: 0, role: ['customer', 'agent'], identified: 0, workspace: 0 },
    epoch: 0 }],
  subscribed: [4, { rid: 0, conversation: 1, alias: 0, epoch: 0, head: 0, verdict: ['current',
    'replaying', 'reset'], summary: summary }],
  ack: [7, { cmid: 1, seq: 0, n: 0, at: 0, repeated: 0 }],
  nack: [8, { ref: 1, code: 0, retryAfterMs: 0, detail: 0 }],
  event: [9, { alias: 0, entry: entry }],
  page: [10, { rid: 0, conversation: 1, from: 0, to: 0, more: 0, entries: [entry] }],
  head: [12, { alias: 0, epoch: 0, seq: 0 }],
  mark: [13, { alias: 0, mark: mark }],
  signalled: [18, { alias: 0, person: { role: ['customer', 'agent'], id: 0, name: 0 },
    kind: ['typing', 'viewing', 'online', 'draft'], value: 0, ttlMs: 0 }],
  result: [19, { id: 1, value: 0 }],
  feed: [23, { store: 0, n: 0, reset: 0, more: 0, rows: [summary] }],
  ping: [20, { at: 0, heads: 0 }],
  pong: [21, { at: 0 }],
  reauth: [26, { deadlineMs: 0 }],
  goaway: [24, { code: 0, deadlineMs: 0, spreadMs: 0 }],
};
