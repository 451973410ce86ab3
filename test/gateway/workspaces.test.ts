/**
 * Several workspaces on one gateway: people of the same names and conversations of the same ids, side by side, and nobody
 * sees, finds, changes or is told anything of the other.
 */
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActorCommand } from '../../machines/actor.ts';
import type { DeskState } from '../../machines/desk.ts';
import type { ConversationState } from '../../machines/state.ts';
import { json } from '../../sdk/protocol/codec.ts';
import { CODES } from '../../sdk/protocol/codes.ts';
import type { Said } from '../../sdk/protocol/frames.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import type { Answer } from '../../gateway/resident.ts';
import { CUSTOMER } from '../machines/talk.ts';
import { dial, message, nextId, openHouse, type House, type Peer } from './house.ts';

const MANY = { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 };
const agents = [{ id: 'ada', name: 'Ada', right: 'admin', teams: ['support'] }, { id: 'ben', name: 'Ben', teams: ['support'] }];
const key = (kid: string) => ({ kid, algorithm: 'HS256', secret: `${kid} `.repeat(20), issuer: 'shop', audience: 'parley', roles: ['customer'] });
const SETTINGS = { workspaces: { north: { keys: [key('north')], style: 'social' }, south: { keys: [key('south')], style: 'repeat' } }, limits: MANY, heartbeatMs: 300_000 };
const log = memoryLog({ shards: 2 });
/** The same id in both. */
const SHARED = ulid();

type Side = 'north' | 'south';
const SIDES: Side[] = ['north', 'south'];
type Feed = Extract<Said, { t: 'hello' }>['feed'];
const other = (side: Side): Side => (side === 'north' ? 'south' : 'north');

let house: House;
/** Everything that anybody of a side was ever told, by socket or request. */
const told: Record<Side, string[]> = { north: [], south: [] };

const agentToken = (side: Side, id: string): Promise<string> => house.token(id, side);
async function enter(side: Side, token: string, device = ulid(), feed: Feed = { store: '', n: 0 }): Promise<Peer> {
  const peer = await dial(house.gateway, json);
  peer.ws.on('message', (data: Buffer) => told[side].push(data.toString()));
  peer.say({ t: 'hello', version: 0, sdk: 'test', device, token, cursors: [], feed, language: null });
  await peer.hear('welcome');
  return peer;
}
const agent = async (side: Side, id = 'ada'): Promise<Peer> => enter(side, await agentToken(side, id));
async function visitor(side: Side, device = ulid()): Promise<Peer> {
  const { token } = await ask(side, 'POST', '/auth/visitor', { device, workspace: side }, '');
  return enter(side, String(token), device);
}
async function ask(side: Side, method: string, path: string, body?: unknown, token?: string): Promise<Record<string, unknown>> {
  const headers: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token ?? await agentToken(side, 'ada')}` };
  const response = await fetch(house.gateway.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  told[side].push(text);
  return { status: response.status, ...JSON.parse(text) as object };
}
const peek = <S>(actor: string): Promise<S> => new Promise((resolve) => { house.gateway.host.peek(actor, (state) => resolve(state as S)); });
const deskOf = (side: Side): Promise<DeskState> => peek(`d/${side}`);
/** Of whatever is said on a side, its words. */
const words = (side: Side): string => `canary<${side}>`;
async function settled(): Promise<void> {
  await new Promise((resolve) => { setImmediate(resolve); });
  await house.store.settled();
  for (const actor of await house.store.pending()) await house.gateway.host.quiet(actor);
}

beforeAll(async () => {
  house = await openHouse({ log: log.share(), settings: SETTINGS });
  for (const side of SIDES) {
    const { revs } = await ask(side, 'GET', '/api/settings') as { revs: Record<string, number> };
    for (const [section, value] of Object.entries({ agents, tags: [words(side)], name: words(side), macros: [{ id: 'hi', name: words(side), text: words(side) }] })) {
      expect(await ask(side, 'PUT', `/api/settings/${section}`, { rev: revs[section], value })).toMatchObject({ status: 200 });
    }
  }
});
afterAll(async () => { await house.close(); });

describe.each(SIDES)('%s', (side) => {
  const across = other(side);

  it('a customer of the same device, and a conversation of the same id, are its own', async () => {
    const device = '01J9ZK3M8Q0000000000DEV1CE';
    const customer = await visitor(side, device);
    customer.say(message(SHARED, words(side)), { t: 'subscribe', rid: 1, conversation: SHARED, epoch: 0, seq: 0 });
    const { summary } = await customer.hear('subscribed');
    expect([summary.preview, summary.style, summary.customerMessages]).toEqual([words(side), side === 'north' ? 'social' : 'repeat', 1]);
    const state = await peek<ConversationState>(`c/${side}/${SHARED}`);
    expect([state.workspace, state.customerMessages]).toEqual([side, 1]);
  });

  it('its agents list, read and act on what is there, and find nothing of the other', async () => {
    const ada = await agent(side);
    const here = ulid();
    const stranger = await visitor(across);
    stranger.say(message(here, words(across)));
    await stranger.hear('ack');
    await settled();
    const refused = async (frame: Said, ref: string | number): Promise<number> => {
      ada.say(frame);
      return (await ada.hear('nack', (nack) => nack.ref === ref)).code;
    };
    expect(await refused({ t: 'subscribe', rid: 5, conversation: here, epoch: 0, seq: 0 }, 5)).toBe(CODES.notFound.code);
    expect(await refused({ t: 'history', rid: 6, conversation: here, after: 0, before: 0, limit: 10, newest: true }, 6)).toBe(CODES.notFound.code);
    for (const name of ['accept', 'status', 'unassign', 'tags']) {
      const id = nextId();
      expect(await refused({ t: 'command', id, conversation: here, name, args: {} }, id)).toBe(CODES.notFound.code);
    }
    const intrusion = message(here, 'hi');
    expect(await refused(intrusion, intrusion.cmid)).toBe(CODES.notFound.code);
    for (const [name, args, code] of [['accept', { conversation: here, offer: 1 }, CODES.offerGone.code], ['handOver', { conversation: here, team: 'support' }, CODES.notFound.code]] as const) {
      const id = nextId();
      expect(await refused({ t: 'act', id, name, args }, id)).toBe(code);
    }
    expect((await peek<ConversationState>(`c/${across}/${here}`)).agentMessages).toBe(0);
  });

  it('lists and their numbers hold what is there, and do not move when something happens on the other side', async () => {
    const [here, there] = [await visitor(side), await visitor(across)];
    here.say(message(ulid(), words(side)));
    await here.hear('ack');
    await settled();
    const ada = await enter(side, await agentToken(side, 'ada'), ulid(), null);
    const { counts } = await ada.hear('tallies');
    const own = [...await deskOf(side).then(({ tickets }) => tickets)].length;
    expect(new Map(counts).get('open')).toBe(own);
    const contact = (await peek<ConversationState | undefined>(`c/${across}/${SHARED}`))?.contact.id ?? 'v_x';
    const lists = ['open', 'unassigned', 'team:support', 'status:new', 'agent:a_ada', 'mentions', `contact:${contact}`];
    for (const [wid, list] of lists.entries()) {
      ada.say({ t: 'watch', wid, list, sort: 'newest', limit: 200, since: null });
      const { rows } = await ada.hear('listed', (frame) => frame.wid === wid && frame.reset);
      for (const { conversation } of rows) expect(await peek(`c/${side}/${conversation}`)).toBeDefined();
      expect(rows.some(({ preview }) => preview === words(across))).toBe(false);
    }
    ada.frames.length = 0;
    there.say(message(ulid(), words(across)));
    await there.hear('ack');
    await settled();
    house.clock.advance(1_000);
    ada.say({ t: 'ping', at: 1 });
    await ada.hear('pong');
    expect(ada.frames.filter(({ t }) => t === 'listed' || t === 'tallies')).toEqual([]);
  });

  it('the same agent is two: status, places, offers and acts of one are not the other\'s', async () => {
    const [here, there] = [await agent(side, 'ben'), await agent(across, 'ben')];
    await there.hear('desk', ({ since }) => since > 0);
    const before = (await deskOf(across)).agents.get('a_ben');
    there.frames.length = 0;
    const id = nextId();
    here.say({ t: 'act', id, name: 'status', args: { status: 'transfers' } });
    await here.hear('result', (frame) => frame.id === id);
    await here.hear('desk', ({ status }) => status === 'transfers');
    expect((await deskOf(across)).agents.get('a_ben')).toBe(before);
    // The same id is no repeat in the other workspace.
    there.say({ t: 'act', id, name: 'status', args: { status: 'away' } });
    await there.hear('desk', ({ status }) => status === 'away');
    expect((await deskOf(side)).agents.get('a_ben')?.status).toBe('transfers');
  });

  it('presence, board and news of settings stay on their side', async () => {
    const [here, there] = [await agent(side), await agent(across, 'cyd')];
    there.say({ t: 'act', id: nextId(), name: 'board', args: { on: true } });
    house.clock.advance(2_000);
    there.say({ t: 'ping', at: 1 });
    await there.hear('pong');
    there.frames.length = 0;
    const dan = await agent(side, `dan of ${side}`.replaceAll(' ', '_'));
    here.say({ t: 'act', id: nextId(), name: 'board', args: { on: true } });
    expect((await here.hear('board')).agents.every(({ id }) => !id.endsWith(across))).toBe(true);
    const { revs } = await ask(side, 'GET', '/api/settings') as { revs: Record<string, number> };
    await ask(side, 'PUT', '/api/settings/skills', { rev: revs.skills, value: [{ id: side, name: words(side) }] });
    await here.hear('configured');
    house.clock.advance(2_000);
    await here.hear('presence', ({ people }) => people.some(({ id }) => id === `a_dan_of_${side}`));
    dan.ws.close();
    there.say({ t: 'ping', at: 2 });
    await there.hear('pong', ({ at }) => at === 2);
    expect(there.frames.filter(({ t }) => t === 'presence' || t === 'board' || t === 'configured' || t === 'desk')).toEqual([]);
  });

  it('settings, contacts and links are those of the token', async () => {
    const { sections } = await ask(side, 'GET', '/api/settings') as { sections: { name: string } };
    expect(sections.name).toBe(words(side));
    const customer = await visitor(across);
    customer.say(message(ulid(), words(across)));
    await customer.hear('ack');
    await settled();
    const state = (await peek<ConversationState>(`c/${across}/${SHARED}`) as ConversationState | undefined)?.contact.id ?? 'v_x';
    expect(await ask(side, 'GET', `/api/contacts/${state}`)).toMatchObject({ status: 404 });
    expect(await ask(side, 'PUT', `/api/contacts/${state}/fields/plan`, { value: words(side) })).toMatchObject({ status: 404 });
    const { url } = await ask(side, 'POST', '/api/agents/ben/link', {}) as { url: string };
    const { token } = await ask(side, 'POST', '/auth/code', { code: url.split('=')[1] }, '') as { token: string };
    expect((await house.gateway.identities.verify(token, null)).workspace).toBe(side);
  });

  it('its tokens are of its own keys, and a token never changes sides on a connection', async () => {
    const { SignJWT } = await import('jose');
    const now = Math.floor(house.clock.now() / 1_000);
    const forged = (kid: Side, secret: Side): Promise<string> => new SignJWT({ sub: 'x' }).setProtectedHeader({ alg: 'HS256', kid }).setIssuer('shop').setAudience('parley')
      .setIssuedAt(now).setExpirationTime(now + 600).sign(new TextEncoder().encode(key(secret).secret));
    expect((await house.gateway.identities.verify(await forged(side, side), null)).workspace).toBe(side);
    await expect(house.gateway.identities.verify(await forged(across, side), null)).rejects.toMatchObject({ name: 'tokenInvalid' });
    const ada = await agent(side);
    ada.say({ t: 'auth', token: await agentToken(across, 'ada') });
    expect((await ada.closed).code).toBe(CODES.tokenInvalid.code);
  });
});

it('after a restart each side has its own, and only that', async () => {
  await house.close();
  house = await openHouse({ log: log.share(), settings: SETTINGS, clock: house.clock });
  for (const side of SIDES) {
    const { sections } = await ask(side, 'GET', '/api/settings') as { sections: { name: string } };
    expect(sections.name).toBe(words(side));
    const ben = await agent(side, 'ben');
    expect(['transfers', 'away']).toContain((await ben.hear('desk')).status);
    expect((await peek<ConversationState>(`c/${side}/${SHARED}`)).preview).toBe(words(side));
  }
});

it('a workspace that there is not has no visitors', async () => {
  for (const workspace of ['east', '', '__proto__', 'constructor', 7, null]) {
    const response = await fetch(`${house.gateway.url}/auth/visitor`, { method: 'POST', body: JSON.stringify({ device: ulid(), workspace }) });
    expect(response.status).toBe(400);
  }
});

it('no word of one side was ever told to the other', () => {
  for (const side of SIDES) {
    const all = told[side].join('\n');
    expect(all).toContain(words(side));
    // What a visitor of the other side said is in that side's answers alone.
    expect(all.includes(words(other(side))), `${side} was told of ${other(side)}`).toBe(false);
  }
  expect(house.reports).toEqual([]);
});

it('settings that a node lacks, perhaps it alone: what needs them is refused for now, and goes on where they are', async () => {
  const log = memoryLog({ shards: 2 });
  const actor = `c/shop/${ulid()}`;
  const words = { type: 'say', who: CUSTOMER, device: CUSTOMER.id, cmid: nextId(), kind: 'message', text: 'hello', channel: null } as unknown as ActorCommand;
  const tell = ({ gateway }: House): Promise<Answer> => new Promise((resolve) => { gateway.host.tell(actor, words, resolve); });
  const before = await openHouse({ log: log.share() });
  for (let i = 0; i < 3; i++) {
    expect(await tell(before)).toMatchObject({ name: 'overloaded', retryAfterMs: 10_000 });
  }
  expect(before.reports).toEqual([{
    what: 'something is said in a workspace that the settings of this node do not name: give all nodes the same', facts: { workspace: 'shop' },
  }]);
  await before.close();
  const after = await openHouse({ log: log.share(), settings: { workspaces: { demo: {}, shop: {} } } });
  expect(await tell(after)).toMatchObject({ n: 1, repeated: false });
  await after.close();
});
