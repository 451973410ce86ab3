/**
 * Members by pings over the bus. Every node asks every other ten times a second whether it is there. The bus says at once
 * when nobody listens: a process that ends is given up after two such answers. One that is there and silent is given up
 * later. Who comes says hello, and so does everyone now and then, since words may be lost.
 */
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';
import { Detector } from './detector.ts';
import type { Members } from './members.ts';
import type { Report } from './report.ts';

export interface PingsParts {
  bus: Bus;
  clock: Clock;
  /** Of this node in this life: letters, digits, `-` and `_`. */
  node: string;
  report: Report;
}

const PING_MS = 100;
const HELLO_MS = 2_000;
/** Its own tick came this much too late, or too early: the process stood still, or somebody set the clock. */
const STOOD_STILL_MS = 500;
/** Whoever lives gives a sign sooner, after this node's start or standstill: the others need not be told that it waits. */
const AWAITED_MS = 250;
/** Before it knows whom it finds: after its start, after it stood still, and after a reconnect, which others still try. */
const UNSURE_MS = { start: 500, stoodStill: 300, reconnect: 1_000 };

export function pings(parts: PingsParts): Members {
  return new Pings(parts);
}

class Pings implements Members {
  readonly self: string;
  alive: readonly string[];
  possible: readonly string[];
  takers: readonly string[] = [];
  since: number;
  readonly #parts: PingsParts;
  readonly #detector: Detector;
  readonly #changes = new Set<() => void>();
  readonly #returns = new Set<() => void>();
  readonly #listeners: (() => void)[] = [];
  /** Of each node, ends its pings that have no answer yet. */
  readonly #unanswered = new Map<string, (() => void)[]>();
  readonly #off: () => void;
  #takes = false;
  #state: 'starting' | 'running' | 'closed' = 'starting';
  /** Others may have forgotten what this node told them. */
  #returned = false;
  #greetedAt = 0;
  #endGreeting: () => void = () => undefined;
  #endTick: () => void = () => undefined;

  constructor(parts: PingsParts) {
    const { bus, clock, node } = this.#parts = parts;
    this.self = node;
    this.#detector = new Detector(node);
    this.alive = [node];
    this.possible = [node];
    this.since = clock.now();
    this.#off = bus.onConnection((connected) => { if (connected) this.#anew(UNSURE_MS.reconnect); });
    this.#start().catch((error: unknown) => {
      if (this.#state !== 'closed') parts.report('error', 'this node cannot hear the others', { why: (error as Error).message });
    });
  }

  onChange(call: () => void): () => void {
    this.#changes.add(call);
    return () => { this.#changes.delete(call); };
  }

  onReturn(call: () => void): () => void {
    this.#returns.add(call);
    return () => { this.#returns.delete(call); };
  }

  wrote(node: string, at: number): void {
    if (node === this.self || this.#state === 'closed') return;
    if (this.#detector.wrote(node, at, this.#parts.clock.now())) this.#changed();
  }

  named(node: string): void {
    if (node === this.self || this.#state === 'closed') return;
    if (this.#detector.named(node, this.#parts.clock.now())) this.#changed();
  }

  join(): void {
    this.#take(true);
  }

  leave(): void {
    this.#take(false);
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return;
    if (this.#state === 'running') this.#parts.bus.publish('bye', this.#word());
    this.#state = 'closed';
    this.#endTick();
    this.#endGreeting();
    this.#off();
    for (const node of this.#unanswered.keys()) this.#endPings(node);
    for (const end of this.#listeners.splice(0)) end();
    this.#changes.clear();
    this.#returns.clear();
  }

  /** It says hello only when it hears what is answered, and whoever pings it. */
  async #start(): Promise<void> {
    const { bus, clock, node } = this.#parts;
    const answered = (bytes: Uint8Array, answer: (bytes: Uint8Array) => void): void => {
      this.#heard(bytes);
      answer(this.#word());
    };
    const ends = await Promise.all([
      bus.listen(`ping.${node}`, answered),
      bus.listen('hello', answered),
      bus.listen('bye', (bytes) => this.#left(bytes)),
      bus.listen(`back.${node}`, () => { this.#returned = true; }),
    ]);
    if (this.#isClosed()) return ends.forEach((end) => end());
    this.#listeners.push(...ends);
    this.#state = 'running';
    this.#detector.anew(clock.now(), UNSURE_MS.start);
    this.#greet();
    this.#next();
  }

  #isClosed(): boolean {
    return this.#state === 'closed';
  }

  #next(): void {
    const { clock } = this.#parts;
    const due = clock.now() + PING_MS;
    this.#endTick = clock.after(PING_MS, () => this.#tick(clock.now() - due));
  }

  /** @param late milliseconds */
  #tick(late: number): void {
    const { bus, clock, report } = this.#parts;
    this.#next();
    const now = clock.now();
    if (Math.abs(late) > STOOD_STILL_MS) {
      report('warn', 'this node stood still', { ms: late });
      this.#anew(UNSURE_MS.stoodStill);
    }
    if (!bus.connected) return;
    this.#judge();
    for (const node of this.possible) this.#ping(node);
    if (now - this.#greetedAt >= HELLO_MS || now < this.#greetedAt) this.#greet();
    if (!this.#returned) return;
    this.#returned = false;
    for (const call of [...this.#returns]) call();
  }

  #judge(): void {
    const { clock, report } = this.#parts;
    for (const { node, why } of this.#detector.judge(clock.now())) {
      report('warn', 'a node is dead', { node, why });
      this.#endPings(node);
    }
    this.#changed();
    for (const node of [...this.#unanswered.keys()]) if (!this.possible.includes(node)) this.#endPings(node);
  }

  #ping(node: string): void {
    const { bus, clock } = this.#parts;
    const unanswered = this.#unanswered.get(node) ?? [];
    this.#unanswered.set(node, unanswered);
    unanswered.push(bus.ask(`ping.${node}`, this.#word(), (answer) => {
      if (answer === undefined) {
        this.#endPings(node);
        // To whom is cut off it says nothing of others.
        if (!bus.connected) return;
        this.#detector.nobody(node);
        return this.#judge();
      }
      this.#endPings(node);
      if (node === this.self) this.#detector.heardSelf(clock.now());
      else this.#heard(answer);
    }));
  }

  #endPings(node: string): void {
    for (const end of this.#unanswered.get(node) ?? []) end();
    this.#unanswered.delete(node);
  }

  #greet(): void {
    const { bus, clock } = this.#parts;
    if (this.#state !== 'running') return;
    this.#greetedAt = clock.now();
    this.#endGreeting();
    this.#endGreeting = bus.ask('hello', this.#word(), (answer) => { if (answer) this.#heard(answer); });
  }

  /** What was counted while nothing came through says nothing about the others; what they have of this node may be gone. */
  #anew(unsureMs: number): void {
    if (this.#state !== 'running') return;
    for (const node of [...this.#unanswered.keys()]) this.#endPings(node);
    this.#detector.anew(this.#parts.clock.now(), unsureMs);
    this.#returned = true;
    this.#changed();
    this.#greet();
  }

  #take(takes: boolean): void {
    if (this.#takes === takes || this.#state === 'closed') return;
    this.#takes = takes;
    this.#detector.take(takes);
    this.#changed();
    this.#greet();
  }

  #heard(bytes: Uint8Array): void {
    const { bus, clock, report } = this.#parts;
    const word = read(bytes);
    if (word === undefined || word.node === this.self || this.#state === 'closed') return;
    const how = this.#detector.heard(word.node, word.takes, clock.now());
    if (how === 'new' || how === 'back') report('info', how === 'new' ? 'a node is here' : 'a node is back', { node: word.node });
    if (how === 'back') bus.publish(`back.${word.node}`, this.#word());
    this.#changed();
  }

  #left(bytes: Uint8Array): void {
    const word = read(bytes);
    if (word === undefined || word.node === this.self) return;
    this.#parts.report('info', 'a node has left', { node: word.node });
    this.#detector.left(word.node, this.#parts.clock.now());
    this.#endPings(word.node);
    this.#changed();
  }

  #changed(): void {
    const { clock } = this.#parts;
    const { alive, possible } = this.#detector;
    const takers = this.#detector.takers(clock.now());
    const others = !same(takers, this.takers);
    if (!others && same(alive, this.alive) && same(possible, this.possible)) return;
    if (others) this.since = clock.now();
    this.alive = alive;
    this.possible = possible;
    this.takers = takers;
    for (const call of [...this.#changes]) call();
  }

  /** Who this is, and whether it takes shards. What others left to one that still waits for somebody dead, nobody would take. */
  #word(): Uint8Array {
    const takes = this.#takes && !this.#detector.awaits(this.#parts.clock.now(), AWAITED_MS);
    return new TextEncoder().encode(`${takes ? '+' : '-'}${this.self}`);
  }
}

function read(bytes: Uint8Array): { node: string; takes: boolean } | undefined {
  const [, takes, node] = /^([+-])([\w-]{1,200})$/.exec(new TextDecoder().decode(bytes)) ?? [];
  return node === undefined ? undefined : { node, takes: takes === '+' };
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((node, i) => node === b[i]);
}
