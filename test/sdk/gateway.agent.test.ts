/** Agents' apps and a real gateway, over real sockets: two agents who get into each other's way. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { systemClock } from '../../gateway/clock.ts';
import { createAgent, factsOf, type Agent, type AgentConversation, type LiveList, type Offer } from '../../sdk/agent.ts';
import type { Client, Conversation, Value } from '../../sdk/index.ts';
import { createClient, NodeSocket } from '../../sdk/node.ts';
import { openHouse, type House } from '../gateway/house.ts';

const AGENTS = ['ada', 'ben'].map((id) => ({ id, name: id === 'ada' ? 'Ada' : 'Ben', right: 'admin', teams: ['support'] }));
let house: House;
/** The gateway's clock goes as fast as ours. */
let ticking: ReturnType<typeof setInterval>;
const clients: Client[] = [];

beforeAll(async () => {
  house = await openHouse({ socketClock: systemClock });
  ticking = setInterval(() => house.clock.advance(10), 10);
  const [ada] = AGENTS;
  const door = agent('ada').settings;
  door.value.subscribe(() => {});
  const { revs } = (await until(door.value, (now) => now !== null))!;
  await door.change('agents', [ada, AGENTS[1]], revs.agents!);
});
afterAll(async () => {
  clearInterval(ticking);
  for (const client of clients) client.close();
  await house.close();
});

function agent(id: 'ada' | 'ben', encoding: 'msgpack' | 'json' = 'msgpack'): Agent {
  const { name } = AGENTS.find((one) => one.id === id)!;
  const made = createAgent({ url: house.gateway.url, WebSocket: NodeSocket, encoding, getToken: () => house.gateway.identities.agent('demo', { id, name }) });
  clients.push(made);
  return made;
}
async function customer(text = 'Where is my order?'): Promise<Conversation> {
  const made = createClient({ url: house.gateway.url });
  clients.push(made);
  const talk = made.conversation();
  talk.open();
  await talk.send({ text }).committed;
  return talk;
}
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
const offerOf = ({ desk }: Agent, id: string): Offer | undefined => desk.state.get()?.offers.find(({ conversation }) => conversation === id);
/** Open, and all of it known. */
async function opened(it: Agent, id: string): Promise<AgentConversation> {
  const talk = it.conversation(id);
  talk.open();
  await until(talk.messages, ({ complete }) => complete);
  return talk;
}
const settledAll = (...all: Promise<unknown>[]): Promise<string[]> =>
  Promise.all(all.map((one) => one.then(() => 'done', (error: { name: string }) => error.name)));

test('an offer is taken once: whoever declines passes it on, and whoever is late hears that it has moved on', async () => {
  const [ada, ben] = [agent('ada'), agent('ben', 'json')];
  await Promise.all([ada, ben].map(({ desk }) => until(desk.state, (state) => state?.status === 'online')));
  const { id } = await customer();
  await Promise.race([ada, ben].map((one) => until(one.desk.state, () => offerOf(one, id) !== undefined)));
  const [first, second] = offerOf(ada, id) === undefined ? [ben, ada] : [ada, ben];
  const offer = offerOf(first, id)!;
  expect(offer).toMatchObject({ team: 'support', channel: 'web', from: '', contact: expect.stringMatching(/^Visitor/) });
  expect(offerOf(second, id)).toBe(undefined);
  await first.desk.decline(offer);
  await until(second.desk.state, () => offerOf(second, id) !== undefined);
  await expect(first.desk.accept(offer)).rejects.toMatchObject({ name: 'offerGone', code: 1114 });
  await second.desk.accept(offerOf(second, id)!);
  const { assignee } = (await until((await opened(first, id)).state, (state) => state?.status === 'open'))!;
  expect(assignee?.id).toBe(second.me.get()?.id);
  expect(second.desk.state.get()).toMatchObject({ offers: [], lanes: [{ held: 1 }] });
});

test('two who take the same ticket at once: one has it, the other hears who was faster', async () => {
  const [ada, ben] = [agent('ada'), agent('ben')];
  const { id } = await customer();
  const talks = await Promise.all([ada, ben].map((one) => opened(one, id)));
  expect((await settledAll(...talks.map((talk) => talk.accept()))).sort()).toEqual(['conflict', 'done']);
  // Whoever sees who has it may take it from them.
  const loser = talks[1]!.state.get()?.assignee?.id === ben.me.get()?.id ? talks[0]! : talks[1]!;
  await until(loser.state, (state) => state?.assignee !== null);
  await loser.accept();
});

test('two who answer at once: one stands, the other is held back, and goes when it was looked at', async () => {
  const [ada, ben] = [agent('ada'), agent('ben', 'json')];
  const mine = await customer();
  const talks = await Promise.all([ada, ben].map((one) => opened(one, mine.id)));
  const outs = talks.map((talk, i) => talk.send({ text: `answer ${i}` }));
  expect((await settledAll(...outs.map(({ committed }) => committed))).sort()).toEqual(['done', 'superseded']);
  const loser = outs[0]!.status.get() === 'failed' ? 0 : 1;
  expect(outs[loser]!.error.get()?.detail).toMatch(/^(Ada|Ben) answered \d s ago$/);
  await until(talks[loser]!.messages, ({ items }) => items.some(({ seq, key }) => seq !== null && key === outs[1 - loser]!.id));
  outs[loser]!.retry();
  await outs[loser]!.committed;
  const said = ({ items }: { items: readonly { kind: string; body: object }[] }) => items.flatMap(({ kind, body }) => (kind === 'message' ? [body] : []));
  expect(said(await until(mine.messages, (window) => said(window).length === 3))).toEqual([
    { text: 'Where is my order?' }, { text: `answer ${1 - loser}` }, { text: `answer ${loser}` },
  ]);
});

test('colleagues see who looks and who types; what one does to the ticket the other knows', async () => {
  const [ada, ben] = [agent('ada'), agent('ben')];
  const { id } = await customer();
  const [hers, his] = [await opened(ada, id), await opened(ben, id)];
  expect(await until(hers.others, (others) => others.some(({ viewing }) => viewing))).toContainEqual(expect.objectContaining({ id: 'a_ben', name: 'Ben', role: 'agent', viewing: true }));
  his.typing();
  await until(hers.others, (others) => others.some(({ typing, role }) => typing && role === 'agent'));
  await his.setTags(['VIP']);
  await his.setPriority(0);
  await his.send({ text: '@ada have a look', note: true }).committed;
  const state = await until(hers.state, (now) => factsOf(now!).mentions.length === 1);
  expect(factsOf(state!)).toMatchObject({ tags: ['vip'], priority: 0, mentions: ['a_ada'] });
  expect(await settledAll(hers.setTags(['vip', 'late']), his.setTags(['vip', 'lost']))).toEqual(expect.arrayContaining(['done', 'conflict']));
});

test('of two who change the same settings the slower hears of it, and both see what stands', async () => {
  const [ada, ben] = [agent('ada'), agent('ben')];
  for (const { settings } of [ada, ben]) settings.value.subscribe(() => {});
  const [before] = await Promise.all([ada, ben].map(({ settings }) => until(settings.value, (value) => value !== null)));
  const rev = before!.revs.tags!;
  const answers = await settledAll(ada.settings.change('tags', ['from ada'], rev), ben.settings.change('tags', ['from ben'], rev));
  expect([...answers].sort()).toEqual(['conflict', 'done']);
  const stands = [answers[0] === 'done' ? 'from ada' : 'from ben'];
  for (const { settings } of [ada, ben]) await until(settings.value, (value) => JSON.stringify(value?.sections.tags) === JSON.stringify(stands));
  await expect(ada.settings.change('tags', 7, ada.settings.value.get()!.revs.tags!)).rejects.toMatchObject({ name: 'invalid', detail: expect.stringContaining('tags') });
  expect(await ada.settings.invite('ben')).toMatch(/\/console#code=/);
});

test('a contact is known with its fields, and may be given others', async () => {
  const ada = agent('ada');
  const talk = await customer();
  const { contact } = (await until((await opened(ada, talk.id)).state, (state) => state !== null))!;
  await ada.setContactField(contact.id, 'plan', 'gold');
  expect(await ada.contact(contact.id)).toMatchObject({ id: contact.id, identified: false, fields: { plan: 'gold' } });
  await expect(ada.contact('u_nobody')).rejects.toMatchObject({ name: 'notFound' });
});

test('lists are live, and exact after a time away', async () => {
  const [ada, ben] = [agent('ada'), agent('ben', 'json')];
  const names = ['open', 'unassigned', 'mine', 'waiting', 'team:support', 'done'] as const;
  const lists = names.map((name) => ada.inbox.list(name));
  for (const { value } of lists) value.subscribe(() => {});
  await Promise.all(lists.map(({ value }) => until(value, ({ live }) => live)));
  const shown = (value: Value<LiveList>): string[] => value.get().items.map(({ id }) => id);

  const { id: first } = await customer('Is anybody there?');
  const [open, unassigned, mine] = lists.map(({ value }) => value);
  await until(open!, ({ items }) => items[0]?.id === first && items[0].preview === 'Is anybody there?' && items[0].unread === 1);
  await until(unassigned!, ({ items }) => items.some(({ id }) => id === first));
  await ada.conversation(first).accept();
  await until(mine!, ({ items }) => items.some(({ id }) => id === first));
  await until(unassigned!, ({ items }) => items.every(({ id }) => id !== first));

  ada.pause();
  await until(ben.desk.state, (state) => state !== null);
  const { id: second } = await customer('Meanwhile');
  await (await opened(ben, first)).setStatus('solved');
  const { id: third } = await customer('And another');
  await ben.conversation(third).accept();
  expect(open!.get().live).toBe(false);
  ada.resume();
  await until(open!, ({ items, live }) => live && items.some(({ id, assignee }) => id === third && assignee?.id === 'a_ben'));
  await until(unassigned!, ({ items }) => items.some(({ id }) => id === second));

  // As somebody sees it who has just come.
  const fresh = agent('ada', 'json');
  for (const [i, name] of names.entries()) {
    const { value } = fresh.inbox.list(name);
    value.subscribe(() => {});
    const { total } = await until(value, ({ live }) => live);
    await until(lists[i]!.value, (now) => now.total === total && JSON.stringify(now.items.map(({ id }) => id)) === JSON.stringify(shown(value)));
    if (name !== 'mine') await until(ada.inbox.tallies, (tallies) => (tallies[name] ?? 0) === total);
  }
});

test('what was said is found, and only by its words', async () => {
  const ada = agent('ada');
  const { id } = await customer('Der Päckchenwurm frisst Karton');
  const talk = await opened(ada, id);
  await talk.send({ text: 'the Päckchenwurm again', note: true }).committed;
  // The index follows at its own pace.
  await vi.waitFor(async () => {
    const { found, next } = await ada.search('PÄCKCHENWURM');
    expect(found.map(({ conversation, kind, author, pieces }) => [conversation, kind, author.role, pieces])).toEqual([
      [id, 'note', 'agent', ['the ', 'Päckchenwurm', ' again']], [id, 'message', 'customer', ['Der ', 'Päckchenwurm', ' frisst Karton']],
    ]);
    expect(next).toBe(null);
  }, { timeout: 10_000 });
  expect((await ada.search('päckchenwurm banana')).found).toEqual([]);
});
