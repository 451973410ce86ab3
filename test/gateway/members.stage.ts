/** Nodes that ping each other on a bus in memory, with time by hand: each has a process that may stand still, or end. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Bus } from '../../gateway/bus.ts';
import { memoryNetwork } from '../../gateway/bus.memory.ts';
import type { Clock } from '../../gateway/clock.ts';
import type { Members } from '../../gateway/members.ts';
import { pings } from '../../gateway/members.pings.ts';
import { Reports } from './reports.ts';

const STEP_MS = 10;

/** One process: its timers and what it hears wait while it stands still, and then all come at once. */
class Life {
  state: 'runs' | 'still' | 'ended' = 'runs';
  #due: { at: number; call: () => void }[] = [];
  #heard: (() => void)[] = [];
  readonly clock: Clock;

  constructor(now: () => number) {
    this.clock = {
      now,
      after: (ms, call) => {
        const timer = { at: now() + ms, call };
        this.#due.push(timer);
        return () => { this.#due = this.#due.filter((each) => each !== timer); };
      },
    };
  }

  hear(arrive: () => void): void {
    if (this.state === 'runs') arrive();
    else this.#heard.push(arrive);
  }

  /** What is due, then what was heard, as a process does that goes on. */
  run(): void {
    if (this.state !== 'runs') return;
    const now = this.clock.now();
    const due = this.#due.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
    this.#due = this.#due.filter(({ at }) => at > now);
    for (const { call } of due) call();
    for (const arrive of this.#heard.splice(0)) arrive();
  }
}

export class Nodes {
  #now = 1_000_000;
  readonly #lives = new Map<string, Life>();
  readonly #network = memoryNetwork({
    carry: ({ from, to }, arrive) => {
      if (!this.#lost.has(`${from} ${to}`)) setImmediate(() => this.#lives.get(to)?.hear(arrive));
    },
  });
  /** From whom to whom nothing arrives, and nobody is told. */
  readonly #lost = new Set<string>();
  readonly #all: Members[] = [];
  readonly reports = new Reports();

  get now(): number {
    return this.#now;
  }

  async members(node: string): Promise<Members> {
    const life = new Life(() => this.#now);
    this.#lives.set(node, life);
    const members = pings({ bus: this.#network.bus(node), clock: life.clock, node, report: this.reports.report });
    this.#all.push(members);
    return members;
  }

  /** Somebody on the same bus who pings nobody. */
  stranger(node: string): Bus {
    this.#lives.set(node, new Life(() => this.#now));
    return this.#network.bus(node);
  }

  /** Time passes, in steps; everything that is said in one arrives in it. */
  async pass(ms: number): Promise<void> {
    for (const end = this.#now + ms; this.#now < end;) {
      this.#now += STEP_MS;
      for (const life of this.#lives.values()) life.run();
      for (let i = 0; i < 4; i++) await turn();
    }
  }

  /** How long it takes, in milliseconds. @throws Error after a minute */
  async until(ready: () => boolean): Promise<number> {
    const from = this.#now;
    while (!ready()) {
      if (this.#now - from > 60_000) throw new Error('It did not come about within a minute.');
      await this.pass(STEP_MS);
    }
    return this.#now - from;
  }

  async freeze(node: string): Promise<void> {
    this.#life(node).state = 'still';
  }

  async thaw(node: string): Promise<void> {
    this.#life(node).state = 'runs';
    await this.pass(STEP_MS);
  }

  async kill(node: string): Promise<void> {
    this.#life(node).state = 'ended';
    this.#network.kill(node);
  }

  async cut(node: string): Promise<void> {
    this.#network.cut(node);
  }

  async heal(node: string): Promise<void> {
    this.#network.heal(node);
  }

  /** Nothing passes between two nodes, while both hear all others; until `unite`. */
  part(one: string, other: string): void {
    this.#lost.add(`${one} ${other}`).add(`${other} ${one}`);
  }

  unite(): void {
    this.#lost.clear();
  }

  async end(): Promise<void> {
    for (const members of this.#all) await members.close();
  }

  #life(node: string): Life {
    const life = this.#lives.get(node);
    if (life === undefined) throw new RangeError(`There is no node ${node}.`);
    return life;
  }
}
