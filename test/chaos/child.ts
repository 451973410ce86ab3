/** A process that the crash test starts, kills and buries. */
import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { LEASH } from '../../gateway/cluster.process.ts';

const STOP_MS = 15_000;

/** Those that still run, so that none outlives a failure or Ctrl-C. */
const living = new Set<Child>();

export class Child {
  readonly process: ChildProcess;
  /** Resolves with how it ended: a code or a signal. */
  readonly ended: Promise<string>;
  /** What it printed on stdout. */
  printed = '';
  /** Whether its end is wanted: any other is a crash. */
  expected = false;

  /** @param logFile takes what it prints on stderr. */
  constructor(args: readonly string[], logFile: string, hear: (message: unknown) => void = () => {}) {
    const [command = '', ...rest] = [...LEASH, process.execPath, ...args];
    // A variable of the tests' own is no setting of the gateway's.
    const { PARLEY_SEED: _, ...env } = process.env;
    this.process = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env });
    living.add(this);
    this.process.stdout?.on('data', (chunk: Buffer) => void (this.printed += chunk.toString()));
    this.process.stderr?.on('data', (chunk: Buffer) => appendFileSync(logFile, chunk));
    this.process.on('message', hear);
    this.ended = new Promise((resolve) => {
      const over = (how: string): void => {
        living.delete(this);
        resolve(how);
      };
      this.process.once('error', (error) => over(error.message));
      this.process.once('close', (code, signal) => over(signal ?? `code ${code}`));
    });
  }

  say(message: unknown): void {
    if (this.process.connected) this.process.send(message as object, () => {});
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    this.expected = true;
    this.process.kill('SIGKILL');
    await this.ended;
  }

  /** Asks it to end and waits. @returns how it ended */
  async stop(): Promise<string> {
    this.expected = true;
    this.process.kill('SIGTERM');
    const timer = setTimeout(() => this.process.kill('SIGKILL'), STOP_MS);
    const how = await this.ended;
    clearTimeout(timer);
    return how;
  }
}

export async function killAll(): Promise<void> {
  await Promise.all([...living].map((child) => child.kill()));
}
