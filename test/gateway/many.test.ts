/** Several nodes on one log: who serves whom, what moves and what stays when one comes, goes or is cut off. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { ulid } from 'ulid';
import { afterEach, expect, it } from 'vitest';
import type { ActorCommand, Reply, Who } from '../../machines/actor.ts';
import { statusOf, type ConversationState } from '../../machines/state.ts';
import type { Refusal } from '../../sdk/protocol/codes.ts';
import { memoryNetwork } from '../../gateway/bus.memory.ts';
import { handClock } from '../../gateway/clock.ts';
import type { Host } from '../../gateway/host.ts';
import type { Log } from '../../gateway/log.ts';
import { memoryLog, type MemoryLog } from '../../gateway/log.memory.ts';
import { decodeRecord } from '../../gateway/record.ts';
import { decodeLine } from '../../gateway/tell.ts';
import { CUSTOMER, START } from '../machines/talk.ts';
import { dial, nextId, openHouse, type House } from './house.ts';
import { Takers } from './takers.ts';

const SHARDS = 8;

class Cluster {
  readonly log = memoryLog({ shards: SHARDS });
  readonly network = memoryNetwork();
  readonly takers = new Takers();
  readonly clock = handClock(START);
  readonly houses = new Map<string, House>();

  /** Opens a node; the others see it at once, and have seen it for long enough. */
  async open(name: string, log = this.log.share()): Promise<House> {
    this.takers.see([...this.houses.keys(), name].sort(), this.clock.now() - 10_000);
    const house = await openHouse({ log, bus: this.network.bus(name), members: this.takers.member(name), clock: this.clock });
    this.houses.set(name, house);
    await this.settled();
    return house;
  }

  /** It says nothing any more, and the others see that it died. */
  kill(name: string): void {
    this.network.kill(name);
    this.houses.delete(name);
    this.takers.see([...this.houses.keys()], this.clock.now());
  }

  owned(name: string): number {
    return this.houses.get(name)?.gateway.host.counts().owned ?? 0;
  }

  /** Until every shard is owned by one of those who live. */
  async settled(): Promise<void> {
    const all = (): number => [...this.houses.keys()].reduce((sum, name) => sum + this.owned(name), 0);
    for (let i = 0; i < 10_000 && all() !== SHARDS; i++) await turn();
    expect(all()).toBe(SHARDS);
  }
}

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
const clusters: Cluster[] = [];
const all: House[] = [];
function cluster(): Cluster {
  const made = new Cluster();
  const { open } = made;
  made.open = async (...args) => {
    const house = await open.apply(made, args);
    all.push(house);
    return house;
  };
  clusters.push(made);
  return made;
}
afterEach(async () => {
  for (const house of all.splice(0)) await house.close();
});

const tell = (host: Host, actor: string, command: object): Promise<Reply | Refusal> =>
  new Promise((resolve) => { host.tell(actor, command as ActorCommand, resolve); });
const peek = (host: Host, actor: string): Promise<ConversationState | undefined> =>
  new Promise((resolve) => { host.peek(actor, (state) => resolve(state as ConversationState | undefined)); });
const say = (who: Who, text: string, cmid = nextId()) => ({ type: 'say', who, device: who.id, cmid, kind: 'message', text, channel: null });
const newId = (): string => `c/demo/${ulid()}`;

/** A log whose following can be held back. */
function held({ log: whole }: Cluster): { log: MemoryLog; hold(): void; goOn(): void } {
  const log = whole.share();
  const follow = log.follow.bind(log);
  let late: (() => void)[] | undefined;
  log.follow = (after: ReadonlyMap<number, number>, tell: Parameters<Log['follow']>[1]) =>
    follow(after, (records) => { if (late === undefined) void tell(records); else late.push(() => void tell(records)); });
  const goOn = (): void => {
    const told = late ?? [];
    late = undefined;
    for (const call of told) call();
  };
  return { log, goOn, hold: () => { late = []; } };
}

async function texts(host: Host, actor: string): Promise<unknown[]> {
  const lines = await host.history(actor, { after: 0, before: 0, limit: 500, newest: false, audience: 'agents' });
  return lines.map(({ bytes, audience }) => decodeLine(bytes, audience)).filter(({ kind }) => kind === 'message').map(({ body }) => body.text);
}

it('a newcomer is given only its share, and a conversation goes on through the move', async () => {
  const nodes = cluster();
  const one = await nodes.open('one');
  const actors = Array.from({ length: 30 }, newId);
  for (const actor of actors) await tell(one.gateway.host, actor, say(CUSTOMER, 'before'));
  expect(nodes.owned('one')).toBe(SHARDS);
  const two = await nodes.open('two');
  for (let i = 0; i < 1_000 && nodes.owned('two') === 0; i++) await turn();
  expect(nodes.owned('two')).toBeGreaterThan(0);
  const kept = nodes.owned('one');
  expect(kept).toBeGreaterThan(0);
  const three = await nodes.open('three');
  expect(nodes.owned('one') + nodes.owned('two') + nodes.owned('three')).toBe(SHARDS);
  for (const [i, { gateway: { host } }] of [one, two, three].entries()) {
    for (const actor of actors) expect(await tell(host, actor, say(CUSTOMER, `at ${i}`))).toMatchObject({ n: 2 + i, repeated: false });
  }
  for (const { gateway: { host } } of [one, two, three]) {
    for (const actor of actors) {
      await host.refresh(actor);
      expect(await texts(host, actor)).toEqual(['before', 'at 0', 'at 1', 'at 2']);
    }
  }
});

it('whoever has been answered finds it on the node that answered, whoever owns it', async () => {
  const nodes = cluster();
  const houses = [await nodes.open('one'), await nodes.open('two')];
  for (let i = 0; i < 40; i++) {
    const { host } = (houses[i % 2] as House).gateway;
    const actor = newId();
    await tell(host, actor, say(CUSTOMER, 'mine'));
    expect((await peek(host, actor))?.customerMessages).toBe(1);
    expect(await texts(host, actor)).toEqual(['mine']);
  }
});

it('an agent on one node serves a customer on another', async () => {
  const nodes = cluster();
  const [one, two] = [await nodes.open('one'), await nodes.open('two')];
  const customer = await one.customer();
  const agent = await two.agent();
  for (let i = 0; i < 8; i++) {
    const conversation = ulid();
    customer.say({ t: 'send', cmid: nextId(), conversation, kind: 'message', text: 'hello', channel: null, seen: null });
    await customer.hear('ack');
    customer.say({ t: 'subscribe', rid: i + 1, conversation, epoch: 0, seq: 0 });
    await customer.hear('page');
    agent.say({ t: 'subscribe', rid: i + 1, conversation, epoch: 0, seq: 0 });
    await agent.hear('page');
    agent.say({ t: 'send', cmid: nextId(), conversation, kind: 'message', text: 'how may I help?', channel: null, seen: null });
    await agent.hear('ack');
    await customer.hear('event', ({ entry }) => JSON.stringify(entry).includes('how may I help?'));
  }
});

it('after a node has died the others own its shards, with everything it had acknowledged, its timers and its effects', async () => {
  const nodes = cluster();
  const [one, two, three] = [await nodes.open('one'), await nodes.open('two'), await nodes.open('three')];
  const actors = Array.from({ length: 24 }, newId);
  const act = (name: string, args = {}) => ({ type: 'act', who: { role: 'agent', id: 'a_ada', name: 'Ada', identified: true }, device: 'desk', cmid: nextId(), name, args });
  const ids = actors.map(() => nextId());
  for (const [i, actor] of actors.entries()) {
    await tell(two.gateway.host, actor, say(CUSTOMER, 'hello', ids[i]));
    await tell(one.gateway.host, actor, act('accept'));
    await tell(three.gateway.host, actor, act('status', { status: 'solved' }));
  }
  nodes.kill('one');
  await nodes.settled();
  for (const [i, actor] of actors.entries()) {
    expect(await tell(three.gateway.host, actor, say(CUSTOMER, 'hello', ids[i]))).toMatchObject({ n: 1, repeated: true });
  }
  nodes.clock.advance(10 * 60_000);
  for (const actor of actors) {
    for (let i = 0; i < 5_000 && statusOf(await peek(two.gateway.host, actor) as ConversationState) !== 'closed'; i++) await turn();
    expect(statusOf(await peek(two.gateway.host, actor) as ConversationState)).toBe('closed');
  }
  // Whatever node one still does, nobody hears of it: its appends are refused.
  const before = (await Promise.all(Array.from({ length: SHARDS }, (_, n) => nodes.log.last(n)))).map((last) => last?.seq);
  one.gateway.host.owns(actors[0] ?? '');
  void one.gateway.host.renew(0);
  for (let i = 0; i < 50; i++) await turn();
  const after = await Promise.all(Array.from({ length: SHARDS }, (_, n) => nodes.log.last(n)));
  expect(after.map((last) => last?.seq)).toEqual(before);
  expect(after.map((last) => decodeRecord(last?.bytes ?? new Uint8Array()).node)).not.toContain('one');
});

it('commands that wait while nobody owns their shard are carried out in order once somebody does', async () => {
  const nodes = cluster();
  const [one] = [await nodes.open('one'), await nodes.open('two')];
  const actor = ((): string => { for (;;) { const id = newId(); if (!one.gateway.host.owns(id)) return id; } })();
  await tell(one.gateway.host, actor, say(CUSTOMER, '0'));
  nodes.network.kill('two');
  const asked = Array.from({ length: 20 }, (_, i) => tell(one.gateway.host, actor, say(CUSTOMER, String(i + 1))));
  nodes.kill('two');
  await nodes.settled();
  expect((await Promise.all(asked)).map((answer) => (answer as Reply).n)).toEqual(asked.map((_, i) => i + 2));
  expect(await texts(one.gateway.host, actor)).toEqual(Array.from({ length: 21 }, (_, i) => String(i)));
});

it('a client that has seen more at another node is never told less', async () => {
  const nodes = cluster();
  const one = await nodes.open('one');
  const { log, hold, goOn } = held(nodes);
  const two = await nodes.open('two', log);
  const conversation = ((): string => { for (;;) { const id = ulid(); if (one.gateway.host.owns(`c/demo/${id}`)) return id; } })();
  const customer = await one.customer();
  const send = (text: string): void => customer.say({ t: 'send', cmid: nextId(), conversation, kind: 'message', text, channel: null, seen: null });
  send('first');
  await customer.hear('ack');
  const [here, there] = [await one.agent(), await two.agent()];
  here.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
  await here.hear('subscribed');
  hold();
  send('second');
  const { seq } = await here.hear('event', ({ entry }) => JSON.stringify(entry).includes('second')).then(({ entry }) => entry);
  const { epoch } = await peek(one.gateway.host, `c/demo/${conversation}`) as ConversationState;
  there.say({ t: 'subscribe', rid: 2, conversation, epoch, seq }, { t: 'ping', at: 1 });
  await there.hear('pong');
  expect(there.frames.filter(({ t }) => t === 'subscribed')).toEqual([]);
  goOn();
  expect(await there.hear('subscribed')).toMatchObject({ verdict: 'current', head: seq });
});

it('a node that catches up serves what it has meanwhile, and asks for no clients', async () => {
  const nodes = cluster();
  const one = await nodes.open('one');
  const customer = await one.customer();
  const conversation = ulid();
  customer.say({ t: 'send', cmid: nextId(), conversation, kind: 'message', text: 'hello', channel: null, seen: null });
  await customer.hear('ack');
  const { log, hold, goOn } = held(nodes);
  hold();
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => { free.close(resolve); });
  nodes.takers.see(['one', 'two'], nodes.clock.now());
  const opening = openHouse({ log, bus: nodes.network.bus('two'), members: nodes.takers.member('two'), clock: nodes.clock, port });
  const reasons = async (): Promise<unknown> => fetch(`http://127.0.0.1:${port}/readyz`).then((answer) => answer.json(), () => undefined);
  for (let i = 0; i < 5_000 && JSON.stringify(await reasons()) !== JSON.stringify({ ready: false, reasons: ['starting', 'catching up'], node: 'test' }); i++) await turn();
  const peer = await dial({ port });
  peer.say({ t: 'hello', version: 0, sdk: 'test', device: ulid(), token: await one.token('ada'), cursors: [], feed: null, language: null });
  await peer.hear('welcome');
  peer.say({ t: 'send', cmid: nextId(), conversation, kind: 'message', text: 'from there', channel: null, seen: null });
  await peer.hear('ack');
  // It does not have the conversation yet: it waits rather than to say that there is none.
  peer.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 }, { t: 'ping', at: 1 });
  await peer.hear('pong');
  expect(peer.frames.filter(({ t }) => t === 'nack' || t === 'subscribed')).toEqual([]);
  goOn();
  expect(await peer.hear('subscribed')).toMatchObject({ verdict: 'reset' });
  peer.ws.terminate();
  all.push(await opening);
});
