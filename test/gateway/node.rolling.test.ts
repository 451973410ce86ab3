/** Every node of a cluster is stopped and started again while people talk: nobody sees a disconnect, and no send fails. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createClient } from '../../sdk/node.ts';
import type { Client } from '../../sdk/index.ts';
import { systemClock } from '../../gateway/clock.ts';
import { startBalancer, type Balancer } from '../../gateway/cluster.balancer.ts';
import { startNats, type NatsServers } from '../../gateway/cluster.nats.ts';
import { build, startNode, type Node } from './node.stage.ts';

const CLIENTS = 24;
let base = '';
let nats: NatsServers;
let balancer: Balancer;
let ports: number[] = [];
const nodes: Node[] = [];
const clients: Client[] = [];

const start = (i: number): Node => nodes[i] = startNode(
  ['--node-name', `n${i}`, '--data', join(base, `n${i}`), '--port', String(ports[i] ?? 0), '--node-drain-ms', '20000'],
  { PARLEY_NATS_SERVERS: nats.urls.join(','), PARLEY_NATS_SHARDS: '16' },
);
const isReady = async (port: number): Promise<boolean> => (await fetch(`http://127.0.0.1:${port}/readyz`)).ok;

beforeAll(async () => {
  build();
  base = await mkdtemp(join(tmpdir(), 'parley-rolling-'));
  nats = await startNats({ folder: join(base, 'nats') });
  for (const i of [0, 1, 2]) start(i);
  ports = await Promise.all(nodes.map(async ({ url }) => Number(new URL(await url).port)));
  balancer = await startBalancer({ host: '127.0.0.1', port: 0, nodes: ports, clock: systemClock });
}, 120_000);
afterAll(async () => {
  for (const client of clients) client.close();
  await balancer.close();
  for (const node of nodes) node.kill('SIGKILL');
  await Promise.all(nodes.map(({ exit }) => exit));
  await nats.close();
  await rm(base, { recursive: true });
});

it('three nodes in turn, while two dozen people write', async () => {
  const lost: string[] = [];
  let isOver = false;
  let talkingNow = 0;
  const talking = Array.from({ length: CLIENTS }, async (_, who) => {
    const client = createClient({ url: `http://127.0.0.1:${balancer.port}` });
    clients.push(client);
    const talk = client.conversation();
    talk.open();
    await talk.send({ text: `${who} begins` }).committed;
    talkingNow++;
    const stop = client.connection.subscribe(({ status }) => { if (status !== 'live') lost.push(`${who}: ${status}`); });
    const seqs: number[] = [];
    for (let i = 0; !isOver; i++) {
      seqs.push((await talk.send({ text: `${who} says ${i}` }).committed).seq);
      await new Promise((resolve) => { setTimeout(resolve, 20); });
    }
    stop();
    expect(seqs.every((seq, i) => i === 0 || seq > (seqs[i - 1] ?? 0))).toBe(true);
    return seqs.length;
  });
  await expect.poll(() => talkingNow, { timeout: 20_000 }).toBe(CLIENTS);
  for (const [i, port] of ports.entries()) {
    nodes[i]?.kill('SIGTERM');
    expect(await nodes[i]?.exit).toBe(0);
    await start(i).url;
    await expect.poll(() => isReady(port), { timeout: 20_000 }).toBe(true);
  }
  isOver = true;
  const sent = await Promise.all(talking);
  expect(lost).toEqual([]);
  expect(Math.min(...sent)).toBeGreaterThan(10);
  for (const node of nodes) expect(node.lines().filter(({ level }) => level === 'error')).toEqual([]);
}, 120_000);
