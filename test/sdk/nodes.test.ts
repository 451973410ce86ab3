/** A client among many nodes: what another node knows later, or says in another order, takes nothing away from it. */
import { expect, test } from 'vitest';
import { settle } from './clock.ts';
import { ADA, CONVERSATION, opened, setUp, texts } from './world.ts';

test('a node that may know less than the client is asked again when it says so; meanwhile nothing that is shown goes', async () => {
  const { clock, server, client } = setUp();
  for (const text of ['one', 'two']) server.say(CONVERSATION, { text, author: ADA });
  const talk = client().conversation(CONVERSATION);
  talk.open();
  await settle();
  server.pass = (frame, socket) => {
    if (frame.t !== 'subscribed' && frame.t !== 'page') return [frame];
    socket.aliases.clear();
    if (frame.t === 'page') return [];
    return [{ t: 'nack', ref: frame.rid === 0 ? CONVERSATION : frame.rid, code: 1003, retryAfterMs: 700, detail: '' }];
  };
  server.socket.drop();
  server.say(CONVERSATION, { text: 'three', author: ADA });
  await clock.move(1_000);
  expect(texts(talk)).toEqual(['one', 'two']);
  const asked = server.saidOf('subscribe').length;
  await clock.move(700);
  expect(server.saidOf('subscribe').length).toBe(asked + 1);
  expect(server.saidOf('subscribe').at(-1)).toMatchObject({ conversation: CONVERSATION, epoch: 1, seq: 2 });
  server.pass = (frame) => [frame];
  await clock.move(700);
  expect(texts(talk)).toEqual(['one', 'two', 'three']);
  expect(server.made).toBe(2);
});

test('an acknowledgement that comes long after its event changes nothing: each message is sent once and stands once, in order', async () => {
  const { clock, server, client } = setUp();
  server.say(CONVERSATION, { text: 'hi', author: ADA });
  const talk = client().conversation(CONVERSATION);
  talk.open();
  await settle();
  const late: (() => void)[] = [];
  server.pass = (frame, socket) => {
    if (frame.t !== 'ack') return [frame];
    late.push(() => socket.tell(frame));
    return [];
  };
  const out = ['a', 'b', 'c'].map((text) => talk.send({ text }));
  await settle();
  expect(out.map(({ status }) => status.get())).toEqual(['sent', 'sent', 'sent']);
  const keys = talk.messages.get().items.map(({ key }) => key);
  server.say(CONVERSATION, { text: 'answer', author: ADA });
  await clock.move(9_000);
  server.pass = (frame) => [frame];
  for (const call of late.reverse()) call();
  talk.send({ text: 'd' });
  await clock.move(20_000);
  expect(texts(talk)).toEqual(['hi', 'a', 'b', 'c', 'answer', 'd']);
  expect(talk.messages.get().items.slice(0, 4).map(({ key }) => key)).toEqual(keys);
  expect(server.saidOf('send').map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd']);
  expect(server.made).toBe(1);
});

test('goaway while no other node can be had: the old one serves on, and is left when there is one', async () => {
  const { clock, server, talk, states, old } = await opened();
  server.reachable = false;
  old.tell({ t: 'goaway', code: 4000, deadlineMs: 60_000, spreadMs: 1_000 });
  await clock.move(5_000);
  expect(server.made).toBeGreaterThan(2);
  server.say(CONVERSATION, { text: 'still here', author: ADA });
  const out = talk.send({ text: 'me too' });
  await settle();
  expect([texts(talk), out.status.get(), old.open]).toEqual([['first', 'still here', 'me too'], 'sent', true]);
  server.reachable = true;
  await clock.move(20_000);
  expect([old.open, server.sockets.size]).toEqual([false, 1]);
  server.say(CONVERSATION, { text: 'after', author: ADA });
  expect(texts(talk)).toEqual(['first', 'still here', 'me too', 'after']);
  expect(states).toEqual(['live']);
});

test('a node that opens a socket and is then away itself: the old one serves on', async () => {
  const { clock, server, states, old } = await opened();
  server.instead = (socket, frame) => {
    if (frame.t !== 'hello') return false;
    socket.drop(4000, 'goingAway');
    return true;
  };
  old.tell({ t: 'goaway', code: 4000, deadlineMs: 60_000, spreadMs: 0 });
  await clock.move(10_000);
  expect([old.open, server.made > 3]).toEqual([true, true]);
  expect(states).toEqual(['live']);
});
