/** Clients that do not read, that say too much, or that follow too many: they alone notice. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CODES } from '../../sdk/protocol/codes.ts';
import type { Entry } from '../../sdk/protocol/frames.ts';
import { dial, message, nextId, openHouse, type House, type Peer } from './house.ts';

const MANY = { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 };
/** What may lie in the gateway for one client: what it is behind, and a page more. */
const UNREAD_BYTES = 600_000;

/** The gateway's ends of all sockets, and the most that ever waited in one of them. */
const sockets = new Set<Socket>();
let most = 0;
const accepted = (told: unknown): void => { sockets.add((told as { socket: Socket }).socket); };
const measure = (): void => { for (const { writableLength } of sockets) most = Math.max(most, writableLength); };

let house: House;
const open = async (settings: unknown): Promise<House> => house = await openHouse({ settings });
beforeEach(() => { sockets.clear(); most = 0; subscribe('net.server.socket', accepted); });
afterEach(async () => {
  unsubscribe('net.server.socket', accepted);
  await house.close();
  expect(house.reports).toEqual([]);
});

/** A customer and an agent who have never met. */
async function newcomersTalk(): Promise<void> {
  const [customer, agent] = [await house.customer(), await house.agent('new')];
  const conversation = ulid();
  customer.say(message(conversation, 'fresh'), { t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
  await customer.hear('page');
  agent.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
  agent.say(message((await agent.hear('subscribed')).alias, 'answer'));
  await customer.hear('event');
  for (const peer of [customer, agent]) peer.ws.terminate();
}

/** Says all of it, no more than `ahead` unacknowledged, and looks at the gateway's memory meanwhile. */
async function sayAll(peer: Peer, conversation: string, count: number, text: string, ahead = 200): Promise<void> {
  for (let sent = 0, acked = 0; acked < count; acked++) {
    while (sent < count && sent - acked < ahead) { peer.say(message(conversation, `${++sent} ${text}`)); }
    await peer.hear('ack');
    if (acked % 50 === 0) measure();
  }
}

describe('a client that stops reading', () => {
  it('while 20,000 messages pass: little of them waits in the gateway, others hear all, and later it pulls what it lacks', async () => {
    const COUNT = 20_000;
    await open({ limits: MANY });
    const conversation = ulid();
    const [customer, slow, other] = [await house.customer(), await house.agent('slow'), await house.agent('other')];
    customer.say(message(conversation, 'first'));
    await customer.hear('ack');
    for (const agent of [slow, other]) {
      agent.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
      await agent.hear('page');
    }
    slow.ws.pause();
    await sayAll(customer, conversation, COUNT, 'x'.repeat(1_500));
    await other.hear('event', ({ entry }) => entry.n === COUNT + 1);
    expect(most).toBeLessThan(UNREAD_BYTES);
    expect(other.frames.filter(({ t }) => t === 'event').length).toBe(COUNT - 1);
    await newcomersTalk();

    slow.ws.resume();
    const { alias, seq: head } = await slow.hear('head');
    const known = new Map<number, Entry>();
    const take = (entries: readonly Entry[]): void => { for (const entry of entries) known.set(entry.seq, entry); };
    take(slow.frames.splice(0).flatMap((frame) => (frame.t === 'event' ? [frame.entry] : frame.t === 'page' ? frame.entries : [])));
    expect(known.size).toBeLessThan(COUNT / 2);
    for (let last = Math.max(2, ...known.keys()), rid = 10; last < head; rid++) {
      slow.say({ t: 'history', rid, conversation: alias, after: last, before: 0, limit: 200, newest: false });
      const page = await slow.hear('page', (frame) => frame.rid === rid);
      expect([page.from, page.to > last]).toEqual([last + 1, true]);
      take(page.entries);
      last = page.to;
    }
    expect([...known.values()].filter(({ kind }) => kind === 'message').map(({ n }) => n).sort((a, b) => a - b)).toEqual(Array.from({ length: COUNT }, (_, i) => i + 2));
    // What is said now is pushed again.
    customer.say(message(conversation, 'live again'));
    await slow.hear('event', ({ entry }) => entry.kind === 'message' && entry.body.text === 'live again');
  }, 60_000);

  it('and asks for four hundred pages: they come one by one when it reads, each once', async () => {
    await open({ limits: MANY });
    const conversation = ulid();
    // With an agent there, who is offered the ticket, nobody says anything of its place.
    await house.agent();
    const customer = await house.customer();
    await sayAll(customer, conversation, 300, 'x'.repeat(7_900));
    customer.ws.pause();
    for (let rid = 1; rid <= 400; rid++) customer.say({ t: 'history', rid, conversation, after: 0, before: 0, limit: 200, newest: true });
    customer.say({ t: 'subscribe', rid: 2_000, conversation, epoch: 1, seq: 1 });
    // Others' turns are what makes time pass for the one who does not read.
    for (let i = 0; i < 20; i++) { await newcomersTalk(); measure(); }
    expect(most).toBeLessThan(UNREAD_BYTES);
    customer.ws.resume();
    const pages = [];
    for (let rid = 1; rid <= 400; rid++) pages.push(await customer.hear('page', (page) => page.rid === rid));
    expect(pages.every(({ entries, more, from, to }) => more && to === 301 && entries[0]?.seq === from && entries.at(-1)?.seq === to)).toBe(true);
    // The replay goes on until the end, page after page.
    let last = 1;
    while (last < 301) {
      const page = await customer.hear('page', ({ rid }) => rid === 0);
      expect(page.from).toBe(last + 1);
      last = page.to;
    }
    measure();
    expect(most).toBeLessThan(UNREAD_BYTES);
  }, 60_000);

  it('and drains nothing for 20 seconds: it is closed, and may resume', async () => {
    await open({ limits: MANY });
    const conversation = ulid();
    const customer = await house.customer();
    const slow = await house.agent('slow');
    customer.say(message(conversation, 'first'));
    await customer.hear('ack');
    slow.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
    await slow.hear('page');
    slow.ws.pause();
    await sayAll(customer, conversation, 4_000, 'x'.repeat(7_000));
    for (let s = 0; s < 22; s++) house.clock.advance(1_000);
    customer.say({ t: 'ping', at: 1 });
    await customer.hear('pong');
    slow.ws.resume();
    expect((await slow.closed).code).toBe(CODES.tooSlow.code);
    await newcomersTalk();
  }, 60_000);
});

describe('a client that says too much', () => {
  it('is refused, then not read for a moment; others do not notice, and it goes on where it stood', async () => {
    await open({});
    const [loud, other] = [await house.customer(), await house.customer()];
    const conversation = ulid();
    const frames = Array.from({ length: 20_000 }, (_, i) => message(i < 400 ? conversation : ulid(), 'flood'));
    for (let i = 0; i < frames.length; i += 10) loud.say(...frames.slice(i, i + 10));
    await loud.hear('nack', ({ code }) => code === CODES.rateLimited.code);
    const begun = performance.now();
    await newcomersTalk();
    other.say({ t: 'ping', at: 7 });
    await other.hear('pong');
    expect(performance.now() - begun).toBeLessThan(2_000);
    const told = loud.frames.length + 1;
    // A chunk or two of what it says is refused; the rest waits on its own side.
    expect(told).toBeLessThan(6_000);
    expect(loud.frames.filter(({ t }) => t === 'ack').length).toBe(200);
    // A moment later it is read again, and refused again.
    house.clock.advance(1_000);
    await loud.hear('nack', ({ ref }) => ref === frames[told + 100]?.cmid);
    loud.ws.terminate();
    await loud.closed;
    await newcomersTalk();
  });

  it('over many connections of one person, the person is limited too; a namesake elsewhere is not', async () => {
    await open({ workspaces: { other: {} }, limits: { ...MANY, personFramesPerSecond: 1, personFrameBurst: 50 } });
    const many = await Promise.all(Array.from({ length: 5 }, () => house.agent('ada')));
    for (const peer of many) for (let at = 0; at < 20; at++) peer.say({ t: 'ping', at });
    await Promise.race(many.map((peer) => peer.hear('nack', ({ code }) => code === CODES.rateLimited.code)));
    const token = await house.gateway.identities.agent('other', { id: 'ada', name: 'Ada' });
    const namesake = await dial(house.gateway);
    namesake.say({ t: 'hello', version: 0, sdk: 'test', device: ulid(), token, cursors: [], feed: null, language: null });
    await namesake.hear('welcome');
    namesake.say({ t: 'ping', at: 7 });
    await namesake.hear('pong');
    namesake.ws.terminate();
  });

  it('nothing right a thousand times: it is closed for good', async () => {
    await open({ limits: MANY });
    const peer = await house.customer();
    for (let i = 0; i < 1_001; i++) peer.say({ t: 'command', id: nextId(), conversation: ulid(), name: 'accept', args: {} });
    expect((await peer.closed).code).toBe(CODES.tooManyBadFrames.code);
  });

  it('asking for conversations that there are not leaves none in memory', async () => {
    await open({ limits: MANY });
    const peer = await house.agent();
    for (let rid = 1; rid <= 900; rid++) peer.say({ t: 'subscribe', rid, conversation: ulid(), epoch: 0, seq: 0 });
    await peer.hear('nack', ({ ref }) => ref === 900);
    // The desk and the library of flows, whom nobody asked for.
    expect(house.gateway.host.residents).toBe(2);
  });
});

it('a thousand subscriptions: five hundred are taken, the others refused, and a place that is given up is free again', async () => {
  await open({ limits: MANY });
  const customer = await house.customer();
  const conversations = Array.from({ length: 1_000 }, () => ulid());
  customer.say(...conversations.slice(0, 200).map((conversation) => message(conversation, 'hello')));
  for (let i = 200; i < 1_000; i += 200) customer.say(...conversations.slice(i, i + 200).map((conversation) => message(conversation, 'hello')));
  for (let i = 0; i < 1_000; i++) await customer.hear('ack');
  const agent = await house.agent();
  conversations.forEach((conversation, i) => agent.say({ t: 'subscribe', rid: i + 1, conversation, epoch: 0, seq: 0 }));
  const [first] = await Promise.all([agent.hear('subscribed', ({ rid }) => rid === 1), agent.hear('nack', ({ ref }) => ref === 1_000)]);
  expect(agent.frames.filter(({ t }) => t === 'subscribed').length).toBe(499);
  expect(agent.frames.filter((frame) => frame.t === 'nack' && frame.code === CODES.invalid.code).length).toBe(499);
  agent.say({ t: 'unsubscribe', conversation: first.alias }, { t: 'subscribe', rid: 2_000, conversation: conversations[999] ?? '', epoch: 0, seq: 0 });
  await agent.hear('subscribed', ({ rid }) => rid === 2_000);
  customer.say(message(conversations[999] ?? '', 'heard'));
  await agent.hear('event', ({ entry }) => entry.kind === 'message' && entry.body.text === 'heard');
  await newcomersTalk();
});
