/** A node's way to NATS: it waits and says for what, stays through everything, and refuses servers that would break a promise. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { natsBus } from '../../gateway/bus.nats.ts';
import { handClock, systemClock } from '../../gateway/clock.ts';
import { findNats, missing, type NatsServers } from '../../gateway/cluster.nats.ts';
import { connectNats, inboxOf, openNats, promiseNow, type NatsSettings } from '../../gateway/nats.ts';
import { pings } from '../../gateway/members.pings.ts';
import { misfit, promiseOf, reaches, REPLICAS_LEAST } from '../../gateway/nats.fit.ts';
import { Relay } from '../chaos/cluster/relay.ts';
import { answerTo, Ear } from '../contracts/bus.ts';
import { CERTIFICATE } from './certificate.ts';
import { natsServers, natsSettings, settles } from './nats.stage.ts';
import { Reports } from './reports.ts';

const ends: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function servers(options: Parameters<typeof natsServers>[0] = {}): Promise<NatsServers> {
  const nats = await natsServers(options);
  ends.push(() => nats.close());
  return nats;
}

function node(settings: NatsSettings, clock = systemClock, reports = new Reports()) {
  const connecting = connectNats(settings, { node: 'n', clock, report: reports.report });
  connecting.then((connection) => ends.push(() => connection.close()), () => undefined);
  return { connecting, reports };
}

describe('a connection', () => {
  it('waits for a server, and says what it tries and why that fails, once in half a minute, until there is one', async () => {
    const nats = await servers();
    const relay = await Relay.open(Number(new URL(nats.urls[0] ?? '').port));
    ends.push(() => relay.close());
    relay.cut();
    const clock = handClock(0);
    const { connecting, reports } = node(natsSettings({ servers: [`127.0.0.1:${relay.port}`] }), clock);
    const facts = await reports.until('NATS does not answer, trying again');
    expect(facts).toEqual({ servers: `127.0.0.1:${relay.port}`, why: expect.stringMatching(/ECONNRESET|closed|hang up/) });
    await passing(clock, () => reports.lines.length > 1);
    expect(clock.now()).toBeGreaterThanOrEqual(30_000);
    relay.heal();
    await passing(clock, () => reports.lines.some(({ what }) => what === 'NATS answers'));
    expect((await connecting).isClosed()).toBe(false);
  });

  it('ends at once where nobody may come in, and says which settings are wrong', async () => {
    const nats = await servers({ login: { user: 'parley', password: 'right' } });
    const stranger = natsSettings({ servers: [...nats.urls] });
    await expect(node(stranger).connecting).rejects.toThrow('set nats.user and nats.passwordFile');
    await expect(node({ ...stranger, user: 'parley', password: 'wrong' }).connecting).rejects.toThrow('does not let the user "parley" in');
    expect((await node({ ...stranger, user: 'parley', password: 'right' }).connecting).isClosed()).toBe(false);
  });

  it('refuses a server that would not do, and says what to change', async () => {
    const small = await servers({ config: 'max_payload: 1MB' });
    await expect(node(natsSettings({ servers: [...small.urls] })).connecting).rejects.toThrow('max_payload: 8MB');
    if (reaches(small.version, REPLICAS_LEAST)) return;
    const old = natsSettings({ servers: [...small.urls], replicas: 3 });
    await expect(node(old).connecting).rejects.toThrow(`${REPLICAS_LEAST} or later on every server`);
  });

  it('needs no more than the subjects of its own cluster', async () => {
    const nats = await servers({ config: [
      'authorization { users: [ { user: node, password: secret, permissions: {',
      '  publish: ["parley.mine.>"], subscribe: ["parley.mine.>"] } } ] }'].join('\n') });
    const settings = natsSettings({ servers: [...nats.urls], name: 'mine', user: 'node', password: 'secret' });
    const { connecting, reports } = node(settings);
    const connection = await connecting;
    const bus = natsBus({ connection, name: 'mine', inbox: inboxOf('mine', 'n') });
    await bus.listen('x', (bytes, answer) => answer(bytes));
    expect([await answerTo(bus, 'x', 'heard'), await answerTo(bus, 'y', '?')]).toEqual(['heard', undefined]);
    expect(reports.lines).toEqual([]);
    const foreign = natsBus({ connection, name: 'theirs', inbox: inboxOf('mine', 'other') });
    await expect(foreign.listen('x', () => undefined)).rejects.toThrow('does not let this node listen');
    for (let i = 0; i < 20; i++) foreign.publish('x', new Uint8Array(1));
    await bus.close();
    expect(reports.lines.map(({ what, facts }) => [what, facts['why']])).toEqual([
      ['NATS refuses something', expect.stringContaining('Subscription to "parley.theirs.x"')],
      ['NATS refuses something', expect.stringContaining('Publish to "parley.theirs.x"')],
    ]);
  });

  it('believes a server by its certificate alone, and shows its own where the settings name one', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parley-tls-'));
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    writeFileSync(certFile, CERTIFICATE.cert);
    writeFileSync(keyFile, CERTIFICATE.key);
    const nats = await servers({ config: `tls { cert_file: "${certFile}", key_file: "${keyFile}", ca_file: "${certFile}", verify: true }` });
    const urls = nats.urls.map((url) => url.replace('nats:', 'tls:'));
    const secured = natsSettings({ servers: urls, caFile: certFile, certFile, keyFile });
    expect((await node(secured).connecting).isClosed()).toBe(false);
    const others = [
      [natsSettings({ servers: urls, certFile, keyFile }), /self-signed/],
      [natsSettings({ servers: urls, caFile: certFile }), /timeout|certificate/],
      [natsSettings({ servers: urls.map((url) => url.replace('127.0.0.1', 'localhost')), caFile: certFile, certFile, keyFile }), /does not match/],
    ] as const;
    for (const [settings, why] of others) {
      const { reports } = node(settings, handClock(0));
      expect(await reports.until('NATS does not answer, trying again')).toMatchObject({ why: expect.stringMatching(why) });
    }
    await expect(node({ ...secured, caFile: join(folder, 'none.pem') }).connecting).rejects.toThrow('nats.caFile cannot be read');
  });

  it('comes back to a server that was killed and started again, with all its listeners', async () => {
    const nats = await servers();
    const { connecting, reports } = node(natsSettings({ servers: [...nats.urls] }));
    const bus = natsBus({ connection: await connecting, name: 'parley', inbox: inboxOf('parley', 'n') });
    const ear = new Ear();
    await bus.listen('x', ear.hear);
    await nats.kill(0);
    await settles(bus, false);
    bus.publish('x', Buffer.from('lost'));
    const late = bus.listen('late', ear.hear);
    await nats.start(0);
    await settles(bus, true);
    await late;
    bus.publish('x', Buffer.from('one'));
    bus.publish('late', Buffer.from('two'));
    await ear.count(2);
    expect(ear.words).toEqual(['one', 'two']);
    expect(reports.lines.map(({ what }) => what)).toEqual(['NATS is lost, reconnecting', 'NATS is back']);
  });

  it('gives a frozen server up within some 3 s, and comes back when it goes on', async () => {
    const nats = await servers();
    const bus = natsBus({ connection: await node(natsSettings({ servers: [...nats.urls] })).connecting, name: 'parley', inbox: inboxOf('parley', 'n') });
    await bus.listen('x', (bytes, answer) => answer(bytes));
    nats.freeze(0);
    const from = Date.now();
    await settles(bus, false);
    expect(Date.now() - from).toBeLessThan(4_000);
    nats.thaw(0);
    await settles(bus, true);
    expect(await answerTo(bus, 'x', 'again')).toBe('again');
  });
});

it('a node opens all of it at once, ends with its last words said, and leaves what it does not need open to nobody', async () => {
  const nats = await servers();
  const settings = natsSettings({ servers: [...nats.urls], shards: 4 });
  const opened = async (name: string) => {
    const reports = new Reports();
    const all = await openNats(settings, { node: name, clock: systemClock, report: reports.report });
    return { ...all, reports, members: pings({ bus: all.bus, clock: systemClock, node: name, report: reports.report }) };
  };
  const [a, b] = [await opened('a'), await opened('b')];
  expect([a.secret, a.log.shards, a.connected]).toEqual([b.secret, 4, true]);
  expect(a.promise).toMatch(/^What is acknowledged survives the crash of any process/);
  expect(await b.reports.until('a node is here')).toEqual({ node: 'a' });
  await a.members.close();
  await a.close();
  expect(await b.reports.until('a node has left')).toEqual({ node: 'a' });
  expect(b.members.alive).toEqual(['b']);
  await b.members.close();
  await b.close();
  const { connections } = await (await fetch(`${nats.monitors[0]}/connz`)).json() as { connections: unknown[] };
  expect(connections).toEqual([]);
});

describe('a server', () => {
  const fit = { version: '2.10.27', max_payload: 8 * 1024 * 1024, jetstream: true };

  it('fits, or it is said in a sentence what to change', () => {
    expect(misfit(fit, 3)).toBeUndefined();
    expect(misfit({ ...fit, version: '2.9.10' }, 1)).toBeUndefined();
    expect(misfit({ ...fit, version: '2.11.0-RC.1' }, 3)).toBeUndefined();
    expect(misfit({ ...fit, version: '2.8.4' }, 1)).toContain('2.9.0 or later');
    expect(misfit({ ...fit, version: '2.10.22' }, 3)).toContain('set nats.replicas to 1');
    expect(misfit({ ...fit, jetstream: false }, 1)).toContain('jetstream { store_dir');
    expect(misfit({ version: '2.10.27', max_payload: fit.max_payload }, 1)).toContain('JetStream is off');
    expect(misfit({ ...fit, max_payload: fit.max_payload - 1 }, 1)).toContain('max_payload: 8MB');
  });

  it('keeps its promise, and which one is said: no more than is known', () => {
    const cut = /survives .*and a power cut/;
    expect(promiseOf('2.10.27', 1, { always: true })).toMatch(cut);
    expect(promiseOf('2.10.27', 3, { always: true })).toMatch(/the loss of one of the 3 NATS servers, and a power cut/);
    expect(promiseOf('2.10.27', 1, { always: false, everyS: 120 })).toContain('may take the last 120 s: set jetstream { sync_interval: always }');
    expect(promiseOf('2.10.27', 1, undefined)).toContain('is not known: set nats.monitor');
    expect(promiseOf('2.9.10', 1, undefined)).toContain('2.9.10 cannot sync each write');
    for (const line of [promiseOf('2.10.27', 1, { always: false }), promiseOf('2.9.10', 1, undefined)]) expect(line).not.toMatch(cut);
  });

  it('is asked for it by its monitoring', async ({ skip }) => {
    const reports = new Reports();
    const line = async (nats: NatsServers, monitor = nats.monitors[0]): Promise<string> =>
      promiseNow(natsSettings({ servers: [...nats.urls], monitor }), nats.version, reports.report);
    expect(await line(await servers({ version: '2.9.10' }))).toMatch(/cannot sync each write|and a power cut/);
    if (await findNats(REPLICAS_LEAST) === undefined) return skip(missing(REPLICAS_LEAST));
    const synced = await servers({ version: REPLICAS_LEAST });
    expect(await line(synced)).toContain('and a power cut');
    expect(await line(await servers({ version: REPLICAS_LEAST, sync: false }))).toContain('may take the last 120 s');
    expect(reports.lines).toEqual([]);
    expect(await line(synced, synced.urls[0]?.replace('nats', 'http'))).toContain('is not known');
    await reports.until('the NATS server\'s monitoring does not answer');
  });
});

/** Moves time by hand until something has come about; in between, connections do what they do. */
async function passing(clock: ReturnType<typeof handClock>, ready: () => boolean): Promise<void> {
  while (!ready()) {
    clock.advance(500);
    await new Promise((turn) => { setImmediate(turn); });
  }
}
