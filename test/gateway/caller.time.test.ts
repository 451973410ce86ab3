/** When HTTP requests of flows are tried, tried again, and given up; and how many of them at once. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyOf } from '../../gateway/caller.ts';
import { Crm, json, NOON, status, turns, type Handler, type Outcome } from './crm.ts';

let crm: Crm;
beforeEach(async () => { crm = await new Crm().open(); });
afterEach(() => crm.close());

describe('time', () => {
  it.each<[string, Handler]>([
    ['no answer', () => undefined],
    ['headers and then nothing', (_request, response) => { response.writeHead(200); response.flushHeaders(); }],
    ['a byte now and then', (_request, response) => { response.write('{'); const more = (): void => { if (!response.destroyed) { response.write(' '); setImmediate(more); } }; more(); }],
  ])('ends a try to the millisecond: %s', async (_, handler) => {
    crm.handle = handler;
    let outcome: Outcome | undefined;
    const asked = crm.ask({ timeoutMs: 1_500 }).then((what) => { outcome = what; });
    await crm.until(1);
    crm.clock.advance(1_499);
    await turns(20);
    expect(outcome).toBeUndefined();
    crm.clock.advance(1);
    await asked;
    expect(outcome).toEqual({ why: 'no answer within 1.5 s' });
  });

  it('counts the name, too', async () => {
    crm.caller = crm.make({ resolve: () => new Promise(() => undefined) });
    const asked = crm.ask({ url: 'https://slow.example/', timeoutMs: 100 });
    await turns(1);
    crm.clock.advance(100);
    expect(await asked).toEqual({ why: 'no answer within 0.1 s' });
  });
});

describe('another try', () => {
  it.each([408, 425, 429, 500, 502, 503, 504, 599])('after %i, under the same key, as often as the flow says', async (code) => {
    crm.handle = (request, response, body) => { (crm.came.length <= 2 ? status(code) : json({ customerType: 'VIP' }))(request, response, body); };
    const asked = crm.ask({ retries: 2 });
    await crm.until(3, 100);
    expect(await asked).toEqual({ values: { 'vars.customerType': 'VIP' } });
    expect(new Set(crm.came.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    crm.handle = status(code);
    const again = crm.ask({ retries: 2 }, 2);
    await crm.until(6, 100);
    expect(await again).toEqual({ why: `HTTP ${code}` });
    expect(crm.came.length).toBe(6);
  });

  it.each([400, 401, 403, 404, 409, 410, 413, 422, 451])('not after %i', async (code) => {
    crm.handle = status(code);
    expect(await crm.ask({ retries: 5 })).toEqual({ why: `HTTP ${code}` });
    expect(crm.came.length).toBe(1);
  });

  it('waits twice as long each time, by a chance from half to the whole', async () => {
    crm.handle = status(503);
    for (const [random, pauses] of [[0, [250, 500, 1_000, 2_000, 4_000]], [0.999_999, [500, 1_000, 2_000, 4_000, 8_000]]] as const) {
      crm.came = [];
      crm.caller = crm.make({ random: () => random });
      const asked = crm.ask({ retries: 5 });
      await crm.until(1);
      for (const pause of pauses) {
        const count = crm.came.length;
        await turns(20);
        crm.clock.advance(pause - 2);
        await turns(20);
        expect(crm.came.length).toBe(count);
        crm.clock.advance(2);
        await crm.until(count + 1);
      }
      expect(await asked).toEqual({ why: 'HTTP 503' });
    }
  });

  it.each<[string, number]>([['7', 7_000], ['0', 0], ['3600', 30_000], [new Date(Date.parse(NOON) + 5_000).toUTCString(), 5_000], [new Date(0).toUTCString(), 0], ['soon', 250]])('as the server asks, up to 30 s: Retry-After %s', async (after, ms) => {
    crm.handle = (request, response, body) => { (crm.came.length === 1 ? status(429, { 'Retry-After': after }) : json({}))(request, response, body); };
    const asked = crm.ask({ retries: 1 });
    await crm.until(1);
    await turns(20);
    if (ms > 0) {
      crm.clock.advance(ms - 1);
      await turns(20);
      expect(crm.came.length).toBe(1);
      crm.clock.advance(1);
    }
    await crm.until(2);
    expect(await asked).toEqual({ values: {} });
  });

  it('is not made for what the actor no longer wants', async () => {
    crm.handle = status(503);
    let wanted = true;
    const asked = crm.caller.call('c/demo/1', { n: 1, to: 'x/demo/1', command: crm.call({ retries: 5 }) }, () => wanted);
    await crm.until(2, 100);
    wanted = false;
    for (let i = 0; i < 100; i++) { crm.clock.advance(1_000); await turns(1); }
    expect(await asked).toBeUndefined();
    expect(crm.came.length).toBe(2);
  });
});

describe('a node that may have lost what it owned', () => {
  /** Whose name is found only after so long. */
  const slow = (ms: number) => crm.make({ resolve: async () => { crm.clock.advance(ms); return ['127.0.0.1']; } });
  const effect = () => ({ n: 1, to: 'x/demo/1', command: crm.call({ url: `http://crm.test:${crm.port}/` }) });

  it('proves before each try that it may, and says nothing when it may not', async () => {
    crm.handle = status(503);
    let proofs = 0;
    const asked = crm.caller.call('c/demo/1', { n: 1, to: 'x/demo/1', command: crm.call({ retries: 5 }) }, async () => ++proofs <= 2);
    await crm.until(2, 100);
    for (let i = 0; i < 100; i++) { crm.clock.advance(1_000); await turns(1); }
    expect([await asked, crm.came.length, proofs]).toEqual([undefined, 2, 3]);
  });

  it('proves it again when it stood still before the first byte, and then says nothing', async () => {
    let proofs = 0;
    expect(await slow(501).call('c/demo/1', effect(), async () => ++proofs === 1)).toBeUndefined();
    expect([crm.came.length, proofs]).toEqual([0, 2]);
  });

  it('goes on when it still may', async () => {
    let proofs = 0;
    expect(await slow(501).call('c/demo/1', effect(), async () => ++proofs > 0)).toMatchObject({ outcome: { values: {} } });
    expect([crm.came.length, proofs]).toEqual([1, 2]);
  });

  it('believes for half a second what it was told', async () => {
    let proofs = 0;
    await slow(500).call('c/demo/1', effect(), async () => ++proofs > 0);
    expect([crm.came.length, proofs]).toEqual([1, 1]);
  });
});

describe('many at once', () => {
  const held: ServerResponse[] = [];
  const hold: Handler = (_request, response) => { held.push(response); };
  beforeEach(() => { held.length = 0; crm.handle = hold; });

  /** Of as many workspaces as are needed. */
  const nth = (i: number): string => `c/${i < 40 ? 'demo' : 'shop'}/${i}`;

  it('64, and whoever has waited longest is next', async () => {
    const all = Array.from({ length: 70 }, (_, i) => crm.ask({}, 1, nth(i)));
    await crm.until(64);
    expect(crm.came.length).toBe(64);
    held.shift()?.end('{}');
    await crm.until(65);
    expect(crm.came.length).toBe(65);
    expect(crm.came.at(-1)?.headers['idempotency-key']).toBe(keyOf(nth(64), 1));
    crm.handle = json({});
    while (held.length > 0) held.shift()?.end('{}');
    expect((await Promise.all(all)).every((outcome) => outcome !== undefined && 'values' in outcome)).toBe(true);
  });

  it('48 of one workspace, so that a CRM which does not answer leaves room for others', async () => {
    const all = Array.from({ length: 50 }, (_, i) => crm.ask({}, 1, `c/demo/${i}`));
    await crm.until(48);
    expect(crm.came.length).toBe(48);
    crm.handle = json({ customerType: 'VIP' });
    expect(await crm.ask({}, 1, 'c/shop/1')).toEqual({ values: { 'vars.customerType': 'VIP' } });
    expect(crm.came.length).toBe(49);
    while (held.length > 0) held.shift()?.end('{}');
    expect((await Promise.all(all)).length).toBe(50);
  });

  it('one of each conversation', async () => {
    const first = crm.ask({}, 1);
    const second = crm.ask({}, 2);
    const other = crm.ask({}, 1, 'c/demo/2');
    await crm.until(2);
    expect(crm.came.map(({ headers }) => headers['idempotency-key']).sort()).toEqual([keyOf('c/demo/1', 1), keyOf('c/demo/2', 1)].sort());
    crm.handle = json({});
    while (held.length > 0) held.shift()?.end('{}');
    await Promise.all([first, second, other]);
    expect(crm.came.at(-1)?.headers['idempotency-key']).toBe(keyOf('c/demo/1', 2));
  });

  it('who waits for another try keeps nobody else waiting', async () => {
    crm.handle = status(503);
    const failing = Array.from({ length: 64 }, (_, i) => crm.ask({ retries: 1 }, 1, nth(i)));
    await crm.until(64);
    crm.handle = json({ customerType: 'VIP' });
    expect(await crm.ask({}, 1, 'c/demo/other')).toEqual({ values: { 'vars.customerType': 'VIP' } });
    await crm.until(129, 100);
    await Promise.all(failing);
  });

  it('all of them end when the node closes, and nothing is said of them', async () => {
    const all = Array.from({ length: 70 }, (_, i) => crm.ask({}, 1, nth(i)));
    await crm.until(64);
    const gone = Promise.all(held.map((response) => once(response, 'close')));
    crm.caller.close();
    expect(await Promise.all(all)).toEqual(Array(70).fill(undefined));
    await gone;
    expect(crm.came.length).toBe(64);
    expect(await crm.ask()).toBeUndefined();
  });

  it('and those that wait for another try, too', async () => {
    crm.handle = status(503);
    const asked = crm.ask({ retries: 5 });
    await crm.until(1);
    await turns(20);
    crm.caller.close();
    expect(await asked).toBeUndefined();
  });
});
