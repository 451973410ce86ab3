/** Lists over real sockets and tables: what agents see of what customers and colleagues do. */
import { ulid } from 'ulid';
import { afterEach, describe, expect, it } from 'vitest';
import { json } from '../../sdk/protocol/codec.ts';
import { CODES } from '../../sdk/protocol/codes.ts';
import type { Said, Told } from '../../sdk/protocol/frames.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { dial, message, nextId, openHouse, type House, type Peer } from './house.ts';

/** Sockets outlive the minutes that pass. */
const QUIET = 300_000;
const MANY = { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 };
let house: House;
afterEach(async () => {
  await house.close();
  expect(house.reports).toEqual([]);
});

const watch = (list: string, more: Partial<Extract<Said, { t: 'watch' }>> = {}): Said => ({ t: 'watch', wid: 1, list, sort: 'newest', limit: 50, since: null, ...more });
const rowsOf = ({ rows }: { rows: readonly { conversation: string }[] }): string[] => rows.map((row) => row.conversation);

async function begun(customer: Peer, text = 'hello'): Promise<string> {
  const conversation = ulid();
  customer.say(message(conversation, text));
  await customer.hear('ack');
  return conversation;
}

async function act(agent: Peer, conversation: string, name: string, args: Extract<Said, { t: 'command' }>['args'] = {}): Promise<void> {
  const id = nextId();
  agent.say({ t: 'command', id, conversation, name, args });
  await agent.hear('result', (frame) => frame.id === id);
}

describe('an agent', () => {
  it('sees a conversation enter, change and leave each list as it is taken, answered, snoozed and solved', async () => {
    house = await openHouse({ settings: { limits: MANY, heartbeatMs: QUIET } });
    const [customer, ada, bob] = [await house.customer(), await house.agent('ada'), await house.agent('bob', json)];
    const lists = ['open', 'unassigned', 'mine', 'waiting', 'mentions', 'snoozed', 'done'];
    lists.forEach((list, i) => ada.say(watch(list, { wid: i + 1 })));
    bob.say(watch('mine'));
    for (let wid = 1; wid <= lists.length; wid++) expect(await ada.hear('listed', (frame) => frame.wid === wid)).toMatchObject({ reset: true, total: 0, rows: [] });
    expect(await bob.hear('listed')).toMatchObject({ reset: true, total: 0 });
    const moves = async (changes: Readonly<Record<string, 'in' | 'out' | 'stays'>>, conversation: string): Promise<void> => {
      for (const [list, change] of Object.entries(changes)) {
        const wid = lists.indexOf(list) + 1;
        const fits = (frame: Extract<Told, { t: 'listed' }>): boolean => frame.wid === wid
          && (change === 'out' ? frame.gone : rowsOf(frame)).includes(conversation) && frame.total === (change === 'out' ? 0 : 1);
        expect(await ada.hear('listed', fits), `${list}: ${change}`).toMatchObject({ reset: false });
      }
    };
    const conversation = await begun(customer);
    await moves({ open: 'in', unassigned: 'in', waiting: 'in' }, conversation);
    await act(ada, conversation, 'accept');
    await moves({ open: 'stays', unassigned: 'out', mine: 'in', waiting: 'stays' }, conversation);
    ada.say(message(conversation, 'good morning'));
    await moves({ mine: 'stays', waiting: 'out' }, conversation);
    bob.say({ ...message(conversation, 'see @ada'), kind: 'note' } as Said);
    await moves({ mentions: 'in', mine: 'stays' }, conversation);
    await act(ada, conversation, 'snooze', { until: house.clock.now() + 60_000 });
    await moves({ open: 'out', mine: 'out', snoozed: 'in', mentions: 'stays' }, conversation);
    house.clock.advance(60_000);
    await moves({ open: 'in', mine: 'in', snoozed: 'out' }, conversation);
    await act(bob, conversation, 'accept', { expect: 'a_ada' });
    await moves({ mine: 'out', open: 'stays' }, conversation);
    expect(rowsOf(await bob.hear('listed'))).toEqual([conversation]);
    await act(bob, conversation, 'status', { status: 'solved' });
    await moves({ open: 'out', mentions: 'out', done: 'in' }, conversation);
    expect((await bob.hear('listed', ({ gone }) => gone.length > 0)).total).toBe(0);
  });

  it('hears how many conversations each list has, from the welcome on', async () => {
    house = await openHouse({ settings: { limits: MANY, heartbeatMs: QUIET } });
    const [customer, ada] = [await house.customer(), await house.agent('ada')];
    expect(await ada.hear('tallies')).toEqual({ t: 'tallies', counts: [] });
    const counts = async (agent: Peer): Promise<Record<string, number>> => {
      await house.store.settled();
      house.clock.advance(500);
      agent.say({ t: 'ping', at: 7 });
      await agent.hear('pong');
      return Object.fromEntries(agent.frames.flatMap((frame) => (frame.t === 'tallies' ? frame.counts : [])));
    };
    const first = await begun(customer);
    expect(await counts(ada)).toMatchObject({ open: 1, unassigned: 1, waiting: 1, 'status:new': 1, 'team:support': 1 });
    await act(ada, first, 'accept');
    expect(await counts(ada)).toMatchObject({ open: 1, unassigned: 0, waiting: 1, 'status:new': 0, 'status:open': 1, 'agent:a_ada': 1, mine: 1 });
    const second = await begun(customer, 'another');
    ada.say({ ...message(second, 'see @bob'), kind: 'note' } as Said);
    await ada.hear('ack');
    await house.store.settled();
    const bob = await house.agent('bob');
    const all = Object.fromEntries((await bob.hear('tallies')).counts);
    expect(all).toMatchObject({ open: 2, unassigned: 1, 'agent:a_ada': 1, waiting: 2 });
    expect([all.mine, await counts(bob)]).toMatchObject([undefined, { mentions: 1 }]);
    expect(Object.keys(await counts(ada)).filter((list) => list.startsWith('mentions'))).toEqual([]);
    const follower = await dial(house.gateway);
    const token = await house.token('bot');
    follower.say({ t: 'hello', version: 0, sdk: 'test', device: ulid(), token, cursors: [], feed: { store: '', n: 0 }, language: null }, { t: 'ping', at: 1 });
    await follower.hear('feed');
    await begun(customer, 'a third');
    expect(await counts(ada)).toMatchObject({ open: 3 });
    follower.say({ t: 'ping', at: 2 });
    await follower.hear('pong', ({ at }) => at === 2);
    expect(follower.frames.filter(({ t }) => t === 'tallies' || t === 'listed')).toEqual([]);
    follower.ws.terminate();
  });

  it('comes back with one position, also to a gateway that was killed', async () => {
    const log = memoryLog({ shards: 4 });
    house = await openHouse({ log, settings: { limits: MANY, heartbeatMs: QUIET } });
    const customer = await house.customer();
    const conversations: string[] = [];
    for (let i = 0; i < 30; i++) conversations.push(await begun(customer, `${i}`));
    // What conversations and their desk have to say to each other changes conversations too.
    const rest = async (): Promise<void> => {
      const actors = ['d/demo', ...conversations.map((conversation) => `c/demo/${conversation}`)];
      for (let again = 0; again < 3; again++) await Promise.all(actors.map((actor) => house.gateway.host.quiet(actor)));
      await house.store.settled();
    };
    const ada = await house.agent('ada');
    await rest();
    ada.say(watch('open', { limit: 100 }));
    const { store, n, rows } = await ada.hear('listed');
    expect(rows).toHaveLength(30);
    ada.ws.terminate();
    conversations.push(await begun(customer, 'new'));
    const again = await house.agent('ada');
    await rest();
    again.say(watch('open', { limit: 100, since: { store, n } }));
    expect(await again.hear('listed')).toMatchObject({ reset: false, total: 31, rows: [{ preview: 'new' }], gone: [] });
    const after = log.share();
    await house.close();
    house = await openHouse({ log: after, settings: { limits: MANY, heartbeatMs: QUIET } });
    const elsewhere = await house.agent('ada');
    elsewhere.say(watch('open', { limit: 100, since: { store, n } }));
    // These tables are others: they were made anew.
    expect(await elsewhere.hear('listed')).toMatchObject({ reset: true, total: 31 });
  });

  it('is told what is wrong with a list, by the name that they gave it', async () => {
    house = await openHouse();
    const ada = await house.agent('ada');
    const refused = async (frame: Said, detail: string): Promise<void> => {
      ada.say(frame);
      expect(await ada.hear('nack')).toMatchObject({ ref: 7, code: CODES.invalid.code, detail });
    };
    await refused(watch('everything', { wid: 7 }), 'there is no list of that name');
    await refused(watch('mentions:a_bob', { wid: 7 }), 'there is no list of that name');
    await refused(watch('open', { wid: 7, limit: 5_001 }), 'limit is at most 5000');
    for (let wid = 10; wid < 18; wid++) ada.say(watch('open', { wid }));
    await refused(watch('open', { wid: 7 }), 'at most 8 lists at a time');
    ada.say(watch('open', { wid: 10, limit: 0 }), watch('open', { wid: 7 }));
    await ada.hear('listed', ({ wid }) => wid === 7);
  });

  it('who does not read for a while is told how it stands then, and not what happened meanwhile', async () => {
    const [TALKS, ROUNDS] = [100, 150];
    house = await openHouse({ settings: { limits: MANY, heartbeatMs: QUIET } });
    const [customer, ada, bob] = [await house.customer(), await house.agent('ada'), await house.agent('bob')];
    const text = 'x'.repeat(110);
    const conversations: string[] = [];
    for (let i = 0; i < TALKS; i++) {
      const conversation = await begun(customer, text);
      await act(bob, conversation, 'tags', { tags: Array.from({ length: 20 }, (_, tag) => `${tag} `.padEnd(40, 'x')) });
      conversations.push(conversation);
    }
    for (const agent of [ada, bob]) agent.say(watch('open', { limit: 200 }));
    for (const agent of [ada, bob]) await agent.hear('listed', ({ total }) => total === TALKS);
    ada.ws.pause();
    for (let round = 0; round < ROUNDS; round++) {
      for (const conversation of conversations) customer.say(message(conversation, `${round} ${text}`));
      for (let i = 0; i < TALKS; i++) await customer.hear('ack');
      await house.store.settled();
    }
    ada.ws.resume();
    const heard = async (agent: Peer): Promise<number> => {
      const kept = new Map<string, number>();
      let rows = 0;
      while (kept.size < TALKS || ![...kept.values()].every((count) => count === ROUNDS + 1)) {
        const frame = await agent.hear('listed');
        rows += frame.rows.length;
        for (const row of frame.rows) kept.set(row.conversation, row.customerMessages);
      }
      return rows;
    };
    expect(await heard(ada)).toBeLessThan(await heard(bob));
  });
});
