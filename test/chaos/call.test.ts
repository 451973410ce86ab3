/** The gateway dies between a flow's HTTP request and the answer: it asks again under the same key, and one result counts. */
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Flow } from '../../machines/flows/flow.ts';
import { visitorToken } from '../bench/peer.ts';
import { publish } from '../bench/publish.ts';
import { Turn } from '../bench/wire.ts';
import { killAll } from './child.ts';
import { readStanding } from './cold.ts';
import { gate } from './gate.ts';
import { agentToken, Gateway } from './gateway.ts';
import { Line } from './line.ts';
import { Talk } from './talk.ts';

const SECRET = 'a k3y that no log and no table holds';
const FLOW: (port: number) => Flow = (port) => ({
  name: 'Order', start: [{ on: 'opened' }], steps: [
    {
      id: 'order', do: 'http', method: 'POST', url: `http://127.0.0.1:${port}/orders`, headers: [{ name: 'Authorization', value: 'Bearer {{secrets.shop}}' }],
      body: { text: '{{message.text}}' }, map: [{ path: '$.number', save: 'vars.number' }], timeoutMs: 60_000, retries: 0,
    },
    { id: 'told', do: 'say', text: 'Your number is {{vars.number}}.' },
  ],
});

test('kill -9 between request and answer, and again after the answer', { timeout: 120_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'parley-call-'));
  const came: { key: string; authorization: string; response: ServerResponse }[] = [];
  let arrived: () => void = () => undefined;
  const shop = createServer(({ headers }, response) => {
    came.push({ key: String(headers['idempotency-key']), authorization: String(headers.authorization), response });
    arrived();
  }).listen(0, '127.0.0.1');
  const arrival = async (nth: number): Promise<void> => { while (came.length < nth) await new Promise<void>((resolve) => { arrived = resolve; }); };
  try {
    await once(shop, 'listening');
    const { port } = shop.address() as AddressInfo;
    let crashed: (error: Error) => void = () => undefined;
    const crash = new Promise<never>((_, reject) => { crashed = reject; });
    crash.catch(() => undefined);
    const gateway = await Gateway.make(folder, (how) => crashed(new Error(how)), undefined, {
      agents: [{ id: 'ada', name: 'Ada', right: 'admin' }], http: { allow: [`127.0.0.1:${port}`] }, secrets: { shop: { value: SECRET, hosts: [`127.0.0.1:${port}`] } },
    });
    let serves = gate();
    const start = async (): Promise<void> => {
      gateway.start();
      await gateway.ready();
      serves.resolve();
    };
    const kill = async (): Promise<void> => {
      serves = gate();
      await gateway.kill();
      await start();
    };
    await start();
    await publish(gateway.url, await agentToken('ada'), 'order', FLOW(port));
    const line = new Line({ port: gateway.port, turn: new Turn(), up: () => serves.promise, failed: crashed }, (device) => visitorToken(gateway.port, device));
    const talk = new Talk(line, '');
    await Promise.race([crash, talk.say('Two of them, please.')]);
    await arrival(1);
    await kill();
    await arrival(2);
    came[1]?.response.end('{"number": 2}');
    expect(await Promise.race([crash, talk.sees('Your number is 2.')])).toBe(true);

    // What stands is not asked for again.
    await kill();
    await talk.say('Thank you.');
    line.close();
    await gateway.stop();
    expect(came.length).toBe(2);
    expect(new Set(came.map(({ key }) => key)).size).toBe(1);
    expect(came.map(({ authorization }) => authorization)).toEqual([`Bearer ${SECRET}`, `Bearer ${SECRET}`]);
    const { conversations, pending, damage } = await readStanding(gateway.log);
    const said = conversations.get(talk.conversation)?.filter(({ kind, author }) => kind === 'message' && author.role === 'system').map(({ body }) => body.text);
    expect([said, pending, damage]).toEqual([['Your number is 2.'], [], []]);
    const files = readdirSync(gateway.data, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(2);
    expect(files.filter(({ parentPath, name }) => readFileSync(join(parentPath, name)).includes(SECRET)).map(({ name }) => name)).toEqual([]);
    expect(gateway.complaints).not.toContain(SECRET);
  } finally {
    shop.close();
    shop.closeAllConnections();
    await killAll();
    rmSync(folder, { recursive: true, force: true });
  }
});
