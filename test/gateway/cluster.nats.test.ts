/** The nats-servers of tests and of `npm run cluster`: killed, frozen and started again, they are where they were and know what they knew. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, expect, it } from 'vitest';
import { findNats, missing, startNats, type NatsServers } from '../../gateway/cluster.nats.ts';
import { reaches, REPLICAS_LEAST } from '../../gateway/nats.fit.ts';

const ends: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function servers(options: Omit<Parameters<typeof startNats>[0], 'folder'> = {}): Promise<NatsServers> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-nats-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  const nats = await startNats({ folder, ...options });
  ends.push(() => nats.close());
  return nats;
}

async function dial(url: string, login: { user?: string; pass?: string } = {}): Promise<NatsConnection> {
  const nc = await connect({ servers: [url], reconnect: false, ...login });
  ends.push(() => nc.close());
  return nc;
}

it('one server, killed and started again: same port, and what it had stored', async () => {
  const nats = await servers();
  const first = await dial(nats.urls[0] ?? '');
  expect(first.info?.max_payload).toBe(8 * 1024 * 1024);
  await (await jetstreamManager(first)).streams.add({ name: 'KEPT', subjects: ['kept'] });
  await jetstream(first).publish('kept', 'here');
  await nats.kill(0);
  await expect(connect({ servers: [nats.urls[0] ?? ''], reconnect: false })).rejects.toThrow();
  await nats.start(0);
  const again = await jetstreamManager(await dial(nats.urls[0] ?? ''));
  expect((await again.streams.info('KEPT')).state.messages).toBe(1);
});

it('a frozen server answers nobody until it thaws, and one that is stopped meanwhile ends', async () => {
  const nats = await servers();
  const nc = await dial(nats.urls[0] ?? '');
  nats.freeze(0);
  // What it had in hand when it was stopped it may still have answered.
  await expect(fetch(`${nats.monitors[0]}/healthz`, { signal: AbortSignal.timeout(200) })).rejects.toThrow();
  let answered = false;
  const flushed = nc.flush().then(() => (answered = true));
  await expect(fetch(`${nats.monitors[0]}/healthz`, { signal: AbortSignal.timeout(200) })).rejects.toThrow();
  expect(answered).toBe(false);
  nats.thaw(0);
  await flushed;
  nats.freeze(0);
  await nats.stop(0);
  await nats.start(0);
  expect((await fetch(`${nats.monitors[0]}/healthz`)).status).toBe(200);
});

it('with a login nobody comes in without it', async () => {
  const nats = await servers({ login: { user: 'node', password: 'its "own"' } });
  await expect(dial(nats.urls[0] ?? '')).rejects.toThrow(/authori[sz]ation/i);
  await dial(nats.urls[0] ?? '', { user: 'node', pass: 'its "own"' });
});

it('three servers keep a stream three times, and go on without one of them', { timeout: 30_000 }, async ({ skip }) => {
  const fit = await findNats(REPLICAS_LEAST);
  if (fit === undefined) return skip(missing(REPLICAS_LEAST));
  const nats = await servers({ servers: 3 });
  expect(reaches(nats.version, REPLICAS_LEAST)).toBe(true);
  const nc = await dial(nats.urls[0] ?? '');
  const info = await (await jetstreamManager(nc)).streams.add({ name: 'KEPT', subjects: ['kept'], num_replicas: 3 });
  expect(info.cluster?.replicas).toHaveLength(2);
  // One that does not lead, so that nobody must wait for an election.
  const leader = info.cluster?.leader ?? '';
  const names = await Promise.all(nats.monitors.map(async (url) => ((await (await fetch(`${url}/varz`)).json()) as { server_name: string }).server_name));
  const other = names.findIndex((name, i) => i > 0 && name !== leader);
  await nats.kill(other);
  expect((await jetstream(nc).publish('kept', 'here')).seq).toBe(1);
  await nats.start(other);
});

it('versions are compared by number', () => {
  expect(reaches('2.10.3', '2.9.10')).toBe(true);
  expect(reaches('2.9.10', '2.10.0')).toBe(false);
  expect(reaches('2.10.23', '2.10.23')).toBe(true);
});
