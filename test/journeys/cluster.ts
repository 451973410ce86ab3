/** What `npm run cluster` starts, on a folder and ports of its own, and what its nodes say of who is connected where. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../gateway/cluster.nats.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const READY_MS = 120_000;
type Role = 'customer' | 'agent';

export class RunningCluster {
  readonly folder = mkdtempSync(join(tmpdir(), 'parley-cluster-'));
  /** All that it has said. */
  printed = '';
  url = '';
  #child: ChildProcess | undefined;
  #heard: (() => void)[] = [];

  /** Resolves when it has said where to look. @param options of `npm run cluster` */
  async start(settings: unknown, ...options: readonly string[]): Promise<void> {
    const [port = 0] = await freePorts(1);
    const config = join(this.folder, 'settings.json');
    writeFileSync(config, JSON.stringify(settings));
    const args = [join(ROOT, 'gateway/start.mjs'), 'cluster', '--port', String(port), '--data', join(this.folder, 'data'), '--config', config, ...options];
    // A variable of the tests' own is no setting of the gateway's.
    const { PARLEY_SHOTS: _, ...env } = process.env;
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], env });
    this.#child = child;
    // It does not outlive a test that could not end it; its own processes do not outlive it.
    process.once('exit', () => child.kill('SIGKILL'));
    const hear = (text: Buffer): void => {
      this.printed += text.toString();
      for (const heard of this.#heard) heard();
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    child.once('exit', () => { for (const heard of this.#heard) heard(); });
    await this.says(/^Stop .*$/m);
    this.url = /Demo page +(\S+)\/$/m.exec(this.printed)?.[1] ?? '';
  }

  /** The console's link that works once. */
  get link(): string {
    return /http:\S+#code=\S+/.exec(this.printed)?.[0] ?? '';
  }

  /** Resolves with what it says, from this place of all that it has said on. */
  says(what: RegExp, from = 0): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#heard = this.#heard.filter((each) => each !== look);
      };
      const look = (): void => {
        const found = what.exec(this.printed.slice(from));
        if (found !== null) resolve(found);
        else if (this.#child?.exitCode === null) return;
        else reject(new Error(`It ended without having said ${what}:\n${this.printed}`));
        end();
      };
      const timer = setTimeout(() => { end(); reject(new Error(`It never said ${what}:\n${this.printed}`)); }, READY_MS);
      this.#heard.push(look);
      look();
    });
  }

  /** The node that has the socket of the only customer, or of the only agent; undefined while there are none, or several. */
  async nodeOf(role: Role): Promise<string | undefined> {
    const counts = await Promise.all(this.#nodes().map(async ({ name, url }) => {
      const text = await fetch(`${url}/metrics`).then((answer) => answer.text(), () => '');
      return { name, count: Number(new RegExp(`^parley_sockets\\{role="${role}"\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0) };
    }));
    const found = counts.filter(({ count }) => count > 0);
    return found.length === 1 && found[0]?.count === 1 ? found[0].name : undefined;
  }

  /** `kill -9` of a node; resolves when it is gone. @returns where to listen for what is said of it */
  async kill(name: string): Promise<number> {
    const from = this.printed.length;
    const pid = [...this.printed.matchAll(new RegExp(`^${name} .*\\bpid (\\d+)`, 'gm'))].at(-1)?.[1];
    process.kill(Number(pid), 'SIGKILL');
    await this.says(new RegExp(`^${name} is dead \\(kill -9\\)`, 'm'), from);
    return from;
  }

  /** As with Ctrl-C. @returns how it ended */
  async stop(): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const [code] = await exited as [number | null];
    return code;
  }

  async end(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #nodes(): { name: string; url: string }[] {
    return [...this.printed.matchAll(/^(node-\d) +(http:\S+)\/readyz/gm)].map(([, name = '', url = '']) => ({ name, url }));
  }
}
