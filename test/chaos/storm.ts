/**
 * The crash test: clients say numbered messages while the gateway, and some of the clients, are killed with `kill -9`
 * again and again. In the end everything that clients were told is held against a cold read of the log.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { between, chanceOf, type Chance } from './chance.ts';
import { check, faultsOf, type Verdict } from './checker.ts';
import { Child, killAll } from './child.ts';
import { readStanding } from './cold.ts';
import type { CrewPlan, News, Order } from './crew.ts';
import { Gateway } from './gateway.ts';
import { readJournal, type JournalLine } from './journal.ts';
import type { MemberPlan } from './member.ts';

export interface StormPlan {
  /** An empty one, for log, journals and outboxes. Whoever asked for the storm removes it. */
  folder: string;
  sends: number;
  /** Of the gateway. */
  kills: number;
  /** Of processes of clients; they are started again on their outboxes. */
  crewKills: number;
  clients: number;
  seed: number;
  /** Without an end by then, the run fails and says who waits for what. */
  deadlineMs: number;
  say(line: string): void;
}

export interface Outcome extends Verdict {
  sends: number;
  kills: number;
  crewKills: number;
  seed: number;
  seconds: number;
  /** The longest time in which no client anywhere had an acknowledgement. */
  longestGapMs: number;
  records: number;
  damage: readonly string[];
}

/** One crew keeps its outboxes in memory and is never killed. */
const CREWS = 3;
const AGENTS = 2;
const AGENTS_SHARE = 0.1;
const TALKS = 4;
const DUMP_MS = 60_000;
const TELL_MS = 2_000;
/** One kill in four hits a gateway that is only starting, which takes it about so long. */
const EARLY = 0.25;
const START_MS = 700;
/** The others come so long, at most, after their number of acknowledgements. */
const WAIT_MS = 60;

export function faultsIn(outcome: Outcome): number {
  return faultsOf(outcome) + outcome.damage.length;
}

/** @throws Error when it does not come to an end: a process that died by itself, or no progress. */
export async function storm(plan: StormPlan): Promise<Outcome> {
  try {
    return await new Storm(plan).run();
  } finally {
    await killAll();
  }
}

class Storm {
  readonly #plan: StormPlan;
  readonly #chance: Chance;
  readonly #crews: Crew[] = [];
  readonly #begunAt = Date.now();
  #fail: (error: Error) => void = () => {};
  readonly #failure: Promise<never>;
  #waiting: (() => void)[] = [];

  constructor(plan: StormPlan) {
    this.#plan = plan;
    this.#chance = chanceOf(plan.seed);
    this.#failure = new Promise((_, reject) => (this.#fail = reject));
    this.#failure.catch(() => {});
  }

  async run(): Promise<Outcome> {
    const timer = setTimeout(() => this.#late(), this.#plan.deadlineMs);
    try {
      return await Promise.race([this.#run(), this.#failure]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #run(): Promise<Outcome> {
    const { seed, say } = this.#plan;
    const gateway = await Gateway.make(this.#plan.folder, (how) => this.#fail(new Error(how)));
    gateway.start();
    await gateway.ready();
    this.#muster(gateway.url);
    await Promise.all([this.#killGateway(gateway), this.#killCrews()]);
    await this.#until(() => this.#crews.every(({ drained }) => drained));
    say(`All outboxes are empty after ${this.#seconds} s; reading every window.`);
    const heads = headsOf(this.#told());
    await Promise.all(this.#crews.map((crew) => crew.dump(heads)));
    await gateway.stop();
    await Promise.all(this.#crews.map((crew) => crew.kill()));
    const told = this.#told();
    const { conversations, records, damage } = await readStanding(gateway.log);
    const { sends, kills, crewKills } = this.#plan;
    return {
      ...check(told, conversations), sends, kills, crewKills, seed,
      seconds: Number(this.#seconds), longestGapMs: longestGap(told), records, damage,
    };
  }

  #muster(url: string): void {
    const { sends, clients, seed } = this.#plan;
    const forAgents = Math.round(sends * AGENTS_SHARE);
    const customers = spread(sends - forAgents, clients).map((quota, nth): MemberPlan =>
      ({ name: `customer${nth}`, role: 'customer', quota, conversations: TALKS, share: 0 }));
    const agents = spread(forAgents, AGENTS).map((quota, nth): MemberPlan =>
      ({ name: `agent${nth}`, role: 'agent', quota, conversations: AGENTS, share: nth }));
    const everyone = [...customers, ...agents];
    for (let nth = 0; nth < CREWS; nth++) {
      const crew: CrewPlan = {
        url, seed: seed + nth, journal: join(this.#plan.folder, `crew${nth}.journal`),
        storage: nth === 0 ? null : join(this.#plan.folder, `crew${nth}`),
        members: everyone.filter((_, i) => i % CREWS === nth),
      };
      if (crew.storage !== null) mkdirSync(crew.storage);
      const log = join(this.#plan.folder, `crew${nth}.log`);
      const crashed = (how: string): void => this.#fail(new Error(`Crew ${nth} ended by itself (${how}): see ${log}.`));
      this.#crews.push(new Crew(crew, log, () => this.#news(), crashed));
    }
  }

  async #killGateway(gateway: Gateway): Promise<void> {
    const { kills, say } = this.#plan;
    for (const [nth, at] of this.#moments(kills).entries()) {
      const early = nth > 0 && this.#chance() < EARLY;
      const wait = between(this.#chance, 0, early ? START_MS : WAIT_MS);
      if (!early) await this.#until(() => this.#acked >= at);
      await passing(wait);
      await gateway.kill();
      const moment = early ? `${wait} ms after a start` : `${wait} ms after ${at} were acknowledged`;
      say(`Kill ${nth + 1} of ${kills}: ${moment}, ${this.#acked} by now, ${this.#seconds} s.`);
      gateway.start();
    }
    await gateway.ready();
  }

  async #killCrews(): Promise<void> {
    const { crewKills, say } = this.#plan;
    for (const [nth, at] of this.#moments(crewKills).entries()) {
      const victim = between(this.#chance, 1, CREWS - 1);
      const wait = between(this.#chance, 0, WAIT_MS);
      await this.#until(() => this.#acked >= at);
      await passing(wait);
      await this.#crews[victim]?.kill();
      say(`Crew kill ${nth + 1} of ${crewKills}: crew ${victim}, ${this.#acked} acknowledged by now, ${this.#seconds} s.`);
      this.#crews[victim]?.start();
    }
  }

  /** Numbers of acknowledgements at which something dies: while sends are under way. */
  #moments(count: number): number[] {
    const { sends } = this.#plan;
    return Array.from({ length: count }, () => Math.floor((0.01 + 0.94 * this.#chance()) * sends)).sort((a, b) => a - b);
  }

  get #acked(): number {
    return this.#crews.reduce((sum, { acked }) => sum + acked, 0);
  }

  get #seconds(): string {
    return ((Date.now() - this.#begunAt) / 1000).toFixed(1);
  }

  /** Looks again at each word of a crew. */
  async #until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  #told(): JournalLine[] {
    return this.#crews.flatMap((crew) => crew.told);
  }

  #news(): void {
    for (const look of this.#waiting.splice(0)) look();
  }

  #late(): void {
    for (const crew of this.#crews) crew.tell();
    // They write what they are at into their logs.
    const { deadlineMs, sends, folder } = this.#plan;
    const what = `No end after ${deadlineMs} ms: ${this.#acked} of ${sends} are acknowledged.`;
    setTimeout(() => this.#fail(new Error(`${what} The crews' logs in ${folder} say who waits for what.`)), TELL_MS);
  }
}

/** A process of clients, over all its lives. */
class Crew {
  acked = 0;
  drained = false;
  readonly #plan: CrewPlan;
  readonly #log: string;
  readonly #news: () => void;
  readonly #crashed: (how: string) => void;
  #dumped = (): void => {};
  #child: Child | undefined;

  constructor(plan: CrewPlan, log: string, news: () => void, crashed: (how: string) => void) {
    this.#plan = plan;
    this.#log = log;
    this.#news = news;
    this.#crashed = crashed;
    this.start();
  }

  get told(): JournalLine[] {
    return readJournal(this.#plan.journal);
  }

  start(): void {
    this.drained = false;
    const file = fileURLToPath(new URL('crew.ts', import.meta.url));
    const child = new Child(['--import', 'tsx', file, JSON.stringify(this.#plan)], this.#log, (message) => {
      // What a killed process said last may still come in.
      if (child === this.#child) this.#hear(message as News);
    });
    this.#child = child;
    void child.ended.then((how) => {
      if (!child.expected) this.#crashed(how);
    });
  }

  #hear(news: News): void {
    if (news.t === 'dumped') return this.#dumped();
    this.acked = news.acked;
    this.drained = news.drained;
    this.#news();
  }

  dump(heads: Record<string, number>): Promise<void> {
    return new Promise((resolve) => {
      this.#dumped = resolve;
      this.#child?.say({ do: 'dump', heads, deadlineMs: DUMP_MS } satisfies Order);
    });
  }

  tell(): void {
    this.#child?.say({ do: 'tell' } satisfies Order);
  }

  async kill(): Promise<void> {
    await this.#child?.kill();
  }
}

function spread(total: number, over: number): number[] {
  return Array.from({ length: over }, (_, nth) => Math.floor((total * (nth + 1)) / over) - Math.floor((total * nth) / over));
}

/** Up to where each conversation is known to go. */
function headsOf(told: readonly JournalLine[]): Record<string, number> {
  const conversations = new Map<string, string>();
  const heads: Record<string, number> = {};
  for (const line of told) if (line.t === 'said') conversations.set(line.cmid, line.conversation);
  for (const line of told) {
    const id = line.t === 'acked' ? conversations.get(line.cmid) : undefined;
    if (line.t === 'acked' && id !== undefined) heads[id] = Math.max(heads[id] ?? 0, line.seq);
  }
  return heads;
}

function longestGap(told: readonly JournalLine[]): number {
  const times = told.flatMap((line) => (line.t === 'acked' ? [line.when] : [])).sort((a, b) => a - b);
  return times.reduce((longest, at, nth) => Math.max(longest, at - (times[nth - 1] ?? at)), 0);
}

function passing(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
