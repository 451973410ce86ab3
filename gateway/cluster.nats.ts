/**
 * nats-server as real processes on loopback, one or three that know each other: to be killed, frozen and started again on the
 * same ports and stores. For `npm run cluster`, tests and benches; whoever operates a cluster starts their own.
 */
import { execFile } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installNats, laterNats } from './cluster.debian.ts';
import { Process } from './cluster.process.ts';
import { reaches, REPLICAS_LEAST, SYNC_LEAST } from './nats.fit.ts';

export interface FoundNats {
  path: string;
  /** Such as `2.9.10`. */
  version: string;
}

const PLACES = ['nats-server', '/usr/sbin/nats-server', '/usr/local/bin/nats-server'];

/**
 * A nats-server of this machine, or one that can be had: the system's own, by apt-get where it is missing and this is root;
 * where that is too old, a later Debian's from a cache folder.
 *
 * @param least the oldest that will do, such as `2.10.23`
 */
export async function findNats(least = '2.9.10'): Promise<FoundNats | undefined> {
  let own = await systemNats();
  if (own === undefined && await installNats()) own = await systemNats();
  if (own !== undefined && reaches(own.version, least)) return own;
  const path = await laterNats();
  const later = path === undefined ? undefined : await versionOf(path);
  return later !== undefined && reaches(later.version, least) ? later : undefined;
}

export interface NatsOptions {
  /** For configuration, log and store of each server; `store` inside it is kept between starts. */
  folder: string;
  /** One, unless told; three know each other and need 2.10.23. */
  servers?: 1 | 3;
  /** The oldest version that will do. */
  version?: string;
  /** Who may come in. Everybody, unless told: it listens on loopback only. */
  login?: { user: string; password: string };
  /** Bytes that JetStream may keep on disk, for tests that fill it. As much as there is, unless told. */
  storeBytes?: number;
  /** Each write is synced before it is acknowledged, on servers that can; true unless told. */
  sync?: boolean;
  /** More of nats-server's configuration, after the rest: what stands there too, it replaces. */
  config?: string;
}

export interface NatsServers {
  /** One for each server, such as `nats://127.0.0.1:20123`. */
  readonly urls: readonly string[];
  /** Where each server's monitoring listens, such as `http://127.0.0.1:20124`. */
  readonly monitors: readonly string[];
  readonly version: string;
  /** `kill -9`; resolves when it is gone. */
  kill(server: number): Promise<void>;
  /** SIGTERM; resolves when it has ended. */
  stop(server: number): Promise<void>;
  freeze(server: number): void;
  thaw(server: number): void;
  /** Again, on the same port and store; resolves when its JetStream answers. */
  start(server: number): Promise<void>;
  /** Ends them all; folders are left. */
  close(): Promise<void>;
}

/** Resolves when JetStream answers on every server. @throws Error in a sentence when no fit server can be had, or none starts */
export async function startNats(options: NatsOptions): Promise<NatsServers> {
  const count = options.servers ?? 1;
  const least = options.version ?? (count > 1 ? REPLICAS_LEAST : undefined);
  const found = await findNats(least);
  if (found === undefined) throw new Error(missing(least));
  const ports = await freePorts(count * 3);
  const places = Array.from({ length: count }, (_, i) => ({ port: ports[i * 3] ?? 0, monitor: ports[i * 3 + 1] ?? 0, route: ports[i * 3 + 2] ?? 0 }));
  const servers = places.map((place, i) => new Server(found, options, places, place, i + 1));
  const all = (what: (server: Server) => Promise<void>): Promise<unknown> => Promise.all(servers.map(what));
  const at = (i: number): Server => {
    const server = servers[i];
    if (server === undefined) throw new RangeError(`There are ${count} servers, and none is number ${i}.`);
    return server;
  };
  const close = async (): Promise<void> => { await all(({ process }) => process.end('SIGTERM')); };
  const monitors = places.map(({ monitor }) => `http://127.0.0.1:${monitor}`);
  await all((server) => server.start()).then(() => complete(monitors)).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return {
    urls: places.map(({ port }) => `nats://127.0.0.1:${port}`), monitors, version: found.version,
    kill: (i) => at(i).process.end('SIGKILL'), stop: (i) => at(i).process.end('SIGTERM'),
    freeze: (i) => at(i).process.signal('SIGSTOP'), thaw: (i) => at(i).process.signal('SIGCONT'),
    start: (i) => at(i).start(), close,
  };
}

/** What to say where no fit server can be had. */
export function missing(least = '2.9.10'): string {
  return `nats-server ${least} or later is missing and could not be fetched: install Debian's package nats-server, or put a later one on the PATH.`;
}

async function systemNats(): Promise<FoundNats | undefined> {
  for (const place of PLACES) {
    const found = await versionOf(place);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function versionOf(path: string): Promise<FoundNats | undefined> {
  const said = await promisify(execFile)(path, ['--version']).then(({ stdout }) => stdout, () => '');
  const version = /v(\d+\.\d+\.\d+)/.exec(said)?.[1];
  return version === undefined ? undefined : { path, version };
}

interface Place {
  port: number;
  monitor: number;
  route: number;
}
const START_MS = 30_000;
const POLL_MS = 20;

/** One server through all its lives. */
class Server {
  readonly process: Process;
  readonly #log: string;
  readonly #port: number;
  readonly #login: NatsOptions['login'];

  constructor(found: FoundNats, options: NatsOptions, places: readonly Place[], place: Place, number: number) {
    const folder = join(options.folder, `nats-${number}`);
    const config = join(folder, 'nats.conf');
    mkdirSync(join(folder, 'store'), { recursive: true });
    writeFileSync(config, configure(found, options, places, place, number, join(folder, 'store')), { mode: 0o600 });
    this.#log = join(folder, 'nats.log');
    this.process = new Process({ command: [found.path, '-c', config], log: this.#log });
    this.#port = place.port;
    this.#login = options.login;
  }

  async start(): Promise<void> {
    await this.process.start();
    for (const end = Date.now() + START_MS; ; await new Promise((next) => setTimeout(next, POLL_MS))) {
      if (!this.process.running) throw new Error(`nats-server did not start: ${this.process.lastWords}`);
      if (await answers(this.#port, this.#login)) return;
      if (Date.now() > end) throw new Error(`nats-server was not ready within ${START_MS / 1000} s: see ${this.#log}`);
    }
  }
}

function configure(found: FoundNats, options: NatsOptions, places: readonly Place[], place: Place, number: number, store: string): string {
  const { login, storeBytes, sync = true, config = '' } = options;
  return [
    `server_name: "nats-${number}"`, `listen: "127.0.0.1:${place.port}"`, `http: "127.0.0.1:${place.monitor}"`,
    // A record has up to so much.
    'max_payload: 8MB',
    'jetstream {', `  store_dir: ${JSON.stringify(store)}`, ...storeBytes === undefined ? [] : [`  max_file: ${storeBytes}`],
    ...sync && reaches(found.version, SYNC_LEAST) ? ['  sync_interval: always'] : [], '}',
    ...login === undefined ? [] : [`authorization { user: ${JSON.stringify(login.user)}, password: ${JSON.stringify(login.password)} }`],
    ...places.length === 1 ? [] : [
      'cluster {', '  name: parley', '  no_advertise: true', `  listen: "127.0.0.1:${place.route}"`,
      `  routes: [${places.map(({ route }) => `"nats://127.0.0.1:${route}"`).join(', ')}]`, '}',
    ],
    config, '',
  ].join('\n');
}

/** Whether a server lets us in and its JetStream answers; one that does not let us ask that is ready as it is. */
function answers(port: number, login: NatsOptions['login']): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let said = '';
    const done = (ready: boolean): void => { socket.destroy(); resolve(ready); };
    socket.setTimeout(1_000, () => done(false));
    socket.on('error', () => done(false));
    socket.on('close', () => done(false));
    socket.on('data', (bytes) => {
      if (said === '') {
        const who = { verbose: false, pedantic: false, headers: true, no_responders: true, lang: 'parley', version: '0', protocol: 1 };
        socket.write(`CONNECT ${JSON.stringify({ ...who, user: login?.user, pass: login?.password })}\r\n`);
        socket.write('SUB _INBOX.ready 1\r\nPUB $JS.API.INFO _INBOX.ready 0\r\n\r\n');
      }
      said += bytes.toString('latin1');
      if (/^-ERR|"tls_required":true/m.test(said) || said.includes('"limits"')) done(true);
      else if (/"error":|503/.test(said.slice(said.indexOf('\n') + 1))) done(false);
    });
  });
}

/** What the monitoring says. */
interface Jetstream {
  meta_cluster?: { replicas?: { current: boolean }[] };
}

/**
 * Resolves when the server that leads knows all others to be level: only then is there room for a stream on all of them.
 * One alone is complete.
 */
export async function complete(monitors: readonly string[]): Promise<void> {
  if (monitors.length === 1) return;
  for (const end = Date.now() + START_MS; Date.now() < end; await new Promise((next) => setTimeout(next, POLL_MS))) {
    for (const monitor of monitors) {
      const { meta_cluster: meta } = await fetch(`${monitor}/jsz`).then(async (answer) => await answer.json() as Jetstream, (): Jetstream => ({}));
      const level = meta?.replicas?.filter(({ current }) => current) ?? [];
      if (level.length === monitors.length - 1) return;
    }
  }
  throw new Error(`${monitors.length} nats-servers did not find each other within ${START_MS / 1000} s.`);
}

/** Below the ports that clients get by themselves: a client that dials a dead server must not meet itself there. */
const PORTS = { from: 10_000, to: 30_000 };

/** So many ports of loopback that nobody listens on. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = randomInt(PORTS.from, PORTS.to);
    if (!found.has(port) && await isFree(port)) found.add(port);
  }
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
