/** What operators' machines ask of a node: does it live, may clients come, what does it count; and how it says good-bye. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { ulid } from 'ulid';
import { WebSocket } from 'ws';
import { msgpack } from '../../sdk/protocol/codec.ts';
import { memoryNetwork } from '../../gateway/bus.memory.ts';
import { handClock, systemClock } from '../../gateway/clock.ts';
import { startGateway } from '../../gateway/gateway.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { alone } from '../../gateway/members.alone.ts';
import type { Members } from '../../gateway/members.ts';
import { parseSettings } from '../../gateway/settings.ts';
import { openStore } from '../../gateway/store.sqlite.ts';
import { START } from '../machines/talk.ts';
import { message, openHouse, type House, type HouseOptions } from './house.ts';

const houses: House[] = [];
afterEach(async () => { for (const house of houses.splice(0)) await house.close(); });
async function open(options: HouseOptions = {}): Promise<House> {
  const house = await openHouse(options);
  houses.push(house);
  return house;
}
const get = (house: House, path: string, headers: Record<string, string> = {}): Promise<Response> => fetch(`${house.gateway.url}${path}`, { headers });

/** As a node sees it that has another one beside it, which lives and takes nothing. */
function beside(): Members {
  return Object.defineProperty(alone('test'), 'alive', { value: ['other', 'test'] });
}

/** The value of a figure, by its name and labels as they stand in the text. */
async function figure(house: House, name: string): Promise<number> {
  const text = await (await get(house, '/metrics')).text();
  const line = text.split('\n').find((each) => each.startsWith(`${name} `));
  if (line === undefined) throw new Error(`there is no ${name} in\n${text}`);
  return Number(line.slice(name.length));
}

describe('/healthz and /readyz', () => {
  it('a node that serves is alive and ready, and nothing keeps the answer', async () => {
    const house = await open();
    expect(await (await get(house, '/healthz')).json()).toEqual({ ok: true });
    const answer = await get(house, '/readyz');
    expect([answer.status, answer.headers.get('cache-control'), answer.headers.get('content-type')]).toEqual([200, 'no-store', 'application/json']);
    expect(await answer.json()).toEqual({ ready: true, reasons: [], node: 'test' });
    expect((await fetch(`${house.gateway.url}/readyz`, { method: 'HEAD' })).status).toBe(200);
    expect((await fetch(`${house.gateway.url}/readyz`, { method: 'POST' })).status).toBe(405);
  });

  it('while it starts it is alive, not ready, and takes no sockets', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const { port } = free.address() as AddressInfo;
    await new Promise((resolve) => { free.close(resolve); });
    const log = memoryLog({ shards: 2 });
    const last = log.last.bind(log);
    let goOn = (): void => undefined;
    const held = new Promise<void>((resolve) => { goOn = resolve; });
    let asked = (): void => undefined;
    const begun = new Promise<void>((resolve) => { asked = resolve; });
    const report = (): void => undefined;
    const store = await openStore({ memory: true, log, report });
    log.last = async (shard) => { asked(); await held; return last(shard); };
    const starting = startGateway({
      log, store, settings: parseSettings({}), clock: systemClock, report, node: 'test', secret: new Uint8Array(32), host: '127.0.0.1', port, demo: false,
    });
    await begun;
    const at = `http://127.0.0.1:${port}`;
    expect((await fetch(`${at}/healthz`)).status).toBe(200);
    const answer = await fetch(`${at}/readyz`);
    expect([answer.status, await answer.json()]).toEqual([503, { ready: false, reasons: expect.arrayContaining(['starting']) as unknown, node: 'test' }]);
    const ws = new WebSocket(`ws://127.0.0.1:${port}/connect`, msgpack.subprotocol);
    const [, response] = await once(ws, 'unexpected-response') as [unknown, { statusCode: number }];
    expect(response.statusCode).toBe(503);
    goOn();
    const gateway = await starting;
    expect((await fetch(`${at}/readyz`)).status).toBe(200);
    await gateway.close();
  });

  it('cut off from NATS for more than three seconds it asks for no clients; back again, it does', async () => {
    const clock = handClock(START);
    const network = memoryNetwork();
    const house = await open({ clock, bus: network.bus('test') });
    network.cut('test');
    clock.advance(3_000);
    expect((await get(house, '/readyz')).status).toBe(200);
    clock.advance(1);
    const answer = await get(house, '/readyz');
    expect([answer.status, await answer.json()]).toEqual([503, { ready: false, reasons: ['cut off from NATS'], node: 'test' }]);
    expect((await get(house, '/healthz')).status).toBe(200);
    expect(await figure(house, 'parley_connected')).toBe(0);
    network.heal('test');
    expect((await get(house, '/readyz')).status).toBe(200);
  });
});

describe('the end of a node that has others beside it', () => {
  it('it is not ready, tells clients where they stand, serves them until they have gone, then ends', async () => {
    const house = await open({ members: beside(), settings: { node: { drainMs: 6_000 } } });
    const [ann, ben] = [await house.customer(), await house.customer()];
    let isOver = false;
    const closing = house.gateway.close().then(() => { isOver = true; });
    const goaway = await ann.hear('goaway');
    expect(goaway).toMatchObject({ deadlineMs: 6_000, spreadMs: 500 });
    expect(await (await get(house, '/readyz')).json()).toEqual({ ready: false, reasons: ['draining'], node: 'test' });
    const late = new WebSocket(`ws://127.0.0.1:${house.gateway.port}/connect`, msgpack.subprotocol);
    await once(late, 'unexpected-response');
    ann.say(message(ulid(), 'still here'));
    await ann.hear('ack');
    ann.ws.close();
    await ann.closed;
    expect(isOver).toBe(false);
    ben.ws.close();
    await closing;
    expect(house.course.map(({ what, facts }) => [what, facts['sockets'] ?? facts['socketsLeft']]).slice(-2)).toEqual([['the node drains', 2], ['the node has ended', 0]]);
    houses.splice(0);
  });

  it('who does not go in time is closed, with the code to come back', async () => {
    const house = await open({ members: beside(), settings: { node: { drainMs: 6_000 } } });
    const ann = await house.customer();
    const closing = house.gateway.close();
    await ann.hear('goaway');
    house.clock.advance(6_000);
    expect((await ann.closed).reason).toBe('goingAway');
    await closing;
    houses.splice(0);
  });

  it('many are spread over more time, but half of it is left for the last to arrive', async () => {
    const house = await open({ members: beside(), settings: { node: { drainMs: 600 } } });
    const ann = await house.customer();
    const closing = house.gateway.close();
    expect(await ann.hear('goaway')).toMatchObject({ deadlineMs: 600, spreadMs: 300 });
    ann.ws.close();
    await closing;
    houses.splice(0);
  });
});

describe('/metrics', () => {
  it('counts sockets by who is at the other end, actors, and the process itself', async () => {
    const house = await open();
    const greeting = new WebSocket(`ws://127.0.0.1:${house.gateway.port}/connect`, msgpack.subprotocol);
    await once(greeting, 'open');
    const customers = [await house.customer(), await house.customer()];
    await house.agent();
    expect(await figure(house, 'parley_sockets{role="customer"}')).toBe(2);
    expect(await figure(house, 'parley_sockets{role="agent"}')).toBe(1);
    expect(await figure(house, 'parley_sockets{role="greeting"}')).toBe(1);
    const before = await figure(house, 'parley_actors');
    customers[0]?.say(message(ulid(), 'hello'));
    await customers[0]?.hear('ack');
    expect(await figure(house, 'parley_actors')).toBeGreaterThan(before);
    expect(await figure(house, 'process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(await figure(house, 'parley_ready')).toBe(1);
    greeting.terminate();
  });

  it('README.md has every figure of ours, and no other', async () => {
    const text = await (await get(await open(), '/metrics')).text();
    const told = [...text.matchAll(/^# TYPE (parley_\w+)/gm)].map(([, name]) => name ?? '');
    const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
    const written = new Set([...readme.matchAll(/`(parley_\w+)/g)].map(([, name]) => name ?? ''));
    expect([...written].sort()).toEqual(told.sort());
  });

  it('two gateways in one process count each for itself', async () => {
    const [one, two] = [await open(), await open()];
    await one.customer();
    expect(await figure(one, 'parley_sockets{role="customer"}')).toBe(1);
    expect(await figure(two, 'parley_sockets{role="customer"}')).toBe(0);
  });

  it('are for this machine; what comes through a proxy is somebody else', async () => {
    const house = await open();
    expect((await get(house, '/metrics')).headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    for (const header of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Real-IP']) {
      const answer = await get(house, '/metrics', { [header]: '127.0.0.1' });
      expect([answer.status, (await answer.json() as { detail: string }).detail]).toEqual([403, 'metrics.allow names the addresses that may read this']);
    }
  });

  it('are for the addresses that the settings name, and for nobody else', async () => {
    const elsewhere = await open({ settings: { metrics: { allow: ['10.0.0.0/8', '::1'] } } });
    expect((await get(elsewhere, '/metrics')).status).toBe(403);
    const here = await open({ settings: { metrics: { allow: ['127.0.0.1'] } } });
    expect((await get(here, '/metrics')).status).toBe(200);
  });

  it('with a token, whoever has it, and only they', async () => {
    const house = await open({ settings: { metrics: { token: 'of-the-scraper-alone' } } });
    const ask = async (headers: Record<string, string>): Promise<number> => (await get(house, '/metrics', headers)).status;
    expect(await ask({})).toBe(403);
    expect(await ask({ Authorization: 'Bearer of-the-scraper-alonf' })).toBe(403);
    expect(await ask({ Authorization: 'Bearer of-the-scraper-alone' })).toBe(200);
    expect(await ask({ Authorization: 'Bearer of-the-scraper-alone', 'X-Forwarded-For': '203.0.113.7' })).toBe(200);
  });
});
