/** Flows between a real gateway, an agent's app and a customer's: written, published, answered, watched and stopped. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAgent, type Agent, type AgentConversation } from '../../sdk/agent.ts';
import type { Client, ClientOptions, Conversation, Value } from '../../sdk/index.ts';
import { createClient, NodeSocket } from '../../sdk/node.ts';
import { SignJWT } from 'jose';
import { openHouse, type House } from '../gateway/house.ts';

const ASK = {
  name: 'Which team', sender: 'Robot', start: [{ on: 'opened' }], steps: [
    {
      id: 'team', name: 'Which team?', do: 'ask', answer: 'choice', save: 'vars.team', forMs: 3_600_000,
      text: { en: 'Which team would you like?', pt: 'Com que equipa quer falar?' },
      choices: [{ value: 'support', label: { en: 'Support', pt: 'Apoio' } }, { value: 'sales', label: { en: 'Sales', pt: 'Vendas' } }],
      onTimeout: [{ id: 'late', do: 'end' }], onInvalid: [{ id: 'odd', do: 'end' }],
    },
    { id: 'thanks', name: 'Thanks', do: 'say', text: { en: 'Thank you!', pt: 'Obrigado!' } },
  ],
};
const WAIT = { name: 'Later', start: [{ on: 'called' }], steps: [{ id: 'pause', name: 'Pause', do: 'wait', forMs: 3_600_000 }, { id: 'remind', name: 'Remind', do: 'say', text: 'Still there?' }] };
const SECRET = 'the secret of a shop\'s own back end';
let house: House;
let ada: Agent;
const clients: Client[] = [];

beforeAll(async () => {
  house = await openHouse({ settings: { workspaces: { demo: {
    keys: [{ kid: 'shop', algorithm: 'HS256', secret: SECRET, issuer: 'shop', audience: 'parley', roles: ['customer'] }],
    agents: [{ id: 'ada', name: 'Ada', right: 'admin' }], fields: [{ id: 'plan', name: 'Plan', type: 'choice', choices: ['free', 'paid'] }],
  } } } });
  ada = createAgent({ url: house.gateway.url, WebSocket: NodeSocket, getToken: () => house.gateway.identities.agent('demo', { id: 'ada', name: 'Ada' }) });
  clients.push(ada);
  await until(ada.desk.state, (state) => state !== null);
  await ada.desk.setStatus('away');
});
afterAll(async () => {
  for (const client of clients) client.close();
  await house.close();
});

/** Resolves with the first value that fits. */
const until = <T>(value: Value<T>, fits: (now: T) => boolean): Promise<T> => new Promise((resolve, reject) => {
  if (fits(value.get())) return resolve(value.get());
  const late = setTimeout(() => reject(new Error(`not so: ${JSON.stringify(value.get())}`)), 10_000);
  const stop = value.subscribe((now) => {
    if (!fits(now)) return;
    stop();
    clearTimeout(late);
    resolve(now);
  });
});
async function customer(options: Partial<ClientOptions> = {}): Promise<{ client: Client; talk: Conversation }> {
  const client = createClient({ url: house.gateway.url, ...options });
  clients.push(client);
  const talk = client.conversation();
  talk.open();
  await talk.send({ text: 'Hello!' }).committed;
  return { client, talk };
}
function watched(id: string): AgentConversation {
  const talk = ada.conversation(id);
  talk.open();
  return talk;
}
async function published(id: string, definition: unknown): Promise<number> {
  const { rev, problems } = await ada.flows.save(id, definition, 0);
  expect(problems).toEqual([]);
  return ada.flows.publish(id, { rev, migrate: false, note: 'the first' });
}

test('a flow asks the customer with answers to tap, agents see where it is, and an answer takes it on', async () => {
  expect(await published('ask', ASK)).toBe(1);
  const { client, talk } = await customer({ language: 'pt-BR' });
  const { choices } = await until(talk.messages, (now) => now.choices.length > 0);
  const question = talk.messages.get().items.find(({ kind, author }) => kind === 'message' && author.role === 'system');
  expect(question?.author).toEqual({ role: 'system', id: 'parley', name: 'Robot' });
  expect(client.unread.get()).toBe(1);
  const mine = watched(talk.id);
  const [run] = await until(mine.runs, (rows) => rows.length > 0);
  expect(run).toEqual({
    run: 1, flow: 'ask', name: 'Which team', version: 1, step: 'team', stepName: 'Which team?', waits: 'reply', until: house.clock.now() + 3_600_000, next: expect.any(String),
  });
  await talk.send({ text: choices[1]! }).committed;
  await until(mine.runs, (rows) => rows.length === 0);
  const { items } = await until(talk.messages, (now) => now.items.filter(({ author }) => author.role === 'system' && author.name === 'Robot').length === 2);
  expect(items.flatMap(({ body }) => ('text' in body ? [body.text] : [])).slice(-2)).toEqual(['Vendas', 'Obrigado!']);
  expect(talk.messages.get().choices).toEqual([]);
  talk.read();
  await until(client.unread, (count) => count === 0);
  await ada.flows.live('ask', 0);
});

test('an agent starts a flow, sees what it waits for, and ends it for everybody to see', async () => {
  await published('later', WAIT);
  const { talk } = await customer();
  const mine = watched(talk.id);
  await until(mine.messages, ({ complete }) => complete);
  await mine.run('later');
  const [run] = await until(mine.runs, (rows) => rows.length > 0);
  expect(run).toMatchObject({ flow: 'later', step: 'pause', stepName: 'Pause', waits: 'time', until: house.clock.now() + 3_600_000, next: 'Remind' });
  // Whoever comes later sees it, too.
  const again = createAgent({ url: house.gateway.url, WebSocket: NodeSocket, encoding: 'json', getToken: () => house.gateway.identities.agent('demo', { id: 'ada', name: 'Ada' }) });
  clients.push(again);
  const theirs = again.conversation(talk.id);
  theirs.open();
  await until(theirs.runs, (rows) => rows.length === 1);
  await mine.stopRun(run!.run);
  await Promise.all([mine, theirs].map(({ runs }) => until(runs, (rows) => rows.length === 0)));
  const { items } = await until(mine.messages, (now) => now.items.some(({ kind }) => kind === 'flow'));
  expect(items.find(({ kind }) => kind === 'flow')).toMatchObject({ author: { name: 'Ada' }, body: { flow: 'later', what: 'stopped', run: run!.run } });
  expect(talk.messages.get().items.some(({ kind }) => kind === 'flow')).toBe(false);
  await expect(mine.stopRun(run!.run)).rejects.toMatchObject({ name: 'conflict' });
  await expect(mine.run('nothing')).rejects.toMatchObject({ name: 'conflict', detail: expect.stringContaining('nothing') });
});

test('what is wrong with a flow, and who was faster, is said in words', async () => {
  const wrong = { ...WAIT, steps: [{ id: 'to', do: 'assign', team: 'nowhere' }] };
  const { rev, problems } = await ada.flows.save('wrong', wrong, 0);
  expect(problems).toEqual([{ path: expect.stringContaining('steps.0'), problem: expect.stringContaining('nowhere') }]);
  expect((await ada.flows.check('wrong', wrong)).problems).toEqual(problems);
  await expect(ada.flows.publish('wrong', { rev, migrate: false, note: '' })).rejects.toMatchObject({ name: 'invalid', detail: expect.stringContaining('nowhere') });
  await expect(ada.flows.save('wrong', WAIT, 0)).rejects.toMatchObject({ name: 'conflict' });
  expect((await ada.flows.save('wrong', WAIT, rev)).problems).toEqual([]);
  expect(await ada.flows.read('wrong')).toMatchObject({ id: 'wrong', rev: rev + 1, draft: WAIT, live: 0, versions: [], migration: [], by: 'Ada' });
  const { flows, schema } = await ada.flows.list();
  expect(flows.find(({ id }) => id === 'wrong')).toMatchObject({ name: 'Later', live: 0, draft: true, problems: 0, versions: 0, start: ['called'] });
  expect(schema).toMatchObject({ $schema: expect.stringContaining('json-schema.org') });
  expect((await ada.flows.check('wrong', WAIT)).chart?.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining(['pause', 'remind']));
  await ada.flows.remove('wrong');
  await expect(ada.flows.read('wrong')).rejects.toMatchObject({ name: 'notFound' });
  await expect(ada.flows.live('later', 9)).rejects.toMatchObject({ name: 'notFound' });
  await expect(ada.flows.remove('later')).rejects.toMatchObject({ name: 'inUse' });
});

/** As the shop's back end signs its customers in. */
const signed = (claims: Record<string, unknown> = {}): Promise<string> => {
  const at = Math.floor(house.clock.now() / 1_000);
  return new SignJWT({ sub: 'mia', role: 'customer', name: 'Mia', ...claims }).setProtectedHeader({ alg: 'HS256', kid: 'shop' })
    .setIssuer('shop').setAudience('parley').setIssuedAt(at).setExpirationTime(at + 3_600).sign(new TextEncoder().encode(SECRET));
};

test('what an app says of its person, agents see, in the form of its type', async () => {
  const { client, talk } = await customer({ language: 'pt-BR' });
  await client.setFields({ email: ' Mia@Example.com', plan: 'paid' });
  const { id } = client.me.get()!;
  const { fields, types } = await ada.contact(id);
  expect(fields).toMatchObject({ email: 'mia@example.com', plan: 'paid', language: 'pt', country: 'BR' });
  expect(types.at(-1)).toEqual({ id: 'plan', name: 'Plan', type: 'choice', choices: ['free', 'paid'] });
  await expect(client.setFields({ plan: 'gold' })).rejects.toMatchObject({ name: 'invalid', detail: expect.stringMatching(/plan.*free/) });
  await expect(client.setFields({ plam: 'free' })).rejects.toMatchObject({ name: 'invalid', detail: expect.stringContaining('"plam"') });
  await expect(ada.setContactField(id, 'email', 'mia')).rejects.toMatchObject({ name: 'invalid', detail: expect.stringContaining('email') });
  await client.setFields({ plan: '' });
  expect((await ada.contact(id)).fields).not.toHaveProperty('plan');
  // They are a person's, and go with them.
  await client.identify(() => signed({ email: 'mia@shop.example' }), { plan: 'free' });
  const mia = await ada.contact('u_mia');
  expect(mia.fields).toMatchObject({ email: 'mia@shop.example', plan: 'free' });
  expect(mia.verified).toEqual(['email']);
  await expect(client.setFields({ email: 'other@example.com' })).rejects.toMatchObject({ name: 'forbidden', detail: expect.stringContaining('email') });
  await talk.send({ text: 'It is me.' }).committed;
});

test('an agent writes first, once, and has the ticket', async () => {
  const client = createClient({ url: house.gateway.url, getToken: () => signed() });
  clients.push(client);
  await until(client.connection, ({ status }) => status === 'live');
  await client.setFields({ plan: 'free' });
  const { id } = ada.conversation();
  const mine = await ada.reach('u_mia', 'Your parcel is back.', { id });
  await ada.reach('u_mia', 'Your parcel is back.', { id });
  mine.open();
  const state = await until(mine.state, (now) => now !== null);
  expect(state).toMatchObject({ assignee: { name: 'Ada' }, contact: { id: 'u_mia' }, agentMessages: 1 });
  const theirs = client.conversation(id);
  theirs.open();
  await until(theirs.messages, ({ items }) => items.some(({ kind }) => kind === 'message'));
  expect(theirs.messages.get().items.filter(({ kind }) => kind === 'message').map(({ body }) => body)).toEqual([{ text: 'Your parcel is back.' }]);
  await expect(ada.reach('u_nobody', 'Hello?')).rejects.toMatchObject({ name: 'notFound' });
});

test('a template becomes a flow, is tried without anybody knowing, and runs once it is published', async () => {
  const { templates } = await ada.flows.list();
  expect(templates.map(({ id }) => id)).toEqual(expect.arrayContaining(['nudge', 'vip', 'team-by-answer', 'team-by-data', 'operator']));
  const definition = await ada.flows.fromTemplate('nudge', {});
  expect(definition).toEqual(templates.find(({ id }) => id === 'nudge')?.definition);
  const trial = await ada.flows.trial('nudge', definition, {}, [
    { do: 'customer', text: 'Where is my order?' }, { do: 'agent', text: 'Which one is it?' }, { do: 'pass', ms: 3_600_000 },
  ]);
  expect(trial).toMatchObject({ refused: null, calls: [], runs: [{ flow: 'nudge', waits: 'reply' }], ticket: { status: 'open', agent: 'Agent' } });
  expect(trial.lines.at(-1)).toEqual({
    at: trial.at, kind: 'message', author: { role: 'system', name: 'Assistant' }, text: expect.stringContaining('Are you still there?'), choices: [],
  });
  await published('nudge', definition);
  const { talk } = await customer();
  const mine = watched(talk.id);
  await until(mine.messages, ({ complete }) => complete);
  await mine.send({ text: 'Which one is it?' }).committed;
  const [run] = await until(mine.runs, (rows) => rows.length > 0);
  expect(run).toMatchObject({ flow: 'nudge', version: 1, waits: 'reply', until: house.clock.now() + 3_600_000 });
  await ada.flows.live('nudge', 0);
  await expect(ada.flows.fromTemplate('nudge', { remindAfterMs: -1 })).rejects.toMatchObject({ name: 'invalid' });
  await expect(ada.flows.fromTemplate('nothing', {})).rejects.toMatchObject({ name: 'notFound' });
});
