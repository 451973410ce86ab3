/** Every process and folder that the bench makes, so that all of them are gone when it ends, also by Ctrl-C. */
import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const STOP_MS = 8_000;
const TAIL = 2_000;

export class Child {
  readonly name: string;
  readonly process: ChildProcess;
  /** Resolves when it has ended, with its code or signal. */
  readonly ended: Promise<string>;
  /** The end of what it printed, for reports. */
  output = '';
  #over = false;

  constructor(name: string, command: string, args: readonly string[], options: SpawnOptions) {
    this.name = name;
    this.process = spawn(command, args, options);
    const keep = (chunk: Buffer): void => void (this.output = (this.output + chunk.toString()).slice(-TAIL));
    this.process.stdout?.on('data', keep);
    this.process.stderr?.on('data', keep);
    this.ended = new Promise((resolve) => {
      const over = (how: string): void => {
        this.#over = true;
        resolve(how);
      };
      this.process.once('error', (error) => over(error.message));
      this.process.once('close', (code, signal) => over(signal ?? `code ${code}`));
    });
  }

  get pid(): number {
    if (this.process.pid === undefined) throw new Error(`${this.name} did not start.`);
    return this.process.pid;
  }

  /** The first message over IPC. @throws when it ends before, with what it printed. */
  async says(ms: number): Promise<unknown> {
    const { process } = this;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await Promise.race([
        new Promise((resolve) => process.once('message', resolve)),
        this.ended.then((how) => this.#fail(`ended with ${how}`)),
        new Promise((_, reject) => (timer = setTimeout(() => reject(this.#error(`said nothing for ${ms} ms`)), ms))),
      ]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Waits until `pattern` stands in what it printed, and returns the match. */
  async prints(pattern: RegExp, ms: number): Promise<RegExpExecArray> {
    let over = '';
    void this.ended.then((how) => (over = how));
    for (const end = Date.now() + ms; Date.now() < end; await new Promise((next) => setTimeout(next, 20))) {
      const match = pattern.exec(this.output);
      if (match !== null) return match;
      if (over !== '') return this.#fail(`ended with ${over}`);
    }
    return this.#fail(`did not print ${pattern} within ${ms} ms`);
  }

  /** @throws unless it ends well, with what it printed. */
  async succeeds(): Promise<void> {
    const how = await this.ended;
    if (how !== 'code 0') this.#fail(`ended with ${how}`);
  }

  /** Asks it to end, then makes it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (this.#over) return;
    this.process.kill(signal);
    const timer = setTimeout(() => this.process.kill('SIGKILL'), STOP_MS);
    await this.ended;
    clearTimeout(timer);
  }

  #error(what: string): Error {
    return new Error(`${this.name} ${what}.${this.output === '' ? '' : `\n${this.output.trimEnd()}`}`);
  }

  #fail(what: string): never {
    throw this.#error(what);
  }
}

/** What must be undone at the end, newest first. */
export class Children {
  #undo: (() => Promise<void>)[] = [];
  #stopping: Promise<void> | undefined;
  /** The signal that ends the bench, if one came: then the children's deaths are no news. */
  interrupted: NodeJS.Signals | undefined;

  constructor() {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (this.interrupted !== undefined) return;
        this.interrupted = signal;
        process.stderr.write(`\n${signal}: stopping what was started.\n`);
        void this.stop().finally(() => process.exit(signal === 'SIGINT' ? 130 : 143));
      });
    }
  }

  /** Starts a TypeScript or JavaScript file in a Node of its own, with IPC. */
  node(name: string, file: string, args: readonly string[] = []): Child {
    const runner = file.endsWith('.ts') ? ['--import', 'tsx'] : [];
    const options: SpawnOptions = { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] };
    return this.#start(name, process.execPath, [...runner, file, ...args], options);
  }

  /**
   * Starts a program that does not know us. `setpriv` (util-linux) has the kernel end it should the bench be killed
   * without a chance to.
   */
  program(name: string, command: string, args: readonly string[], options: SpawnOptions): Child {
    return this.#start(name, 'setpriv', ['--pdeathsig', 'INT', '--', command, ...args], options);
  }

  #start(name: string, command: string, args: readonly string[], options: SpawnOptions): Child {
    if (this.#stopping !== undefined) throw new Error(`${name} is not started any more.`);
    const child = new Child(name, command, args, options);
    this.atEnd(() => child.stop('SIGINT'));
    return child;
  }

  /** A temporary folder that is removed at the end. */
  folder(name: string): string {
    const path = mkdtempSync(join(tmpdir(), `parley-bench-${name}-`));
    this.atEnd(() => rm(path, { recursive: true, force: true, maxRetries: 5 }));
    return path;
  }

  atEnd(undo: () => Promise<void>): void {
    this.#undo.push(undo);
  }

  stop(): Promise<void> {
    return (this.#stopping ??= this.#undoAll());
  }

  async #undoAll(): Promise<void> {
    for (let undo = this.#undo.pop(); undo !== undefined; undo = this.#undo.pop()) await undo();
  }
}
