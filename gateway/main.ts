/** `npm start`: reads the command line and the environment, starts one node, and stops it gently. */
import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { systemClock } from './clock.ts';
import { startGateway, type Gateway } from './gateway.ts';
import { openGround } from './ground.ts';
import type { Keeper } from './keeper.ts';
import { rebuild } from './rebuild.ts';
import { messageOf, stderrReport, type Report } from './report.ts';
import { readSettings, withSecrets } from './settings.file.ts';
import { helpFor } from './settings.help.ts';
import { optionsOf, readFlags, speak, type Line, type Option } from './settings.options.ts';
import { parseSettings, settings as schema, type Settings } from './settings.ts';

const PORTS_TRIED = 20;
const LAST_PORT = 65_535;
/** Ends like this, a node is well, and wants to be started again. */
const LOST = 75;
/** More workspaces than this sign their administrators in with tokens of their own back end. */
const LINKS_MAX = 5;

async function main(): Promise<void> {
  const options = optionsOf(schema);
  const line = readFlags(process.argv.slice(2), options);
  if (line.help) return void process.stdout.write(helpFor(options));
  const settings = await readAll(line, options);
  const path = resolve(settings.data);
  if (line.rebuild) return rebuild(path, (said) => process.stdout.write(`${said}\n`), isClustered(settings) ? settings.nats.name : undefined);

  const node = `${nameOf(settings)}-${randomBytes(4).toString('hex')}`;
  const report = stderrReport(node, settings.node.logLevel ?? (isClustered(settings) ? 'info' : 'warn'));
  report('info', 'the node starts', { pid: process.pid, nats: settings.nats.servers.join(' '), cluster: isClustered(settings) ? settings.nats.name : '' });
  const ground = await openGround(path, { settings, node, report });
  const demo = settings.demo && isLoopback(settings.host);
  let started: Gateway | undefined;
  let keeper: Keeper | undefined;
  const close = async (): Promise<void> => {
    // A backup that is under way ends with the connection.
    const kept = keeper?.close();
    await started?.close();
    await ground.close();
    await kept;
  };
  const lost = (): void => void close().finally(() => process.exit(LOST));
  const parts = { ...ground, settings, clock: systemClock, report, node, host: settings.host, demo, lost };
  const gateway = started = await onFreePort(settings.port, (free) => startGateway({ ...parts, port: free })).catch(async (error: unknown) => {
    await ground.close();
    throw error;
  });
  // From the moment in which it is ready.
  stopGently(close, report);
  keeper = ground.keeper?.(gateway.host);
  await keeper?.open();

  process.stdout.write([
    demo ? `Demo page   ${gateway.url}/` : `Socket      ${gateway.url.replace('http', 'ws')}/connect`,
    ...linksOf(gateway),
    ...(isClustered(settings) ? [`Cluster     ${settings.nats.name}, as ${node}, with ${gateway.nodes - 1} other nodes`] : []),
    ...(ground.promise === undefined ? [] : [`Promise     ${ground.promise}`]),
    'Stop        Ctrl-C',
  ].join('\n') + '\n');
}

const isClustered = ({ nats }: Settings): boolean => nats.servers.length > 0;

/** A process number would be the same after each start of a container, and what a node was told would outlive it. */
function nameOf({ node: { name = hostname().slice(0, 40).replace(/[^A-Za-z0-9_-]/g, '-') } }: Settings): string {
  return name;
}

/** A link into the console of each workspace, for its first administrator; the demo's comes first. */
function linksOf({ desks, identities, url }: Gateway): string[] {
  const all = [...desks].sort((a, b) => Number(b.workspace === 'demo') - Number(a.workspace === 'demo'));
  return all.slice(0, LINKS_MAX).flatMap(({ workspace, admin }) => {
    if (admin === undefined) return [];
    const whose = all.length === 1 ? 'you' : `${admin.name} of "${workspace}"`;
    return [`Console     ${url}/console#code=${identities.code(workspace, admin)}   (this link signs ${whose} in once)`];
  });
}

/** Flags over the environment over the file over defaults. */
async function readAll({ config, flags }: Line, options: readonly Option[]): Promise<Settings> {
  const path = config ?? process.env.PARLEY_CONFIG ?? '';
  const spoken = speak(path === '' ? {} : await readSettings(path), process.env, flags, options);
  return withSecrets(parseSettings(spoken.json, spoken));
}

async function onFreePort(first: number, start: (port: number) => Promise<Gateway>): Promise<Gateway> {
  for (let port = first; ; port++) {
    try {
      return await start(port);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EACCES') throw new Error(`Port ${port} may not be used by this user. Choose one from 1024 on with --port.`);
      if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
        throw new Error('The address of --host is none of this machine. Choose another, for instance 127.0.0.1.');
      }
      if (code !== 'EADDRINUSE') throw error;
      if (port >= Math.min(first + PORTS_TRIED, LAST_PORT)) throw new Error(`The ports ${first} to ${port} are all taken. Choose another with --port.`);
      process.stdout.write(`Port ${port} is taken, trying ${port + 1}.\n`);
    }
  }
}

function stopGently(close: () => Promise<void>, report: Report): void {
  let asked = false;
  const stop = (): void => {
    // A second Ctrl-C does not wait; what was acknowledged is durable either way.
    if (asked) process.exit(130);
    asked = true;
    process.stdout.write('\nFinishing what has begun …\n');
    close().then(() => process.exit(0), (error: unknown) => fail(error));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // A bug that nobody caught: say it, then stop; the next start finds everything that was acknowledged.
  process.on('uncaughtException', (error) => {
    report('error', 'the node stops on an error that nobody caught', { error: error.stack ?? error.message });
    process.exit(70);
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function fail(error: unknown): never {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exit(1);
}

main().catch(fail);
