/** A reply that a colleague's has overtaken is held back for review, by what was on the screen and not by luck. */
import { expect, test } from 'vitest';
import { createAgent, type Agent, type AgentConversation } from '../../sdk/agent.ts';
import type { Outgoing } from '../../sdk/index.ts';
import { settle } from './clock.ts';
import { CONVERSATION, setUp as setUpWorld, texts } from './world.ts';

const BEN = { id: 'a_ben', name: 'Ben', role: 'agent' } as const;
const VISITOR = { id: 'v_1', name: 'Visitor', role: 'customer' } as const;

async function setUp() {
  const world = setUpWorld();
  const { server, clock, storage } = world;
  let pages = 0;
  const agent = (): Agent => {
    const page = ++pages;
    return createAgent({ url: 'http://gateway.test', WebSocket: server.WebSocket, clock, random: () => page / 10, storage, getToken: async () => 'ada' });
  };
  const open = async (): Promise<{ ada: Agent; talk: AgentConversation }> => {
    const ada = agent();
    const talk = ada.conversation(CONVERSATION);
    talk.open();
    await settle();
    return { ada, talk };
  };
  server.say(CONVERSATION, { text: 'where is it?', author: VISITOR });
  /** A colleague answers, and here it comes late. */
  const unseen = (text: string): void => {
    server.pass = (frame) => (frame.t === 'event' ? [] : [frame]);
    server.say(CONVERSATION, { text, author: BEN });
    server.pass = (frame) => [frame];
  };
  /** What came late is here. */
  const catchUp = async (): Promise<void> => {
    server.socket.tell({ t: 'ping', at: 1, heads: [[1, server.room(CONVERSATION).entries.length]] });
    await settle();
  };
  const said = (): string[] => server.room(CONVERSATION).entries.map(({ body }) => ('text' in body ? body.text : ''));
  return { ...world, agent, open, unseen, catchUp, said };
}
const statuses = (outs: readonly Outgoing[]): string[] => outs.map(({ status }) => status.get());

test('it fails by name, says who was faster, and goes again under its id once it was looked at', async () => {
  const { open, unseen, catchUp, said, server } = await setUp();
  const { talk } = await open();
  unseen('on its way');
  const out = talk.send({ text: 'no idea' });
  await expect(out.committed).rejects.toMatchObject({ name: 'superseded', code: 1111, detail: 'Ben answered 3 s ago', mend: expect.stringContaining('Read the answer') });
  expect(out.status.get()).toBe('failed');
  await catchUp();
  expect(texts(talk)).toEqual(['where is it?', 'on its way', 'no idea']);
  out.retry();
  await expect(out.committed).resolves.toMatchObject({ seq: 3 });
  expect(said()).toEqual(['where is it?', 'on its way', 'no idea']);
  expect(server.saidOf('send').map(({ cmid, seen }) => [cmid, seen])).toEqual([[out.id, 1], [out.id, 2]]);
});

test('it is held back again when yet another answer came before it went again', async () => {
  const { open, unseen, catchUp } = await setUp();
  const { talk } = await open();
  unseen('on its way');
  const out = talk.send({ text: 'no idea' });
  await settle();
  await catchUp();
  unseen('tomorrow');
  out.retry();
  await settle();
  expect(out.error.get()?.name).toBe('superseded');
  await catchUp();
  out.retry();
  await settle();
  expect(out.status.get()).toBe('sent');
});

test('what counts is the screen at the last key: an answer that pops up under the finger does not slip through', async () => {
  const { open, server } = await setUp();
  const { talk } = await open();
  talk.typing(true);
  server.say(CONVERSATION, { text: 'on its way', author: BEN });
  talk.typing(false);
  const out = talk.send({ text: 'no idea' });
  await settle();
  expect(out.error.get()?.name).toBe('superseded');
  // The next text begins on what is on the screen now.
  const next = talk.send({ text: 'as Ben says' });
  await settle();
  expect(next.status.get()).toBe('sent');
  out.discard();
  expect(texts(talk)).toEqual(['where is it?', 'on its way', 'as Ben says']);
});

test('several in a row are held back together and keep their order, in whatever order they are let go', async () => {
  const { clock, open, server, said } = await setUp();
  const { talk } = await open();
  const late: (() => void)[] = [];
  server.instead = (socket, frame) => frame.t === 'send' && late.push(() => server.hear(socket, frame)) > 0;
  const outs = [talk.send({ text: 'one' })];
  await settle();
  server.say(CONVERSATION, { text: 'on its way', author: BEN });
  // Written when the answer is on the screen, but behind one that was written before it.
  outs.push(talk.send({ text: 'two' }));
  await settle();
  server.instead = () => false;
  late.forEach((arrive) => arrive());
  await settle();
  expect(statuses(outs)).toEqual(['failed', 'failed']);
  for (const out of [...outs].reverse()) out.retry();
  await clock.move(1_000);
  expect(statuses(outs)).toEqual(['sent', 'sent']);
  expect(said().slice(2)).toEqual(['one', 'two']);
});

test('held back it survives a reload, and goes again only on a view of the answer', async () => {
  const { clock, open, unseen, catchUp, server, said } = await setUp();
  const { ada, talk } = await open();
  unseen('on its way');
  talk.send({ text: 'no idea' });
  await settle();
  ada.close();
  const { talk: again } = await open();
  const out = again.messages.get().items.at(-1)?.outgoing;
  expect([out?.status.get(), out?.error.get()?.name, out?.error.get()?.what]).toEqual(['failed', 'superseded', 'A colleague has answered meanwhile. Ben answered 3 s ago']);
  expect(server.saidOf('send')).toHaveLength(1);
  await catchUp();
  out?.retry();
  await clock.move(1_000);
  expect(said()).toEqual(['where is it?', 'on its way', 'no idea']);
});

test('notes, one\'s own messages and those of an app that never looked are not compared', async () => {
  const { open, unseen, server, agent } = await setUp();
  const { talk } = await open();
  unseen('on its way');
  talk.send({ text: 'for us', note: true });
  await settle();
  const out = agent().conversation(CONVERSATION).send({ text: 'hello from a bot' });
  await settle();
  expect(out.status.get()).toBe('sent');
  expect(server.saidOf('send').map(({ seen }) => seen)).toEqual([null, null]);
});
