/** Acts, lists and requests that say anything, in any order: always a code of the table, and nobody else notices. */
import fc from 'fast-check';
import { ulid } from 'ulid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { json, msgpack } from '../../sdk/protocol/codec.ts';
import { CODES } from '../../sdk/protocol/codes.ts';
import { SORTS } from '../../sdk/protocol/desk.ts';
import type { Said } from '../../sdk/protocol/frames.ts';
import { SECTION_NAMES } from '../../gateway/settings.sections.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { message, nextId, openHouse, type House, type Peer } from './house.ts';

const TABLE = new Set<number>(Object.values(CODES).map(({ code }) => code));
const MANY = { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 };
const CANARY = 'canary of a bystander';

const uncaught: unknown[] = [];
const note = (error: unknown): void => { uncaught.push(error); };
let house: House;
let bystander: Peer;
const conversation = ulid();
beforeAll(async () => {
  process.on('uncaughtExceptionMonitor', note);
  process.on('unhandledRejection', note);
  house = await openHouse({ log: memoryLog({ shards: 2 }), settings: { workspaces: { other: {} }, limits: MANY, heartbeatMs: 300_000 } });
  bystander = await house.customer();
  bystander.say(message(conversation, CANARY), { t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
  await bystander.hear('page');
});
afterAll(async () => {
  await house.close();
  process.off('uncaughtExceptionMonitor', note);
  process.off('unhandledRejection', note);
});

/** After each: nobody crashed, and the desk still brings a customer and an agent together. */
afterEach(async () => {
  expect(uncaught).toEqual([]);
  bystander.say({ t: 'ping', at: 1 });
  await bystander.hear('pong');
  const [agent, customer] = [await house.agent('cyd'), await house.customer()];
  const id = nextId();
  agent.say({ t: 'act', id, name: 'status', args: { status: 'online' } });
  await agent.hear('result', (frame) => frame.id === id);
  const fresh = ulid();
  customer.say(message(fresh, 'fresh'));
  await customer.hear('ack');
  const take = nextId();
  agent.say({ t: 'command', id: take, conversation: fresh, name: 'accept', args: {} });
  await agent.hear('result', (frame) => frame.id === take);
  for (const peer of [agent, customer]) peer.ws.terminate();
  expect(house.reports).toEqual([]);
});

/** What a program of somebody else's might put into arguments. */
const value = fc.oneof(
  fc.constantFrom<unknown>(conversation, ulid(), 'a_ada', 'a_ben', 'support', 'online', 'away', '__proto__', 'constructor', '', null, true, false, 0, -1, 1.5, 2 ** 53, [], {}),
  fc.string({ maxLength: 30 }), fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.array(fc.string({ maxLength: 5 }), { maxLength: 4 }),
);
const args = fc.dictionary(fc.constantFrom('conversation', 'offer', 'agent', 'team', 'note', 'over', 'status', 'on', 'x', 'toString'), value, { maxKeys: 5 });
const acts = fc.record({ name: fc.oneof(fc.constantFrom('status', 'accept', 'decline', 'handOver', 'board', '__proto__', 'toString', ''), fc.string({ maxLength: 40 })), args });

describe.each([['MessagePack', msgpack], ['JSON', json]] as const)('acts in %s', (_, codec) => {
  it('of an agent: each is answered under its id, by RESULT or a code', async () => {
    const ben = await house.agent('ben', codec);
    await fc.assert(fc.asyncProperty(fc.array(acts, { minLength: 1, maxLength: 5 }), async (list) => {
      for (const act of list) {
        const frame = { t: 'act', id: nextId(), ...act } as Said & { t: 'act' };
        let bytes: Uint8Array | string;
        try { bytes = codec.encodeSaid(frame); } catch { continue; }
        ben.ws.send(bytes as Buffer);
        const answered = (): boolean => ben.frames.some((told) => (told.t === 'result' && told.id === frame.id) || (told.t === 'nack' && told.ref === frame.id && TABLE.has(told.code)));
        for (let at = 1; !answered(); at++) {
          ben.say({ t: 'ping', at });
          await ben.hear('pong');
        }
        ben.frames.length = 0;
      }
    }), { numRuns: 150 });
    ben.ws.terminate();
  });

  it('with arguments as long as they may be: the answer fits a frame, and the connection lives', async () => {
    const ben = await house.agent('ben', codec);
    for (const long of ['x'.repeat(8_000), '\u{1F600}'.repeat(4_000)]) {
      for (const [name, more] of [['status', { status: long }], ['status', { status: 'away', agent: long }], ['handOver', { conversation, team: long }], ['handOver', { conversation, agent: long }], ['accept', { conversation: long, offer: 1 }]] as const) {
        const id = nextId();
        ben.say({ t: 'act', id, name, args: more });
        expect(TABLE.has((await ben.hear('nack', ({ ref }) => ref === id)).code)).toBe(true);
      }
    }
    ben.ws.terminate();
  });

  it('of a customer: refused, each', async () => {
    const customer = await house.customer(ulid(), codec);
    for (const name of ['status', 'accept', 'decline', 'handOver', 'board']) {
      const id = nextId();
      customer.say({ t: 'act', id, name, args: { conversation, offer: 1, status: 'away', on: true } });
      expect(await customer.hear('nack', ({ ref }) => ref === id)).toMatchObject({ code: CODES.forbidden.code });
    }
    expect(customer.frames.filter(({ t }) => ['desk', 'board', 'presence', 'configured', 'listed', 'tallies'].includes(t))).toEqual([]);
    customer.ws.terminate();
  });
});

describe('lists', () => {
  it('of any name, size and beginning: answered or refused, and a customer has none', async () => {
    const [ben, customer] = [await house.agent('ben'), await house.customer()];
    const watch = fc.record({
      t: fc.constant('watch' as const), wid: fc.nat(), sort: fc.constantFrom(...SORTS), limit: fc.oneof(fc.nat(1_000), fc.constant(2 ** 53 - 1)),
      list: fc.oneof(fc.constantFrom('mine', 'open', 'unassigned', 'team:support', 'agent:a_ada', 'status:open', 'contact:v_1', 'team:', ':', '__proto__', '%', '\''), fc.string({ maxLength: 80 })),
      since: fc.option(fc.record({ store: fc.oneof(fc.constant(house.store.id), fc.string({ maxLength: 40 })), n: fc.oneof(fc.nat(), fc.constant(2 ** 53 - 1)) })),
    });
    await fc.assert(fc.asyncProperty(fc.array(watch, { minLength: 1, maxLength: 5 }), async (frames) => {
      for (const peer of [ben, customer]) {
        for (const frame of frames) {
          try { msgpack.encodeSaid(frame); } catch { continue; }
          peer.say(frame);
        }
        peer.say({ t: 'ping', at: 7 });
        await peer.hear('pong');
        for (const told of peer.frames.splice(0)) if (told.t === 'nack') expect(TABLE.has(told.code)).toBe(true);
      }
      expect(customer.frames.filter(({ t }) => t === 'listed' || t === 'tallies')).toEqual([]);
    }), { numRuns: 150 });
    for (const peer of [ben, customer]) peer.ws.terminate();
  });
});

describe('requests', () => {
  const anything = fc.oneof(fc.json({ maxDepth: 4 }), fc.string({ maxLength: 200 }), fc.constantFrom('{"__proto__":{"rev":1}}', '[]', 'null', '{"rev":1}', `${'['.repeat(50_000)}`, '{"rev":1e999,"value":[]}'));
  const sections = fc.oneof(fc.constantFrom(...SECTION_NAMES), fc.constantFrom('keys', '__proto__', '%00', '..', '%2e%2e', 'a/b', '%', ''), fc.string({ maxLength: 20 }).map((text) => encodeURIComponent(text)));
  const admin = (): Promise<string> => house.gateway.identities.agent('demo', { id: 'ada', name: 'Ada' });
  async function ask(method: string, path: string, body: string | undefined, token: string): Promise<number> {
    const response = await fetch(house.gateway.url + path, { method, headers: { authorization: `Bearer ${token}` }, ...(body === undefined ? {} : { body }) });
    const said = await response.text();
    expect(said.includes(CANARY) || said.includes('node_modules')).toBe(false);
    return response.status;
  }

  it('an administrator\'s, with any body for any section: taken whole or refused, and never a fault of the server', async () => {
    const token = await admin();
    await fc.assert(fc.asyncProperty(sections, anything, async (section, body) => {
      expect(await ask('PUT', `/api/settings/${section}`, body, token)).toSatisfy((status: number) => status >= 400 && status < 500);
    }), { numRuns: 200 });
  });

  it('with values that almost fit: what is taken fits, what is not is refused with where', async () => {
    const token = await admin();
    const almost = fc.tuple(fc.constantFrom(...SECTION_NAMES), fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.array(fc.record({ id: fc.string({ maxLength: 8 }), name: fc.string({ maxLength: 8 }), takes: fc.constantFrom('all', 'x') })),
      fc.dictionary(fc.string({ maxLength: 5 }), fc.nat(9))));
    await fc.assert(fc.asyncProperty(almost, async ([section, next]) => {
      if (section === 'agents' || section === 'statuses') return;
      const rev = house.gateway.desks.of('demo')?.said?.revs[section] ?? 0;
      expect([200, 400, 403, 409]).toContain(await ask('PUT', `/api/settings/${section}`, JSON.stringify({ rev, value: next }), token));
    }), { numRuns: 200 });
    expect(await ask('GET', '/api/settings', undefined, token)).toBe(200);
  });

  it.each<[string, string, () => unknown]>([
    ['numbers', 'tags', () => Array.from({ length: 500_000 }, () => 1)],
    ['teams that there are not', 'agents', () => Array.from({ length: 900 }, (_, i) => ({ id: `a${i}`, name: 'A', right: 'admin', teams: Array.from({ length: 60 }, (_each, j) => `team${i}-${j}`) }))],
    ['settings that there are not', 'agents', () => [Object.fromEntries(Array.from({ length: 40_000 }, (_, i) => [`name${i}`, i]))]],
    ['agents with a setting that there is not', 'agents', () => Array.from({ length: 20_000 }, (_, i) => ({ id: `a${i}`, nam: 'A' }))],
    ['time zones that there are not', 'teams', () => Array.from({ length: 14_000 }, (_, i) => ({ id: `t${i}`, name: 'T', hours: { zone: 'Mars' } }))],
    ['lists in lists', 'hours', () => ({ week: Array.from({ length: 9 }, () => Array.from({ length: 20_000 }, () => [1])) })],
  ])('a megabyte of %s is answered with the first few, and others wait no longer than a moment', async (_, section, make) => {
    const body = JSON.stringify({ rev: house.gateway.desks.of('demo')?.said?.revs[section], value: make() });
    expect(body.length).toBeGreaterThan(400_000);
    const token = await admin();
    const begun = performance.now();
    const response = await fetch(`${house.gateway.url}/api/settings/${section}`, { method: 'PUT', headers: { authorization: `Bearer ${token}` }, body });
    const { detail, name } = await response.json() as { detail: string; name: string };
    expect([response.status, name, detail.length < 2_000]).toEqual([400, 'invalid', true]);
    expect(performance.now() - begun).toBeLessThan(4_000);
  });

  it('paths of contacts and links of any kind find nothing that is not theirs', async () => {
    const token = await admin();
    const part = fc.oneof(fc.string({ maxLength: 30 }).map((text) => encodeURIComponent(text)), fc.constantFrom('%', '%00', '..', '%2F', 'd%2Fdemo', 'v_1%23t', 'u_x', '__proto__'));
    await fc.assert(fc.asyncProperty(part, part, fc.json(), async (one, two, body) => {
      for (const [method, path] of [['GET', `/api/contacts/${one}`], ['PUT', `/api/contacts/${one}/fields/${two}`], ['POST', `/api/agents/${one}/link`]] as const) {
        expect(await ask(method, path, method === 'GET' ? undefined : body, token)).toSatisfy((status: number) => status >= 400 && status < 500);
      }
    }), { numRuns: 100 });
  });
});
