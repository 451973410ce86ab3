/** The client as an app holds it, against a server in the same process. */
import { expect, test } from 'vitest';
import { createClient, memory, Unauthorized, type Client, type ClientOptions } from '../../sdk/index.ts';
import { handClock, settle } from './clock.ts';
import { FakeServer } from './server.ts';

const ADA = { id: 'a_ada', name: 'Ada', role: 'agent', identified: true, workspace: 'demo' } as const;
const CONVERSATION = '01JD1111111111111111111111';

/** Every client draws its own numbers, and waits about half of what it may. */
const chance = (client: number) => () => 0.5 + client / 100;

function setUp(options: Partial<ClientOptions> = {}) {
  let clients = 0;
  const clock = handClock();
  const server = new FakeServer();
  server.people.set('ada', ADA);
  server.now = clock.now;
  const storage = memory();
  const client = (more: Partial<ClientOptions> = {}): Client =>
    createClient({ url: 'http://gateway.test', WebSocket: server.WebSocket, clock, random: chance(++clients), storage, getToken: async () => 'visitor', ...options, ...more });
  return { clock, server, storage, client };
}
const texts = (talk: ReturnType<Client['conversation']>) => talk.messages.get().items.map(({ body }) => ('text' in body ? body.text : ''));

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

test('a lost last event is found by the heads of a heartbeat', async () => {
  const { server, client } = setUp();
  server.say(CONVERSATION, { text: 'first', author: ADA });
  const talk = client().conversation(CONVERSATION);
  talk.open();
  await settle();
  expect(texts(talk)).toEqual(['first']);
  server.pass = (frame) => (frame.t === 'event' ? [] : [frame]);
  server.say(CONVERSATION, { text: 'second', author: ADA });
  await settle();
  expect(texts(talk)).toEqual(['first']);
  server.socket.tell({ t: 'ping', at: 1, heads: [[1, 2]] });
  expect(talk.messages.get().complete).toBe(false);
  await settle();
  expect(texts(talk)).toEqual(['first', 'second']);
  expect(talk.messages.get().complete).toBe(true);
  expect(server.saidOf('pong')).toHaveLength(1);
});

test('older pages come before the window, up to the start', async () => {
  const { server, client } = setUp();
  for (let i = 1; i <= 120; i++) server.say(CONVERSATION, { text: `${i}`, author: ADA });
  const talk = client().conversation(CONVERSATION);
  talk.open();
  await settle();
  expect(texts(talk)).toHaveLength(50);
  expect(talk.messages.get().atStart).toBe(false);
  await talk.older();
  expect(texts(talk)).toHaveLength(100);
  await talk.older();
  expect(texts(talk)).toEqual(Array.from({ length: 120 }, (_, i) => `${i + 1}`));
  expect(talk.messages.get()).toMatchObject({ atStart: true, complete: true });
});

test('a reset replaces the window, and what was being sent stays', async () => {
  const { clock, server, client } = setUp();
  server.say(CONVERSATION, { text: 'old', author: ADA });
  const talk = client().conversation(CONVERSATION);
  talk.open();
  await settle();
  server.reachable = false;
  server.socket.drop();
  await settle();
  talk.send({ text: 'mine' });
  for (let i = 1; i <= 150; i++) server.say(CONVERSATION, { text: `${i}`, author: ADA });
  server.reachable = true;
  await clock.move(20_000);
  expect(texts(talk)).toEqual([...Array.from({ length: 50 }, (_, i) => `${i + 101}`), 'mine']);
  expect(talk.messages.get().complete).toBe(true);
});

test('goaway: the next socket is opened and resumed before the old one is left', async () => {
  const { clock, server, client } = setUp();
  server.say(CONVERSATION, { text: 'first', author: ADA });
  const it = client();
  const states: string[] = [];
  it.connection.subscribe(({ status }) => states.push(status));
  const talk = it.conversation(CONVERSATION);
  talk.open();
  await settle();
  const old = server.socket;
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

test('unread is exact, read() clears it at once, offline too, and the server learns of it later', async () => {
  const { clock, server, client, storage } = setUp();
  for (const text of ['a', 'b', 'c']) server.say(CONVERSATION, { text, author: ADA });
  const it = client();
  const talk = it.conversation(CONVERSATION);
  talk.open();
  await settle();
  expect([talk.unread.get(), it.unread.get(), it.conversations.get().items[0]?.unread]).toEqual([3, 3, 3]);
  server.reachable = false;
  server.socket.drop();
  await settle();
  talk.read();
  expect([talk.unread.get(), it.unread.get()]).toEqual([0, 0]);
  await settle();
  // The page is closed before the network is back.
  it.close();
  const again = client();
  await settle();
  server.reachable = true;
  await clock.move(20_000);
  expect(server.room(CONVERSATION).marks).toMatchObject([{ person: 'v_1', read: 3, n: 3 }]);
  server.say(CONVERSATION, { text: 'd', author: ADA });
  again.conversation(CONVERSATION).open();
  await clock.move(1_000);
  expect(again.unread.get()).toBe(1);
  expect(await storage.keys('read/')).toEqual([]);
});

test('typing is told at most every half time to live, and ends by itself on the other side', async () => {
  const { clock, server, client } = setUp();
  server.say(CONVERSATION, { text: 'hi', author: ADA });
  const talk = client().conversation(CONVERSATION);
  talk.open();
  await settle();
  for (let i = 0; i < 10; i++) {
    talk.typing(true, `draft ${i}`);
    await clock.move(250);
  }
  expect(server.saidOf('signal').map(({ kind, value }) => `${kind} ${value}`)).toEqual(['typing 1', 'draft draft 0']);
  await clock.move(1_000);
  expect(server.saidOf('signal').slice(2).map(({ kind, value }) => `${kind} ${value}`)).toEqual(['typing 1', 'draft draft 9']);
  server.socket.tell({ t: 'signalled', alias: 1, person: { id: 'a_ada', name: 'Ada', role: 'agent' }, kind: 'typing', value: '1', ttlMs: 6_000 });
  expect(talk.others.get()).toMatchObject([{ id: 'a_ada', typing: true }]);
  await clock.move(6_001);
  expect(talk.others.get()[0]?.typing).toBe(false);
});

test('commands go again after a lost connection and reject with what the server says', async () => {
  const { clock, server, client } = setUp({ getToken: async () => 'ada' });
  server.say(CONVERSATION, { text: 'hi', author: ADA });
  const talk = client().conversation(CONVERSATION);
  await settle();
  server.instead = (_, frame) => frame.t === 'command';
  const done = talk.accept();
  await settle();
  server.instead = () => false;
  server.socket.drop();
  await clock.move(1_000);
  await expect(done).resolves.toBeUndefined();
  const [first, second] = server.saidOf('command');
  expect(second).toEqual(first);
  server.instead = (socket, frame) => frame.t === 'command' && (server.nack(socket, frame.id, 'wrongStatus'), true);
  await expect(talk.setStatus('solved')).rejects.toMatchObject({ name: 'wrongStatus', code: 1107, mend: expect.any(String) });
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

test('an event that was lost behind its acknowledgement is asked for within a second', async () => {
  const { clock, server, client } = setUp();
  server.say(CONVERSATION, { text: 'hi', author: ADA });
  const talk = client().conversation(CONVERSATION);
  talk.open();
  await settle();
  server.pass = (frame) => (frame.t === 'event' ? [] : [frame]);
  const out = talk.send({ text: 'mine' });
  await settle();
  expect(out.status.get()).toBe('sent');
  expect(talk.messages.get().items.map(({ seq }) => seq)).toEqual([1, null]);
  await clock.move(1_100);
  expect(talk.messages.get().items.map(({ seq, key }) => [seq, key])).toEqual([[1, '1'], [2, out.id]]);
});

test('marks that come late or twice never take anything back', async () => {
  const { server, client } = setUp();
  for (const text of ['a', 'b', 'c']) server.say(CONVERSATION, { text, author: ADA });
  const talk = client().conversation(CONVERSATION);
  talk.open();
  await settle();
  const mark = (person: string, role: 'customer' | 'agent', read: number) =>
    server.socket.tell({ t: 'mark', alias: 1, mark: { person, role, delivered: read, read, n: read } });
  mark('v_1', 'customer', 3);
  mark('a_ada', 'agent', 2);
  expect([talk.unread.get(), talk.others.get()[0]?.read]).toEqual([0, 2]);
  mark('v_1', 'customer', 1);
  mark('a_ada', 'agent', 1);
  expect([talk.unread.get(), talk.others.get()[0]?.read]).toEqual([0, 2]);
});

test('delivered is told once a second at most, and only of what others said', async () => {
  const { clock, server, client } = setUp();
  server.say(CONVERSATION, { text: 'a', author: ADA });
  const talk = client().conversation(CONVERSATION);
  talk.open();
  await settle();
  expect(server.saidOf('delivered').map(({ marks }) => marks)).toEqual([[[CONVERSATION, 1]]]);
  server.say(CONVERSATION, { text: 'b', author: ADA });
  server.say(CONVERSATION, { text: 'c', author: ADA });
  talk.send({ text: 'mine' });
  await settle();
  expect(server.saidOf('delivered')).toHaveLength(1);
  await clock.move(1_000);
  expect(server.saidOf('delivered').slice(1).map(({ marks }) => marks)).toEqual([[[CONVERSATION, 3]]]);
});

test('values are the same object until they change, and listeners hear once per message', async () => {
  const { server, client } = setUp();
  server.say(CONVERSATION, { text: 'a', author: ADA });
  const talk = client().conversation(CONVERSATION);
  talk.open();
  await settle();
  const window = talk.messages.get();
  expect(talk.messages.get()).toBe(window);
  let heard = 0;
  talk.messages.subscribe(() => heard++);
  const entries = ['b', 'c', 'd'].map((text) => {
    server.pass = () => [];
    const entry = server.say(CONVERSATION, { text, author: ADA });
    server.pass = (frame) => [frame];
    return { t: 'event', alias: 1, entry } as const;
  });
  server.socket.tell(...entries);
  expect(heard).toBe(1);
  expect(talk.messages.get().items.slice(0, 1)).toEqual(window.items);
  expect(talk.messages.get().items[0]).toBe(window.items[0]);
});

test('releasing and opening again at once sends nothing; later it unsubscribes', async () => {
  const { clock, server, client } = setUp();
  server.say(CONVERSATION, { text: 'a', author: ADA });
  const talk = client().conversation(CONVERSATION);
  const release = talk.open();
  await settle();
  release();
  release();
  const again = talk.open();
  await clock.move(5_000);
  expect(server.saidOf('subscribe')).toHaveLength(1);
  expect(server.saidOf('unsubscribe')).toHaveLength(0);
  again();
  await clock.move(1_100);
  expect(server.saidOf('unsubscribe')).toHaveLength(1);
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

test('a first message whose acknowledgement overtakes the answer to SUBSCRIBE is shown at once', async () => {
  const { server, client } = setUp();
  const talk = client().conversation();
  talk.open();
  talk.send({ text: 'first' });
  await settle();
  // SUBSCRIBE and SEND left together: the one was refused, and the other made what it asked for.
  expect(server.said.map(({ t }) => t).filter((t) => t === 'subscribe' || t === 'send')).toEqual(['subscribe', 'send', 'subscribe']);
  expect(talk.messages.get().items).toMatchObject([{ seq: 1 }]);
});

test('a conversation that this person may not see is not asked for again and again', async () => {
  const { clock, server, client } = setUp();
  client().conversation(CONVERSATION).open();
  await clock.move(40_000);
  expect(server.saidOf('subscribe')).toHaveLength(1);
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
