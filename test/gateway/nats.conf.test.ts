/**
 * nats.conf on real servers, with the very environment that docker-compose.yml gives them: what its one user may do suffices
 * for the whole life of a gateway, none of it is more than that, and nobody else comes in.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../gateway/clock.ts';
import { complete, findNats, freePorts, missing, type FoundNats } from '../../gateway/cluster.nats.ts';
import { Process } from '../../gateway/cluster.process.ts';
import { REPLICAS_LEAST } from '../../gateway/nats.fit.ts';
import { inboxOf, openNats, type Nats } from '../../gateway/nats.ts';
import { optionsOf, speak } from '../../gateway/settings.options.ts';
import { parseSettings, settings as schema } from '../../gateway/settings.ts';
import { compose, SECRETS, textOf } from './compose.ts';
import { fill } from './log.folders.ts';

const CONF = textOf('nats.conf');
const NAMES = ['nats-1', 'nats-2', 'nats-3'];
const MANY = 1_000;
const folder = mkdtempSync(join(tmpdir(), 'parley-conf-'));
const ends: (() => Promise<unknown> | void)[] = [];
let urls: string[] = [];
let replicas = 1;

/** Three as they ship; where no server is fit for that, one, and without what it does not know. */
beforeAll(async () => {
  const later = await findNats(REPLICAS_LEAST);
  const found = later ?? await findNats();
  if (found === undefined) throw new Error(missing());
  const names = later === undefined ? NAMES.slice(0, 1) : NAMES;
  replicas = names.length;
  if (later === undefined) process.stdout.write(`${missing(REPLICAS_LEAST)} nats.conf runs on one server ${found.version} without its cluster.\n`);
  const ports = await freePorts(names.length * 3);
  const place = (n: number, which: 0 | 1 | 2): string => `127.0.0.1:${ports[n * 3 + which]}`;
  const started = names.map((name, n) => server(found, name, names.map((_, i) => place(i, 2)), {
    '"0.0.0.0:4222"': `"${place(n, 0)}"`, '"0.0.0.0:8222"': `"${place(n, 1)}"`, '"0.0.0.0:6222"': `"${place(n, 2)}"`,
    'store_dir: /data': `store_dir: "${join(folder, name)}"`,
  }));
  for (const one of started) {
    ends.push(() => one.end('SIGKILL'));
    await one.start();
  }
  urls = names.map((_, n) => `nats://${place(n, 0)}`);
  for (const [n, one] of started.entries()) await healthy(one, `http://${place(n, 1)}`);
  await complete(names.map((_, n) => `http://${place(n, 1)}`));
}, 60_000);
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

function server({ path }: FoundNats, name: string, routes: readonly string[], places: Readonly<Record<string, string>>): Process {
  mkdirSync(join(folder, name));
  let conf = CONF;
  for (const [was, is] of Object.entries(places)) {
    expect(conf.split(was), `${was} stands once in nats.conf`).toHaveLength(2);
    conf = conf.replace(was, is);
  }
  if (routes.length === 1) conf = conf.replace(/^cluster \{[\s\S]*?^\}$/m, '').replace(/^.*sync_interval.*$/m, '');
  writeFileSync(join(folder, `${name}.conf`), `${conf}\ntrace: true\nmax_traced_msg_len: 1\n`);
  const env = { ...compose().services[name]?.environment };
  const there = (env['NATS_ROUTES'] ?? '').replace(/nats-(\d):6222/g, (_, n) => routes[Number(n) - 1] ?? '');
  return new Process({ command: [path, '-c', join(folder, `${name}.conf`)], log: join(folder, `${name}.log`), env: { ...process.env, ...env, NATS_ROUTES: there } });
}

/** By the very path that the health check of docker-compose.yml asks. */
async function healthy(one: Process, monitor: string): Promise<void> {
  const path = compose().services['nats-1']?.healthcheck?.test.at(-1)?.replace('http://127.0.0.1:8222', '') ?? '';
  for (;;) {
    if (!one.running) throw new Error(`nats-server did not start: ${one.lastWords}`);
    if (await fetch(monitor + path).then(({ ok }) => ok, () => false)) return;
  }
}

const logs = (): string => NAMES.slice(0, replicas).map((name) => readFileSync(join(folder, `${name}.log`), 'utf8')).join('');
/** What the user may publish to and listen on, as nats.conf has it. */
const granted = (kind: 'publish' | 'subscribe'): string[] =>
  [...new RegExp(`${kind}: \\[([^\\]]*)\\]`).exec(CONF)?.[1]?.replace(/#.*/g, '').matchAll(/"([^"]+)"/g) ?? []].map((found) => found[1] ?? '');

async function gateway(name: string, said: string[]): Promise<Nats> {
  const spoken = speak({}, compose().services[name]?.environment ?? {}, {}, optionsOf(schema));
  const { nats } = parseSettings(spoken.json, spoken);
  const opened = await openNats({ ...nats, servers: urls, replicas: replicas === 3 ? 3 : 1, shards: 4, monitor: undefined }, {
    node: name, clock: systemClock, report: (level, what, facts) => { if (level !== 'info') said.push(`${level}: ${what} ${JSON.stringify(facts ?? {})}`); },
  });
  ends.push(() => opened.close());
  return opened;
}

async function user(more: object = { user: 'gateway', pass: SECRETS['NATS_PASSWORD'] }): Promise<{ nc: NatsConnection; refused: string[] }> {
  const nc = await connect({ servers: urls[0] ?? '', reconnect: false, inboxPrefix: inboxOf('parley', 'stranger'), ...more });
  ends.push(() => nc.close());
  const refused: string[] = [];
  void (async () => {
    for await (const status of nc.status()) if (status.type === 'error') refused.push(status.error.message);
  })();
  return { nc, refused };
}

it('the whole life of gateways: a cluster is made, appended to, followed, asked, copied, fetched and trimmed', async () => {
  const said: string[] = [];
  const [a, b] = [await gateway('gateway-1', said), await gateway('gateway-2', said)];
  expect(b.secret).toEqual(a.secret);
  const followed = new Promise<void>((resolve, reject) => {
    let count = 0;
    ends.push(b.log.follow(new Map([0, 1, 2, 3].map((shard) => [shard, 0])), (records) => { if ((count += records.length) >= 8) resolve(); }, reject));
  });
  for (const shard of [0, 1, 2, 3]) await fill(a.log, shard, 2, 1_000);
  await followed;
  const read = [];
  for await (const { seq } of b.log.read(new Map([[2, 0]]))) read.push(seq);
  expect(read).toEqual([1, 2]);
  expect(await b.log.last(3)).toMatchObject({ seq: 2 });

  ends.push(await b.bus.listen('cmd.1', (bytes, answer) => { answer(bytes); }));
  const answer = await new Promise<Uint8Array | undefined>((resolve) => { ends.push(a.bus.ask('cmd.1', Buffer.from('who'), resolve)); });
  // A listener at another server is known there a moment later; then the answer is that nobody listens.
  if (answer !== undefined) expect(Buffer.from(answer).toString()).toBe('who');

  const file = join(folder, 'copy');
  writeFileSync(file, Buffer.alloc(300_000, 'x'));
  // What is kept beside a copy is as long as that of a cluster with many shards.
  const more = Array.from({ length: MANY }, () => 1_000_000_000);
  for (const seq of [1, 2, 2]) await a.backups.keep(file, [seq, seq, seq, seq, ...more]);
  const [newest] = await b.backups.list();
  if (newest === undefined) throw new Error('no backup');
  await b.backups.fetch(newest, join(folder, 'fetched'));
  await fill(a.log, 0, 2, 1_000);
  const before = await a.backups.logBytes();
  await a.backups.trim();
  expect(await a.backups.logBytes()).toBeLessThan(before);
  await a.close();
  await b.close();
  expect(said).toEqual([]);
  expect(logs()).not.toMatch(/Permissions Violation/);
});

it('none of what they may do is more than that', () => {
  const text = logs();
  const used = (kind: RegExp): string[] => [...text.matchAll(kind)].map((found) => found[1] ?? '');
  const fits = (pattern: string, subject: string): boolean => new RegExp(`^${pattern.replace(/[.$]/g, '\\$&').replace(/>$/, '.+')}$`).test(subject);
  const published = used(/<<- \[H?PUB (\S+)/g);
  expect(granted('publish').filter((pattern) => !published.some((subject) => fits(pattern, subject)))).toEqual([]);
  const heard = used(/<<- \[SUB (\S+)/g);
  expect(granted('subscribe').filter((pattern) => !heard.some((subject) => fits(pattern, subject)))).toEqual([]);
});

it('they cannot delete or change a stream, nor read the system or what is not theirs', async () => {
  const { nc, refused } = await user();
  for (const what of ['DELETE', 'UPDATE', 'SNAPSHOT', 'MSG.DELETE']) {
    await nc.request(`$JS.API.STREAM.${what}.PARLEY_parley`, '{"seq":1}', { timeout: 300 }).catch(() => undefined);
    await expect.poll(() => refused.join('\n')).toContain(`$JS.API.STREAM.${what}.PARLEY_parley`);
  }
  for (const subject of ['$JS.API.STREAM.PURGE.PARLEY_parley_META', '$JS.API.STREAM.LIST', '$SYS.REQ.SERVER.PING', 'foreign.word']) {
    nc.publish(subject, '');
    await nc.flush();
    await expect.poll(() => refused.join('\n')).toContain(`"${subject}"`);
  }
  for (const subject of ['$SYS.>', '>', '$JS.>', '_INBOX.>', 'parley.other.>', 'foreign']) {
    nc.subscribe(subject, { callback: () => undefined });
    await nc.flush();
    await expect.poll(() => refused.join('\n')).toMatch(new RegExp(`Subscription to "${subject.replace(/[.$]/g, '\\$&')}"`, 'i'));
  }
  const stands = await nc.request('$JS.API.STREAM.INFO.PARLEY_parley', '');
  expect((stands.json() as { state: { messages: number } }).state.messages).toBeGreaterThan(0);
});

it('nobody comes in without a name, with a wrong password, or as the system', async () => {
  for (const who of [{}, { user: 'gateway', pass: 'wrong' }, { user: 'routes', pass: SECRETS['NATS_ROUTES_PASSWORD'] }, { user: 'sys', pass: '' }]) {
    await expect(user(who), JSON.stringify(who)).rejects.toThrow(/authori[sz]ation/i);
  }
});
