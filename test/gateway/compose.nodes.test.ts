/** Gateways as docker-compose.yml starts them, as real processes, on NATS servers as it starts them: from the first start to a lost disk. */
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePorts } from '../../gateway/cluster.nats.ts';
import { Process } from '../../gateway/cluster.process.ts';
import { compose, ROOT } from './compose.ts';
import { shippedNats, type ShippedNats } from './nats.conf.ts';

const ends: (() => Promise<unknown>)[] = [];
let nats: ShippedNats;
beforeAll(async () => {
  const built = spawnSync(process.execPath, ['--input-type=module', '-e', 'await (await import("./gateway/build.mjs")).buildAll()'], { cwd: ROOT, encoding: 'utf8' });
  expect(built.stderr).toBe('');
  nats = await shippedNats();
  ends.push(() => nats.end());
}, 90_000);
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Gateway {
  process: Process;
  data: string;
  /** Starts it; resolves when /readyz says so. */
  start(): Promise<void>;
  /** Resolves when it has logged this. */
  logs(what: string): Promise<void>;
  logged(): string;
}

/** With the environment of the file; only where things are is this machine's. */
async function gateway(name: string): Promise<Gateway> {
  const [port = 0] = await freePorts(1);
  const data = join(nats.folder, name);
  const log = join(nats.folder, `${name}.log`);
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('PARLEY_'))), ...compose().services[name]?.environment,
    PARLEY_HOST: '127.0.0.1', PARLEY_PORT: String(port), PARLEY_DATA: data, PARLEY_NATS_SERVERS: nats.urls.join(','),
    PARLEY_NATS_MONITOR: nats.monitors[0], PARLEY_NATS_REPLICAS: String(nats.replicas), PARLEY_NATS_BACKUP_MINUTES: '0.1',
  };
  const own = new Process({ command: [process.execPath, join(ROOT, 'dist/gateway/main.js')], log, env, hear: () => undefined });
  ends.push(() => own.end('SIGKILL'));
  const until = async (holds: () => Promise<boolean> | boolean): Promise<void> => {
    while (!await holds()) {
      if (!own.running) throw new Error(`${name} has ended: ${own.lastWords}`);
      await new Promise((next) => setTimeout(next, 20));
    }
  };
  const logged = (): string => readFileSync(log, 'utf8');
  return {
    process: own, data, logged,
    async start() {
      await own.start();
      await until(() => fetch(`http://127.0.0.1:${port}/readyz`).then(({ status }) => status === 200, () => false));
    },
    logs: (what) => until(() => logged().includes(what)),
  };
}

it('they start, keep a backup, come back without their disk and end well, and NATS refuses nothing that they ask', async () => {
  const [a, b] = [await gateway('gateway-1'), await gateway('gateway-2')];
  await a.start();
  await b.start();
  await Promise.race([a.logs('A backup of the tables is kept.'), b.logs('A backup of the tables is kept.')]);
  await b.process.end('SIGKILL');
  rmSync(b.data, { recursive: true });
  await b.start();
  for (const one of [a, b]) await one.process.end('SIGTERM');
  expect(nats.logs()).not.toMatch(/Permissions Violation/);
  for (const one of [a, b]) {
    expect(one.logged()).toContain('the node has ended');
    expect(one.logged()).not.toMatch(/NATS refuses/);
  }
}, 90_000);
