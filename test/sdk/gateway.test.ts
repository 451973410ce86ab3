/** The SDK and a real gateway, over real sockets. */
import { SignJWT } from 'jose';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAgent, type Agent } from '../../sdk/agent.ts';
import { createClient, NodeSocket, type NodeClientOptions } from '../../sdk/node.ts';
import type { Client, Value } from '../../sdk/index.ts';
import { systemClock } from '../../gateway/clock.ts';
import { startGateway, type Gateway } from '../../gateway/gateway.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { parseSettings } from '../../gateway/settings.ts';
import { openStore } from '../../gateway/store.sqlite.ts';

const SHARED = 'a secret of at least 32 bytes, shared with the shop';
const SETTINGS = { workspaces: { demo: { keys: [{ kid: 'shop', algorithm: 'HS256', secret: SHARED, issuer: 'shop', audience: 'parley', roles: ['customer'] }] } } };
let gateway: Gateway;
const clients: Client[] = [];

beforeAll(async () => {
  const log = memoryLog({ shards: 4 });
  const report = (): void => {};
  const store = await openStore({ memory: true, log, report });
  const secret = new Uint8Array(32).fill(7);
  gateway = await startGateway({ log, store, settings: parseSettings(SETTINGS), clock: systemClock, report, node: 'test', secret, host: '127.0.0.1', port: 0, demo: true });
});
afterAll(async () => {
  for (const client of clients) client.close();
  await gateway.close();
});

function client(options: Partial<NodeClientOptions> = {}): Client {
  const made = createClient({ url: gateway.url, ...options });
  clients.push(made);
  return made;
}
function agent(encoding: 'msgpack' | 'json'): Agent {
  const getToken = () => gateway.identities.agent('demo', { id: 'ada', name: 'Ada' });
  const made = createAgent({ url: gateway.url, WebSocket: NodeSocket, encoding, getToken });
  clients.push(made);
  return made;
}
/** Resolves with the first value that fits. */
const until = <T>(value: Value<T>, fits: (now: T) => boolean): Promise<T> => new Promise((resolve) => {
  if (fits(value.get())) return resolve(value.get());
  const stop = value.subscribe((now) => {
    if (!fits(now)) return;
    stop();
    resolve(now);
  });
});

for (const encoding of ['msgpack', 'json'] as const) {
  test(`a customer writes, an agent answers, both see the same and exactly that (${encoding})`, async () => {
    const [customer, ada] = [client({ encoding }), agent(encoding)];
    const talk = customer.conversation();
    talk.open();
    await talk.send({ text: 'Wo ist mein Päckchen? 📦' }).committed;
    const desk = ada.conversation(talk.id);
    desk.open();
    await until(desk.unread, (unread) => unread === 1);
    await until(desk.messages, ({ items, complete }) => complete && items.some(({ kind }) => kind === 'message'));
    await desk.accept();
    desk.read();
    talk.typing(true, 'half a th');
    expect((await until(desk.others, (others) => others.some(({ draft }) => draft !== '')))[0]).toMatchObject({ role: 'customer', typing: true, online: true, draft: 'half a th' });
    desk.send({ text: 'between us', note: true });
    await desk.send({ text: 'On its way.' }).committed;
    const { items } = await until(talk.messages, (window) => window.items.some(({ kind, body }) => kind === 'message' && body.text === 'On its way.'));
    expect(items.map(({ kind }) => kind)).toEqual(['ticket', 'message', 'assigned', 'status', 'message']);
    expect(talk.unread.get()).toBe(1);
    expect(talk.state.get()).toMatchObject({ status: 'open', assignee: { name: 'Ada' } });
    await until(talk.others, (others) => others.some(({ read }) => read > 0));
    expect((await until(desk.messages, (window) => window.items.filter(({ kind }) => kind === 'message').length === 2)).items.map(({ kind }) => kind)).toContain('note');
    await desk.setStatus('solved');
    expect((await until(talk.state, (state) => state?.status === 'closed'))?.status).toBe('closed');
    await expect(desk.setStatus('pending')).rejects.toMatchObject({ name: 'ticketClosed' });
    talk.send({ text: 'One more thing' });
    expect((await until(desk.state, (state) => state?.ticket === 2))?.status).toBe('new');
  }, 20_000);
}

test('many sends at once come in order and once, through the server\'s limits', async () => {
  const customer = client();
  const talk = customer.conversation();
  talk.open();
  const texts = Array.from({ length: 150 }, (_, i) => `${i}`);
  await Promise.all(texts.map((text) => talk.send({ text }).committed));
  const { items } = await until(talk.messages, (window) => window.complete && window.items.every(({ seq }) => seq !== null));
  expect(items.flatMap((item) => (item.kind === 'message' ? [item.body.text] : []))).toEqual(texts);
}, 30_000);

test('a visitor becomes identified on the same socket and keeps the conversation; a bad token changes nothing', async () => {
  const customer = client();
  const talk = customer.conversation();
  talk.open();
  await talk.send({ text: 'hello' }).committed;
  const visitor = customer.me.get()?.id;
  await expect(customer.identify(async () => 'not a token')).rejects.toMatchObject({ name: 'tokenInvalid' });
  await until(customer.connection, ({ status }) => status === 'live');
  expect(customer.me.get()?.id).toBe(visitor);
  const token = await new SignJWT({ name: 'Bo' }).setProtectedHeader({ alg: 'HS256', kid: 'shop' }).setSubject('bo').setIssuer('shop').setAudience('parley')
    .setIssuedAt().setExpirationTime('1h').sign(new TextEncoder().encode(SHARED));
  await customer.identify(async () => token);
  expect(customer.me.get()).toMatchObject({ id: 'u_bo', name: 'Bo', identified: true });
  await talk.send({ text: 'still me' }).committed;
  const { items } = await until(talk.messages, (window) => window.items.filter(({ kind, seq }) => kind === 'message' && seq !== null).length === 2);
  expect(items.flatMap((item) => (item.kind === 'message' ? [item.author.id] : []))).toEqual([visitor, 'u_bo']);
  expect((await until(talk.state, (state) => state?.contact.identified === true))?.contact.name).toBe('Bo');
}, 20_000);

test('a reload keeps the visitor, and the conversation is there again', async () => {
  const values = new Map<string, string>();
  const storage = {
    get: async (key: string) => values.get(key), set: async (key: string, value: string) => void values.set(key, value),
    delete: async (key: string) => void values.delete(key), keys: async (prefix: string) => [...values.keys()].filter((key) => key.startsWith(prefix)),
  };
  const first = client({ storage });
  const talk = first.conversation();
  await talk.send({ text: 'hello' }).committed;
  first.close();
  const second = client({ storage });
  const list = await until(second.conversations, ({ items }) => items.length > 0);
  expect(list.items[0]?.id).toBe(talk.id);
  expect(second.me.get()?.id).toBe(first.me.get()?.id);
});
