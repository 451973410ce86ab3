/** The outbox: in order, durable before it is sent, exactly once however often it is sent. */
import { afterEach, expect, test, vi } from 'vitest';
import { createClient, memory, type Outgoing, type Storage } from '../../sdk/index.ts';
import { handClock, settle } from './clock.ts';
import type { FakeServer, FakeSocket } from './server.ts';
import { CONVERSATION, setUp as setUpWorld } from './world.ts';

const PERSON = { id: 'v_1', name: 'Visitor', role: 'customer' } as const;

function setUp(storage: Storage = memory()) {
  const world = setUpWorld({ storage });
  const said = (): string[] => world.server.room(CONVERSATION).entries.map(({ body }) => ('text' in body ? body.text : ''));
  return { ...world, said };
}
const texts = (...all: string[]) => all.map((text) => ({ text }));
const statuses = (outs: readonly Outgoing[]) => outs.map(({ status }) => status.get());

afterEach(() => vi.unstubAllGlobals());

test('a message is in storage before it is sent, and leaves storage when it is durable', async () => {
  const { server, storage, client } = setUp();
  const it = client();
  await settle();
  let kept: string[] = [];
  const set = storage.set.bind(storage);
  let go = (): void => {};
  storage.set = async (key, value) => {
    if (key.startsWith('outbox/')) await new Promise<void>((resolve) => (go = resolve));
    return set(key, value);
  };
  server.instead = (_, frame) => {
    if (frame.t === 'send') void storage.keys('outbox/').then((keys) => (kept = keys));
    return false;
  };
  const out = it.conversation(CONVERSATION).send({ text: 'hello' });
  await settle();
  expect(server.saidOf('send')).toEqual([]);
  go();
  await settle();
  expect(kept).toEqual([`outbox/${out.id}`]);
  expect(await storage.keys('outbox/')).toEqual([]);
  expect(out.status.get()).toBe('sent');
});

test('a slow write holds those behind it: the order is the order of send()', async () => {
  const { client, storage, said } = setUp();
  const it = client();
  await settle();
  const set = storage.set.bind(storage);
  let first = (): void => {};
  let count = 0;
  storage.set = async (key, value) => {
    if (key.startsWith('outbox/') && ++count === 1) await new Promise<void>((resolve) => (first = resolve));
    return set(key, value);
  };
  const talk = it.conversation(CONVERSATION);
  for (const { text } of texts('one', 'two', 'three')) talk.send({ text });
  await settle();
  expect(said()).toEqual([]);
  first();
  await settle();
  expect(said()).toEqual(['one', 'two', 'three']);
});

test('at most a window of them is unanswered at a time', async () => {
  const { client, server, said } = setUp();
  server.settings = { ...server.settings, window: 3 };
  const talk = client().conversation(CONVERSATION);
  await settle();
  const sends: { socket: FakeSocket; frame: Parameters<FakeServer['hear']>[1] }[] = [];
  server.instead = (socket, frame) => frame.t === 'send' && sends.push({ socket, frame }) > 0;
  for (let i = 0; i < 8; i++) talk.send({ text: `${i}` });
  await settle();
  expect(sends).toHaveLength(3);
  server.instead = () => false;
  for (const { socket, frame } of sends) server.hear(socket, frame);
  await settle();
  expect(said()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
});

test('a refusal for now holds the line: it and all behind it go again, in order, after the time the server names', async () => {
  const { clock, client, server, said } = setUp();
  const talk = client().conversation(CONVERSATION);
  await settle();
  let refuse = true;
  let held: string | null = null;
  server.instead = (socket, frame) => {
    if (frame.t !== 'send') return false;
    if (held !== null && held !== frame.cmid) return server.nack(socket, frame.cmid, 'lineHeld', 100), true;
    held = null;
    if (frame.text !== 'two' || !refuse) return false;
    held = frame.cmid;
    return server.nack(socket, frame.cmid, 'storeUnavailable', 3_000), true;
  };
  const outs = ['one', 'two', 'three', 'four'].map((text) => talk.send({ text }));
  await settle();
  expect(statuses(outs)).toEqual(['sent', 'queued', 'queued', 'queued']);
  await clock.move(2_900);
  expect(server.saidOf('send')).toHaveLength(4);
  refuse = false;
  await clock.move(200);
  expect(said()).toEqual(['one', 'two', 'three', 'four']);
  expect(statuses(outs)).toEqual(['sent', 'sent', 'sent', 'sent']);
});

test('a held line does not hold another conversation', async () => {
  const { client, server } = setUp();
  const it = client();
  await settle();
  server.instead = (socket, frame) => frame.t === 'send' && frame.conversation === CONVERSATION && (server.nack(socket, frame.cmid, 'overloaded', 9_000), true);
  const held = it.conversation(CONVERSATION).send({ text: 'held' });
  const free = it.conversation().send({ text: 'free' });
  await settle();
  expect(statuses([held, free])).toEqual(['queued', 'sent']);
});

test('a permanent refusal fails that message alone; retry sends it under the same id, discard takes it back', async () => {
  const { client, server, storage, said } = setUp();
  const it = client();
  const talk = it.conversation(CONVERSATION);
  talk.open();
  await settle();
  server.instead = (socket, frame) => frame.t === 'send' && frame.text === 'bad' && (server.nack(socket, frame.cmid, 'forbidden'), true);
  const outs = ['one', 'bad', 'two'].map((text) => talk.send({ text }));
  const [, bad] = outs;
  await expect(bad!.committed).rejects.toMatchObject({ name: 'forbidden', code: 1101 });
  await settle();
  expect(statuses(outs)).toEqual(['sent', 'failed', 'sent']);
  expect(bad!.error.get()?.mend).toContain('Sign in');
  expect(talk.messages.get().items.map(({ outgoing }) => outgoing?.status.get())).toEqual([undefined, undefined, 'failed']);
  server.instead = () => false;
  bad!.retry();
  await expect(bad!.committed).resolves.toMatchObject({ seq: 3 });
  expect(said()).toEqual(['one', 'two', 'bad']);
  server.instead = (socket, frame) => frame.t === 'send' && (server.nack(socket, frame.cmid, 'forbidden'), true);
  const other = talk.send({ text: 'never' });
  await settle();
  other.discard();
  await settle();
  expect(talk.messages.get().items).toHaveLength(3);
  expect(await storage.keys('outbox/')).toEqual([]);
});

test('what may have arrived cannot be discarded', async () => {
  const { clock, client, server, said } = setUp();
  const talk = client().conversation(CONVERSATION);
  await settle();
  server.pass = (frame) => (frame.t === 'ack' ? [] : [frame]);
  const out = talk.send({ text: 'arrived' });
  await settle();
  server.pass = (frame) => [frame];
  server.socket.drop();
  out.discard();
  await clock.move(1_000);
  expect(out.status.get()).toBe('sent');
  expect(said()).toEqual(['arrived']);
});

test('a failed message is still a failed one after a reload, and is not sent by itself', async () => {
  const { client, server } = setUp();
  const it = client();
  await settle();
  server.instead = (socket, frame) => frame.t === 'send' && (server.nack(socket, frame.cmid, 'forbidden'), true);
  it.conversation(CONVERSATION).send({ text: 'bad' });
  await settle();
  it.close();
  server.instead = () => false;
  const talk = client().conversation(CONVERSATION);
  await settle();
  expect(talk.messages.get().items).toMatchObject([{ body: { text: 'bad' }, outgoing: { id: expect.any(String) } }]);
  expect(talk.messages.get().items[0]?.outgoing?.status.get()).toBe('failed');
  expect(server.saidOf('send')).toHaveLength(1);
});

test('a crash between storing and sending, and one between sending and the acknowledgement, lose and double nothing', async () => {
  const { client, server, said, storage } = setUp();
  server.reachable = false;
  const first = client();
  for (const { text } of texts('one', 'two')) first.conversation(CONVERSATION).send({ text });
  await settle();
  // The page is gone without a word.
  server.reachable = true;
  server.pass = (frame) => (frame.t === 'ack' ? [] : [frame]);
  const second = client();
  await settle();
  expect(said()).toEqual(['one', 'two']);
  server.pass = (frame) => [frame];
  const third = client();
  const talk = third.conversation(CONVERSATION);
  talk.open();
  await settle();
  talk.send({ text: 'three' });
  await settle();
  expect(said()).toEqual(['one', 'two', 'three']);
  expect(talk.messages.get().items.map(({ seq }) => seq)).toEqual([1, 2, 3]);
  expect(await storage.keys('outbox/')).toEqual([]);
  second.close();
});

test('ids grow across a reload even when the clock was set back: the order stays', async () => {
  const { clock, client, server, said, storage } = setUp();
  server.reachable = false;
  const it = client();
  it.conversation(CONVERSATION).send({ text: 'one' });
  await settle();
  it.close();
  const past = handClock(clock.now() - 86_400_000);
  const again = createClient({ url: 'http://gateway.test', WebSocket: server.WebSocket, clock: past, random: () => 0.1, storage, getToken: async () => 'visitor' });
  await settle();
  again.conversation(CONVERSATION).send({ text: 'two' });
  server.reachable = true;
  await past.move(20_000);
  expect(said()).toEqual(['one', 'two']);
});

test('two tabs: each sends its own, and one takes over when the other is gone', async () => {
  const held = new Map<string, { queue: (() => void)[] }>();
  const locks = {
    request(name: string, work: () => Promise<void>): Promise<void> {
      return new Promise((resolve, reject) => {
        const run = (): void => {
          const lock = { queue: [] };
          held.set(name, held.get(name) ?? lock);
          void work().then(resolve, reject).finally(() => {
            const next = held.get(name)?.queue.shift();
            if (next) next();
            else held.delete(name);
          });
        };
        const busy = held.get(name);
        if (busy) busy.queue.push(run);
        else run();
      });
    },
  };
  vi.stubGlobal('navigator', { locks });
  const { clock, client, server, said } = setUp();
  server.reachable = false;
  const a = client();
  await settle();
  a.conversation(CONVERSATION).send({ text: 'from a' });
  await settle();
  const b = client();
  await settle();
  b.conversation(CONVERSATION).send({ text: 'from b' });
  a.pause();
  server.reachable = true;
  await clock.move(20_000);
  // Tab a lives, so what it wrote is its own.
  expect(said()).toEqual(['from b']);
  a.close();
  await settle();
  expect(said()).toEqual(['from b', 'from a']);
  expect(server.saidOf('send')).toHaveLength(2);
});

test('without locks two tabs may both send: it stands once', async () => {
  const { client, server, said, clock } = setUp();
  server.reachable = false;
  const a = client();
  a.conversation(CONVERSATION).send({ text: 'once' });
  await settle();
  client();
  server.reachable = true;
  await clock.move(20_000);
  expect(server.saidOf('send').length).toBe(2);
  expect(said()).toEqual(['once']);
});

test('where storage fails a message is still sent', async () => {
  const storage = memory();
  const fail = async (): Promise<never> => Promise.reject(new Error('QuotaExceededError'));
  const { client, said } = setUp({ ...storage, set: fail, get: fail, keys: fail });
  const out = client().conversation(CONVERSATION).send({ text: 'hello' });
  await out.committed;
  expect(said()).toEqual(['hello']);
});

test('a storage that never answers keeps nobody from connecting', async () => {
  const never = (): Promise<never> => new Promise(() => {});
  const { client, clock } = setUp({ get: never, set: never, delete: never, keys: never });
  const it = client();
  await clock.move(3_100);
  expect(it.connection.get().status).toBe('live');
});

test('too long, or too many: refused here, with a code', async () => {
  const { client } = setUp();
  const talk = client().conversation(CONVERSATION);
  await expect(talk.send({ text: 'x'.repeat(8_001) }).committed).rejects.toMatchObject({ name: 'tooLarge' });
  await expect(talk.send({ text: 'half a character: \ud83d' }).committed).resolves.toMatchObject({ seq: 1 });
  const { client: other, server } = setUp();
  server.reachable = false;
  const waiting = other().conversation(CONVERSATION);
  for (let i = 0; i < 1_000; i++) waiting.send({ text: `${i}` });
  await expect(waiting.send({ text: 'one more' }).committed).rejects.toMatchObject({ name: 'outboxFull' });
});

test('an entry with its id proves that it is durable, even if the acknowledgement never came', async () => {
  const { client, server } = setUp();
  server.say(CONVERSATION, { text: 'hi', author: PERSON });
  const talk = client().conversation(CONVERSATION);
  talk.open();
  await settle();
  server.pass = (frame) => (frame.t === 'ack' ? [] : [frame]);
  const out = talk.send({ text: 'mine' });
  await expect(out.committed).resolves.toMatchObject({ seq: 2 });
  expect(talk.messages.get().items).toHaveLength(2);
});
