import { SignJWT } from 'jose';
import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { json } from '../../sdk/protocol/codec.ts';
import type { Said } from '../../sdk/protocol/frames.ts';
import { dial, message, nextId, openHouse, type House, type Peer } from './house.ts';

let house: House;
beforeEach(async () => { house = await openHouse(); });
afterEach(async () => { await house.close(); });

describe('one customer, one agent', () => {
  it('a message is acknowledged once durable, reaches the agent, and an answer comes back, in both encodings', async () => {
    const conversation = ulid();
    const customer = await house.customer();
    const agent = await house.agent('ada', json);
    const first = message(conversation, 'Where is my order?');
    customer.say(first);
    expect(await customer.hear('ack')).toMatchObject({ cmid: first.cmid, seq: 2, n: 1, repeated: false });
    for (const peer of [customer, agent]) peer.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
    const { alias, summary } = await agent.hear('subscribed');
    expect(summary).toMatchObject({ status: 'new', style: 'chat', customerMessages: 1, preview: 'Where is my order?' });
    expect((await agent.hear('page')).entries.map((e) => e.kind)).toEqual(['ticket', 'message']);
    await customer.hear('page');
    agent.say(message(alias, 'On its way.'));
    const event = await customer.hear('event', ({ entry }) => entry.kind === 'message');
    expect(event.entry).toMatchObject({ seq: 3, prev: 2, n: 1, body: { text: 'On its way.' }, author: { role: 'agent', name: 'ada' } });
    expect((await customer.hear('event')).entry).toMatchObject({ kind: 'assigned', seq: 4, prev: 3 });
    expect((await customer.hear('event')).entry).toMatchObject({ kind: 'status', body: { status: 'open' } });
  });

  it('customers never see notes, sessions or On-hold, and can prove that they miss nothing', async () => {
    const conversation = ulid();
    const agent = await house.agent();
    const customer = await house.customer();
    customer.say(message(conversation, 'hello'), { t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
    await customer.hear('page');
    agent.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
    const { alias } = await agent.hear('subscribed');
    agent.say({ t: 'command', id: nextId(), conversation: alias, name: 'accept', args: {} });
    agent.say({ t: 'send', cmid: nextId(), conversation: alias, kind: 'note', text: 'looks angry', channel: null, seen: null });
    const command = { t: 'command', conversation: alias } as const;
    agent.say(
      { ...command, id: nextId(), name: 'tags', args: { tags: ['angry'] } }, { ...command, id: nextId(), name: 'priority', args: { priority: 0 } },
      { ...command, id: nextId(), name: 'snooze', args: { until: house.clock.now() + 1_000 } },
    );
    agent.say({ t: 'command', id: nextId(), conversation: alias, name: 'status', args: { status: 'onHold' } }, message(alias, 'we are on it'));
    const last = await customer.hear('event', ({ entry }) => entry.kind === 'message' && entry.body.text === 'we are on it');
    const seen = customer.frames.filter((f) => f.t === 'event').map((f) => f.entry);
    expect(seen.map((e) => e.kind)).toEqual(['assigned', 'status']);
    let at = 2;
    for (const { prev, seq } of [...seen, last.entry]) { expect(prev).toBe(at); at = seq; }
    customer.say({ t: 'history', rid: 9, conversation, after: 0, before: 0, limit: 100, newest: true });
    const page = await customer.hear('page', ({ rid }) => rid === 9);
    expect(page).toMatchObject({ from: 1, more: false });
    expect(page.entries.map((e) => e.kind)).toEqual(['ticket', 'message', 'assigned', 'status', 'message']);
    expect(JSON.stringify(page)).not.toContain('angry');
    expect(JSON.stringify(page)).not.toContain('onHold');
    customer.say({ t: 'subscribe', rid: 2, conversation, epoch: 0, seq: 0 });
    agent.say({ t: 'subscribe', rid: 2, conversation, epoch: 0, seq: 0 });
    expect((await customer.hear('subscribed', ({ rid }) => rid === 2)).summary.desk).toBeNull();
    expect((await agent.hear('subscribed', ({ rid }) => rid === 2)).summary.desk?.[4]).toEqual(['angry']);
  });

  it('an agent\'s answer to an older view than a colleague\'s is held back, and sent again it passes', async () => {
    const conversation = ulid();
    const [customer, ada, ben] = [await house.customer(), await house.agent('ada'), await house.agent('ben')];
    customer.say(message(conversation, 'hello'));
    const { seq: seen } = await customer.hear('ack');
    ada.say({ ...message(conversation, 'On its way.'), seen });
    const { seq: newer } = await ada.hear('ack');
    const answer = message(conversation, 'Let me look.');
    ben.say({ ...answer, seen });
    expect(await ben.hear('nack')).toMatchObject({ ref: answer.cmid, code: 1111, detail: 'ada answered 0 s ago' });
    ben.say({ ...answer, seen: newer });
    expect(await ben.hear('ack')).toMatchObject({ cmid: answer.cmid, n: 2, repeated: false });
  });
});

describe('exactly once', () => {
  it('a repeat gets the first answer, also over another connection and after the actor left memory', async () => {
    const conversation = ulid();
    const device = ulid();
    // With an agent there, who is offered the ticket, nobody says anything of its place.
    await house.agent();
    const customer = await house.customer(device);
    const said = message(conversation, 'once');
    customer.say(said, said, message(conversation, 'later'));
    const first = await customer.hear('ack', ({ cmid }) => cmid === said.cmid);
    expect(await customer.hear('ack', ({ cmid }) => cmid === said.cmid)).toEqual({ ...first, repeated: true });
    const actor = `c/demo/${conversation}`;
    customer.say({ ...said, text: 'other words' });
    expect(await customer.hear('nack')).toMatchObject({ ref: said.cmid, code: 1105 });
    expect((await house.gateway.host.history(actor, { after: 0, before: 0, limit: 10, newest: false, audience: 'agents' })).length).toBe(3);
  });

  it('a send refused for now is never overtaken by the next one of its conversation', async () => {
    await house.close();
    house = await openHouse({ settings: { limits: { framesPerSecond: 1, frameBurst: 1 } } });
    const conversation = ulid();
    const customer = await house.customer();
    const [a, b, c] = [message(conversation, 'a'), message(conversation, 'b'), message(conversation, 'c')] as const;
    customer.say(a, b, c);
    await customer.hear('ack');
    expect(await customer.hear('nack')).toMatchObject({ ref: b.cmid, code: 1001 });
    expect(await customer.hear('nack')).toMatchObject({ ref: c.cmid, code: 1005 });
    house.clock.advance(5_000);
    customer.say(c);
    expect(await customer.hear('nack')).toMatchObject({ ref: c.cmid, code: 1005 });
    house.clock.advance(1_000);
    customer.say(b);
    await customer.hear('ack', ({ cmid }) => cmid === b.cmid);
    house.clock.advance(1_000);
    customer.say(c);
    expect((await customer.hear('ack', ({ cmid }) => cmid === c.cmid)).n).toBe(3);
  });
});

describe('whose conversation it is', () => {
  it('a stranger finds nothing, by any frame, and is told nothing', async () => {
    const conversation = ulid();
    const owner = await house.customer();
    owner.say(message(conversation, 'private canary'));
    await owner.hear('ack');
    const stranger = await house.customer();
    stranger.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
    expect(await stranger.hear('nack')).toMatchObject({ ref: 1, code: 1102 });
    stranger.say({ t: 'history', rid: 2, conversation, after: 0, before: 0, limit: 10, newest: true });
    expect(await stranger.hear('nack')).toMatchObject({ ref: 2, code: 1102 });
    const intrusion = message(conversation, 'hi');
    stranger.say(intrusion);
    expect(await stranger.hear('nack')).toMatchObject({ ref: intrusion.cmid, code: 1102 });
    stranger.say({ t: 'read', conversation, seq: 2, n: 0 }, { t: 'ping', at: 1 });
    await stranger.hear('pong');
    owner.say(message(conversation, 'another'));
    await owner.hear('ack');
    stranger.say({ t: 'ping', at: 2 });
    await stranger.hear('pong');
    expect(JSON.stringify(stranger.frames)).not.toContain('canary');
  });

  it('a customer may not act as an agent', async () => {
    const conversation = ulid();
    const customer = await house.customer();
    customer.say(message(conversation, 'hello'));
    await customer.hear('ack');
    for (const name of ['accept', 'status']) {
      const id = nextId();
      customer.say({ t: 'command', id, conversation, name, args: { status: 'solved' } });
      expect(await customer.hear('nack')).toMatchObject({ ref: id, code: 1101 });
    }
    customer.say({ t: 'send', cmid: nextId(), conversation, kind: 'note', text: 'x', channel: null, seen: null });
    expect(await customer.hear('nack')).toMatchObject({ code: 1101 });
  });
});

describe('greeting', () => {
  it.each([
    ['another frame first', [{ t: 'ping', at: 1 }], 4201],
    ['a token that is none', [{ t: 'hello', version: 0, sdk: 's', device: ulid(), token: 'x.y.z', cursors: [], feed: null, language: null }], 4101],
  ] as const)('%s closes with a code of the table', async (_, frames, code) => {
    const peer = await dial(house.gateway);
    peer.say(...frames as unknown as Said[]);
    expect((await peer.closed).code).toBe(code);
  });

  it('a visitor\'s token works on its own device only', async () => {
    const peer = await dial(house.gateway);
    const token = await house.gateway.identities.visitor('demo', ulid(), undefined);
    peer.say({ t: 'hello', version: 0, sdk: 's', device: ulid(), token, cursors: [], feed: null, language: null });
    expect((await peer.closed).code).toBe(4102);
  });

  it('nobody who keeps silent stays', async () => {
    const peer = await dial(house.gateway);
    house.clock.advance(6_000);
    expect((await peer.closed).code).toBe(4003);
  });

  it('a second HELLO closes', async () => {
    const device = ulid();
    const peer = await house.customer(device);
    peer.say({ t: 'hello', version: 0, sdk: 's', device, token: 'x', cursors: [], feed: null, language: null });
    expect((await peer.closed).code).toBe(4201);
  });

  it('an expired token is asked to be renewed, then closes', async () => {
    const peer = await house.agent();
    // Somebody who answers every ping, for twelve hours less half a minute.
    for (let ms = 0; ms < 12 * 3_600_000 - 30_000; ms += 45_000) {
      house.clock.advance(Math.min(45_000, 12 * 3_600_000 - 30_000 - ms));
      peer.say({ t: 'ping', at: ms });
      await peer.hear('pong');
    }
    expect((await peer.hear('reauth')).deadlineMs).toBeLessThanOrEqual(60_000);
    const token = await house.gateway.identities.agent('demo', { id: 'ada', name: 'ada' });
    peer.say({ t: 'auth', token });
    await peer.hear('welcome');
  });
});

describe('signals and marks', () => {
  it('typing and presence reach the other side and no further; marks only grow', async () => {
    const conversation = ulid();
    const customer = await house.customer();
    customer.say(message(conversation, 'hello'), { t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
    const mine = await customer.hear('subscribed');
    const agent = await house.agent();
    agent.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
    const theirs = await agent.hear('subscribed');
    expect(await customer.hear('signalled')).toMatchObject({ kind: 'online', value: '1', person: { role: 'agent', name: 'ada' } });
    customer.say({ t: 'signal', conversation: mine.alias, kind: 'typing', value: '1' });
    expect(await agent.hear('signalled', ({ kind }) => kind === 'typing')).toMatchObject({ alias: theirs.alias, value: '1' });
    agent.say({ t: 'read', conversation: theirs.alias, seq: 2, n: 1 });
    expect((await customer.hear('mark')).mark).toMatchObject({ person: 'a_ada', read: 2, n: 1 });
    agent.ws.close();
    expect(await customer.hear('signalled', ({ value }) => value === '')).toMatchObject({ kind: 'online' });
  });
});

describe('what agents read among themselves', () => {
  it('no mark tells a customer that there is a note', async () => {
    const conversation = ulid();
    const [agent, other, customer] = [await house.agent(), await house.agent('ben'), await house.customer()];
    customer.say(message(conversation, 'hello'), { t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
    await customer.hear('page');
    for (const peer of [agent, other]) peer.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
    const { alias } = await agent.hear('subscribed');
    await other.hear('page');
    agent.say({ t: 'read', conversation: alias, seq: 2, n: 1 });
    expect((await customer.hear('mark')).mark).toMatchObject({ person: 'a_ada', delivered: 2, read: 2 });
    agent.say({ t: 'send', cmid: nextId(), conversation: alias, kind: 'note', text: 'looks angry', channel: null, seen: null });
    await agent.hear('ack');
    agent.say({ t: 'read', conversation: alias, seq: 3, n: 1 });
    expect((await other.hear('mark', ({ mark }) => mark.read === 3)).mark).toMatchObject({ person: 'a_ada', delivered: 3 });
    other.say({ t: 'delivered', marks: [[conversation, 3]] });
    // Ben's first mark is news, as far as the customer may see.
    expect((await customer.hear('mark')).mark).toMatchObject({ person: 'a_ben', delivered: 2, read: 0 });
    customer.say({ t: 'subscribe', rid: 2, conversation, epoch: 0, seq: 0 });
    const { summary } = await customer.hear('subscribed', ({ rid }) => rid === 2);
    expect(summary.marks.map(({ person, delivered, read }) => [person, delivered, read])).toEqual([['a_ada', 2, 2], ['a_ben', 2, 0]]);
    expect(customer.frames.filter(({ t }) => t === 'mark')).toEqual([]);
  });
});

describe('signing in', () => {
  const secret = 's'.repeat(40);
  beforeEach(async () => {
    await house.close();
    house = await openHouse({ settings: { workspaces: { demo: { keys: [{ kid: 'shop', algorithm: 'HS256', secret, issuer: 'shop', audience: 'parley', roles: ['customer'] }] } } } });
  });
  function tokenOf(sub: string): Promise<string> {
    const seconds = Math.floor(house.clock.now() / 1000);
    return new SignJWT({ sub, name: sub }).setProtectedHeader({ alg: 'HS256', kid: 'shop' }).setIssuer('shop').setAudience('parley')
      .setIssuedAt(seconds).setExpirationTime(seconds + 3600).sign(new TextEncoder().encode(secret));
  }

  it('a visitor who signs in keeps their conversations, and nobody else gets them', async () => {
    const conversation = ulid();
    const customer = await house.customer();
    customer.say(message(conversation, 'as a visitor'));
    await customer.hear('ack');
    customer.say({ t: 'auth', token: await tokenOf('cleo') });
    expect((await customer.hear('welcome')).me).toMatchObject({ id: 'u_cleo', name: 'cleo', identified: true });
    customer.say(message(conversation, 'as Cleo'));
    expect(await customer.hear('ack')).toMatchObject({ n: 2 });
    const agent = await house.agent();
    agent.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
    expect((await agent.hear('subscribed')).summary.contact).toEqual({ id: 'u_cleo', name: 'cleo', identified: true });
  });

  it('a message whose acknowledgement was lost before the sign-in is recognised after it', async () => {
    const customer = await house.customer();
    const said = message(ulid(), 'once');
    customer.say(said);
    const first = await customer.hear('ack');
    customer.say({ t: 'auth', token: await tokenOf('cleo') });
    await customer.hear('welcome');
    customer.say(said);
    expect(await customer.hear('ack')).toEqual({ ...first, repeated: true });
  });

  it('the visitor\'s old token opens nothing any more, and nobody can sign in with it as somebody else', async () => {
    const device = ulid();
    const token = await house.gateway.identities.visitor('demo', device);
    const hello = { t: 'hello', version: 0, sdk: 's', device, token, cursors: [], feed: null, language: null } as const;
    const enter = async (): Promise<Peer> => {
      const peer = await dial(house.gateway);
      peer.say({ ...hello, cursors: [] });
      return peer;
    };
    const conversation = ulid();
    const [customer, tab] = [await enter(), await enter()];
    customer.say(message(conversation, 'as a visitor'));
    await customer.hear('ack');
    await tab.hear('welcome');
    customer.say({ t: 'auth', token: await tokenOf('alice') });
    await customer.hear('welcome', ({ me }) => me.identified);
    expect((await tab.closed).code).toBe(4101);
    expect((await (await enter()).closed).code).toBe(4101);
    const answer = await fetch(`${house.gateway.url}/auth/visitor`, { method: 'POST', body: JSON.stringify({ device, token }) });
    const { who } = await house.gateway.identities.verify((await answer.json() as { token: string }).token, device);
    expect(who.id).not.toBe(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).sub);
    customer.say(message(conversation, 'still mine'));
    expect(await customer.hear('ack', ({ n }) => n === 2)).toMatchObject({ repeated: false });
  });
});
