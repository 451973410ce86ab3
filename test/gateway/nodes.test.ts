/** Several nodes on one log, with real sockets: whoever is connected where, people meet. */
import { setImmediate as turn } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { ulid } from 'ulid';
import { afterEach, describe, expect, it } from 'vitest';
import { memoryNetwork } from '../../gateway/bus.memory.ts';
import { handClock } from '../../gateway/clock.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import type { Said } from '../../sdk/protocol/frames.ts';
import type { Log } from '../../gateway/log.ts';
import { shardOf } from '../../gateway/sharding.ts';
import { decodeLine } from '../../gateway/tell.ts';
import { START } from '../machines/talk.ts';
import { dial, message, openHouse, type House, type Peer } from './house.ts';
import { Takers } from './takers.ts';

const SHARDS = 8;
const SECRET = 'a back end of the customers\' own, in tests';
const KEY = { kid: 'shop', algorithm: 'HS256', secret: SECRET, issuer: 'shop', audience: 'parley', roles: ['customer'] };
const customersToken = (sub: string): Promise<string> => new SignJWT({ sub, name: 'Cleo' }).setProtectedHeader({ alg: 'HS256', kid: 'shop' })
  .setIssuer('shop').setAudience('parley').setIssuedAt(START / 1_000).setExpirationTime(START / 1_000 + 3_600).sign(new TextEncoder().encode(SECRET));
const houses: House[] = [];
const visitors: Peer[] = [];
afterEach(async () => {
  for (const { ws } of visitors.splice(0)) ws.terminate();
  for (const house of houses.splice(0)) await house.close();
});

/** Nodes n1, n2 …, of which each has its share of the shards. */
async function nodes(count: number, settings: unknown = {}) {
  const names = Array.from({ length: count }, (_, i) => `n${i + 1}`);
  const [log, network, takers, clock] = [memoryLog({ shards: SHARDS }), memoryNetwork(), new Takers(...names), handClock(START)];
  const dead = new Set<string>();
  /** Nodes that do not hear of one shard for a while. */
  const held = new Map<string, { shard: number; release: (() => void)[] }>();
  const lagging = (own: Log, name: string): Log => {
    const follow = own.follow.bind(own);
    own.follow = (after, tell, lost) => follow(after, (records) => {
      const late = held.get(name);
      const of = records.filter(({ shard }) => shard === late?.shard);
      if (of.length > 0) late?.release.push(() => void tell(of));
      return tell(records.filter((record) => !of.includes(record)));
    }, lost);
    return own;
  };
  const opened = await Promise.all(names.map((name) => openHouse({ log: lagging(log.share(), name), settings, bus: network.bus(name), members: takers.member(name), clock })));
  houses.push(...opened);
  const house = (name: string): House => opened[names.indexOf(name)] as House;
  /** The node is gone in the middle of whatever it does. */
  const kill = (name: string): void => {
    network.kill(name);
    dead.add(name);
    takers.see(names.filter((one) => !dead.has(one)));
  };
  const device = ulid();
  const token = await house('n1').gateway.identities.visitor('demo', device, undefined);
  /** The same visitor at any node. */
  const visitor = async (name: string, cursors: Extract<Said, { t: 'hello' }>['cursors'] = [], by = token): Promise<Peer> => {
    const peer = await dial(house(name).gateway);
    visitors.push(peer);
    peer.say({ t: 'hello', version: 0, sdk: 'test', device, token: by, cursors, feed: null, language: null });
    await peer.hear('welcome');
    return peer;
  };
  const hold = (name: string, actor: string): (() => void) => {
    const late = { shard: shardOf(actor, SHARDS), release: [] as (() => void)[] };
    held.set(name, late);
    return () => {
      held.delete(name);
      for (const call of late.release) call();
    };
  };
  return { house, kill, hold, device, token, takers, clock, names, visitor };
}

/** Waits for what comes by itself, time standing still. */
async function until(come: () => boolean | Promise<boolean>): Promise<void> {
  for (let i = 0; !await come(); i++) {
    if (i > 10_000) throw new Error('it does not come');
    await turn();
  }
}

/** What is on its way between nodes has arrived: words in memory take one turn of the loop each. */
async function arrived(): Promise<void> {
  for (let i = 0; i < 50; i++) await turn();
}

async function linesOf(house: House, conversation: string) {
  const all = { after: 0, before: 0, limit: 100, newest: false, audience: 'agents' } as const;
  return (await house.gateway.host.history(`c/demo/${conversation}`, all)).map(({ bytes, audience }) => decodeLine(bytes, audience));
}

async function follow(peer: Peer, conversation: string, epoch = 0, seq = 0) {
  peer.say({ t: 'subscribe', rid: 1, conversation, epoch, seq });
  return peer.hear('subscribed', (frame) => frame.conversation === conversation);
}

/** A conversation whose owner is this node. */
function livingOn(house: House): string {
  for (;;) {
    const id = ulid();
    if (house.gateway.host.owns(`c/demo/${id}`)) return id;
  }
}

describe('two people on two nodes', () => {
  it.each(['n1', 'n2', 'n3'])('talk, see each other type, and who is there, whoever owns the conversation: %s', async (owner) => {
    const { house } = await nodes(3);
    const conversation = livingOn(house(owner));
    const customer = await house('n1').customer();
    customer.say(message(conversation, 'hello'));
    await customer.hear('ack');
    const mine = await follow(customer, conversation, 0, 0);
    const agent = await house('n2').agent();
    const theirs = await follow(agent, conversation);
    expect((await agent.hear('page')).entries.some(({ body }) => (body as { text?: string }).text === 'hello')).toBe(true);
    expect(await customer.hear('signalled')).toMatchObject({ kind: 'online', value: '1', person: { name: 'ada' } });
    expect(await agent.hear('signalled')).toMatchObject({ kind: 'online', value: '1', person: { role: 'customer' } });
    agent.say({ t: 'signal', conversation: theirs.alias, kind: 'typing', value: '1' });
    expect(await customer.hear('signalled')).toMatchObject({ alias: mine.alias, kind: 'typing', value: '1' });
    agent.say(message(conversation, 'good day'));
    const event = await customer.hear('event', ({ entry }) => entry.kind === 'message');
    expect(event.entry.body).toMatchObject({ text: 'good day' });
    expect((await agent.hear('ack')).seq).toBe(event.entry.seq);
    agent.ws.close();
    expect(await customer.hear('signalled')).toMatchObject({ kind: 'online', value: '' });
  });

  it('a conversation goes on from the same place at the next node, which has all of it', async () => {
    const { house, visitor } = await nodes(3);
    const conversation = livingOn(house('n3'));
    const first = await visitor('n1');
    first.say(message(conversation, 'one'));
    const { seq } = await first.hear('ack');
    const { epoch } = await follow(first, conversation);
    for (const text of ['two', 'three']) first.say(message(conversation, text));
    const last = await first.hear('ack', (frame) => frame.n === 3);
    first.ws.terminate();
    const second = await visitor('n2', [{ conversation, epoch, seq }]);
    expect(await second.hear('subscribed')).toMatchObject({ verdict: 'replaying', epoch });
    const { entries } = await second.hear('page', (frame) => frame.to >= last.seq);
    expect(entries.flatMap(({ kind, body }) => (kind === 'message' ? [(body as { text: string }).text] : []))).toEqual(['two', 'three']);
  });
});

describe('a customer', () => {
  it('who comes back at another node has not left', async () => {
    const { house, clock, visitor } = await nodes(2);
    const conversation = livingOn(house('n1'));
    const first = await visitor('n1');
    first.say(message(conversation, 'hello'));
    await first.hear('ack');
    await follow(first, conversation);
    first.ws.terminate();
    await first.closed;
    const second = await visitor('n2');
    await follow(second, conversation);
    /** Half a minute, and then the time in which other nodes may say that they have them. */
    const wait = async (): Promise<void> => {
      for (const ms of [30_000, 1_000]) {
        await arrived();
        clock.advance(ms);
      }
      await arrived();
    };
    const left = async (): Promise<boolean> => (await linesOf(house('n1'), conversation)).some(({ kind }) => kind === 'session');
    await wait();
    expect(await left()).toBe(false);
    second.ws.terminate();
    await second.closed;
    await wait();
    await until(left);
  });


  it('who has signed in finds their conversation at a node that has not heard of it yet', async () => {
    const { house, hold, visitor, device } = await nodes(2, { workspaces: { demo: { keys: [KEY] } } });
    const { identities, host } = house('n1').gateway;
    // Who they were and who they are lives on this node, too, and not with the conversation: else it would wait for the other.
    let [token, id] = ['', ''];
    do {
      token = await identities.visitor('demo', device, undefined);
      ({ who: { id } } = await identities.verify(token, device));
    } while (!host.owns(`p/demo/${id}`));
    const sub = Array.from({ length: 1_000 }, (_, i) => `cleo${i}`).find((name) => host.owns(`p/demo/u_${name}`)) ?? '';
    const elsewhere = (conversation: string): boolean =>
      [id, `u_${sub}`].every((person) => shardOf(`p/demo/${person}`, SHARDS) !== shardOf(`c/demo/${conversation}`, SHARDS));
    let conversation = livingOn(house('n1'));
    while (!elsewhere(conversation)) conversation = livingOn(house('n1'));
    const first = await visitor('n1', [], token);
    first.say(message(conversation, 'hello'));
    await first.hear('ack');
    await arrived();
    const release = hold('n2', `c/demo/${conversation}`);
    const signed = await customersToken(sub);
    first.say({ t: 'auth', token: signed });
    await first.hear('welcome');
    const second = await visitor('n2', [], signed);
    second.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 }, { t: 'ping', at: 1 });
    await second.hear('pong');
    await arrived();
    release();
    expect(await second.hear('subscribed')).toMatchObject({ conversation });
  });
});

describe('agents', () => {
  it('see colleagues of all nodes, and lose those whose node dies', async () => {
    const { house, kill, clock } = await nodes(3);
    const [ada] = [await house('n1').agent('ada'), await house('n2').agent('ben'), await house('n3').agent('cid')];
    const names = (frame: { people: { name: string }[] }): string => frame.people.map(({ name }) => name).join();
    await arrived();
    clock.advance(1_000);
    await ada.hear('presence', (frame) => names(frame) === 'ada,ben,cid');
    kill('n3');
    await arrived();
    clock.advance(1_000);
    await ada.hear('presence', (frame) => names(frame) === 'ada,ben');
  });

  it('of a node that dies are away for the desk after a grace time, whoever owned it', async () => {
    const { house, kill, clock, names } = await nodes(3);
    clock.advance(5_000);
    const owner = names.find((name) => house(name).gateway.host.owns('d/demo')) ?? '';
    const [dies, stays] = [names.find((name) => name !== owner) ?? '', names.findLast((name) => name !== owner) ?? ''];
    await house(dies).agent('ada');
    await house(stays).agent('ben');
    const nodesOf = (agent: string): readonly string[] => house(stays).gateway.desks.of('demo')?.state?.agents.get(agent)?.nodes ?? [];
    await until(() => nodesOf('a_ada').length + nodesOf('a_ben').length === 2);
    kill(dies);
    await until(() => nodesOf('a_ada').length === 0);
    expect(nodesOf('a_ben')).toEqual([stays]);
    kill(owner);
    await until(() => house(stays).gateway.host.owns('d/demo'));
    await arrived();
    expect(nodesOf('a_ben')).toEqual([stays]);
  });

  it('whose node was taken for dead are there again for the desk as soon as it is not', async () => {
    const { house, takers, clock, names } = await nodes(2);
    clock.advance(5_000);
    const owner = names.find((name) => house(name).gateway.host.owns('d/demo')) ?? '';
    const other = names.find((name) => name !== owner) ?? '';
    await house(other).agent('ada');
    const nodesOf = (): readonly string[] => house(owner).gateway.desks.of('demo')?.state?.agents.get('a_ada')?.nodes ?? [];
    await until(() => nodesOf().length === 1);
    takers.see([owner]);
    await until(() => nodesOf().length === 0);
    takers.see(names);
    await until(() => nodesOf().length === 1);
  });
});

describe('what an administrator has changed at one node', () => {
  it.each([
    ['settings', 'd/demo', 'PUT', '/api/settings/teams', (rev: number) => ({ rev, value: [{ id: 'support', name: 'All of us' }] }), '/api/settings', 'All of us'],
    ['flows', 'f/demo', 'PUT', '/api/flows/hello', () => ({ rev: 0, definition: { name: 'Says hello' } }), '/api/flows/hello', 'Says hello'],
  ] as const)('is what is read at the next, be it a moment behind: %s', async (_, actor, method, changes, body, reads, text) => {
    const { house, hold, names } = await nodes(2);
    const owner = names.find((name) => house(name).gateway.host.owns(actor)) ?? '';
    const other = names.find((name) => name !== owner) ?? '';
    const token = await house('n1').token('ada');
    const ask = async (name: string, path: string, how: RequestInit = {}): Promise<string> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const answer = await fetch(house(name).gateway.url + path, { ...how, headers });
      return await answer.text();
    };
    const { revs } = JSON.parse(await ask(owner, '/api/settings')) as { revs: Record<string, number> };
    await arrived();
    const release = hold(other, actor);
    await ask(owner, changes, { method, body: JSON.stringify(body(revs.teams ?? 0)) });
    const read = ask(other, reads);
    // By then this one would have been answered, too.
    for (let i = 0; i < 5; i++) await ask(other, '/healthz');
    release();
    expect(await read).toContain(text);
  });
});

describe('a link into the console', () => {
  it('signs in at any node, once', async () => {
    const { house, clock } = await nodes(2);
    const code = house('n1').gateway.identities.code('demo', { id: 'ada', name: 'ada' });
    const ask = async (name: string): Promise<number> =>
      (await fetch(`${house(name).gateway.url}/auth/code`, { method: 'POST', body: JSON.stringify({ code }), headers: { 'content-type': 'application/json' } })).status;
    expect(await ask('n2')).toBe(200);
    let again = 0;
    void ask('n1').then((status) => { again = status; });
    await until(() => {
      clock.advance(100);
      return again !== 0;
    });
    expect(again).toBe(401);
  });
});
