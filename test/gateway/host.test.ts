/** Shards and the actor host: what is promised when the log refuses, a step throws, or the process is gone. */
import { ulid } from 'ulid';
import { afterEach, describe, expect, it } from 'vitest';
import type { ActorCommand, ActorState, Kind, Reply, Who } from '../../machines/actor.ts';
import { statusOf, type ConversationState } from '../../machines/state.ts';
import { Refusal } from '../../sdk/protocol/codes.ts';
import { decodeRecord } from '../../gateway/record.ts';
import { memoryNetwork } from '../../gateway/bus.memory.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { alone } from '../../gateway/members.alone.ts';
import { Caller } from '../../gateway/caller.ts';
import { handClock } from '../../gateway/clock.ts';
import { Host } from '../../gateway/host.ts';
import { Hub } from '../../gateway/hub.ts';
import { NOTHING_OUTSIDE } from '../../gateway/settings.http.ts';
import { openStore } from '../../gateway/store.sqlite.ts';
import { decodeLine } from '../../gateway/tell.ts';
import { endOfTurn } from '../../gateway/turn.ts';
import { ADA, CUSTOMER, START } from '../machines/talk.ts';
import { Takers } from './takers.ts';
import { nextId, openHouse, type House } from './house.ts';

const houses: House[] = [];
const open = async (options: Parameters<typeof openHouse>[0] = {}): Promise<House> => {
  const house = await openHouse(options);
  houses.push(house);
  return house;
};
afterEach(async () => { for (const house of houses.splice(0)) await house.close(); });

const tell = (host: Host, actor: string, command: object): Promise<Reply | Refusal> =>
  new Promise((resolve) => { host.tell(actor, command as ActorCommand, resolve); });
const peek = (host: Host, actor: string): Promise<ConversationState | undefined> =>
  new Promise((resolve) => { host.peek(actor, (state) => resolve(state as ConversationState | undefined)); });
const say = (who: Who, text: string, cmid = nextId()) => ({ type: 'say', who, device: who.id, cmid, kind: 'message', text, channel: null });
const act = (name: string, args = {}) => ({ type: 'act', who: ADA, device: 'desk', cmid: nextId(), name, args });
const newId = (): string => `c/demo/${ulid()}`;
const all = { after: 0, before: 0, limit: 500, newest: false, audience: 'agents' } as const;

async function records(house: House): Promise<{ shard: number; seq: number; epoch: number; counter: number; node: string; changes: number }[]> {
  const found = [];
  for await (const { shard, seq, bytes } of house.log.read(new Map(Array.from({ length: house.log.shards }, (_, n) => [n, 0])))) {
    const { epoch, counter, node, changes } = decodeRecord(bytes);
    found.push({ shard, seq, epoch, counter, node, changes: changes.length });
  }
  return found;
}

describe('commit', () => {
  it('everything that queues while an append is in flight is the next record', async () => {
    const log = memoryLog({ shards: 1 });
    const house = await open({ log });
    const actors = Array.from({ length: 50 }, newId);
    // Awake, with nothing left to do.
    for (const actor of actors) await tell(house.gateway.host, actor, say(CUSTOMER, 'hello'));
    for (const actor of actors) await house.gateway.host.quiet(actor);
    const before = (await records(house)).length;
    const release = log.hold();
    const begun = new Promise<void>((resolve) => {
      const append = log.append.bind(log);
      log.append = (...record) => { resolve(); return append(...record); };
    });
    const first = tell(house.gateway.host, actors[0] ?? '', say(CUSTOMER, 'first'));
    await begun;
    const rest = actors.map((actor) => tell(house.gateway.host, actor, say(CUSTOMER, 'rest')));
    release();
    await Promise.all([first, ...rest]);
    const [alone, together] = (await records(house)).slice(before);
    expect([alone?.changes, together?.changes]).toEqual([1, 50]);
  });

  it('nobody hears anything before the record is durable', async () => {
    const log = memoryLog({ shards: 1 });
    const house = await open({ log });
    const conversation = ulid();
    const customer = await house.customer();
    const agent = await house.agent();
    customer.say({ t: 'send', cmid: nextId(), conversation, kind: 'message', text: 'hello', channel: null, seen: null });
    await customer.hear('ack');
    agent.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
    await agent.hear('page');
    const release = log.hold();
    customer.say({ t: 'send', cmid: nextId(), conversation, kind: 'message', text: 'held', channel: null, seen: null }, { t: 'ping', at: 1 });
    await customer.hear('pong');
    agent.say({ t: 'ping', at: 1 });
    await agent.hear('pong');
    expect([...customer.frames, ...agent.frames].filter(({ t }) => t === 'ack' || t === 'event')).toEqual([]);
    release();
    await customer.hear('ack');
    await agent.hear('event');
  });

  it('a log that cannot be written refuses with a code, keeps nothing, and recovers by itself', async () => {
    const log = memoryLog({ shards: 1 });
    const { gateway: { host } } = await open({ log });
    const actor = newId();
    await tell(host, actor, say(CUSTOMER, 'one'));
    await settled(host, actor);
    log.failNext('unavailable');
    const cmid = nextId();
    const refused = await tell(host, actor, say(CUSTOMER, 'two', cmid));
    expect(refused).toMatchObject({ name: 'storeUnavailable', code: 1004 });
    expect((await peek(host, actor))?.customerMessages).toBe(1);
    expect(await tell(host, actor, say(CUSTOMER, 'two', cmid))).toMatchObject({ n: 2, repeated: false });
  });

  it.each([true, false])('an append whose outcome is unknown is asked until it is known (written: %s), and stands once', async (written) => {
    const log = memoryLog({ shards: 1 });
    const house = await open({ log });
    const actor = newId();
    await tell(house.gateway.host, actor, say(CUSTOMER, 'one'));
    await settled(house.gateway.host, actor);
    log.failNext('unknown', written);
    const answer = tell(house.gateway.host, actor, say(CUSTOMER, 'two'));
    await new Promise((resolve) => { setImmediate(() => setImmediate(resolve)); });
    house.clock.advance(1_000);
    expect(await answer).toMatchObject({ n: 2 });
    const lines = (await house.gateway.host.history(actor, all)).map(({ bytes, audience }) => decodeLine(bytes, audience));
    expect(lines.filter(({ kind }) => kind === 'message').map(({ n }) => n)).toEqual([1, 2]);
  });
});

describe('ownership', () => {
  it('of two owners of one log the older is fenced: it can acknowledge nothing, and sends on what it is told', async () => {
    const [log, network] = [memoryLog({ shards: 1 }), memoryNetwork()];
    const takers = new Takers('old');
    const old = await open({ log: log.share(), bus: network.bus('old'), members: takers.member('old') });
    const actor = newId();
    await tell(old.gateway.host, actor, say(CUSTOMER, 'before'));
    await old.gateway.host.quiet(actor);
    takers.see(['young']);
    const young = await open({ log: log.share(), bus: network.bus('young'), members: takers.member('young') });
    expect(await tell(young.gateway.host, actor, say(CUSTOMER, 'at the new owner'))).toMatchObject({ n: 2 });
    expect(await tell(old.gateway.host, actor, say(CUSTOMER, 'at the old owner'))).toMatchObject({ n: 3 });
    const found = await records(young);
    expect(found.map(({ seq }) => seq)).toEqual(found.map((_, i) => i + 1));
    expect(found.every(({ epoch }, i) => i === 0 || epoch >= (found[i - 1]?.epoch ?? 0))).toBe(true);
    expect(found.findLast(({ node }) => node === 'old')?.epoch).toBeLessThan(found.at(-1)?.epoch ?? 0);
    const [there, here] = await Promise.all([old, young].map(async ({ gateway }) => (await gateway.host.history(actor, all)).map(({ bytes }) => Buffer.from(bytes).toString('hex'))));
    expect(there).toEqual(here);
  });
});

describe('restart', () => {
  it('finds every conversation as it was, answers repeats, and goes on counting', async () => {
    const log = memoryLog({ shards: 4 });
    const first = await open({ log: log.share() });
    const actors = Array.from({ length: 20 }, newId);
    const ids = actors.map(() => nextId());
    for (const [i, actor] of actors.entries()) await tell(first.gateway.host, actor, say(CUSTOMER, `hello ${i}`, ids[i]));
    await first.close();
    const second = await open({ log: log.share() });
    for (const [i, actor] of actors.entries()) {
      expect(await tell(second.gateway.host, actor, say(CUSTOMER, `hello ${i}`, ids[i]))).toMatchObject({ seq: 2, n: 1, repeated: true });
      expect(await tell(second.gateway.host, actor, say(CUSTOMER, 'more'))).toMatchObject({ n: 2, repeated: false });
    }
  });

  it('a window that ends while the process is gone ends once when it is back, and not before its time', async () => {
    const log = memoryLog({ shards: 2 });
    const settings = { workspaces: { demo: { style: 'social' } } };
    const first = await open({ log: log.share(), settings });
    const actor = newId();
    await tell(first.gateway.host, actor, say(CUSTOMER, 'hello'));
    await tell(first.gateway.host, actor, act('accept'));
    await tell(first.gateway.host, actor, act('status', { status: 'solved' }));
    const { clock } = first;
    await first.close();
    clock.advance(4 * 86_400_000 - 1);
    const second = await open({ log: log.share(), settings, clock });
    expect(statusOf(await peek(second.gateway.host, actor) as ConversationState)).toBe('solved');
    clock.advance(1);
    await until(second, actor, 'closed');
    await second.close();
    const third = await open({ log: log.share(), settings, clock });
    clock.advance(86_400_000);
    const lines = await third.gateway.host.history(actor, all);
    const closings = lines.map(({ bytes, audience }) => decodeLine(bytes, audience)).filter((l) => l.body.status === 'closed');
    expect(closings.length).toBe(1);
  });

  it('effects left in an outbox are carried out by the next process', async () => {
    const log = memoryLog({ shards: 2 });
    const first = await open({ log: log.share() });
    const conversation = newId();
    await tell(first.gateway.host, conversation, say(CUSTOMER, 'hello'));
    // Gone in the moment of the acknowledgement: the contact may not have heard of the conversation.
    await first.close();
    const second = await open({ log: log.share() });
    await second.gateway.host.quiet(conversation);
    const contact = await peek(second.gateway.host, 'p/demo/v_1') as unknown as { conversations: string[] };
    expect(contact.conversations).toEqual([conversation]);
  });
});

describe('opened, and not yet started', () => {
  /** Counts what it hears; told to begin, it has something for another and a timer that is due. */
  const clerk = {
    prefix: 'k',
    step(_id: string, old: ActorState | undefined, { type }: ActorCommand, at: number) {
      const heard = [...(old as { heard?: string[] } | undefined)?.heard ?? [], type];
      const begun = type === 'begin';
      const state = {
        heard, timers: begun ? [{ at, id: 'due', gen: 1, owner: 'clerk' }] : type === 'timer' ? [] : old?.timers ?? [],
        outbox: begun ? [{ n: 1, to: 'k/demo/other', command: { type: 'effect' } }] : type === 'effectDone' ? [] : old?.outbox ?? [],
      };
      return { state, lines: [], reply: { seq: 0, n: 0, at, repeated: false } };
    },
    mayRepeat: () => undefined, freeze: JSON.stringify, thaw: JSON.parse,
  } as unknown as Kind<ActorState>;
  const heard = (host: Host, actor: string): Promise<string[]> =>
    new Promise((resolve) => { host.peek(actor, (state) => resolve((state as unknown as { heard: string[] } | undefined)?.heard ?? [])); });

  it('a host takes what it is told, and neither rings a timer nor lets an effect go', async () => {
    const [log, clock] = [memoryLog({ shards: 1 }), handClock(START)];
    const store = await openStore({ memory: true, log, report: () => undefined });
    const hub = new Hub({ clock, report: () => undefined });
    const outside = new Caller({ outsideOf: () => NOTHING_OUTSIDE, clock, random: () => 0.5 });
    const host = new Host({ log, store, hub, kinds: [clerk], outside, clock, report: () => undefined, bus: memoryNetwork().bus('n'), members: alone('n'), soon: endOfTurn() });
    await host.open();
    await host.join();
    await tell(host, 'k/demo/one', { type: 'begin' });
    await store.settled();
    for (let i = 0; i < 20; i++) await new Promise((resolve) => { setImmediate(resolve); });
    expect([await heard(host, 'k/demo/one'), await heard(host, 'k/demo/other')]).toEqual([['begin'], []]);
    await host.start();
    await host.quiet('k/demo/one');
    for (let i = 0; i < 1_000 && (await heard(host, 'k/demo/one')).length < 3; i++) await new Promise((resolve) => { setImmediate(resolve); });
    expect([(await heard(host, 'k/demo/one')).sort(), await heard(host, 'k/demo/other')]).toEqual([['begin', 'effectDone', 'timer'], ['effect']]);
    await host.close();
    await store.close();
  });
});

describe('timers', () => {
  it('ring in time, however many fall due together', async () => {
    const house = await open({ log: memoryLog({ shards: 8 }) });
    const { host } = house.gateway;
    const actors = Array.from({ length: 1_300 }, newId);
    await Promise.all(actors.map((actor) => tell(host, actor, say(CUSTOMER, 'hello'))));
    await Promise.all(actors.map((actor) => host.quiet(actor)));
    await new Promise((resolve) => { setImmediate(resolve); });
    await house.store.settled();
    house.clock.advance(600_000);
    for (const actor of actors) await untilSession(house, actor, 'inactive');
  });
});

describe('an actor that throws', () => {
  interface Bomb extends ActorState { readonly n: number }
  const bomb: Kind<Bomb> = {
    prefix: 'y',
    step(_id, state, command, at) {
      if (command.type === 'boom') throw new Error('a bug in a machine');
      return { state: { timers: [], outbox: [], n: (state?.n ?? 0) + 1 }, lines: [], reply: { seq: 0, n: (state?.n ?? 0) + 1, at, repeated: false } };
    },
    mayRepeat: () => undefined,
    freeze: JSON.stringify,
    thaw: (json) => JSON.parse(json) as Bomb,
  };

  it('is held back alone, with a report, and keeps what was durable', async () => {
    const house = await open({ kinds: [bomb as unknown as Kind<ActorState>] });
    const { host } = house.gateway;
    expect(await tell(host, 'y/demo/1', { type: 'count' })).toMatchObject({ n: 1 });
    const [before, boom, after] = await Promise.all([tell(host, 'y/demo/1', { type: 'count' }), tell(host, 'y/demo/1', { type: 'boom' }), tell(host, 'y/demo/1', { type: 'count' })]);
    expect(before).toMatchObject({ n: 2 });
    expect([boom, after].map((answer) => (answer as Refusal).name)).toEqual(['quarantined', 'quarantined']);
    expect(await tell(host, 'y/demo/2', { type: 'count' })).toMatchObject({ n: 1 });
    expect(await tell(host, newId(), say(CUSTOMER, 'hello'))).toMatchObject({ n: 1 });
    expect(house.reports.find(({ what }) => what === 'an actor is quarantined')?.facts).toMatchObject({ actor: 'y/demo/1' });
  });
});

describe('passivation', () => {
  it('lets idle actors go and wakes them unchanged', async () => {
    const house = await open({ settings: { idleMs: 60_000 } });
    const { host } = house.gateway;
    const actor = newId();
    await tell(host, actor, say(CUSTOMER, 'hello'));
    await settled(host, actor);
    expect(host.residents).toBeGreaterThan(0);
    // The tables must have applied what an actor last did before it may go; closing time is not needed for that.
    await new Promise((resolve) => { setImmediate(resolve); });
    await house.store.settled();
    house.clock.advance(120_000);
    // The desk and the library of flows stay: this node goes by what they say.
    expect(host.residents).toBe(2);
    expect(await tell(host, actor, say(CUSTOMER, 'again'))).toMatchObject({ n: 2 });
  });
});

describe('a workspace that the settings do not name any more', () => {
  it('has tickets that still close in time, and nothing of it is held back', async () => {
    const log = memoryLog({ shards: 2 });
    const actor = `c/shop/${ulid()}`;
    const before = await open({ log: log.share(), settings: { workspaces: { demo: {}, shop: { style: 'social' } } } });
    for (const command of [say(CUSTOMER, 'hello'), act('accept'), act('status', { status: 'solved' })]) await tell(before.gateway.host, actor, command);
    await before.gateway.host.quiet(actor);
    await before.close();
    const after = await open({ log: log.share(), settings: { workspaces: { demo: {} } } });
    after.clock.advance(4 * 24 * 3_600_000);
    await until(after, actor, 'closed');
    expect(after.reports).toEqual([]);
  });
});

/** The contact answers the conversation, which may then have something to say to its desk. */
async function settled(host: House['gateway']['host'], actor: string): Promise<void> {
  for (const one of [actor, `p/demo/${CUSTOMER.id}`, actor, 'd/demo']) await host.quiet(one);
}

/** Waits, by asking, until a ring that is under way has been answered. */
async function until(house: House, actor: string, status: string): Promise<void> {
  for (const end = performance.now() + 20_000; performance.now() < end;) {
    const state = await peek(house.gateway.host, actor);
    if (state !== undefined && statusOf(state) === status) return;
    await new Promise((resolve) => { setImmediate(resolve); });
  }
  throw new Error(`${actor} never became ${status}`);
}

async function untilSession(house: House, actor: string, session: string): Promise<void> {
  for (const end = performance.now() + 20_000; performance.now() < end;) {
    if ((await peek(house.gateway.host, actor))?.session.value === session) return;
    await new Promise((resolve) => { setImmediate(resolve); });
  }
  throw new Error(`${actor} never became ${session}`);
}
