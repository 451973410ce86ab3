/** Debian's PostgreSQL, for the bench alone: a temporary cluster on a free loopback port, with its default settings. */
import { execFileSync, type SpawnOptions } from 'node:child_process';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import type { Child, Children } from './children.ts';

const HOME = '/usr/lib/postgresql';
const START_MS = 30_000;

export interface Postgres {
  url: string;
  pid: number;
  version: string;
}

export async function startPostgres(children: Children): Promise<Postgres> {
  const bin = binaries() ?? install();
  const owner = unprivileged();
  const folder = children.folder('postgres');
  if (owner !== undefined) chownSync(folder, owner.uid, owner.gid);
  const data = join(folder, 'data');
  const env = { PATH: process.env['PATH'], LANG: 'C.UTF-8' };
  const options: SpawnOptions = { ...owner, env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] };
  const made = ['-D', data, '-U', 'bench', '-A', 'trust', '-E', 'UTF8'];
  await children.program('initdb', join(bin, 'initdb'), made, options).succeeds();
  const port = await freePort();
  const served = ['-D', data, '-h', '127.0.0.1', '-p', String(port), '-k', folder];
  const child = children.program('PostgreSQL', join(bin, 'postgres'), served, options);
  const url = `postgres://bench@127.0.0.1:${port}/postgres`;
  return { url, pid: child.pid, version: await version(url, child) };
}

/** A port of the loopback interface that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => server.once('listening', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** The newest release that is installed. */
function binaries(): string | undefined {
  const releases = existsSync(HOME) ? readdirSync(HOME).sort((a, b) => Number(b) - Number(a)) : [];
  return releases.map((release) => join(HOME, release, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));
}

function install(): string {
  process.stderr.write('PostgreSQL is not installed: installing Debian\'s package postgresql for the comparison.\n');
  // RUNLEVEL=1 keeps the package from starting its own cluster.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  try {
    execFileSync('apt-get', ['update', '-q'], { env, stdio: 'pipe' });
    execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', 'postgresql'], { env, stdio: 'pipe' });
  } catch (error) {
    throw new Error(`PostgreSQL could not be installed (${error instanceof Error ? error.message.trim() : error}). `
      + 'Run "apt-get install -y --no-install-recommends postgresql" as root, '
      + 'or leave this candidate out: npm run bench -- --only ws,ws-batched,parley');
  }
  const bin = binaries();
  if (bin === undefined) throw new Error(`The package postgresql is installed, but ${HOME}/*/bin has no initdb.`);
  return bin;
}

/** PostgreSQL refuses to run as root: then it runs as the user that Debian's package made. */
function unprivileged(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

async function version(url: string, child: Child): Promise<string> {
  let over = '';
  void child.ended.then((how) => (over = how));
  for (const end = Date.now() + START_MS; ;) {
    const client = new Client({ connectionString: url });
    try {
      await client.connect();
      const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
      return rows[0]?.server_version ?? 'unknown';
    } catch (error) {
      if (over !== '') throw new Error(`PostgreSQL ended with ${over}.\n${child.output}`, { cause: error });
      if (Date.now() > end) throw new Error(`PostgreSQL does not answer.\n${child.output}`, { cause: error });
      await pause(100);
    } finally {
      await client.end().catch(() => {});
    }
  }
}
