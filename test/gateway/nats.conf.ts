/** nats.conf on real servers for a test, with the very environment that docker-compose.yml gives them. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { complete, findNats, freePorts, missing } from '../../gateway/cluster.nats.ts';
import { Process } from '../../gateway/cluster.process.ts';
import { REPLICAS_LEAST } from '../../gateway/nats.fit.ts';
import { compose, textOf } from './compose.ts';

export const CONF = textOf('nats.conf');
const NAMES = ['nats-1', 'nats-2', 'nats-3'];

export interface ShippedNats {
  folder: string;
  urls: string[];
  monitors: string[];
  replicas: 1 | 3;
  /** What the servers have written, with every word of clients' protocol in it. */
  logs(): string;
  end(): Promise<void>;
}

/** Three as they ship; where no server is fit for that, one, and without what it does not know. */
export async function shippedNats(): Promise<ShippedNats> {
  const later = await findNats(REPLICAS_LEAST);
  const found = later ?? await findNats();
  if (found === undefined) throw new Error(missing());
  const names = later === undefined ? NAMES.slice(0, 1) : NAMES;
  if (later === undefined) process.stdout.write(`${missing(REPLICAS_LEAST)} nats.conf runs on one server ${found.version} without its cluster.\n`);
  const folder = mkdtempSync(join(tmpdir(), 'parley-conf-'));
  const ports = await freePorts(names.length * 3);
  const place = (n: number, which: 0 | 1 | 2): string => `127.0.0.1:${ports[n * 3 + which]}`;
  const routes = names.map((_, n) => place(n, 2));
  const monitors = names.map((_, n) => `http://${place(n, 1)}`);
  const servers = names.map((name, n) => {
    const file = join(folder, `${name}.conf`);
    mkdirSync(join(folder, name));
    writeFileSync(file, configured(later === undefined, {
      '"0.0.0.0:4222"': `"${place(n, 0)}"`, '"0.0.0.0:8222"': `"${place(n, 1)}"`, '"0.0.0.0:6222"': `"${place(n, 2)}"`,
      'store_dir: /data': `store_dir: "${join(folder, name)}"`,
    }));
    const env = { ...compose().services[name]?.environment };
    const there = (env['NATS_ROUTES'] ?? '').replace(/nats-(\d):6222/g, (_, which) => routes[Number(which) - 1] ?? '');
    return new Process({ command: [found.path, '-c', file], log: join(folder, `${name}.log`), env: { ...process.env, ...env, NATS_ROUTES: there } });
  });
  const end = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.end('SIGKILL')));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(servers.map((server) => server.start()));
    await Promise.all(servers.map((server, n) => healthy(server, monitors[n] ?? '')));
    await complete(monitors);
  } catch (error) {
    await end();
    throw error;
  }
  return {
    folder, monitors, end, urls: names.map((_, n) => `nats://${place(n, 0)}`), replicas: later === undefined ? 1 : 3,
    logs: () => names.map((name) => readFileSync(join(folder, `${name}.log`), 'utf8')).join(''),
  };
}

function configured(alone: boolean, places: Readonly<Record<string, string>>): string {
  let conf = CONF;
  for (const [was, is] of Object.entries(places)) {
    expect(conf.split(was), `${was} stands once in nats.conf`).toHaveLength(2);
    conf = conf.replace(was, is);
  }
  if (alone) conf = conf.replace(/^cluster \{[\s\S]*?^\}$/m, '').replace(/^.*sync_interval.*$/m, '');
  return `${conf}\ntrace: true\nmax_traced_msg_len: 1\n`;
}

/** By the very path that the health check of docker-compose.yml asks. */
async function healthy(server: Process, monitor: string): Promise<void> {
  const path = compose().services['nats-1']?.healthcheck?.test.at(-1)?.replace('http://127.0.0.1:8222', '') ?? '';
  for (;;) {
    if (!server.running) throw new Error(`nats-server did not start: ${server.lastWords}`);
    if (await fetch(monitor + path).then(({ ok }) => ok, () => false)) return;
  }
}
