/** Nodes as `npm start` runs them, real processes on a real NATS, and plain protocol clients that talk to them. */
import { spawn, spawnSync, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { ulid } from 'ulid';
import { json } from '../../sdk/protocol/codec.ts';
import { dial, type Peer } from './house.ts';

const ROOT = join(import.meta.dirname, '..', '..');

/** Builds what the nodes run. */
export function build(): void {
  const program = 'const { buildAll } = await import("./gateway/build.mjs"); await buildAll();';
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { cwd: ROOT, encoding: 'utf8' });
  if (stderr !== '') throw new Error(stderr);
}

export interface Node {
  /** Where it listens, once it says so; rejects with what it said instead. */
  url: Promise<string>;
  out(): string;
  err(): string;
  /** What it has told the operator, line by line. */
  lines(): Record<string, unknown>[];
  exit: Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
}

/** @param as in which folder, and as whom; default: as whoever runs the tests */
export function startNode(args: readonly string[], env: Record<string, string> = {}, as: Pick<SpawnOptions, 'cwd' | 'uid' | 'gid'> = {}): Node {
  const child = spawn(process.execPath, [join(ROOT, 'dist', 'gateway', 'main.js'), ...(args.includes('--port') ? [] : ['--port', '0']), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env['PATH'], ...env }, ...as,
  });
  let [out, err] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => { err += chunk.toString(); });
  const exit = once(child, 'close').then(([code]) => code as number | null);
  const url = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const found = /(http:\/\/\S+)\/console#code=[^]*Ctrl-C/.exec(out)?.[1];
      if (found !== undefined) resolve(found);
    });
    void exit.then((code) => reject(new Error(`it ended (${code}): ${err}`)));
  });
  url.catch(() => undefined);
  const lines = (): Record<string, unknown>[] => err.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);
  return { url, out: () => out, err: () => err, lines, exit, kill: (signal) => { child.kill(signal); } };
}

/** A visitor, greeted; `device` lets one come back. */
export async function visit(url: string, device = ulid()): Promise<Peer & { token: string }> {
  const answer = await fetch(`${url}/auth/visitor`, { method: 'POST', body: JSON.stringify({ device }) });
  const { token } = await answer.json() as { token: string };
  return { ...await greet(url, token, device), token };
}

export async function greet(url: string, token: string, device = ulid()): Promise<Peer> {
  const peer = await dial({ port: Number(new URL(url).port) }, json);
  peer.say({ t: 'hello', version: 0, sdk: 'test', device, token, cursors: [], feed: null, language: null });
  await peer.hear('welcome');
  return peer;
}
