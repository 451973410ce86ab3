/** One plausible frame of every kind: what the golden fixtures and the README show. */
import type { Entry } from '../../sdk/protocol/entry.ts';
import type { Mark, Said, Summary, Told } from '../../sdk/protocol/frames.ts';

type Named<F extends { t: string }> = { readonly [K in F['t']]: Extract<F, { t: K }> };

const conversation = '01KAQJ3V5R8Z6N4T2Y7WQDXEGC';
const device = '01KAQHZZ1B3D5F7H9KMPRTVXZ0';
const cmid = '01KAQJ3V9W0A1B2C3D4E5F6G7H';
const at = 1_763_869_500_000;

const mia = { role: 'customer', id: 'visitor-7', name: 'Mia' } as const;
const ben = { role: 'agent', id: 'ben', name: 'Ben' } as const;
const parley = { role: 'system', id: 'parley', name: '' } as const;

export const entries: { readonly [K in Entry['kind']]: Extract<Entry, { kind: K }> } = {
  message: { seq: 12, prev: 10, n: 5, kind: 'message', at, author: mia, cmid, body: { text: 'Where is my parcel? 📦' } },
  note: { seq: 13, prev: 12, n: 0, kind: 'note', at, author: ben, cmid, body: { text: 'Carrier says Friday.' } },
  status: {
    seq: 14, prev: 12, n: 0, kind: 'status', at, author: ben, cmid: null,
    body: { status: 'pending', ticket: 1 },
  },
  assigned: {
    seq: 15, prev: 14, n: 0, kind: 'assigned', at, author: parley, cmid: null,
    body: { agent: { id: 'ben', name: 'Ben' }, ticket: 1 },
  },
  ticket: {
    seq: 16, prev: 15, n: 0, kind: 'ticket', at, author: parley, cmid: null,
    body: { ticket: 2, style: 'repeat', previous: 1 },
  },
  session: {
    seq: 17, prev: 16, n: 0, kind: 'session', at, author: parley, cmid: null,
    body: { state: 'inactive', reason: 'silence' },
  },
  routing: {
    seq: 18, prev: 17, n: 0, kind: 'routing', at, author: parley, cmid: null,
    body: { state: 'closed', agent: null, team: 'support', opensAt: at + 3_600_000 },
  },
  team: { seq: 19, prev: 18, n: 0, kind: 'team', at, author: ben, cmid, body: { team: 'billing', ticket: 2 } },
  priority: { seq: 20, prev: 18, n: 0, kind: 'priority', at, author: ben, cmid, body: { priority: 1, ticket: 2 } },
  tags: { seq: 21, prev: 18, n: 0, kind: 'tags', at, author: ben, cmid, body: { tags: ['refund'], ticket: 2 } },
  snooze: { seq: 22, prev: 18, n: 0, kind: 'snooze', at, author: ben, cmid, body: { until: at + 86_400_000 } },
  flow: {
    seq: 23, prev: 18, n: 0, kind: 'flow', at, author: parley, cmid: null,
    body: { run: 1, flow: 'vip', name: 'VIP routing', what: 'broke', step: 'crm', why: 'the CRM did not answer' },
  },
};

const mark: Mark = { person: 'ben', role: 'agent', delivered: 12, read: 11, n: 4 };
const summary: Summary = {
  conversation, channel: 'web', style: 'chat', status: 'open', ticket: 1,
  contact: { id: 'visitor-7', name: 'Mia', identified: false }, assignee: { id: 'ben', name: 'Ben' }, session: 'active',
  seq: 12, customerMessages: 5, agentMessages: 4, at, preview: 'Where is my parcel? 📦', marks: [mark],
  desk: ['support', 2, at, 0, ['refund'], ['ada']],
};

export const said: Named<Said> = {
  hello: {
    t: 'hello', version: 0, sdk: 'parley-js/0.1.0', device, token: 'eyJhbGciOiJFZERTQSJ9.e30.c2ln',
    cursors: [{ conversation, epoch: 1, seq: 10 }], feed: { store: '01KAQ', n: 300 }, language: 'pt-BR',
  },
  subscribe: { t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 },
  unsubscribe: { t: 'unsubscribe', conversation: 3 },
  send: { t: 'send', cmid, conversation, kind: 'message', text: 'Where is my parcel? 📦', channel: 'web', seen: 11 },
  history: { t: 'history', rid: 2, conversation: 3, after: 0, before: 11, limit: 50, newest: true },
  delivered: { t: 'delivered', marks: [[3, 12], [conversation, 70_000]] },
  read: { t: 'read', conversation: 3, seq: 12, n: 4 },
  signal: { t: 'signal', conversation: 3, kind: 'typing', value: '' },
  command: { t: 'command', id: cmid, conversation: 3, name: 'status', args: { status: 'solved', ticket: 1 } },
  ping: { t: 'ping', at },
  pong: { t: 'pong', at },
  auth: { t: 'auth', token: 'eyJhbGciOiJFZERTQSJ9.e30.c2ln' },
  bye: { t: 'bye', reason: 'background' },
  watch: { t: 'watch', wid: 1, list: 'team:support', sort: 'waiting', limit: 50, since: { store: '01KAQ', n: 300 } },
  act: { t: 'act', id: cmid, name: 'accept', args: { conversation, offer: 7 } },
};

export const told: Named<Told> = {
  welcome: {
    t: 'welcome', version: 0, connection: device, now: at, tokenExpires: at + 3_600_000, epoch: 'e1',
    settings: {
      heartbeatMs: 25_000, frameBytes: 65_536, window: 16, typingMs: 6000, backoffMs: 500, backoffMaxMs: 20_000,
    },
    me: { id: 'visitor-7', name: 'Mia', role: 'customer', identified: false, workspace: 'demo' },
  },
  subscribed: { t: 'subscribed', rid: 1, conversation, alias: 3, epoch: 1, head: 12, verdict: 'replaying', summary },
  ack: { t: 'ack', cmid, seq: 12, n: 5, at, repeated: false },
  nack: { t: 'nack', ref: cmid, code: 1001, retryAfterMs: 2000, detail: '' },
  event: { t: 'event', alias: 3, entry: entries.message },
  page: { t: 'page', rid: 2, conversation: 3, from: 12, to: 17, more: false, entries: Object.values(entries) },
  head: { t: 'head', alias: 3, epoch: 1, seq: 300 },
  mark: { t: 'mark', alias: 3, mark },
  signalled: { t: 'signalled', alias: 3, person: ben, kind: 'typing', value: '', ttlMs: 6000 },
  result: { t: 'result', id: cmid, value: { status: 'solved' } },
  feed: { t: 'feed', store: '01KAQ', n: 301, reset: false, more: false, rows: [summary] },
  ping: { t: 'ping', at, heads: [[3, 12]] },
  pong: { t: 'pong', at },
  presence: { t: 'presence', people: [{ id: 'ben', name: 'Ben' }] },
  listed: { t: 'listed', wid: 1, store: '01KAQ', n: 301, total: 5000, reset: false, more: true, rows: [summary], gone: [device] },
  tallies: { t: 'tallies', counts: [['open', 5000], ['mine', 3]] },
  desk: {
    t: 'desk', status: 'online', since: at, right: 'agent', lanes: [['messaging', 2, 5]],
    offers: [{ offer: 7, conversation, until: at + 30_000, team: 'support', channel: 'web', priority: 2, contact: 'Mia', from: '', note: '' }],
  },
  board: {
    t: 'board', at, teams: [{ team: 'support', waiting: 1, since: at, open: 2 }],
    agents: [{ id: 'ben', name: 'Ben', status: 'online', here: true, open: 2, held: 2, limit: 5 }], hours: [[at, 4, 3, 90_000, 5, 2]],
  },
  configured: { t: 'configured', rev: 9 },
  runs: {
    t: 'runs', alias: 3,
    runs: [{ run: 1, flow: 'nudge', name: 'Nudge and close', version: 2, step: 'silence', stepName: 'Silence', waits: 'time', until: at + 3_600_000, next: 'Nudge' }],
  },
  reauth: { t: 'reauth', deadlineMs: 60_000 },
  goaway: { t: 'goaway', code: 4000, deadlineMs: 30_000, spreadMs: 10_000 },
};
