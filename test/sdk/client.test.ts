/** The client as an app holds it, against a server in the same process. */
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, expect, test, vi } from 'vitest';
import { createClient, Unauthorized } from '../../sdk/index.ts';
import { settle } from './clock.ts';
import { FakeServer } from './server.ts';
import { ADA, CONVERSATION, opened, setUp, texts } from './world.ts';

afterEach(() => vi.unstubAllGlobals());

for (const encoding of ['msgpack', 'json'] as const) {
  test(`a first message makes the conversation, is acknowledged, and stands once (${encoding})`, async () => {
    const { server, client } = setUp({ encoding });
    const talk = client().conversation();
    talk.open();
    await settle();
    const out = talk.send({ text: 'Where is my order?' });
    expect(talk.messages.get().items).toMatchObject([{ key: out.id, seq: null, body: { text: 'Where is my order?' } }]);
    await expect(out.committed).resolves.toMatchObject({ seq: 1 });
    await settle();
    const { items, complete } = talk.messages.get();
    expect(items).toMatchObject([{ key: out.id, seq: 1, body: { text: 'Where is my order?' } }]);
    expect(items[0]?.outgoing).toBeUndefined();
    expect(complete).toBe(true);
    expect(out.status.get()).toBe('sent');
    expect(server.saidOf('send')).toHaveLength(1);
    expect(talk.state.get()?.status).toBe('open');
  });
}

test('what is said while there is no server is sent in order when there is one', async () => {
  const { clock, server, client } = setUp();
  server.reachable = false;
  const it = client();
  const talk = it.conversation();
  talk.open();
  const outs = ['one', 'two', 'three'].map((text) => talk.send({ text }));
  await settle();
  expect(it.connection.get().status).toBe('waiting');
  expect(outs.map(({ status }) => status.get())).toEqual(['queued', 'queued', 'queued']);
  server.reachable = true;
  await clock.move(20_000);
  expect(it.connection.get().status).toBe('live');
  expect(server.visible(talk.id, 'agent').map(({ body }) => body)).toEqual([{ text: 'one' }, { text: 'two' }, { text: 'three' }]);
  expect(texts(talk)).toEqual(['one', 'two', 'three']);
});

test('a lost acknowledgement and a lost socket make no second message', async () => {
  const { clock, server, client } = setUp();
  const talk = client().conversation();
  talk.open();
  await settle();
  server.pass = (frame) => (frame.t === 'ack' || frame.t === 'event' ? [] : [frame]);
  const out = talk.send({ text: 'once' });
  await settle();
  expect(out.status.get()).toBe('sending');
  server.pass = (frame) => [frame];
  server.socket.drop();
  await clock.move(1_000);
  expect(out.status.get()).toBe('sent');
  expect(server.room(talk.id).entries).toHaveLength(1);
  expect(texts(talk)).toEqual(['once']);
});

test('a send without an answer for 10 s proves a dead path: another socket is opened', async () => {
  const { clock, server, client } = setUp();
  const talk = client().conversation();
  await settle();
  server.instead = () => true;
  const out = talk.send({ text: 'hello' });
  await clock.move(9_000);
  expect(server.made).toBe(1);
  server.instead = () => false;
  await clock.move(2_000);
  expect(server.made).toBe(2);
  expect(out.status.get()).toBe('sent');
});

test('goaway: the next socket is opened and resumed before the old one is left', async () => {
  const { clock, server, talk, states, old } = await opened();
  old.tell({ t: 'goaway', code: 4000, deadlineMs: 5_000, spreadMs: 1_000 });
  await clock.move(400);
  server.say(CONVERSATION, { text: 'meanwhile', author: ADA });
  await clock.move(200);
  expect(old.open).toBe(false);
  expect(server.sockets.size).toBe(1);
  server.say(CONVERSATION, { text: 'after', author: ADA });
  expect(texts(talk)).toEqual(['first', 'meanwhile', 'after']);
  expect(states).toEqual(['live']);
});

test('an unwanted token is fetched anew, and Unauthorized is final until identify', async () => {
  const { clock, server, client } = setUp();
  const why: string[] = [];
  const it = client({
    getToken: async ({ reason }) => {
      why.push(reason);
      if (reason === 'refused') throw new Unauthorized('not any more');
      return 'stale';
    },
  });
  await clock.move(1_000);
  expect(why).toEqual(['first', 'refused']);
  expect(it.connection.get()).toMatchObject({ status: 'stopped', name: 'unauthorized', what: expect.stringContaining('not any more') });
  await clock.move(60_000);
  expect(server.made).toBe(1);
  server.people.set('bo', { id: 'u_bo', name: 'Bo', role: 'customer', identified: true, workspace: 'demo' });
  await it.identify(async () => 'bo');
  expect(it.connection.get().status).toBe('live');
  expect(it.me.get()).toMatchObject({ id: 'u_bo', identified: true });
});

test('a visitor becomes identified on the same socket', async () => {
  const { server, client } = setUp();
  server.people.set('bo', { id: 'u_bo', name: 'Bo', role: 'customer', identified: true, workspace: 'demo' });
  const it = client();
  await settle();
  expect(it.me.get()?.identified).toBe(false);
  await it.identify(async () => 'bo');
  expect(it.me.get()?.name).toBe('Bo');
  expect(server.made).toBe(1);
});

test('commands go again after a lost connection and reject with what the server says', async () => {
  const { clock, server, client } = setUp();
  server.say(CONVERSATION, { text: 'hi', author: ADA });
  const talk = client().conversation(CONVERSATION);
  await settle();
  server.instead = (_, frame) => frame.t === 'command';
  const done = talk.end();
  await settle();
  server.instead = () => false;
  server.socket.drop();
  await clock.move(1_000);
  await expect(done).resolves.toBeUndefined();
  const [first, second] = server.saidOf('command');
  expect(second).toEqual(first);
  server.instead = (socket, frame) => frame.t === 'command' && (server.nack(socket, frame.id, 'quarantined'), true);
  await expect(talk.end()).rejects.toMatchObject({ name: 'quarantined', code: 1109, mend: expect.any(String) });
});

test('an identified person\'s unsent messages are never sent by the next person on the device', async () => {
  const { clock, server, client } = setUp();
  server.people.set('bo', { id: 'u_bo', name: 'Bo', role: 'customer', identified: true, workspace: 'demo' });
  server.people.set('cy', { id: 'u_cy', name: 'Cy', role: 'customer', identified: true, workspace: 'demo' });
  const bo = client({ getToken: async () => 'bo' });
  await settle();
  server.reachable = false;
  server.socket.drop();
  bo.conversation(CONVERSATION).send({ text: 'from Bo' });
  await settle();
  bo.close();
  server.reachable = true;
  const cy = client({ getToken: async () => 'cy' });
  await clock.move(1_000);
  expect(cy.me.get()?.id).toBe('u_cy');
  expect(server.saidOf('send')).toEqual([]);
  cy.close();
  client({ getToken: async () => 'bo' });
  await clock.move(1_000);
  expect(server.saidOf('send')).toMatchObject([{ text: 'from Bo' }]);
});

test('close says goodbye and keeps the outbox; signOut forgets it', async () => {
  const { server, client, storage } = setUp();
  const it = client();
  await settle();
  server.instead = (_, frame) => frame.t === 'send';
  it.conversation().send({ text: 'kept' });
  await settle();
  it.close();
  expect(server.saidOf('bye')).toHaveLength(1);
  expect(server.sockets.size).toBe(0);
  expect(await storage.keys('outbox/')).toHaveLength(1);
  await it.signOut();
  expect(await storage.keys('')).toEqual([]);
});

test('diagnostics tell how things went and nothing of what was said', async () => {
  const { server, client } = setUp();
  const it = client();
  const talk = it.conversation();
  await settle();
  talk.send({ text: 'my card number is 4111' });
  await settle();
  const lines = JSON.stringify(it.diagnostics());
  expect(lines).toContain('"what":"ack"');
  expect(lines).not.toMatch(/4111|visitor|Visitor/);
  expect(server.saidOf('send')).toHaveLength(1);
});

test('the background closes at once with a goodbye, the foreground connects', async () => {
  const { server, client } = setUp();
  const it = client();
  await settle();
  it.pause();
  expect(server.saidOf('bye')).toEqual([{ t: 'bye', reason: 'background' }]);
  expect(server.sockets.size).toBe(0);
  expect(it.connection.get()).toEqual({ status: 'paused', because: 'background' });
  it.resume();
  await settle();
  expect(it.connection.get().status).toBe('live');
});

test('a half-open socket is found by a probe when the screen comes back', async () => {
  const { clock, server, client } = setUp();
  const it = client();
  await settle();
  server.instead = () => true;
  it.resume();
  await clock.move(2_400);
  expect(server.made).toBe(1);
  server.instead = () => false;
  await clock.move(500);
  expect(server.made).toBe(2);
});

test('where there is no WebSocket it says so in the diagnostics and goes on trying', async () => {
  const { clock, client } = setUp();
  const Broken = class {
    constructor() {
      throw new Error('no such thing here');
    }
  } as never;
  const it = client({ WebSocket: Broken });
  await clock.move(5_000);
  expect(it.connection.get()).toMatchObject({ status: 'waiting', because: 'network' });
  expect(JSON.stringify(it.diagnostics())).toContain('no such thing here');
});

test('a visitor belongs to the workspace that the page names, and each workspace of a page has visitors of its own', async () => {
  const asked: unknown[] = [];
  vi.stubGlobal('indexedDB', new IDBFactory());
  vi.stubGlobal('fetch', async (_: string, { body }: { body: string }) => {
    asked.push(JSON.parse(body));
    return new Response(JSON.stringify({ token: 'visitor' }));
  });
  const { WebSocket } = new FakeServer();
  for (const workspace of ['bank', 'shop', 'bank']) {
    const it = createClient({ url: 'http://gateway.test', WebSocket, workspace });
    await vi.waitFor(() => expect(it.me.get()).not.toBe(null));
    it.close();
  }
  // The second time at the bank this is known to be its visitor.
  expect(asked).toMatchObject([{ workspace: 'bank' }, { workspace: 'shop' }]);
  expect(new Set(asked.map((one) => (one as { device: string }).device)).size).toBe(2);
});
