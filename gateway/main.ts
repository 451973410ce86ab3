/** `npm start`: reads the command line and the environment, starts one node, and stops it gently. */
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { readLine } from './arguments.ts';
import { systemClock } from './clock.ts';
import { openFolder } from './folder.ts';
import { startGateway, type Gateway } from './gateway.ts';
import { openFileLog } from './log.file.ts';
import { rebuild } from './rebuild.ts';
import { stderrReport } from './report.ts';
import { readSettings } from './settings.file.ts';
import { parseSettings } from './settings.ts';
import { openStore } from './store.sqlite.ts';

const HELP = `Parley: customer conversations as durable machines.

  npm start -- [options]

  --port N       First port to try; a taken one picks the next. Default 8080, PARLEY_PORT.
  --host H       Address to listen on. Default 127.0.0.1; on any other the demo page is off, because it
                 signs its reader in as an agent.
  --data DIR     Folder of the log and the tables. Default ./data, PARLEY_DATA.
  --config FILE  Settings as JSON: workspaces, styles, channels, keys, limits. See README.md.
  --no-demo      Without the demo page.
  --rebuild      Make the tables anew from the log, then stop.
  --help         This text.
`;

const PORTS_TRIED = 20;
const LAST_PORT = 65_535;
/** More workspaces than this sign their administrators in with tokens of their own back end. */
const LINKS_MAX = 5;

async function main(): Promise<void> {
  const values = readArguments();
  if (values.help) return void process.stdout.write(HELP);
  const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : -1;
  if (port < 0 || port > LAST_PORT) throw new Error(`--port takes a number from 0 to ${LAST_PORT}, not "${values.port}".`);
  const settings = parseSettings(values.config === undefined ? {} : await readSettings(values.config));
  const path = resolve(values.data);
  if (values.rebuild) return rebuild(path, (line) => process.stdout.write(`${line}\n`));
  const folder = await openFolder(path);

  const report = stderrReport;
  const log = await openFileLog(folder.log, { shards: settings.shards, report: (line) => report('warn', line) });
  const store = await openStore({ folder: folder.store, log, report }).catch((error: unknown) => log.close().then(() => { throw error; }));
  const demo = !values['no-demo'] && isLoopback(values.host);
  const node = `${hostname()}-${process.pid}`;
  const parts = { log, store, settings, clock: systemClock, report, node, secret: folder.secret, host: values.host, demo };
  const gateway = await onFreePort(port, (free) => startGateway({ ...parts, port: free })).catch(async (error: unknown) => {
    await log.close();
    await store.close();
    throw error;
  });

  process.stdout.write([
    demo ? `Demo page   ${gateway.url}/` : `Socket      ${gateway.url.replace('http', 'ws')}/connect`,
    ...linksOf(gateway),
    'Stop        Ctrl-C',
  ].join('\n') + '\n');
  stopGently(gateway);
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

function readArguments() {
  return readLine(process.argv.slice(2), {
    port: { type: 'string', default: process.env.PARLEY_PORT ?? '8080' }, host: { type: 'string', default: '127.0.0.1' },
    data: { type: 'string', default: process.env.PARLEY_DATA ?? 'data' }, config: { type: 'string' },
    'no-demo': { type: 'boolean', default: false }, rebuild: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h', default: false },
  }, false).values;
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

function stopGently(gateway: Gateway): void {
  let asked = false;
  const stop = (): void => {
    // A second Ctrl-C does not wait; what was acknowledged is durable either way.
    if (asked) process.exit(130);
    asked = true;
    process.stdout.write('\nFinishing what has begun …\n');
    gateway.close().then(() => process.exit(0), (error: unknown) => fail(error));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // A bug that nobody caught: say it, then stop; the next start finds everything that was acknowledged.
  process.on('uncaughtException', (error) => {
    stderrReport('error', 'the node stops on an error that nobody caught', { error: error.stack ?? error.message });
    process.exit(70);
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

main().catch(fail);
