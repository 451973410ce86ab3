import fc from 'fast-check';
import { expect, test } from 'vitest';
import { json, msgpack } from '../../sdk/protocol/codec.ts';
import type { Sort } from '../../gateway/lists.ts';
import { conversationOf } from '../../gateway/row.ts';
import { talkOf, type Talk } from './lists.model.ts';
import { conversation, START } from './store.story.ts';
import { Client, Desk, named } from './watching.stage.ts';

const TALKS = 80;
const NAMES = ['open', 'unassigned', 'mine', 'waiting', 'mentions', 'snoozed', 'done', 'status:open', 'team:sales', 'agent:a_bob', 'contact:p0'];
const COUNTED = NAMES.filter((name) => !name.startsWith('contact:'));
const inside = (name: string, agent: string): string => (name === 'mine' ? `agent:${agent}` : name === 'mentions' ? `mentions:${agent}` : name);

type Step = (desk: Desk, clients: readonly Client[]) => void | Promise<void>;
const one = fc.oneof(fc.nat(TALKS - 1), fc.nat(9)).chain(talkOf);
const few = fc.array(one, { maxLength: 6 });
const some = fc.nat(2);
const wid = fc.integer({ min: 1, max: 3 });
const sort = fc.constantFrom<Sort[]>('newest', 'waiting');
const limit = fc.oneof(fc.integer({ min: 1, max: 12 }), fc.constantFrom(20, 30, 40, 300));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.array(one, { minLength: 1, maxLength: 4 }).map((talks): Step => (desk) => desk.change(talks)) },
  { weight: 6, arbitrary: fc.integer({ min: 1, max: 9 }).map((count): Step => (desk) => desk.feed(count)) },
  { weight: 5, arbitrary: fc.constant<Step>((desk) => desk.look()) },
  { weight: 5, arbitrary: fc.constant<Step>((desk) => desk.answer()) },
  { weight: 1, arbitrary: fc.constant<Step>((desk) => desk.refuse()) },
  { weight: 2, arbitrary: fc.constant<Step>((desk) => desk.clock.advance(500)) },
  { weight: 4, arbitrary: fc.tuple(some, wid, fc.constantFrom(...NAMES), sort, limit).map(([i, ...what]): Step => (_, clients) => clients[i]?.watch(...what)) },
  { weight: 2, arbitrary: fc.tuple(some, wid, limit).map(([i, id, more]): Step => (_, clients) => clients[i]?.grow(id, more)) },
  { weight: 1, arbitrary: fc.tuple(some, wid).map(([i, id]): Step => (_, clients) => clients[i]?.unwatch(id)) },
  { weight: 2, arbitrary: some.map((i): Step => (_, clients) => clients[i]?.connect()) },
  { weight: 1, arbitrary: some.map((i): Step => (_, clients) => clients[i]?.disconnect()) },
  { weight: 3, arbitrary: fc.tuple(some, fc.boolean()).map(([i, reads]): Step => (_, clients) => clients[i]?.read(reads)) },
  { weight: 1, arbitrary: fc.constant<Step>((desk, clients) => {
    for (const client of clients) client.disconnect();
    desk.restart();
    for (const client of clients) client.connect();
  }) },
  // Somebody is away for a while, and all goes on while they are answered.
  { weight: 4, arbitrary: fc.record({ i: some, before: few, after: few, first: fc.nat(6), then: fc.nat(9), again: fc.boolean(), fails: fc.boolean() }).map(({ i, before, after, first, then, again, fails }): Step => async (desk, clients) => {
    await desk.settle();
    clients[i]?.disconnect();
    desk.change(before);
    desk.feed(first);
    clients[i]?.connect();
    desk.change(after);
    desk.look();
    desk.feed(then);
    await (fails ? desk.refuse() : desk.answer());
    if (again) clients[i]?.connect();
  }) },
);

function check(desk: Desk, client: Client): void {
  expect(desk.reports).toEqual([]);
  for (const { list, sort: by, limit: most, rows, total, more, live } of client.kept.values()) {
    const wanted = desk.wanted(inside(list, client.agent), by);
    const what = `${client.agent}: the first ${most} of ${list} by ${by}`;
    expect([...rows].sort(), what).toEqual(named(wanted.slice(0, most)));
    expect([live, total, more], what).toEqual([true, wanted.length, wanted.length > most]);
  }
  for (const name of COUNTED) expect(client.counts.get(name) ?? 0, name).toBe(desk.wanted(inside(name, client.agent), 'newest').length);
}

function aDesk(): { desk: Desk; clients: Client[] } {
  const desk = new Desk();
  return { desk, clients: [new Client(desk, msgpack, 'a_ada'), new Client(desk, json, 'a_bob'), new Client(desk, msgpack, 'a_bob')] };
}

const plain = { contact: 'p0', status: 'open', agent: null, team: '', snoozed: false, waitingSince: 0, mentions: [] } as const;
const nth = (i: number, more: Partial<Talk> = {}): Talk => ({ ...plain, mentions: [], actor: conversation(i), at: START + i, ...more });

test('whatever happens, overtakes, comes late, fails or is not read: in the end every client has what its lists begin with, and all numbers', async () => {
  await fc.assert(fc.asyncProperty(fc.nat(TALKS), fc.array(step, { minLength: 10, maxLength: 80 }), async (count, steps) => {
    const { desk, clients } = aDesk();
    desk.change(Array.from({ length: count }, (_, i) => nth(i, { waitingSince: i % 3 === 0 ? START - i : 0, agent: i % 4 === 0 ? 'a_bob' : null })));
    desk.feed(Infinity);
    for (const client of clients) client.connect();
    for (const each of steps) await each(desk, clients);
    for (const client of clients) {
      if (!client.connected) client.connect();
      client.read(true);
    }
    await desk.settle();
    for (const client of clients) check(desk, client);
  }), { numRuns: 300 });
});

/** A client whose one list is settled: `open`, of as many conversations, newest first. */
async function aClient(count: number, limit: number): Promise<{ desk: Desk; client: Client }> {
  const { desk, clients: [client] } = aDesk();
  if (client === undefined) throw new Error('There is no client.');
  desk.change(Array.from({ length: count }, (_, i) => nth(i)));
  desk.feed(Infinity);
  client.watch(1, 'open', 'newest', limit);
  client.connect();
  await desk.settle();
  check(desk, client);
  return { desk, client };
}

test('a list grows and shrinks on one connection by what is not there yet, or is too much', async () => {
  const { desk, client } = await aClient(900, 50);
  for (const limit of [100, 500, 60, 1]) {
    const before = client.rowsHeard;
    const had = client.kept.get(1)?.rows.size ?? 0;
    client.grow(1, limit);
    await desk.settle();
    check(desk, client);
    expect(client.rowsHeard - before).toBe(Math.max(0, limit - had));
  }
});

test('whoever asks for more before they are answered gets all of it', async () => {
  const { desk, client } = await aClient(300, 50);
  const colleague = new Client(desk, msgpack, 'a_bob');
  colleague.watch(1, 'open', 'newest', 100);
  colleague.connect();
  await desk.settle();
  client.connect();
  client.grow(1, 100);
  await desk.settle();
  check(desk, client);
});

test('a position says no more than what the client has, also while its list is being filled from newer tables', async () => {
  const { desk, client } = await aClient(300, 20);
  desk.change(Array.from({ length: 60 }, (_, i) => nth(299 - i, { status: 'closed' })));
  desk.feed(Infinity);
  // The tables know already that one comes to the front, of which nobody has heard.
  desk.change([nth(100, { at: START + 9_000 })]);
  desk.look();
  await desk.answer();
  expect(client.kept.get(1)?.rows.size).toBe(20);
  client.disconnect();
  desk.restart();
  client.connect();
  await desk.settle();
  check(desk, client);
});

test.each([3000, 3030])('whoever comes back with one position hears of what has changed, and little else: of %i conversations', async (count) => {
  const { desk, client } = await aClient(count, 3000);
  client.disconnect();
  desk.change([nth(1005, { at: START + 9_000 }), nth(1006, { status: 'closed' }), nth(4001, { agent: 'a_ada' })]);
  desk.feed(Infinity);
  const before = { rows: client.rowsHeard, bytes: client.heard };
  client.connect();
  await desk.settle();
  check(desk, client);
  expect(client.rowsHeard - before.rows).toBeLessThanOrEqual(6);
  expect(client.heard - before.bytes).toBeLessThan(1_500);
});

test('a list that was left a moment ago is still there; after a while the tables are asked again', async () => {
  const { desk, client } = await aClient(300, 200);
  const colleague = new Client(desk, json, 'a_bob');
  colleague.connect();
  const asked = async (): Promise<number> => {
    const before = desk.lists;
    client.connect();
    await desk.settle();
    check(desk, client);
    return desk.lists - before;
  };
  client.disconnect();
  desk.change([nth(250, { status: 'closed' }), nth(301)]);
  desk.feed(Infinity);
  desk.clock.advance(15_000);
  expect(await asked()).toBe(0);
  client.disconnect();
  desk.clock.advance(20_000);
  expect(await asked()).toBe(1);
});

test('whoever was away for a thousand changes, or comes from other tables, gets their lists anew', async () => {
  const { desk, client } = await aClient(301, 3000);
  for (const away of [
    () => desk.change([...Array.from({ length: 1000 }, (_, i) => nth(1000 + i, { status: 'closed' })), nth(7, { status: 'closed' })]),
    () => { desk.id = 'another'; desk.n = 5000; },
  ]) {
    client.disconnect();
    away();
    desk.restart();
    const before = client.rowsHeard;
    client.connect();
    await desk.settle();
    check(desk, client);
    expect(client.rowsHeard - before).toBe(300);
  }
});

test('a client whose list is quiet comes back with a position that is not old', async () => {
  const { desk, client } = await aClient(10, 10);
  for (let i = 0; i < 1200; i++) {
    desk.change([nth(500 + (i % 50), { status: 'closed' })]);
    desk.feed(1);
    if (i % 100 === 0) desk.clock.advance(500);
  }
  await desk.settle();
  expect(desk.n - (client.kept.get(1)?.since?.n ?? 0)).toBeLessThan(300);
});

test('an answer of many rows is true up to its position only with its last frame', async () => {
  const { desk, client } = await aClient(700, 700);
  expect(client.positions).toEqual([0, 0, 0, desk.n]);
  client.positions.length = 0;
  const { n } = desk;
  client.read(false);
  desk.change(Array.from({ length: 700 }, (_, i) => nth(i, { at: START + 1_000 + i })));
  desk.feed(Infinity);
  client.read(true);
  expect(client.positions).toEqual([n, n, n, desk.n]);
  check(desk, client);
});

test('numbers come at once, then at most twice a second, and only those that changed', async () => {
  const { desk, client } = await aClient(10, 10);
  const told: (number | undefined)[] = [];
  for (let i = 0; i < 4; i++) {
    client.counts.clear();
    desk.change([nth(20 + i)]);
    desk.feed(1);
    told.push(client.counts.get('open'));
    if (i === 2) desk.clock.advance(500);
  }
  expect(told).toEqual([11, undefined, undefined, undefined]);
  expect(client.counts.get('open')).toBeUndefined();
  desk.clock.advance(500);
  expect(Object.fromEntries(client.counts)).toEqual({ open: 14, 'status:open': 14 });
});

test('a conversation that cannot be told is reported, and keeps none of the others away', async () => {
  const { desk, client } = await aClient(10, 10);
  desk.change([nth(3, { at: START + 100, contact: 'x'.repeat(200) }), nth(4, { at: START + 101 })]);
  desk.feed(Infinity);
  expect(desk.reports).toEqual(['a conversation is left out of lists']);
  expect(client.kept.get(1)?.rows.get(conversationOf(conversation(4)))).toBe(START + 101);
  client.watch(1, 'open', 'newest', 10);
  await desk.settle();
  expect(client.kept.get(1)?.rows.size).toBe(9);
});
