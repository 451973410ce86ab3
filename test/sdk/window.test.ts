/** A conversation as an app sees it: its window, its counts, and the others. */
import { expect, test } from 'vitest';
import { settle } from './clock.ts';
import { ADA, CONVERSATION, setUp, texts } from './world.ts';

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
