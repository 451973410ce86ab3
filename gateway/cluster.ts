/**
 * `npm run cluster`: NATS, three gateway nodes and one port in front of them as plain processes on this machine, with keys
 * that kill and freeze them while somebody looks on.
 */
import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readLine } from './arguments.ts';
import { systemClock } from './clock.ts';
import { startBalancer, type Balancer } from './cluster.balancer.ts';
import { freePorts, startNats, type NatsServers } from './cluster.nats.ts';
import { Node } from './cluster.node.ts';
import { Trouble } from './cluster.trouble.ts';
import { lockFolder } from './log.lock.ts';
import { messageOf } from './report.ts';

const HELP = `A cluster on this machine: NATS, three gateway nodes, and one port in front of them.

  npm run cluster -- [options]

  --nats 1|3     NATS servers, and copies of the log. Default 1. Three need nats-server 2.10.23 or later;
                 where the system's is older, Debian trixie's is fetched and runs beside it.
  --port N       First port to try for all of it; a taken one picks the next. Default 8080.
  --data DIR     Folder of everything, kept between runs. Default ./data-cluster; one for each number of servers in it.
  --config FILE  Settings of every node as JSON, as for npm start.
  --help         This text.

  Keys           1 2 3 kill -9 a node, and start it again; f freezes one, and wakes it; n kills NATS; q ends.
`;

const NODES = 3;
const SHARDS = 64;
const PORTS_TRIED = 20;
const START_MS = 90_000;
const LOOK_MS = 50;
const CTRL_C = '\u0003';
const MAIN = fileURLToPath(new URL('main.js', import.meta.url));
/** On one machine nobody has far to go. */
const DRAIN_MS = 2_000;

interface Terminal {
  say(line: string): void;
  /** Undefined where nobody sits at a keyboard. @returns ends it */
  keys: ((press: (key: string) => void) => () => void) | undefined;
}

/** Resolves when it has ended. @throws Error in a sentence or two, for what cannot be started */
export async function cluster(args: readonly string[], terminal: Terminal): Promise<void> {
  const { values } = readLine(args, {
    nats: { type: 'string', default: '1' }, port: { type: 'string', default: '8080' }, data: { type: 'string', default: 'data-cluster' },
    config: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false },
  }, false);
  if (values.help) return terminal.say(HELP.trimEnd());
  const servers = values.nats === '1' ? 1 : values.nats === '3' ? 3 : undefined;
  if (servers === undefined) throw new Error(`--nats takes 1 or 3, not "${values.nats}".`);
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Infinity;
  if (port > 65_535) throw new Error(`--port takes a number from 0 to 65535, not "${values.port}".`);
  // The log of one server cannot be handed to three.
  const folder = resolve(values.data, `nats-${servers}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lock = await lockFolder(folder);
  try {
    await run(terminal, folder, servers, port, values.config === undefined ? [] : ['--config', resolve(values.config)]);
  } finally {
    await lock.release();
  }
}

async function run(terminal: Terminal, folder: string, servers: 1 | 3, port: number, more: readonly string[]): Promise<void> {
  const { say } = terminal;
  const stops: (() => Promise<unknown>)[] = [];
  let stop = (): void => {};
  const stopped = new Promise<void>((resolved) => { stop = resolved; });
  try {
    const nats = await startNats({ folder, servers });
    stops.push(() => nats.close());
    const ports = await freePorts(NODES);
    const flags = [
      '--host', '127.0.0.1', '--nats-servers', nats.urls.join(','), '--nats-replicas', String(servers), '--nats-shards', String(SHARDS),
      '--nats-monitor', nats.monitors[0] ?? '', '--node-drain-ms', String(DRAIN_MS), ...more,
    ];
    const nodes: Node[] = ports.map((own, i) => new Node({
      name: `node-${i + 1}`, port: own, main: MAIN, folder, flags,
      ended: (how, wanted) => { if (!wanted) trouble.died(i, how); },
    }));
    const trouble = new Trouble({ nodes, nats, shards: SHARDS, clock: systemClock, say });
    stops.push(async () => {
      trouble.end();
      await Promise.all(nodes.map((node) => node.process.end('SIGTERM')));
    });
    await Promise.all(nodes.map(served));
    trouble.begin();
    const balancer = await onFreePort(port, (free) => startBalancer({ host: '127.0.0.1', port: free, nodes: ports, clock: systemClock }), say);
    // First of all nobody new comes, and nobody is left to be sent elsewhere.
    stops.push(() => balancer.close());
    for (const line of lines(nats, nodes, balancer, folder, terminal.keys !== undefined)) say(line);
    const silent = terminal.keys?.((key) => press(trouble, key, stop, say));
    stops.push(() => Promise.resolve(silent?.()));
    process.once('SIGINT', stop).once('SIGTERM', stop);
    await stopped;
    say('Ending …');
  } finally {
    for (const end of stops.reverse()) await end();
  }
}

/** Starts a node and waits until it is ready. @throws Error with its last words */
async function served(node: Node): Promise<void> {
  await node.start();
  for (const end = Date.now() + START_MS; !await node.isReady(); await new Promise((next) => setTimeout(next, LOOK_MS))) {
    if (!node.process.running) throw new Error(`${node.name} did not start: ${node.process.lastWords}`);
    if (Date.now() > end) throw new Error(`${node.name} was not ready within ${START_MS / 1000} s: see ${node.log}.`);
  }
}

function lines(nats: NatsServers, nodes: readonly Node[], balancer: Balancer, folder: string, keys: boolean): string[] {
  const url = `http://127.0.0.1:${balancer.port}`;
  const told = (what: RegExp): string | undefined => nodes.map(({ printed }) => what.exec(printed)?.[1]).find((found) => found !== undefined);
  const code = told(/#code=(\S+)/);
  const promise = told(/^Promise +(.+)$/m);
  return [
    `Demo page   ${url}/`,
    ...code === undefined ? [] : [`Console     ${url}/console#code=${code}   (this link signs you in once)`],
    ...nodes.map(({ name, url: own, process: { pid } }) => `${name}      ${own}/readyz   ${own}/metrics   pid ${pid}`),
    ...nats.urls.map((own, i) => `nats-${i + 1}      ${own}   ${nats.monitors[i]}   nats-server ${nats.version}`),
    ...promise === undefined ? [] : [`Promise     ${promise}`],
    `Data, logs  ${folder}`,
    keys ? 'Keys        1 2 3: kill -9 a node, start it again   f: freeze one, wake it   n: kill NATS   q: end' : 'Stop        Ctrl-C',
  ];
}

function press(trouble: Trouble, key: string, stop: () => void, say: (line: string) => void): void {
  const carriedOut = key === 'q' || key === CTRL_C ? stop() : key === 'f' ? trouble.freeze() : key === 'n' ? trouble.server()
    : /^[1-3]$/.test(key) ? trouble.node(Number(key) - 1) : undefined;
  carriedOut?.catch((error: unknown) => say(messageOf(error)));
}

async function onFreePort(first: number, start: (port: number) => Promise<Balancer>, say: (line: string) => void): Promise<Balancer> {
  for (let port = first; ; port++) {
    try {
      return await start(port);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE' || port >= first + PORTS_TRIED) throw error;
      say(`Port ${port} is taken, trying ${port + 1}.`);
    }
  }
}

/** The terminal of this process. */
export function ownTerminal(): Terminal {
  const { stdin, stdout } = process;
  return {
    say: (line) => { stdout.write(`${line}\n`); },
    keys: !stdin.isTTY ? undefined : (hear) => {
      const heard = (bytes: Buffer): void => { for (const key of bytes.toString()) hear(key); };
      stdin.setRawMode(true).on('data', heard).resume();
      return () => { stdin.setRawMode(false).off('data', heard).pause(); };
    },
  };
}
