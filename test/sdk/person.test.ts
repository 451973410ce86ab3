/** What a customer's app says of its person: the language that they read, and their fields; and what a flow asks them. */
import { afterEach, expect, test, vi } from 'vitest';
import { settle } from './clock.ts';
import { ADA, CONVERSATION, setUp as setUpWorld } from './world.ts';

const VISITOR = { id: 'v_1', name: 'Visitor', role: 'customer' } as const;
const ASSISTANT = { id: 'parley', name: 'Assistant', role: 'system' } as const;
const BO = { id: 'u_bo', name: 'Bo', role: 'customer', identified: true, workspace: 'demo' } as const;

function setUp(...args: Parameters<typeof setUpWorld>) {
  const world = setUpWorld(...args);
  world.server.people.set('bo', BO);
  return world;
}

/** What the gateway answers over HTTP, one after the other, then `{}`; what was asked is kept. */
function http(...answers: ([status: number, body: unknown] | Error)[]) {
  const asked: { method: string; url: string; body: unknown; token: string }[] = [];
  vi.stubGlobal('fetch', async (url: string, { method, body, headers }: { method: string; body: string; headers: Record<string, string> }) => {
    const answer = answers[asked.length] ?? [200, {}];
    asked.push({ method, url, body: JSON.parse(body) as unknown, token: headers.authorization ?? '' });
    if (answer instanceof Error) throw answer;
    return new Response(typeof answer[1] === 'string' ? answer[1] : JSON.stringify(answer[1]), { status: answer[0] });
  });
  return asked;
}
afterEach(() => vi.unstubAllGlobals());

test('HELLO says what the person reads: what the app says, else the browser, else nothing', async () => {
  const { server, client } = setUp();
  vi.stubGlobal('navigator', undefined);
  client();
  await settle();
  vi.stubGlobal('navigator', { language: 'pt-BR', onLine: true });
  client();
  client({ language: 'cs' });
  client({ language: `en-x-${'long'.repeat(20)}` });
  client({ language: '' });
  await settle();
  expect(server.saidOf('hello').map(({ language }) => language)).toEqual([null, 'pt-BR', 'cs', `en-x-${'long'.repeat(7)}lo`, null]);
});

test('fields go to the gateway with the token of the connection', async () => {
  const { client } = setUp();
  const asked = http();
  const it = client();
  await settle();
  await it.setFields({ email: 'mia@example.com', plan: '' });
  expect(asked).toEqual([{ method: 'PUT', url: 'http://gateway.test/api/me', body: { fields: { email: 'mia@example.com', plan: '' } }, token: 'Bearer visitor' }]);
});

test('a field that is refused says what would be right', async () => {
  const { client } = setUp();
  http([400, { code: 1103, name: 'invalid', detail: 'email: an e-mail address, like mia@example.com' }], [404, {}]);
  const it = client();
  await settle();
  await expect(it.setFields({ email: 'mia' })).rejects.toMatchObject({ name: 'invalid', code: 1103, detail: 'email: an e-mail address, like mia@example.com' });
  await expect(it.setFields({ email: 'mia' })).rejects.toMatchObject({ name: 'unknown' });
});

test('fields wait for the connection, and go again when it was lost or the gateway could not take them', async () => {
  const { clock, server, client } = setUp();
  server.reachable = false;
  const asked = http(new Error('no network'), [503, { code: 1004, name: 'storeUnavailable', detail: '' }]);
  const it = client();
  const done = it.setFields({ plan: 'paid' });
  await settle();
  expect(asked).toHaveLength(0);
  server.reachable = true;
  await clock.move(1_000);
  expect(asked).toHaveLength(1);
  server.socket.drop();
  await clock.move(1_000);
  await clock.move(300);
  await done;
  expect(asked.map(({ body }) => body)).toEqual(Array(3).fill({ fields: { plan: 'paid' } }));
});

test('of two changes in a row the last word is the last, also when the first was refused', async () => {
  const { clock, client } = setUp();
  const asked = http([503, { code: 1004, detail: '' }], [400, { code: 1103, detail: 'plan: one of free, paid' }]);
  const it = client();
  await settle();
  const first = expect(it.setFields({ plan: 'gold' })).rejects.toMatchObject({ name: 'invalid' });
  const second = it.setFields({ plan: 'paid' });
  await clock.move(300);
  await Promise.all([first, second]);
  expect(asked.map(({ body }) => body)).toEqual([{ fields: { plan: 'gold' } }, { fields: { plan: 'gold' } }, { fields: { plan: 'paid' } }]);
});

test('fields that nobody answers are unanswered after half a minute', async () => {
  const { clock, client } = setUp();
  http([502, 'a proxy speaks'], new Error('no network'));
  const it = client();
  await settle();
  const answer = expect(it.setFields({ plan: 'paid' })).rejects.toMatchObject({ name: 'unanswered' });
  await clock.move(30_100);
  await answer;
});

test('whoever signs in has their fields set as themselves; a bad field leaves them signed in', async () => {
  const { client } = setUp();
  const asked = http([200, {}], [400, { code: 1103, detail: 'plan: one of free, paid' }]);
  const it = client();
  await settle();
  await it.identify(async () => 'bo', { plan: 'paid' });
  expect(asked).toMatchObject([{ body: { fields: { plan: 'paid' } }, token: 'Bearer bo' }]);
  await expect(it.identify(async () => 'bo', { plan: 'gold' })).rejects.toMatchObject({ name: 'invalid', detail: 'plan: one of free, paid' });
  expect(it.me.get()).toMatchObject({ id: 'u_bo', identified: true });
});

test('two who identify at once are both answered', async () => {
  const { client } = setUp();
  const it = client();
  await settle();
  await Promise.all([it.identify(async () => 'bo'), it.identify(async () => 'bo')]);
  expect(it.me.get()?.id).toBe('u_bo');
});

test('what a flow says is from our side: counted as unread, and read with the rest', async () => {
  const { server, client, clock } = setUp();
  server.say(CONVERSATION, { text: 'hi', author: VISITOR });
  const it = client();
  const talk = it.conversation(CONVERSATION);
  talk.open();
  await settle();
  server.put(CONVERSATION, { kind: 'message', n: 1, author: ASSISTANT, cmid: null, body: { text: 'Which team?', choices: ['Sales', 'Support'] } });
  expect(it.unread.get()).toBe(1);
  expect(talk.others.get().map(({ role }) => role)).not.toContain('system');
  talk.read();
  expect(it.unread.get()).toBe(0);
  await clock.move(1_100);
  expect(server.saidOf('read')).toMatchObject([{ seq: 2, n: 1 }]);
  expect(server.saidOf('delivered')).toHaveLength(1);
});

test('choices are those of the newest message, until somebody says something or the request is closed', async () => {
  const { server, client } = setUp();
  server.say(CONVERSATION, { text: 'hi', author: VISITOR });
  const talk = client().conversation(CONVERSATION);
  talk.open();
  await settle();
  const choices = (): readonly string[] => talk.messages.get().choices;
  const ask = (n: number) => server.put(CONVERSATION, { kind: 'message', n, author: ASSISTANT, cmid: null, body: { text: 'Which team?', choices: ['Sales', 'Support'] } });
  expect(choices()).toEqual([]);
  ask(1);
  server.put(CONVERSATION, { kind: 'status', n: 0, author: ASSISTANT, cmid: null, body: { status: 'pending', ticket: 1 } });
  expect(choices()).toEqual(['Sales', 'Support']);
  // At once, and not only when the gateway has it.
  server.instead = (_, frame) => frame.t === 'send';
  talk.send({ text: choices()[0]! });
  expect(choices()).toEqual([]);
  ask(2);
  server.say(CONVERSATION, { text: 'I am here now.', author: ADA });
  expect(choices()).toEqual([]);
});

test('nobody is asked any more when the request was closed', async () => {
  const { server, client } = setUp();
  server.put(CONVERSATION, { kind: 'message', n: 1, author: ASSISTANT, cmid: null, body: { text: 'Which team?', choices: ['Sales'] } });
  const talk = client().conversation(CONVERSATION);
  talk.open();
  await settle();
  expect(talk.messages.get().choices).toEqual(['Sales']);
  server.put(CONVERSATION, { kind: 'status', n: 0, author: ASSISTANT, cmid: null, body: { status: 'closed', ticket: 1 } });
  expect(talk.messages.get().choices).toEqual([]);
});
