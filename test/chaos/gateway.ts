/** The gateway under test: a real process on a folder of its own, killed and started again on the same folder and port. */
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SignJWT } from 'jose';
import { Child } from './child.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const START_MS = 60_000;
const SECRET = 'a key of the crash test alone, known to nobody else';
const KEY = { kid: 'chaos', algorithm: 'HS256', issuer: 'chaos', audience: 'chaos', roles: ['agent', 'customer'] };
const UNLIMITED = 1_000_000_000;
/** Below the ports that clients get by themselves: a client that dials a dead gateway must not meet itself there. */
const PORTS = { from: 20_000, to: 30_000 };

export class Gateway {
  readonly port: number;
  readonly data: string;
  readonly #config: string;
  readonly #main: string;
  readonly #log: string;
  readonly #crashed: (how: string) => void;
  #child: Child | undefined;

  private constructor(folder: string, port: number, data: string, crashed: (how: string) => void) {
    this.port = port;
    this.data = data;
    this.#config = join(folder, 'config.json');
    this.#main = join(folder, 'gateway', 'main.js');
    this.#log = join(folder, 'gateway.log');
    this.#crashed = crashed;
  }

  /**
   * @param crashed called when it ends without having been told to.
   * @param workspace settings of its workspace, besides the key that signs everybody in.
   */
  static async make(folder: string, crashed: (how: string) => void, data = join(folder, 'data'), workspace: object = {}): Promise<Gateway> {
    await buildInto(folder);
    writeFileSync(join(folder, 'config.json'), JSON.stringify(settingsOf(workspace)));
    return new Gateway(folder, await freePort(), data, crashed);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get log(): string {
    return join(this.data, 'log');
  }

  /** What it has said to the operator, in all its lives. */
  get complaints(): string {
    return existsSync(this.#log) ? readFileSync(this.#log, 'utf8') : '';
  }

  /** Starts the process; `ready` says when it serves. */
  start(): void {
    const flags = ['--port', String(this.port), '--no-demo', '--data', this.data, '--config', this.#config];
    const child = new Child([this.#main, ...flags], this.#log);
    this.#child = child;
    void child.ended.then((how) => {
      if (!child.expected) this.#crashed(`The gateway ended by itself (${how}): see ${this.#log}.`);
    });
  }

  /** Resolves when it has said where it listens, false when it was killed before. */
  async ready(): Promise<boolean> {
    const child = this.#child;
    let over = false;
    void child?.ended.then(() => (over = true));
    for (const end = Date.now() + START_MS; Date.now() < end; await new Promise((next) => setTimeout(next, 5))) {
      if (over) return false;
      if (child?.printed.includes('Stop') === true) {
        if (!child.printed.includes(`:${this.port}/`)) throw new Error(`The gateway did not get its port back: ${child.printed}`);
        return true;
      }
    }
    throw new Error(`The gateway was not ready within ${START_MS} ms: see ${this.#log}.`);
  }

  async kill(): Promise<void> {
    await this.#child?.kill();
  }

  /** Gently. @throws unless it ends well */
  async stop(): Promise<void> {
    const how = await this.#child?.stop();
    if (how !== 'code 0') throw new Error(`The gateway did not stop well (${how}): see ${this.#log}.`);
  }
}

/** Builds the gateway and takes a copy, which a build meanwhile does not change. @returns its main.js */
export async function buildInto(folder: string): Promise<string> {
  const script = `await (await import('${ROOT}gateway/build.mjs')).buildAll()`;
  const build = new Child(['--input-type=module', '-e', script], join(folder, 'build.log'));
  const how = await build.ended;
  if (how !== 'code 0') throw new Error(`The gateway could not be built (${how}): see ${join(folder, 'build.log')}.`);
  cpSync(join(ROOT, 'dist/gateway'), join(folder, 'gateway'), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  return join(folder, 'gateway', 'main.js');
}

/** @param workspace settings of its workspace, besides the key that signs everybody in. */
export function settingsOf(workspace: object): Record<string, unknown> {
  return {
    workspaces: { demo: { ...workspace, keys: [{ ...KEY, secret: SECRET }] } },
    // Silent loss of a last event is found by heartbeats: often, so that the run ends soon.
    heartbeatMs: 2_000,
    limits: {
      framesPerSecond: UNLIMITED, frameBurst: UNLIMITED, personFramesPerSecond: UNLIMITED, personFrameBurst: UNLIMITED,
      visitorsPerSecond: UNLIMITED, visitorBurst: UNLIMITED,
    },
  };
}

/** A token that the gateway's own back end would give to an agent. */
export const agentToken = (name: string): Promise<string> => tokenOf('agent', name);
/** The same for a customer. */
export const customerToken = (name: string): Promise<string> => tokenOf('customer', name);

function tokenOf(role: 'agent' | 'customer', name: string): Promise<string> {
  return new SignJWT({ sub: name, role, name })
    .setProtectedHeader({ alg: KEY.algorithm, kid: KEY.kid }).setIssuer(KEY.issuer).setAudience(KEY.audience)
    .setIssuedAt().setExpirationTime('2h').sign(new TextEncoder().encode(SECRET));
}

/** One that nobody listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (!free) continue;
    await new Promise((resolve) => server.close(resolve));
    return port;
  }
}
