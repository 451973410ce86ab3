/** Agents at the desk, through real sockets: who is here, what they are told and do, and what a restart leaves of it. */
import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeskState } from '../../machines/desk.ts';
import { statusOf, type ConversationState } from '../../machines/state.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { json } from '../../sdk/protocol/codec.ts';
import { CODES } from '../../sdk/protocol/codes.ts';
import type { Said, Told } from '../../sdk/protocol/frames.ts';
import { message, nextId, openHouse, type House, type Peer } from './house.ts';

const MANY = { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 };
const agents = [{ id: 'ada', name: 'Ada', right: 'admin', teams: ['support'] }, { id: 'sue', name: 'Sue', right: 'supervisor' }, { id: 'ben', name: 'Ben', teams: ['support'] }];
const SETTINGS = { workspaces: { demo: { agents } }, limits: MANY };
/** A phone and a browser stay connected while the desk's time is moved. */
const heartbeatMs = 300_000;

let house: House;
const open = async (log = memoryLog({ shards: 2 }), settings: object = {}): Promise<House> => house = await openHouse({ log, settings: { ...SETTINGS, heartbeatMs, ...settings } });
beforeEach(async () => { await open(); });
afterEach(async () => { await house.close(); });

type Args = Extract<Said, { t: 'act' }>['args'];
async function act(peer: Peer, name: string, args: Args, id = nextId()): Promise<number> {
  peer.say({ t: 'act', id, name, args });
  const answer = await Promise.race([peer.hear('result', (frame) => frame.id === id), peer.hear('nack', ({ ref }) => ref === id)]);
  return answer.t === 'nack' ? answer.code : 0;
}
const desk = (): Promise<DeskState> => new Promise((resolve) => { house.gateway.host.peek('d/demo', (state) => resolve(state as DeskState)); });
const nodesOf = async (id: string): Promise<readonly string[] | undefined> => (await desk()).agents.get(id)?.nodes;
const offered = (peer: Peer): Promise<Extract<Told, { t: 'desk' }>> => peer.hear('desk', ({ offers }) => offers.length > 0);

async function newcomer(): Promise<{ customer: Peer; conversation: string }> {
  const customer = await house.customer();
  const conversation = ulid();
  customer.say(message(conversation, 'hello'), { t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
  await customer.hear('page');
  return { customer, conversation };
}

describe('presence', () => {
  it('an agent is here from the first socket to the end of the last, and a moment longer', async () => {
    const first = await house.agent('ben');
    const second = await house.agent('ben');
    await second.hear('desk', ({ status }) => status === 'online');
    expect(await nodesOf('a_ben')).toEqual(['test']);
    await gone(first);
    expect(await nodesOf('a_ben')).toEqual(['test']);
    await gone(second);
    const { customer } = await newcomer();
    // Within the grace nobody is told that the agent is not there: they may be changing trains.
    const again = await house.agent('ben');
    await offered(again);
    await gone(again);
    house.clock.advance(20_000);
    await customer.hear('event', ({ entry }) => entry.kind === 'routing' && entry.body.state === 'waiting');
  });

  it('the agents who are online are told to each other, the last of many changes within a second', async () => {
    const ada = await house.agent('ada');
    expect((await ada.hear('presence')).people).toEqual([{ id: 'a_ada', name: 'ada' }]);
    for (const id of ['ben', 'cyd', 'dan']) await house.agent(id);
    house.clock.advance(1_000);
    await ada.hear('presence', ({ people }) => people.map(({ name }) => name).join() === 'ada,ben,cyd,dan');
    expect(ada.frames.filter(({ t }) => t === 'presence').length).toBeLessThan(3);
  });

  it('after a restart nobody is here until they come back, and what they held is theirs', async () => {
    await house.close();
    const log = memoryLog({ shards: 2 });
    await open(log.share());
    const ben = await house.agent('ben');
    const { conversation } = await newcomer();
    const { offers: [offer] } = await offered(ben);
    expect(await act(ben, 'accept', { conversation, offer: offer?.offer ?? 0 })).toBe(0);
    await ben.hear('desk', ({ lanes }) => lanes[0]?.[1] === 1);
    await house.close();
    await open(log.share());
    expect([await nodesOf('a_ben'), await nodesOf('a_ada')]).toEqual([[], undefined]);
    const back = await house.agent('ben');
    expect(await back.hear('desk')).toMatchObject({ lanes: [['messaging', 1, 5]], offers: [] });
  });
});

describe('an offer', () => {
  it('is told to its agent with all their sockets, accepted once, and the customer sees who has it', async () => {
    const [tab, phone] = [await house.agent('ben'), await house.agent('ben', json)];
    const { customer, conversation } = await newcomer();
    const { offers: [offer] } = await offered(tab);
    expect(await offered(phone)).toMatchObject({ offers: [offer] });
    expect(offer).toMatchObject({ conversation, team: 'support', channel: 'web', priority: 2, from: '', note: '' });
    const id = nextId();
    const args = { conversation, offer: offer?.offer ?? 0 };
    expect([await act(tab, 'accept', args, id), await act(tab, 'accept', args, id), await act(phone, 'accept', args)]).toEqual([0, 0, CODES.offerGone.code]);
    expect((await customer.hear('event', ({ entry }) => entry.kind === 'assigned')).entry.body).toMatchObject({ agent: { id: 'a_ben' } });
    for (const peer of [tab, phone]) await peer.hear('desk', ({ offers, lanes }) => offers.length === 0 && lanes[0]?.[1] === 1);
  });

  it('that is not accepted in time goes to the next agent; nobody but those two is told', async () => {
    const [ben, sue] = [await house.agent('ben'), await house.agent('sue')];
    const { conversation } = await newcomer();
    const { offers: [offer] } = await offered(ben);
    const ada = await house.agent('ada');
    await ada.hear('desk');
    await desk();
    ada.frames.length = sue.frames.length = 0;
    house.clock.advance(30_000);
    const { offers: [next] } = await offered(ada);
    expect([next?.conversation, next?.offer === offer?.offer]).toEqual([conversation, false]);
    await ben.hear('desk', ({ offers }) => offers.length === 0);
    expect(await act(ben, 'accept', { conversation, offer: offer?.offer ?? 0 })).toBe(CODES.offerGone.code);
    expect(sue.frames.filter(({ t }) => t === 'desk')).toEqual([]);
  });

  it('survives the gateway: the next one tells it again, and it can be accepted', async () => {
    await house.close();
    const log = memoryLog({ shards: 2 });
    await open(log.share());
    const { clock } = house;
    const ben = await house.agent('ben');
    const { conversation } = await newcomer();
    const before = await offered(ben);
    await house.close();
    house = await openHouse({ log: log.share(), settings: { ...SETTINGS, heartbeatMs }, clock });
    const back = await house.agent('ben');
    const { offers } = await offered(back);
    expect(offers).toEqual(before.offers);
    expect(await act(back, 'accept', { conversation, offer: offers[0]?.offer ?? 0 })).toBe(0);
    const state = await new Promise<unknown>((resolve) => { house.gateway.host.peek(`c/demo/${conversation}`, resolve); }) as ConversationState;
    await house.gateway.host.quiet('d/demo');
    expect(['new', 'open']).toContain(statusOf(state));
  });
});

describe('acts', () => {
  it('a status is the agent\'s choice on every device, kept over reconnects; a colleague\'s is a supervisor\'s', async () => {
    const [ben, sue] = [await house.agent('ben'), await house.agent('sue')];
    expect(await act(ben, 'status', { status: 'away' })).toBe(0);
    await ben.hear('desk', ({ status }) => status === 'away');
    await gone(ben);
    const back = await house.agent('ben');
    await back.hear('desk', ({ status }) => status === 'away');
    expect(await act(back, 'status', { status: 'away', agent: 'a_sue' })).toBe(CODES.forbidden.code);
    expect(await act(sue, 'status', { status: 'online', agent: 'a_ben' })).toBe(0);
    await back.hear('desk', ({ status }) => status === 'online');
  });

  it.each<[string, Args, number]>([
    ['sing', {}, CODES.unknownCommand.code], ['', {}, CODES.unknownCommand.code], ['status', { status: 'sleeping' }, CODES.invalid.code], ['board', { on: 'yes' }, CODES.invalid.code],
    ['accept', {}, CODES.invalid.code], ['handOver', { conversation: ulid(), team: 'support' }, CODES.notFound.code],
  ])('%s %j is refused by name', async (name, args, code) => {
    const ben = await house.agent('ben');
    expect(await act(ben, name, args)).toBe(code);
  });

  it('of which nobody knows one, the answer lists those that there are', async () => {
    const ben = await house.agent('ben');
    ben.say({ t: 'act', id: nextId(), name: 'sing', args: {} });
    expect((await ben.hear('nack')).detail).toBe('there are status, accept, decline, handOver, board');
  });

  it('that the log cannot take now are refused for now, and nothing of them happens', async () => {
    await house.close();
    const log = memoryLog({ shards: 1 });
    await open(log);
    const ben = await house.agent('ben');
    await ben.hear('desk', ({ since }) => since > 0);
    log.failNext('unavailable');
    const away: Said = { t: 'act', id: nextId(), name: 'status', args: { status: 'away' } };
    ben.say(away);
    expect(await ben.hear('nack')).toMatchObject({ ref: away.id, code: CODES.storeUnavailable.code, retryAfterMs: 1_000 });
    expect((await desk()).agents.get('a_ben')?.status).toBe('online');
    ben.say(away);
    await ben.hear('result', ({ id }) => id === away.id);
  });
});

describe('the board', () => {
  it('is shown to supervisors who ask, at most once a second, until they stop', async () => {
    const [sue, ben] = [await house.agent('sue', json), await house.agent('ben')];
    expect(await act(ben, 'board', { on: true })).toBe(CODES.forbidden.code);
    expect(await act(sue, 'board', { on: true })).toBe(0);
    expect(await sue.hear('board')).toMatchObject({ teams: [{ team: 'support', waiting: 0, since: 0, open: 0 }], agents: [{ id: expect.any(String) }, {}, {}] });
    house.clock.advance(1_000);
    for (const status of ['away', 'online', 'away', 'transfers']) await act(ben, 'status', { status });
    house.clock.advance(1_000);
    await sue.hear('board', ({ agents: all }) => all.some(({ id, status }) => id === 'a_ben' && status === 'transfers'));
    expect(sue.frames.filter(({ t }) => t === 'board').length).toBeLessThan(3);
    expect(await act(sue, 'board', { on: false })).toBe(0);
    sue.frames.length = 0;
    await act(ben, 'status', { status: 'online' });
    house.clock.advance(2_000);
    await act(sue, 'status', { status: 'away' });
    expect([...sue.frames, ...ben.frames].filter(({ t }) => t === 'board')).toEqual([]);
  });

  it('is taken from whoever is no supervisor any more', async () => {
    await house.close();
    await open(memoryLog({ shards: 2 }), { workspaces: { demo: {} } });
    const configure = async (list: object[]): Promise<void> => {
      const revs = house.gateway.desks.of('demo')?.said?.revs ?? {};
      await new Promise<void>((resolve) => {
        const who = { role: 'agent', id: 'a_ada', name: 'Ada', identified: true } as const;
        house.gateway.host.tell('d/demo', { type: 'configure', who, section: 'agents', value: list, rev: revs.agents ?? 0 } as never, () => resolve());
      });
    };
    await configure(agents);
    const [sue, ben] = [await house.agent('sue'), await house.agent('ben')];
    expect(await act(sue, 'board', { on: true })).toBe(0);
    await configure(agents.map((one) => ({ ...one, right: one.id === 'ada' ? 'admin' : 'agent' })));
    await sue.hear('desk', ({ right }) => right === 'agent');
    sue.frames.length = 0;
    await act(ben, 'status', { status: 'away' });
    house.clock.advance(2_000);
    expect(await act(sue, 'board', { on: true })).toBe(CODES.forbidden.code);
    expect(sue.frames.filter(({ t }) => t === 'board')).toEqual([]);
  });
});

/** The other side has noticed that this socket is gone. */
async function gone(peer: Peer): Promise<void> {
  peer.ws.close();
  await peer.closed;
  await new Promise((resolve) => { setImmediate(resolve); });
}
