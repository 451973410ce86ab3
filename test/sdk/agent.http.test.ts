/** What an agent's app asks over HTTP: settings that stay current, search and contacts, with a token that is renewed. */
import { afterEach, expect, test, vi } from 'vitest';
import { createAgent, type Agent } from '../../sdk/agent.ts';
import type { ClientOptions } from '../../sdk/index.ts';
import { settle } from './clock.ts';
import { setUp as setUpWorld } from './world.ts';

function setUp() {
  const world = setUpWorld();
  const { server, clock, storage } = world;
  const agent = (options: Partial<ClientOptions> = {}): Agent =>
    createAgent({ url: 'http://gateway.test', WebSocket: server.WebSocket, clock, random: () => 0.5, storage, getToken: async () => 'ada', ...options });
  return { ...world, agent };
}
type World = ReturnType<typeof setUp>;

/** What the gateway answers over HTTP; what was asked is kept. */
function http(answer: (method: string, path: string, body: unknown) => [status: number, body: unknown] | Error) {
  const asked: { method: string; path: string; body: unknown; token: string }[] = [];
  vi.stubGlobal('fetch', async (url: string, { method, body, headers }: { method: string; body: string | null; headers: Record<string, string> }) => {
    const path = url.replace('http://gateway.test', '');
    const said = body === null ? null : (JSON.parse(body) as unknown);
    asked.push({ method, path, body: said, token: headers.authorization ?? '' });
    const answered = answer(method, path, said);
    if (answered instanceof Error) throw answered;
    return new Response(JSON.stringify(answered[1]), { status: answered[0] });
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

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
    ['GET', '/api/search?q=lost+%26+found&next=page+2', null], ['GET', '/api/contacts/v_1', null], ['PUT', '/api/contacts/v_1/fields/customer%20type', { value: 'VIP' }],
  ]);
  http(() => [403, { code: 1101, name: 'forbidden', detail: 'for administrators' }]);
  await expect(ada.search('x')).rejects.toMatchObject({ name: 'forbidden', detail: 'for administrators' });
  http(() => new Error('no network'));
  await expect(ada.search('x')).rejects.toMatchObject({ name: 'unanswered' });
  http(() => [502, 'a proxy speaks']);
  await expect(ada.search('x')).rejects.toMatchObject({ name: 'unanswered', what: 'The server answered 502.' });
});
