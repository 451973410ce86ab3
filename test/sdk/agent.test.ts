/** An agent's app against a server in the same process: the desk, what agents do with tickets, settings and search. */
import { afterEach, expect, test, vi } from 'vitest';
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
type World = ReturnType<typeof setUp>;

/** What the gateway answers over HTTP; what was asked is kept. */
function http(answer: (method: string, path: string, body: unknown) => [status: number, body: unknown] | Error) {
  const asked: { method: string; path: string; body: unknown; token: string }[] = [];
  vi.stubGlobal('fetch', async (url: string, { method, body, headers }: { method: string; body?: string; headers: Record<string, string> }) => {
    const path = url.replace('http://gateway.test', '');
    const said = body === undefined ? undefined : (JSON.parse(body) as unknown);
    asked.push({ method, path, body: said, token: headers.authorization ?? '' });
    const answered = answer(method, path, said);
    if (answered instanceof Error) throw answered;
    return new Response(JSON.stringify(answered[1]), { status: answered[0] });
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

test('lists come by WATCH, not by the feed, and conversations are known by them', async () => {
  const { server, inbox, agent } = setUp();
  inbox.set(summaryOf(CONVERSATION, { customerMessages: 2, desk: ['support', 1, 5, 0, ['vip'], []], assignee: { id: ADA.id, name: ADA.name } }));
  const ada = agent();
  const { value } = ada.inbox.list('open');
  expect(value.get()).toEqual({ items: [], total: 0, more: false, live: false });
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

async function settings(world: World, answer: Parameters<typeof http>[0]) {
  const asked = http(answer);
  const ada = world.agent();
  await settle();
  return { ada, asked, paths: () => asked.map(({ method, path }) => `${method} ${path}`) };
}

test('settings are fetched when somebody looks, and again when they have changed or may have', async () => {
  const world = setUp();
  const { clock, server } = world;
  let rev = 1;
  const { ada: { settings: door }, paths } = await settings(world, () => [200, { sections: { teams: [] }, revs: { teams: rev }, locked: ['keys'] }]);
  expect(paths()).toEqual([]);
  expect(door.value.get()).toBe(null);
  door.value.subscribe(() => {});
  await settle();
  expect(door.value.get()).toEqual({ sections: { teams: [] }, revs: { teams: 1 }, locked: ['keys'] });
  rev = 2;
  server.socket.tell({ t: 'configured', rev: 2 });
  await settle();
  expect(door.value.get()?.revs).toEqual({ teams: 2 });
  rev = 3;
  server.socket.drop();
  await clock.move(1_000);
  expect(door.value.get()?.revs).toEqual({ teams: 3 });
  expect(paths()).toHaveLength(3);
});

test('a change of settings says what it was based on, and is refused in words when somebody was faster', async () => {
  const world = setUp();
  const { ada: { settings: door }, asked } = await settings(world, (method) => (method === 'PUT'
    ? [409, { code: 1112, name: 'conflict', error: 'Somebody else has changed it meanwhile.', mend: 'Look.', detail: 'teams: revision 4 is newer' }]
    : [200, { url: 'http://gateway.test/console#code=x' }]));
  await expect(door.change('teams', [{ id: 'sales' }], 3)).rejects.toMatchObject({ name: 'conflict', code: 1112, detail: 'teams: revision 4 is newer' });
  expect(await door.invite('a_ben')).toBe('http://gateway.test/console#code=x');
  expect(asked).toEqual([
    { method: 'PUT', path: '/api/settings/teams', body: { rev: 3, value: [{ id: 'sales' }] }, token: 'Bearer ada' },
    { method: 'POST', path: '/api/agents/a_ben/link', body: {}, token: 'Bearer ada' },
  ]);
});

test('settings that change while they are fetched are fetched once more', async () => {
  const world = setUp();
  const answers: ((rev: number) => void)[] = [];
  const { ada: { settings: door } } = await settings(world, () => [200, {}]);
  vi.stubGlobal('fetch', () => new Promise((resolve) => answers.push((rev) => resolve(new Response(JSON.stringify({ sections: {}, revs: { teams: rev }, locked: [] }))))));
  door.value.subscribe(() => {});
  await settle();
  for (const rev of [2, 3]) world.server.socket.tell({ t: 'configured', rev });
  await settle();
  expect(answers).toHaveLength(1);
  answers[0]!(1);
  await settle();
  expect(answers).toHaveLength(2);
  answers[1]!(3);
  await settle();
  expect(door.value.get()?.revs).toEqual({ teams: 3 });
  expect(answers).toHaveLength(2);
});

test('settings that could not be fetched are fetched later', async () => {
  const world = setUp();
  let fails = true;
  const { ada: { settings: door } } = await settings(world, () => (fails ? new Error('no network') : [200, { sections: {}, revs: {}, locked: [] }]));
  door.value.subscribe(() => {});
  await settle();
  fails = false;
  expect(door.value.get()).toBe(null);
  await world.clock.move(5_100);
  expect(door.value.get()).not.toBe(null);
});

test('search and contacts are asked for with a token that is renewed once when it has ended', async () => {
  const world = setUp();
  let ended = true;
  const asked = http((method) => (ended ? [401, { code: 4100, name: 'tokenExpired' }] : [200, method === 'GET' ? { found: [], next: null } : {}]));
  const why: string[] = [];
  const ada = world.agent({ getToken: async ({ reason }) => {
    why.push(reason);
    if (reason === 'expired') ended = false;
    return 'ada';
  } });
  await settle();
  expect(await ada.search('lost & found', 'page 2')).toEqual({ found: [], next: null });
  expect(why).toEqual(['first', 'expired']);
  await ada.contact('v_1');
  await ada.setContactField('v_1', 'customer type', 'VIP');
  expect(asked.slice(1).map(({ method, path, body }) => [method, path, body])).toEqual([
    ['GET', '/api/search?q=lost+%26+found&next=page+2', undefined], ['GET', '/api/contacts/v_1', undefined], ['PUT', '/api/contacts/v_1/fields/customer%20type', { value: 'VIP' }],
  ]);
  http(() => [403, { code: 1101, name: 'forbidden', detail: 'for administrators' }]);
  await expect(ada.search('x')).rejects.toMatchObject({ name: 'forbidden', detail: 'for administrators' });
  http(() => new Error('no network'));
  await expect(ada.search('x')).rejects.toMatchObject({ name: 'unanswered' });
  http(() => [502, 'a proxy speaks']);
  await expect(ada.search('x')).rejects.toMatchObject({ name: 'unanswered', what: 'The server answered 502.' });
});

test('another agent on the same page sees nothing of the one before', async () => {
  const { server, inbox, agent } = setUp();
  inbox.set(summaryOf(CONVERSATION, { assignee: { id: ADA.id, name: ADA.name } }));
  const it = agent();
  const { value } = it.inbox.list('mine');
  value.subscribe(() => {});
  await settle();
  server.socket.tell({ t: 'desk', status: 'online', since: 5, right: 'admin', lanes: [], offers: [] }, { t: 'tallies', counts: [['mine', 1]] });
  expect(value.get().items).toHaveLength(1);
  await it.identify(async () => 'ben');
  await settle();
  expect(value.get()).toMatchObject({ items: [], total: 0, live: true });
  expect([it.desk.state.get(), it.inbox.tallies.get()]).toEqual([null, {}]);
});
