/** Flows as an agent's app holds them: those that run on a conversation, and the library over HTTP. */
import { afterEach, expect, test, vi } from 'vitest';
import { createAgent, factsOf, fieldTypes, type RunRow } from '../../sdk/agent.ts';
import type { Told } from '../../sdk/protocol/frames.ts';
import { settle } from './clock.ts';
import { FakeInbox, summaryOf } from './inbox.ts';
import { CONVERSATION, setUp as setUpWorld } from './world.ts';

const VISITOR = { id: 'v_1', name: 'Visitor', role: 'customer' } as const;
const ASSISTANT = { id: 'parley', name: 'Assistant', role: 'system' } as const;
const NUDGE: RunRow = {
  run: 1, flow: 'nudge', name: 'Nudge and close', version: 2, step: 'silence', stepName: 'Silence', waits: 'time', until: 1_700_003_600_000, next: 'Nudge',
};

function setUp() {
  const world = setUpWorld();
  const { server, clock, storage } = world;
  new FakeInbox(server).set(summaryOf(CONVERSATION, { desk: ['support', 2, 0, 0, [], []] }));
  const ada = createAgent({ url: 'http://gateway.test', WebSocket: server.WebSocket, clock, random: () => 0.5, storage, getToken: async () => 'ada' });
  return { ...world, ada, talk: ada.conversation(CONVERSATION) };
}

/** What the gateway answers over HTTP; what was asked is kept. */
function http(...answers: [status: number, body: unknown][]) {
  const asked: [method: string, path: string, body: unknown][] = [];
  vi.stubGlobal('fetch', async (url: string, { method, body }: { method: string; body: string | null }) => {
    asked.push([method, url.replace('http://gateway.test', ''), body === null ? null : JSON.parse(body)]);
    const [status, said] = answers[asked.length - 1] ?? [200, {}];
    return new Response(JSON.stringify(said), { status });
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

const runs = (alias: number, ...rows: RunRow[]): Told => ({ t: 'runs', alias, runs: rows });

test('what runs on an open conversation is known, and after another connection only what still does', async () => {
  const { server, clock, talk } = setUp();
  server.say(CONVERSATION, { text: 'where is it?', author: VISITOR });
  talk.open();
  await settle();
  const seen: number[] = [];
  talk.runs.subscribe((rows) => seen.push(rows.length));
  expect(talk.runs.get()).toEqual([]);
  server.socket.tell(runs(1, NUDGE));
  expect(talk.runs.get()).toEqual([NUDGE]);
  server.socket.tell(runs(99, NUDGE, { ...NUDGE, run: 2 }));
  expect(talk.runs.get()).toEqual([NUDGE]);
  server.socket.drop();
  // Until somebody says otherwise it goes on.
  expect(talk.runs.get()).toEqual([NUDGE]);
  await clock.move(1_000);
  expect(talk.runs.get()).toEqual([]);
  expect(seen).toEqual([1, 0]);
});

test('a flow is started and a run stopped by commands of the conversation', async () => {
  const { server, talk } = setUp();
  server.say(CONVERSATION, { text: 'where is it?', author: VISITOR });
  talk.open();
  await settle();
  await Promise.all([talk.run('vip'), talk.stopRun(3)]);
  expect(server.saidOf('command').map(({ name, args }) => [name, args])).toEqual([['run', { flow: 'vip' }], ['stopRun', { run: 3 }]]);
  server.instead = (socket, frame) => frame.t === 'command' && (server.nack(socket, frame.id, 'invalid', 0, 'flow: none of that name starts when it is called'), true);
  await expect(talk.run('vap')).rejects.toMatchObject({ name: 'invalid', detail: 'flow: none of that name starts when it is called' });
});

test('what a flow says is no answer: the customer waits as before, until an agent has answered', async () => {
  const { server, talk } = setUp();
  server.say(CONVERSATION, { text: 'where is it?', author: VISITOR });
  talk.open();
  await settle();
  server.say(CONVERSATION, { text: 'hello?', author: VISITOR });
  const since = factsOf(talk.state.get()!).waitingSince;
  expect(since).toBeGreaterThan(0);
  server.put(CONVERSATION, { kind: 'message', n: 1, author: ASSISTANT, cmid: null, body: { text: 'Which team?', choices: ['Sales', 'Support'] } });
  expect(factsOf(talk.state.get()!).waitingSince).toBe(since);
  expect(talk.state.get()).toMatchObject({ agentMessages: 1, customerMessages: 2 });
  expect(talk.messages.get().items.at(-1)).toMatchObject({ author: ASSISTANT, body: { choices: ['Sales', 'Support'] } });
  server.say(CONVERSATION, { text: 'It is here.', author: { id: 'a_ben', name: 'Ben', role: 'agent' } });
  expect(factsOf(talk.state.get()!).waitingSince).toBe(0);
});

test('the library is read and changed over HTTP, each change under the revision that it was based on', async () => {
  const { ada } = setUp();
  await settle();
  const asked = http(
    [200, { flows: [], templates: [], schema: {} }], [200, { id: 'vip', rev: 3 }], [200, { rev: 4, problems: [{ path: 'steps.0.team', problem: 'There is no team vap.' }] }],
    [200, { version: 7 }], [200, {}], [200, {}], [200, { problems: [], chart: { nodes: [], edges: [] } }], [200, { lines: [], refused: null }], [200, { definition: { name: 'VIP' } }],
  );
  const { flows } = ada;
  expect(await flows.list()).toEqual({ flows: [], templates: [], schema: {} });
  expect(await flows.read('vip')).toEqual({ id: 'vip', rev: 3 });
  expect(await flows.save('vip', { name: 'VIP' }, 3)).toEqual({ rev: 4, problems: [{ path: 'steps.0.team', problem: 'There is no team vap.' }] });
  expect(await flows.publish('vip', { rev: 4, migrate: true, note: 'faster' })).toBe(7);
  await flows.live('vip', 6);
  await flows.remove('vip');
  expect((await flows.check('vip', { name: 'VIP' })).chart).toEqual({ nodes: [], edges: [] });
  expect((await flows.trial('vip', { name: 'VIP' }, { channel: 'web' }, [{ do: 'customer', text: 'hi' }, { do: 'pass', ms: 60_000 }])).refused).toBe(null);
  expect(await flows.fromTemplate('vip', { team: 'sales' })).toEqual({ name: 'VIP' });
  expect(asked).toEqual([
    ['GET', '/api/flows', null], ['GET', '/api/flows/vip', null], ['PUT', '/api/flows/vip', { rev: 3, definition: { name: 'VIP' } }],
    ['POST', '/api/flows/vip/publish', { rev: 4, migrate: true, note: 'faster' }], ['POST', '/api/flows/vip/live', { version: 6 }], ['POST', '/api/flows/vip/remove', {}],
    ['POST', '/api/flows/check', { flow: 'vip', definition: { name: 'VIP' } }],
    ['POST', '/api/flows/trial', { flow: 'vip', definition: { name: 'VIP' }, start: { channel: 'web' }, moves: [{ do: 'customer', text: 'hi' }, { do: 'pass', ms: 60_000 }] }],
    ['POST', '/api/templates/vip', { parameters: { team: 'sales' } }],
  ]);
});

test('what stands against a change is said in words', async () => {
  const { ada } = setUp();
  await settle();
  http(
    [409, { code: 1112, name: 'conflict', detail: 'vip: revision 5 is newer, by Ben' }],
    [400, { code: 1103, name: 'invalid', detail: 'steps.0.team: There is no team vap.' }],
    [400, { code: 1103, name: 'invalid', detail: 'email: an e-mail address, like mia@example.com' }],
  );
  await expect(ada.flows.save('vip', {}, 4)).rejects.toMatchObject({ name: 'conflict', detail: 'vip: revision 5 is newer, by Ben' });
  await expect(ada.flows.publish('vip', { rev: 5, migrate: false, note: '' })).rejects.toMatchObject({ name: 'invalid', detail: 'steps.0.team: There is no team vap.' });
  await expect(ada.setContactField('v_1', 'email', 'mia')).rejects.toMatchObject({ name: 'invalid', detail: 'email: an e-mail address, like mia@example.com' });
});

test('reaching a contact gives the conversation that has begun', async () => {
  const { ada } = setUp();
  await settle();
  const asked = http([200, { conversation: CONVERSATION }]);
  expect(await ada.reach('v_1', 'Your parcel is back.', { id: CONVERSATION, channel: 'social' })).toBe(ada.conversation(CONVERSATION));
  const { id } = await ada.reach('v_1', 'Hello?');
  expect(asked).toEqual([
    ['POST', '/api/contacts/v_1/conversations', { id: CONVERSATION, text: 'Your parcel is back.', channel: 'social' }],
    ['POST', '/api/contacts/v_1/conversations', { id, text: 'Hello?' }],
  ]);
});

test('contacts have their four fields, and those of the workspace behind', () => {
  expect(fieldTypes(null).map(({ id }) => id)).toEqual(['email', 'phone', 'language', 'country']);
  const sections = { fields: [{ id: 'plan', name: 'Plan', type: 'choice', choices: ['free', 'paid'] }, { id: 'age', name: 'Age', type: 'number' }] };
  expect(fieldTypes({ sections, revs: {}, locked: [], by: {}, schema: {} }).slice(4)).toEqual([
    { id: 'plan', name: 'Plan', type: 'choice', choices: ['free', 'paid'] }, { id: 'age', name: 'Age', type: 'number', choices: [] },
  ]);
});
