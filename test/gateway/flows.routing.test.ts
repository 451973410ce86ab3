/**
 * Flows decide before the desk does: while one asks, a ticket is on offer to nobody; what it knows of the contact and of
 * who is there says where it goes, and how its agent is chosen.
 */
import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeskState } from '../../machines/desk.ts';
import { statusOf, type ConversationState } from '../../machines/state.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { msgpack } from '../../sdk/protocol/codec.ts';
import { dial, message, nextId, openHouse, type House, type Peer } from './house.ts';

const MANY = { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 };
const TEAMS = [{ id: 'support', name: 'Support' }, { id: 'sales', name: 'Sales', method: 'leastBusy' }];
const AGENTS = [
  { id: 'ada', name: 'Ada', right: 'admin', teams: ['support'] }, { id: 'ben', name: 'Ben', teams: ['sales'], capacity: { messaging: 2 } },
  { id: 'cid', name: 'Cid', teams: ['sales'], capacity: { messaging: 9 } },
];
const SETTINGS = { workspaces: { demo: { teams: TEAMS, agents: AGENTS, fields: [{ id: 'plan', name: 'Plan', type: 'choice', choices: ['Silver', 'Gold'] }] } }, limits: MANY, heartbeatMs: 300_000 };

/** A flow waits so long for an answer. */
const ANSWER_MS = 50_000;

let house: House;
let log: ReturnType<typeof memoryLog>;
beforeEach(async () => {
  log = memoryLog({ shards: 4 });
  house = await openHouse({ log: log.share(), settings: SETTINGS });
});
afterEach(async () => { await house.close(); });

async function ask(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${await house.token('ada')}` };
  const response = await fetch(house.gateway.url + path, { method, headers, ...body === undefined ? {} : { body: JSON.stringify(body) } });
  const answer = await response.json() as Record<string, unknown>;
  if (response.status !== 200) throw new Error(JSON.stringify(answer));
  return answer;
}
async function live(definition: object): Promise<void> {
  const { rev, problems } = await ask('PUT', '/api/flows/route', { rev: 0, definition: { name: 'Route', ...definition } });
  if ((problems as unknown[]).length > 0) throw new Error(JSON.stringify(problems));
  await ask('POST', '/api/flows/route/publish', { rev, migrate: false, note: '' });
}
/** Resolves when all that actors have to say to each other has been heard. */
async function quiet(): Promise<void> {
  for (let pending = ['']; pending.length > 0;) {
    await new Promise((resolve) => { setImmediate(resolve); });
    await house.store.settled();
    pending = await house.store.pending();
    for (const actor of pending) await house.gateway.host.quiet(actor);
  }
}
const peek = <S>(actor: string): Promise<S> => new Promise((resolve) => { house.gateway.host.peek(actor, (state) => resolve(state as S)); });
const talk = (id: string): Promise<ConversationState> => peek(`c/demo/${id}`);
/** Where it is at the desk: team, and whom it is on offer to or with. */
async function where(id: string): Promise<string> {
  const ticket = (await peek<DeskState>('d/demo')).tickets.get(id);
  if (ticket === undefined) return 'gone';
  const { seat } = ticket;
  return `${ticket.team} ${seat.at === 'queue' ? (ticket.standing.held ? 'held' : 'waits') : `${seat.at} ${seat.at === 'held' ? seat.agent.id : seat.agent}`}`;
}
const waiting = async (): Promise<number> => house.gateway.desks.worldOf('demo').waiting('');

async function customer(language: string | null = null): Promise<{ peer: Peer; id: string; say(text: string): Promise<void> }> {
  const device = ulid();
  const token = await house.gateway.identities.visitor('demo', device, undefined);
  const peer = await dial(house.gateway, msgpack);
  peer.say({ t: 'hello', version: 0, sdk: 'test', device, token, cursors: [], feed: null, language });
  await peer.hear('welcome');
  const id = ulid();
  const say = async (text: string): Promise<void> => {
    const frame = message(id, text);
    peer.say(frame);
    await peer.hear('ack', ({ cmid }) => cmid === frame.cmid);
    await quiet();
  };
  await say('hello');
  return { peer, id, say };
}

const assign = (id: string, more: object) => ({ id, do: 'assign', ...more });
const when = (field: string, is: string, value: unknown) => ({ all: [{ field, is, value }] });
const asks = (save: string, more: object = {}) => ({
  id: 'ask', do: 'ask', text: 'Which team?', answer: 'choice', choices: [{ value: 'sales', label: 'Sales' }, { value: 'support', label: 'Support' }], save, forMs: ANSWER_MS,
  onInvalid: [{ id: 'odd', do: 'end' }], onTimeout: [{ id: 'late', do: 'end' }], ...more,
});

describe('while a flow asks', () => {
  beforeEach(() => live({ start: [{ on: 'opened' }], steps: [
    asks('vars.team'), { id: 'which', do: 'branch', cases: [{ when: when('vars.team', 'equal', 'sales'), steps: [assign('to', { team: 'sales' })] }], else: [assign('else', { team: 'support' })] },
  ] }));

  it('nobody is offered the ticket, the customer is told nothing of a queue, and it counts as waiting from its beginning once it is let go', async () => {
    await house.agent('ada');
    const { id, peer, say } = await customer();
    house.clock.advance(40_000);
    await quiet();
    expect([await where(id), await waiting(), (await talk(id)).place]).toEqual(['support held', 0, null]);
    await say('sales');
    expect([await where(id), await waiting()]).toEqual(['sales waits', 1]);
    expect((await peek<DeskState>('d/demo')).tickets.get(id)?.standing.since).toBe(house.clock.now() - 40_000);
    expect((await talk(id)).place).toMatchObject({ state: 'waiting', team: 'sales' });
    await house.agent('ben');
    await quiet();
    expect(await where(id)).toBe('sales offered a_ben');
    peer.ws.terminate();
  });

  it('an agent may take it by hand; then the flow is over and asks no more', async () => {
    const ada = await house.agent('ada');
    const { id, say } = await customer();
    ada.say({ t: 'command', id: nextId(), conversation: id, name: 'accept', args: {} });
    await ada.hear('result');
    await quiet();
    expect([await where(id), (await talk(id)).runs]).toEqual(['support held a_ada', []]);
    await say('sales');
    expect([await where(id), statusOf(await talk(id))]).toEqual(['support held a_ada', 'open']);
  });

  it('a restart forgets none of it, nor when the flow has waited long enough', async () => {
    const { id } = await customer();
    await house.close();
    house = await openHouse({ log: log.share(), settings: SETTINGS, clock: house.clock });
    const ada = await house.agent('ada');
    await quiet();
    expect(await where(id)).toBe('support held');
    house.clock.advance(ANSWER_MS - 1);
    await quiet();
    expect(await where(id)).toBe('support held');
    house.clock.advance(1);
    const { offers } = await ada.hear('desk', (frame) => frame.offers.length > 0);
    expect(offers).toMatchObject([{ conversation: id, team: 'support' }]);
  });
});

it('the language of the browser is known to the first step of the first flow', async () => {
  await live({ start: [{ on: 'opened' }], steps: [
    { id: 'which', do: 'branch', cases: [{ when: when('contact.language', 'equal', 'pt'), steps: [assign('to', { team: 'sales' })] }], else: [assign('else', { team: 'support' })] },
  ] });
  expect(await where((await customer('pt-BR')).id)).toBe('sales waits');
  expect(await where((await customer('cs-CZ')).id)).toBe('support waits');
  expect(await where((await customer()).id)).toBe('support waits');
});

it('what an agent sets on the contact starts a flow on its newest conversation, once for each change', async () => {
  await live({ start: [{ on: 'field', field: 'contact.plan' }], steps: [
    { id: 'which', do: 'branch', cases: [{ when: when('contact.plan', 'equal', 'Gold'), steps: [assign('to', { team: 'sales' }), { id: 'tag', do: 'tag', add: ['vip'] }] }] },
  ] });
  const { id } = await customer();
  const { contact } = await talk(id);
  expect(await where(id)).toBe('support waits');
  for (const value of ['Silver', 'gold', 'GOLD']) await ask('PUT', `/api/contacts/${contact.id}/fields/plan`, { value });
  await quiet();
  expect([await where(id), (await talk(id)).tags, (await talk(id)).runCount]).toEqual(['sales waits', ['vip'], 2]);
});

it('who is there decides: with nobody available in one team it goes to the other, by the method that the flow names', async () => {
  await live({ start: [{ on: 'opened' }], steps: [
    {
      id: 'which', do: 'branch', cases: [{ when: when('available.sales', 'greater', 0), steps: [assign('to', { team: 'sales', by: 'longestIdle' })] }],
      else: [assign('else', { team: 'support' })],
    },
  ] });
  expect(await where((await customer()).id)).toBe('support waits');
  await house.agent('ben');
  await quiet();
  await house.agent('cid');
  await quiet();
  // Cid has more free places; Ben has been idle for longer.
  expect(await where((await customer()).id)).toBe('sales offered a_ben');
  expect(await where((await customer()).id)).toBe('sales offered a_cid');
});
