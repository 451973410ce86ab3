/** An agent's app against a server in the same process: lists, the desk, and what agents do with tickets. */
import { expect, test } from 'vitest';
import { createAgent, factsOf, type Agent } from '../../sdk/agent.ts';
import type { ClientOptions } from '../../sdk/index.ts';
import type { Data } from '../../sdk/protocol/data.ts';
import { settle } from './clock.ts';
import { FakeInbox, summaryOf } from './inbox.ts';
import { ADA, CONVERSATION, setUp as setUpWorld } from './world.ts';

const BEN = { id: 'a_ben', name: 'Ben', role: 'agent', identified: true, workspace: 'demo' } as const;
const VISITOR = { id: 'v_1', name: 'Visitor', role: 'customer' } as const;
const OFFER = { offer: 7, conversation: CONVERSATION, until: 1_700_000_030_000, team: 'support', channel: 'web', priority: 1, contact: 'Mia', from: '', note: '' };

function setUp() {
  const world = setUpWorld();
  const { server, clock, storage } = world;
  server.people.set('ben', BEN);
  const inbox = new FakeInbox(server);
  const agent = (options: Partial<ClientOptions> = {}): Agent =>
    createAgent({ url: 'http://gateway.test', WebSocket: server.WebSocket, clock, random: () => 0.5, storage, getToken: async () => 'ada', ...options });
  const acts = (): [string, Data][] => server.saidOf('act').map(({ name, args }) => [name, args]);
  const commands = (): [string, Data][] => server.saidOf('command').map(({ name, args }) => [name, args]);
  return { ...world, inbox, agent, acts, commands };
}
test('lists come by WATCH, not by the feed, and conversations are known by them', async () => {
  const { server, inbox, agent } = setUp();
  inbox.set(summaryOf(CONVERSATION, { customerMessages: 2, desk: ['support', 1, 5, 0, ['vip'], []], assignee: { id: ADA.id, name: ADA.name } }));
  const ada = agent();
  const { value } = ada.inbox.list('open');
  expect(value.get()).toEqual({ items: [], total: 0, more: false, live: false, error: null });
  value.subscribe(() => {});
  await settle();
  expect(server.saidOf('hello')[0]?.feed).toBe(null);
  expect(value.get()).toMatchObject({ total: 1, more: false, live: true, items: [{ id: CONVERSATION, unread: 2 }] });
  const talk = ada.conversation(CONVERSATION);
  expect(talk).toBe(ada.conversation(CONVERSATION));
  expect(factsOf(talk.state.get()!)).toEqual({ team: 'support', priority: 1, waitingSince: 5, snoozedUntil: 0, tags: ['vip'], mentions: [] });
  ada.unread.subscribe(() => {});
  await settle();
  expect(ada.unread.get()).toBe(2);
});

test('a list is asked for once however many look, goes on after a lost connection, and ends when nobody looks', async () => {
  const { clock, server, inbox, agent } = setUp();
  inbox.set(summaryOf(CONVERSATION));
  const { value } = agent().inbox.list('open');
  const stops = [value.subscribe(() => {}), value.subscribe(() => {})];
  await settle();
  stops[0]!();
  stops[0]!();
  stops[1]!();
  stops.push(value.subscribe(() => {}));
  await clock.move(5_000);
  expect(server.saidOf('watch')).toMatchObject([{ list: 'open', sort: 'newest', limit: 50, since: null }]);
  server.socket.drop();
  expect(value.get()).toMatchObject({ live: false, total: 1 });
  await clock.move(1_000);
  expect(server.saidOf('watch').slice(1)).toMatchObject([{ limit: 50, since: { store: 's1', n: 1 } }]);
  expect(value.get().live).toBe(true);
  stops[2]!();
  await clock.move(1_100);
  expect(server.saidOf('watch').slice(2)).toMatchObject([{ limit: 0 }]);
  server.socket.drop();
  await clock.move(1_000);
  expect(server.saidOf('watch')).toHaveLength(3);
});

test('a row that was lost on the way is asked for again', async () => {
  const { clock, server, inbox, agent } = setUp();
  const { value } = agent().inbox.list('open');
  value.subscribe(() => {});
  await settle();
  server.pass = (frame) => (frame.t === 'listed' ? [{ ...frame, rows: [] }] : [frame]);
  inbox.set(summaryOf(CONVERSATION));
  server.pass = (frame) => [frame];
  expect(value.get()).toMatchObject({ total: 1, items: [] });
  await clock.move(2_100);
  expect(value.get()).toMatchObject({ total: 1, items: [{ id: CONVERSATION }] });
});

test('a list that the gateway does not keep says why; one that is refused for now is asked for again', async () => {
  const { clock, server, inbox, agent } = setUp();
  inbox.set(summaryOf(CONVERSATION));
  const { value } = agent().inbox.list('open');
  value.subscribe(() => {});
  server.instead = (socket, frame) => frame.t === 'watch' && (server.nack(socket, frame.wid, 'rateLimited', 1_000), true);
  await settle();
  expect(value.get()).toMatchObject({ live: false, error: null });
  server.instead = (socket, frame) => frame.t === 'watch' && (server.nack(socket, frame.wid, 'invalid', 0, 'there is no list of that name'), true);
  await clock.move(1_100);
  expect(value.get().error).toMatchObject({ name: 'invalid', detail: 'there is no list of that name' });
  server.instead = () => false;
  server.socket.drop();
  await clock.move(1_000);
  expect(value.get()).toMatchObject({ live: true, error: null, total: 1 });
});

test('whoever looks through many lists in a hurry has the last one, as the gateway keeps but eight', async () => {
  const { server, agent } = setUp();
  const { inbox } = agent();
  await settle();
  for (let i = 0; i < 10; i++) inbox.list(`team:t${i}`).value.subscribe(() => {})();
  inbox.list('open').value.subscribe(() => {});
  await settle();
  let kept = 0;
  for (const { limit } of server.saidOf('watch')) {
    kept += limit === 0 ? -1 : 1;
    expect(kept).toBeLessThanOrEqual(8);
  }
  expect(inbox.list('open').value.get().live).toBe(true);
});

test('counts are those of the gateway, and after a reconnect none of before', async () => {
  const { clock, server, agent } = setUp();
  const { inbox: { tallies } } = agent();
  await settle();
  server.socket.tell({ t: 'tallies', counts: [['open', 3], ['mine', 1]] });
  server.socket.tell({ t: 'tallies', counts: [['mine', 2]] });
  expect(tallies.get()).toEqual({ open: 3, mine: 2 });
  server.socket.drop();
  await clock.move(1_000);
  server.socket.tell({ t: 'tallies', counts: [['open', 4]] });
  expect(tallies.get()).toEqual({ open: 4 });
});

test('the desk tells status, places and offers; an offer that has moved on says so', async () => {
  const { server, agent, acts } = setUp();
  const { desk } = agent();
  expect(desk.state.get()).toBe(null);
  await settle();
  server.socket.tell({ t: 'desk', status: 'online', since: 5, right: 'supervisor', lanes: [['messaging', 2, 5]], offers: [OFFER] });
  expect(desk.state.get()).toEqual({ status: 'online', since: 5, right: 'supervisor', lanes: [{ group: 'messaging', held: 2, limit: 5 }], offers: [OFFER] });
  await desk.accept(OFFER);
  await desk.setStatus('away');
  await desk.setStatus('offline', 'a_ben');
  expect(acts()).toEqual([
    ['accept', { conversation: CONVERSATION, offer: 7 }], ['status', { status: 'away' }], ['status', { status: 'offline', agent: 'a_ben' }],
  ]);
  server.instead = (socket, frame) => frame.t === 'act' && (server.nack(socket, frame.id, 'offerGone'), true);
  await expect(desk.decline(OFFER)).rejects.toMatchObject({ name: 'offerGone', code: 1114, what: 'The offer has moved on.', mend: expect.stringContaining('Take another') });
});

test('an act goes again on the next connection, under the same id', async () => {
  const { clock, server, agent } = setUp();
  const { desk } = agent();
  await settle();
  server.instead = (_, frame) => frame.t === 'act';
  const done = desk.accept(OFFER);
  await settle();
  server.instead = () => false;
  server.socket.drop();
  await clock.move(1_000);
  await expect(done).resolves.toBeUndefined();
  const [first, second] = server.saidOf('act');
  expect(second).toEqual(first);
});

test('the board is live while somebody watches it, on every connection', async () => {
  const { clock, server, agent, acts } = setUp();
  const { desk } = agent();
  await settle();
  const stop = desk.watchBoard();
  await settle();
  const board = { t: 'board', at: 9, teams: [], agents: [], hours: [[1, 2, 3, 4, 5, 6] as [number, number, number, number, number, number]] } as const;
  server.socket.tell({ ...board, teams: [], agents: [], hours: [...board.hours] });
  expect(desk.board.get()).toEqual({ at: 9, teams: [], agents: [], hours: [{ from: 1, waiting: 2, answered: 3, responseMs: 4, opened: 5, solved: 6 }] });
  server.socket.drop();
  await clock.move(1_000);
  expect(acts()).toEqual([['board', { on: true }], ['board', { on: true }]]);
  stop();
  const again = desk.watchBoard();
  await clock.move(2_000);
  expect(acts()).toHaveLength(2);
  again();
  await clock.move(1_100);
  expect(acts().slice(2)).toEqual([['board', { on: false }]]);
  expect(desk.board.get()).toBe(null);
});

test('what is done to a ticket is done to the one on the screen', async () => {
  const { server, inbox, agent, acts, commands } = setUp();
  const ada = agent();
  const talk = ada.conversation(CONVERSATION);
  await talk.accept();
  inbox.set(summaryOf(CONVERSATION, { assignee: { id: BEN.id, name: BEN.name }, desk: ['support', 2, 0, 0, ['vip'], []] }));
  ada.inbox.list('open').value.subscribe(() => {});
  await settle();
  await talk.accept();
  await talk.setTags(['vip', 'late']);
  await talk.setStatus('pending');
  await talk.setTeam('sales');
  await talk.setPriority(0);
  await talk.snooze(5);
  await talk.unassign();
  await talk.end();
  await talk.handOver({ agent: 'a_ben' }, 'knows parcels');
  await talk.handOver({ team: 'sales' }, '', true);
  expect(commands()).toEqual([
    ['accept', {}], ['accept', { expect: 'a_ben' }], ['tags', { tags: ['vip', 'late'], expect: ['vip'] }], ['status', { status: 'pending' }], ['team', { team: 'sales' }],
    ['priority', { priority: 0 }], ['snooze', { until: 5 }], ['unassign', {}], ['end', {}],
  ]);
  expect(acts()).toEqual([
    ['handOver', { conversation: CONVERSATION, agent: 'a_ben', note: 'knows parcels', over: false }], ['handOver', { conversation: CONVERSATION, team: 'sales', note: '', over: true }],
  ]);
  server.instead = (socket, frame) => frame.t === 'command' && (server.nack(socket, frame.id, 'conflict', 0, 'Ben has it now'), true);
  await expect(talk.accept()).rejects.toMatchObject({ name: 'conflict', detail: 'Ben has it now', mend: expect.stringContaining('Look') });
});

test('entries as they happen change what an agent knows of the ticket', async () => {
  const { server, inbox, agent } = setUp();
  server.say(CONVERSATION, { text: 'hi', author: VISITOR });
  inbox.set({ ...server.summary(CONVERSATION, 'agent'), desk: ['support', 2, 0, 0, [], []] });
  const ada = agent();
  const talk = ada.conversation(CONVERSATION);
  ada.inbox.list('open').value.subscribe(() => {});
  await settle();
  talk.open();
  await settle();
  const put = (kind: 'team' | 'priority' | 'tags' | 'snooze' | 'note', body: object): void =>
    void server.put(CONVERSATION, { kind, n: 0, author: BEN, cmid: null, body } as Parameters<typeof server.put>[1]);
  const { at } = server.say(CONVERSATION, { text: 'hello?', author: VISITOR });
  put('team', { team: 'sales', ticket: 1 });
  put('priority', { priority: 0, ticket: 1 });
  put('tags', { tags: ['vip'], ticket: 1 });
  put('snooze', { until: 99 });
  put('note', { text: '@ada', mentions: ['a_ada'] });
  const facts = () => factsOf(talk.state.get()!);
  expect(facts()).toEqual({ team: 'sales', priority: 0, waitingSince: at, snoozedUntil: 99, tags: ['vip'], mentions: ['a_ada'] });
  expect(talk.messages.get().items.map(({ kind }) => kind)).toEqual(['message', 'message', 'team', 'priority', 'tags', 'snooze', 'note']);
  server.say(CONVERSATION, { text: 'yes', author: BEN });
  expect(facts().waitingSince).toBe(0);
});

test('colleagues see who looks at a conversation and who types in it, as long as they do', async () => {
  const { clock, server, agent } = setUp();
  server.say(CONVERSATION, { text: 'hi', author: VISITOR });
  const talk = agent().conversation(CONVERSATION);
  const release = talk.open();
  await settle();
  const viewing = () => server.saidOf('signal').filter(({ kind }) => kind === 'viewing').length;
  expect(viewing()).toBe(1);
  await clock.move(7_000);
  expect(viewing()).toBe(3);
  talk.typing(true, 'nobody\'s business');
  await settle();
  expect(server.saidOf('signal').filter(({ kind }) => kind !== 'viewing').map(({ kind, value }) => [kind, value])).toEqual([['typing', '1']]);
  server.socket.tell({ t: 'signalled', alias: 1, person: { id: 'a_ben', name: 'Ben', role: 'agent' }, kind: 'viewing', value: '1', ttlMs: 6_000 });
  expect(talk.others.get()).toMatchObject([{ role: 'customer' }, { id: 'a_ben', viewing: true, typing: false }]);
  release();
  await clock.move(20_000);
  expect(viewing()).toBeLessThanOrEqual(4);
  expect(talk.others.get().some(({ viewing: looks }) => looks)).toBe(false);
});

test('another agent on the same page sees nothing of the one before', async () => {
  const { server, inbox, agent, acts } = setUp();
  inbox.set(summaryOf(CONVERSATION, { assignee: { id: ADA.id, name: ADA.name } }));
  const it = agent();
  it.desk.watchBoard();
  const { value } = it.inbox.list('mine');
  value.subscribe(() => {});
  await settle();
  server.socket.tell({ t: 'desk', status: 'online', since: 5, right: 'admin', lanes: [], offers: [] }, { t: 'tallies', counts: [['mine', 1]] });
  expect(value.get().items).toHaveLength(1);
  await it.identify(async () => 'ben');
  await settle();
  expect(value.get()).toMatchObject({ items: [], total: 0, live: true });
  expect([it.desk.state.get(), it.inbox.tallies.get(), it.desk.board.get()]).toEqual([null, {}, null]);
  expect(acts()).toEqual([['board', { on: true }], ['board', { on: true }]]);
});
