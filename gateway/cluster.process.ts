/** A process of a cluster on this machine: killed, frozen and started again as often as one likes. It dies with whoever made it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';

const SETPRIV = '/usr/bin/setpriv';
/** The kernel ends the child should this process be killed without a chance to: on Linux only. */
export const LEASH: readonly string[] = process.platform === 'linux' && existsSync(SETPRIV) ? [SETPRIV, '--pdeathsig', 'KILL', '--'] : [];

const living = new Set<Process>();
process.on('exit', () => {
  for (const one of living) one.signal('SIGKILL');
});

export interface ProcessParts {
  command: readonly string[];
  /** The file that takes what it says. */
  log: string;
  env?: Readonly<Record<string, string | undefined>>;
  /** Hears what it prints on stdout, which then does not go to the file. */
  hear?: (text: string) => void;
  /** Called after each of its ends. @param wanted whether it was told to end */
  ended?: (how: string, wanted: boolean) => void;
}

export class Process {
  readonly #parts: ProcessParts;
  #child: ChildProcess | undefined;
  #wanted = false;

  constructor(parts: ProcessParts) {
    this.#parts = parts;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number | undefined {
    return this.running ? this.#child?.pid : undefined;
  }

  /** Resolves when the process is there; whether it serves, somebody else knows. */
  async start(): Promise<void> {
    if (this.running) throw new Error('This process runs already.');
    const { command, log, env = process.env, hear, ended } = this.#parts;
    const [program = '', ...args] = [...LEASH, ...command];
    const file = openSync(log, 'a');
    // A session of its own: a Ctrl-C in the terminal is for whoever started it, and ends it when nobody needs it any more.
    const child = spawn(program, args, { stdio: ['ignore', hear === undefined ? file : 'pipe', file], detached: true, env });
    closeSync(file);
    this.#child = child;
    this.#wanted = false;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => hear?.(text));
    child.once('exit', (code, signal) => {
      living.delete(this);
      ended?.(signal ?? `code ${code}`, this.#wanted);
    });
    await once(child, 'spawn');
    living.add(this);
  }

  /** Nothing happens to one that does not run. */
  signal(signal: NodeJS.Signals): void {
    if (this.running) this.#child?.kill(signal);
  }

  /** Resolves when it has ended, also when it stood still. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child;
    if (child === undefined || !this.running) return;
    this.#wanted = true;
    const gone = once(child, 'exit');
    child.kill(signal);
    child.kill('SIGCONT');
    await gone;
  }

  /** The last line of its file, for whoever must say why it did not start. */
  get lastWords(): string {
    return readFileSync(this.#parts.log, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  }
}
