/** `npm start` as a user would have it: a process on a folder and a port of its own, to be killed and started again. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
const READY_MS = 60_000;

export class Started {
  readonly folder = mkdtempSync(join(tmpdir(), 'parley-journey-'));
  readonly #config: string;
  #child: ChildProcess | undefined;
  port = 0;
  /** The console's one-time link of the newest start. */
  link = '';

  constructor(settings: unknown) {
    this.#config = join(this.folder, 'settings.json');
    writeFileSync(this.#config, JSON.stringify(settings));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Resolves when the three lines have been printed. */
  async start(): Promise<void> {
    if (this.port === 0) this.port = await freePort();
    const args = ['start', '--silent', '--', '--port', String(this.port), '--data', join(this.folder, 'data'), '--config', this.#config];
    // A group of its own: npm, and the gateway that it starts, die together.
    // A variable of the tests' own is no setting of the gateway's.
    const { PARLEY_SHOTS: _, ...env } = process.env;
    const child = spawn('npm', args, { cwd: ROOT, detached: true, stdio: ['ignore', 'pipe', 'pipe'], env });
    this.#child = child;
    let printed = '';
    await new Promise<void>((resolve, reject) => {
      const timeout = setTimeout(() => reject(new Error(`npm start was not ready in time:\n${printed}`)), READY_MS);
      const read = (text: Buffer): void => {
        printed += text.toString();
        if (!printed.includes('Ctrl-C')) return;
        clearTimeout(timeout);
        resolve();
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', (text: Buffer) => { printed += text.toString(); });
      child.once('exit', (code) => { clearTimeout(timeout); reject(new Error(`npm start ended with ${code}:\n${printed}`)); });
    });
    this.link = /http:\S+#code=\S+/.exec(printed)?.[0] ?? '';
  }

  /** `kill -9` of everything that npm start made. */
  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    process.kill(-child.pid, signal);
    await exited;
  }

  async end(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
