/** A node of a cluster as a process: how it starts, what it tells the operator and what never, and how it ends. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from '../../gateway/folder.ts';
import { startNats, type NatsServers } from '../../gateway/cluster.nats.ts';
import { message } from './house.ts';
import { build, greet, startNode, visit, type Node } from './node.stage.ts';

/** Planted: what nobody may find in a log, a figure or a complaint. */
const CANARY = 'cana7y';
const planted = (what: string): string => `${CANARY}-${what}-of-somebody`;
const KEY = planted('key').padEnd(40, 'x');
const LOGIN = { user: 'gateway', password: planted('password') };
const SETTINGS = {
  workspaces: { demo: {
    agents: [{ id: 'eve', name: planted('agent'), right: 'admin', teams: ['support'] }],
    keys: [{ kid: 'shop', algorithm: 'HS256', secret: KEY, issuer: 'shop', audience: 'parley', roles: ['customer', 'agent'] }],
    secrets: { crm: { value: planted('secret'), hosts: ['127.0.0.1:9'] } },
  } },
};

let base = '';
let nats: NatsServers;
let env: Record<string, string> = {};
const nodes: Node[] = [];
function start(name: string, extra: Record<string, string> = {}): Node {
  const node = startNode(['--node-name', name, '--data', join(base, name)], { ...env, ...extra });
  nodes.push(node);
  return node;
}

beforeAll(async () => {
  build();
  base = await mkdtemp(join(tmpdir(), 'parley-node-'));
  nats = await startNats({ folder: join(base, 'nats'), login: LOGIN });
  await writeFile(join(base, 'password'), `${LOGIN.password}\n`);
  await writeFile(join(base, 'settings.json'), JSON.stringify(SETTINGS));
  env = {
    PARLEY_NATS_SERVERS: nats.urls.join(','), PARLEY_NATS_USER: LOGIN.user, PARLEY_NATS_PASSWORD_FILE: join(base, 'password'),
    PARLEY_NATS_MONITOR: nats.monitors[0] ?? '', PARLEY_CONFIG: join(base, 'settings.json'), PARLEY_NATS_SHARDS: '8',
    PARLEY_METRICS_TOKEN: planted('token'), PARLEY_NODE_DRAIN_MS: '4000',
  };
}, 120_000);
afterAll(async () => {
  for (const node of nodes) node.kill('SIGKILL');
  await Promise.all(nodes.map(({ exit }) => exit));
  await nats.close();
  await rm(base, { recursive: true });
});

const agent = (id: string): Promise<string> => new SignJWT({ sub: id, role: 'agent', name: planted('colleague') })
  .setProtectedHeader({ alg: 'HS256', kid: 'shop' }).setIssuer('shop').setAudience('parley').setIssuedAt().setExpirationTime('1h').sign(new TextEncoder().encode(KEY));
const metrics = async (url: string): Promise<string> => (await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${planted('token')}` } })).text();

/** Everything that people and their programs may say, right and wrong, on one node. */
async function everything(url: string): Promise<void> {
  const customer = await visit(url);
  const conversation = ulid();
  customer.say(message(conversation, planted('message')));
  await customer.hear('ack');
  customer.say({ t: 'command', id: ulid(), conversation, name: 'fields', args: { fields: { email: `${CANARY}@example.com`, name: planted('customer') } } });
  customer.say({ t: 'command', id: ulid(), conversation, name: planted('command'), args: { [planted('argument')]: planted('value') } });
  customer.say({ t: 'signal', conversation, kind: 'typing', value: planted('typed') });
  const own = await agent('eve');
  const eve = await greet(url, own);
  eve.say({ ...message(conversation, planted('note')), kind: 'note' });
  await eve.hear('ack');
  const asked = { headers: { Authorization: `Bearer ${own}` } };
  await fetch(`${url}/api/search?q=${planted('query')}`, asked);
  await fetch(`${url}/api/flows/${planted('flow')}`, { ...asked, method: 'PUT', body: `{"definition": {"name": "${planted('flow')}"` });
  await fetch(`${url}/${planted('path')}`, { headers: { Authorization: `Bearer ${planted('bearer')}`, Origin: `https://${CANARY}.example.com` } });
  await fetch(`${url}/auth/code`, { method: 'POST', body: JSON.stringify({ code: planted('code') }) });
  await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${planted('guess')}` } });
  await expect(greet(url, `${own.slice(0, -5)}${CANARY}`)).rejects.toThrow();
  for (const bytes of [`[6,"${planted('frame')}"]`, `{"${CANARY}`, planted('text'), `[17,"${ulid()}",${JSON.stringify(planted('id'))},"x",{}]`]) {
    const hostile = await visit(url);
    hostile.ws.send(bytes);
    hostile.ws.send(bytes.repeat(10_000));
    await hostile.closed;
  }
  customer.ws.terminate();
  eve.ws.terminate();
}

describe('a cluster of two', () => {
  it('starts, says which promise holds and who is there; each node is ready and owns its share', async () => {
    const [a, b] = [start('a'), start('b')];
    const urls = await Promise.all([a.url, b.url]);
    expect(a.out()).toMatch(/^Demo page .*\nConsole .*\nCluster {5}parley, as a-[0-9a-f]{8}, with \d other nodes\nPromise {5}What is acknowledged survives the crash of any process[^\n]*\nStop {8}Ctrl-C\n$/);
    for (const url of urls) expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({ ready: true, reasons: [] });
    const owned = (await Promise.all(urls.map(metrics))).map((text) => Number(/^parley_shards_owned (\d+)$/m.exec(text)?.[1]));
    expect((owned[0] ?? 0) + (owned[1] ?? 0)).toBe(8);
    expect(a.lines().filter(({ level }) => level !== 'info')).toEqual([]);
    expect(a.lines().map(({ what }) => what)).toEqual(expect.arrayContaining(['the node starts', 'the node serves']));
  });

  it('SIGTERM: a client goes to the other node in its own time, nothing it says meanwhile fails, and the node ends with 0', async () => {
    const [a, b] = nodes as [Node, Node];
    const client = await visit(await a.url);
    a.kill('SIGTERM');
    const { deadlineMs, spreadMs } = await client.hear('goaway');
    expect([deadlineMs, spreadMs]).toEqual([4_000, 500]);
    expect(await (await fetch(`${await a.url}/readyz`)).json()).toMatchObject({ ready: false, reasons: ['draining'] });
    const conversation = ulid();
    for (let i = 0; i < 20; i++) {
      client.say(message(conversation, planted('late')));
      await client.hear('ack');
    }
    expect(await (await fetch(`${await b.url}/readyz`)).json()).toMatchObject({ ready: true });
    client.ws.close();
    expect(await a.exit).toBe(0);
    expect(a.lines().at(-1)).toMatchObject({ what: 'the node has ended', socketsLeft: 0 });
    await expect.poll(async () => /^parley_shards_owned (\d+)$/m.exec(await metrics(await b.url))?.[1], { timeout: 10_000 }).toBe('8');
  });

  it('no message, name, e-mail, token or secret is in a log, a figure or a complaint, whatever happens', { timeout: 60_000 }, async () => {
    const again = start('a');
    const [here, there] = [await again.url, await (nodes[1] as Node).url];
    await everything(here);
    await everything(there);
    await nats.kill(0);
    await expect.poll(async () => (await fetch(`${there}/readyz`)).status, { timeout: 15_000 }).toBe(503);
    await nats.start(0);
    await expect.poll(async () => (await fetch(`${there}/readyz`)).status, { timeout: 15_000 }).toBe(200);
    await everything(there);
    const figures = (await Promise.all([here, there].map(metrics))).join('\n');
    again.kill('SIGKILL');
    await again.exit;
    await everything(there);
    for (const text of [figures, ...nodes.map((node) => node.err())]) {
      expect(text).not.toContain(CANARY);
      expect(text).not.toMatch(/eyJ[\w-]{10,}\./);
    }
    for (const node of nodes) expect(node.out()).not.toContain(CANARY);
  });
});

describe('a start that cannot be', () => {
  it('NATS does not let the user in: a sentence, without the password', async () => {
    const node = startNode(['--data', join(base, 'refused')], { ...env, PARLEY_NATS_PASSWORD_FILE: '', PARLEY_NATS_PASSWORD: planted('wrong') });
    expect(await node.exit).toBe(1);
    expect(node.err()).toMatch(/NATS does not let the user "gateway" in: see nats\.user and nats\.passwordFile\.\n$/);
    expect(node.err()).not.toContain(CANARY);
  });

  it('a data folder of another house is left as it was', async () => {
    const [alone, ours, theirs] = [join(base, 'alone'), join(base, 'ours'), join(base, 'theirs')];
    for (const path of [alone, ours, theirs]) await mkdir(path);
    await openFolder(alone);
    await openFolder(ours, { cluster: 'parley' });
    await openFolder(theirs, { cluster: 'shop' });
    const marks = (): Promise<string[]> => Promise.all([alone, ours, theirs].map((path) => readFile(join(path, 'parley.json'), 'utf8')));
    const before = await marks();
    await expect(openFolder(alone, { cluster: 'parley' })).rejects.toThrow(/alone holds the log of a gateway that stands alone; .* Choose another folder with --data\. Nothing was changed\.$/);
    await expect(openFolder(theirs, { cluster: 'parley' })).rejects.toThrow(/belongs to a node of the cluster "shop", not "parley"\./);
    await expect(openFolder(ours)).rejects.toThrow(/belongs to a node of the cluster "parley", whose log is on NATS\. Name its servers with --nats-servers/);
    expect((await openFolder(ours, { cluster: 'parley' })).path).toBe(ours);
    expect(await marks()).toEqual(before);
  });

  it('two processes do not share a folder', async () => {
    const node = startNode(['--data', join(base, 'b')], env);
    expect(await node.exit).toBe(1);
    expect(node.err()).toMatch(/is in use by process \d+\. Stop that process, or name another folder\.\n$/);
  });
});
