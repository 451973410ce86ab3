/** A gateway of the cluster under test: a real process with a data folder of its own, killed, frozen and started again. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Child } from '../child.ts';
import { isReady } from './doors.ts';

export interface NodePlan {
  name: string;
  /** For its settings, data and log. */
  folder: string;
  /** The gateway's main.js. */
  main: string;
  port: number;
  /** NATS servers as it reaches them. */
  servers: readonly string[];
  settings: Readonly<Record<string, unknown>>;
  /** It ended without having been told to. */
  crashed(how: string): void;
}

const START_MS = 90_000;
const ASK_MS = 20;
const ANSWER_MS = 1_000;

export class Node {
  readonly name: string;
  readonly port: number;
  /** As whoever does things to it knows. */
  standing: 'down' | 'starting' | 'up' | 'frozen' | 'apart' = 'down';
  readonly #plan: NodePlan;
  readonly #config: string;
  #child: Child | undefined;

  constructor(plan: NodePlan) {
    this.#plan = plan;
    this.name = plan.name;
    this.port = plan.port;
    this.#config = join(plan.folder, `${plan.name}.json`);
    const nats = { ...plan.settings['nats'] as object, servers: plan.servers };
    writeFileSync(this.#config, JSON.stringify({ ...plan.settings, node: { name: plan.name }, nats }));
  }

  get log(): string {
    return join(this.#plan.folder, `${this.name}.log`);
  }

  /** Resolves when it says that it is ready; false when it was killed before. */
  async start(): Promise<boolean> {
    const { main, folder, crashed } = this.#plan;
    const child = new Child([main, '--port', String(this.port), '--no-demo', '--data', join(folder, this.name), '--config', this.#config], this.log);
    this.#child = child;
    this.standing = 'starting';
    let over = false;
    void child.ended.then((how) => {
      over = true;
      if (!child.expected) crashed(`The node ${this.name} ended by itself (${how}): see ${this.log}.`);
    });
    for (const end = Date.now() + START_MS; Date.now() < end; await passing(ASK_MS)) {
      if (over) return false;
      if (await isReady(this.port, ANSWER_MS)) {
        if (!over && this.standing === 'starting') this.standing = 'up';
        return !over;
      }
    }
    throw new Error(`The node ${this.name} was not ready within ${START_MS} ms: see ${this.log}.`);
  }

  async kill(): Promise<void> {
    this.standing = 'down';
    await this.#child?.kill();
  }

  freeze(): void {
    this.standing = 'frozen';
    this.#child?.process.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.process.kill('SIGCONT');
  }

  /** Resolves when it is ready, whatever has been done to it. */
  async recovered(): Promise<void> {
    for (const end = Date.now() + START_MS; Date.now() < end; await passing(ASK_MS)) {
      if (await isReady(this.port, ANSWER_MS)) {
        this.standing = 'up';
        return;
      }
    }
    throw new Error(`The node ${this.name} did not recover within ${START_MS} ms: see ${this.log}.`);
  }

  /** Gently. @throws unless it ends well */
  async stop(): Promise<void> {
    this.standing = 'down';
    const how = await this.#child?.stop();
    if (how !== undefined && how !== 'code 0') throw new Error(`The node ${this.name} did not stop well (${how}): see ${this.log}.`);
  }

  /** How long its main thread has waited for a processor so far in this life, in milliseconds. */
  get waitedMs(): number {
    try {
      const [, nanoseconds = '0'] = readFileSync(`/proc/${this.#child?.process.pid}/schedstat`, 'utf8').split(' ');
      return Number(nanoseconds) / 1e6;
    } catch {
      return 0;
    }
  }

  /** Memory that it has, in bytes; 0 when it is not running. */
  get rss(): number {
    try {
      const [, pages = '0'] = readFileSync(`/proc/${this.#child?.process.pid}/statm`, 'utf8').split(' ');
      return Number(pages) * 4_096;
    } catch {
      return 0;
    }
  }
}

function passing(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
