/**
 * The crash test of a cluster: people on every node talk while nodes, NATS and the wires between die, stand still and come
 * back. In the end, when all is healed, everything is stopped and started cold, read again from every node, and the whole
 * history is held against the promises.
 */
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { publish } from '../../bench/publish.ts';
import { Turn } from '../../bench/wire.ts';
import { chanceOf, type Chance } from '../chance.ts';
import { Child, killAll } from '../child.ts';
import { agentToken } from '../gateway.ts';
import { Cluster } from './cluster.ts';
import type { CrowdPlan, News, Order } from './crowd.ts';
import { Pen, readHistory, type ClientLine, type EffectLine, type LogLine, type NodeLine, type ReadLine } from './history.ts';
import { Judge, type Verdict } from './judge.ts';
import { Nemesis, secondsOf, type Woes } from './nemesis.ts';
import { Outside } from './outside.ts';
import type { PersonPlan } from './person.ts';
import { Prober } from './prober.ts';
import { readAll } from './reading.ts';
import { roundsFlow, WAIT_MS } from './rounds.ts';
import { Witness } from './witness.ts';

export interface TempestPlan extends Woes {
  /** An empty one. Whoever asked for the run removes it. The history is in `history` there. */
  folder: string;
  nodes: number;
  nats: 1 | 3;
  sends: number;
  customers: number;
  seed: number;
  /** Without an end by then, the run fails and says who waits for what. */
  deadlineMs: number;
  say(line: string): void;
}

export interface Outcome extends Verdict {
  seed: number;
  seconds: number;
  /** nats-server's. */
  version: string;
  /** The most memory that a node had at any time, in megabytes. */
  rssMb: number;
}

const CROWDS = 2;
const AGENTS = 4;
const ADMIN = 'ada';
const WORDS_LEAST = 120;
const TALKS_MAX = 1_000;
const STATUS_MS = 10_000;
const LOOK_MS = 500;
const TELL_MS = 2_000;
/** Sends a second once nothing is done any more; and at most, whatever is done. */
const PACE_MAX = 2_000;
const SETTLE_MS = 30_000;

/** @throws Error when no fit nats-server can be had, or it does not come to an end */
export async function tempest(plan: TempestPlan): Promise<Outcome> {
  const run = new Tempest(plan);
  try {
    return await run.run();
  } finally {
    await run.close();
    await killAll();
  }
}

class Tempest {
  readonly #plan: TempestPlan;
  readonly #chance: Chance;
  readonly #history: string;
  readonly #begunAt = Date.now();
  readonly #crowds: Crowd[] = [];
  readonly #failure: Promise<never>;
  #fail: (error: unknown) => void = () => {};
  #cluster: Cluster | undefined;
  #outside: Outside | undefined;
  /** Its own connections to NATS. */
  readonly #closers: (() => Promise<void>)[] = [];
  #prober: Prober | undefined;
  #timers: NodeJS.Timeout[] = [];
  #rss = 0;

  constructor(plan: TempestPlan) {
    this.#plan = plan;
    this.#chance = chanceOf(plan.seed);
    this.#history = join(plan.folder, 'history');
    this.#failure = new Promise((_, reject) => (this.#fail = reject));
    this.#failure.catch(() => {});
  }

  async run(): Promise<Outcome> {
    this.#timers.push(setTimeout(() => this.#late(), this.#plan.deadlineMs));
    return Promise.race([this.#failure, this.#run()]);
  }

  async close(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#prober?.close();
    this.#outside?.close();
    for (const close of this.#closers) await close();
    await this.#cluster?.close();
  }

  async #run(): Promise<Outcome> {
    const { folder, nodes, nats, seed, sends } = this.#plan;
    mkdirSync(this.#history);
    const outside = this.#outside = new Outside(new Pen<EffectLine>(join(this.#history, 'effects.ndjson')), chanceOf(seed + 1));
    const port = await outside.open();
    const workspace = { agents: [{ id: ADMIN, name: ADMIN, right: 'admin', teams: ['support'] }], http: { allow: [`127.0.0.1:${port}`] } };
    const cluster = this.#cluster = await Cluster.make({ folder, nodes, nats, workspace, crashed: (how) => this.#fail(new Error(how)) });
    this.#say(`nats-server ${cluster.nats.version} runs.`);
    await cluster.start();
    this.#say('All nodes are ready.');
    const witness = await this.#witness(cluster);
    await publish(`http://127.0.0.1:${cluster.nodes[0]?.port}`, await agentToken(ADMIN), 'rounds', roundsFlow(port));
    const prober = this.#prober = new Prober(cluster.nodes, cluster.settings.shards, this.#chance, new Pen<ClientLine>(join(this.#history, 'clients', 'prober.ndjson')), this.#fail);
    this.#muster(cluster);
    this.#watch(cluster, witness);

    const seconds = secondsOf(this.#plan);
    this.#pace(Math.min(PACE_MAX, sends / seconds));
    await this.#befall(cluster, witness, prober);
    this.#say('Nothing more is done to it; the rest is said.');
    this.#pace(PACE_MAX);
    while (!this.#crowds.every(({ drained }) => drained) || !prober.quiet) await passing(50);
    await Promise.all(this.#crowds.map((crowd) => crowd.end()));
    await this.#coldly(cluster, witness);
    const judge = new Judge();
    await readHistory(this.#history, judge);
    return { ...judge.verdict(), seed, seconds: Number(this.#seconds), version: cluster.nats.version, rssMb: Math.round(this.#rss / 2 ** 20) };
  }

  async #witness({ settings }: Cluster): Promise<Witness> {
    const pen = new Pen<LogLine>(join(this.#history, 'log.ndjson'));
    const [witness, close] = await Witness.open(settings, pen, (line) => this.#fail(new Error(`The witness: ${line}`)));
    this.#closers.push(close);
    return witness;
  }

  async #befall(cluster: Cluster, witness: Witness, prober: Prober): Promise<void> {
    const pens = new Map<string, Pen<NodeLine>>();
    const pen = (name: string): Pen<NodeLine> => {
      const known = pens.get(name) ?? new Pen<NodeLine>(join(this.#history, 'nodes', `${name}.ndjson`));
      pens.set(name, known);
      return known;
    };
    const parts = { woes: this.#plan, cluster, prober, witness, chance: this.#chance, pens: pen, say: (line: string) => this.#say(line), failed: this.#fail };
    await new Nemesis(parts).run();
    for (const one of pens.values()) one.close();
  }

  /** Everything is stopped, started again, and read from each node by clients who know nothing. */
  async #coldly(cluster: Cluster, witness: Witness): Promise<void> {
    this.#say('All is said and acknowledged; everything is stopped and started cold.');
    await cluster.stop();
    for (const [server] of cluster.nats.urls.entries()) await cluster.nats.stop(server);
    await Promise.all(cluster.nats.urls.map((_, server) => cluster.nats.start(server)));
    await cluster.start();
    // What was due meanwhile, and what it leads to.
    await passing(WAIT_MS);
    await witness.settled(SETTLE_MS);
    await witness.level();
    const all = [...witness.conversations];
    const turn = new Turn();
    for (const node of cluster.nodes) {
      const pen = new Pen<ReadLine>(join(this.#history, 'reads', `${node.name}.ndjson`));
      await readAll(node, all, turn, pen);
      pen.close();
    }
    await witness.level();
    witness.end();
    this.#say(`Read again from every node: ${all.length} conversations.`);
    await cluster.stop();
  }

  #muster({ nodes }: Cluster): void {
    const { customers, sends, seed, folder } = this.#plan;
    // Whoever follows all conversations looks through all of them, again and again: so there are never too many.
    const words = Math.max(WORDS_LEAST, Math.ceil(sends / TALKS_MAX));
    const everyone: PersonPlan[] = [
      ...Array.from({ length: customers }, (_, nth): PersonPlan => ({ name: `customer${nth}`, role: 'customer', agents: AGENTS, share: 0, words })),
      ...Array.from({ length: AGENTS }, (_, nth): PersonPlan => ({ name: `agent${nth}`, role: 'agent', agents: AGENTS, share: nth, words })),
    ];
    for (let nth = 0; nth < CROWDS; nth++) {
      const plan: CrowdPlan = {
        ports: nodes.map(({ port }) => port), folder: this.#history, seed: seed + 10 + nth,
        people: everyone.filter((_, i) => i % CROWDS === nth), quota: Math.floor((sends * (nth + 1)) / CROWDS) - Math.floor((sends * nth) / CROWDS),
      };
      this.#crowds.push(new Crowd(plan, join(folder, `crowd${nth}.log`), (how) => this.#fail(new Error(how))));
    }
  }

  #pace(perSecond: number): void {
    for (const crowd of this.#crowds) crowd.say({ do: 'pace', perSecond: perSecond / CROWDS });
  }

  #watch({ nodes }: Cluster, witness: Witness): void {
    const pen = new Pen<NodeLine>(join(this.#history, 'nodes', 'waits.ndjson'));
    const waited = new Map<string, number>();
    this.#timers.push(setInterval(() => {
      for (const { name, rss, waitedMs } of nodes) {
        this.#rss = Math.max(this.#rss, rss);
        // After a start it counts from 0 again.
        const ms = Math.round(Math.max(0, waitedMs - (waited.get(name) ?? 0)));
        waited.set(name, waitedMs);
        if (ms > 0) pen.write({ at: Date.now(), who: name, op: 'info', kind: 'waited', ms });
      }
    }, LOOK_MS), setInterval(() => {
      const all = nodes.map(({ name, standing, rss }) => `${name} ${standing} ${Math.round(rss / 2 ** 20)} MB`).join(', ');
      this.#say(`${this.#acked} of ${this.#plan.sends} acknowledged; ${all}; shards: ${witness.shares}; asked outside: ${this.#outside?.asked}.`);
    }, STATUS_MS));
  }

  get #acked(): number {
    return this.#crowds.reduce((sum, { acked }) => sum + acked, 0);
  }

  get #seconds(): string {
    return ((Date.now() - this.#begunAt) / 1000).toFixed(1);
  }

  #say(line: string): void {
    this.#plan.say(`${this.#seconds.padStart(6)} s  ${line}`);
  }

  #late(): void {
    for (const crowd of this.#crowds) crowd.say({ do: 'tell' });
    const { deadlineMs, sends, folder } = this.#plan;
    const what = `No end after ${deadlineMs} ms: ${this.#acked} of ${sends} are acknowledged.`;
    setTimeout(() => this.#fail(new Error(`${what} The crowds' logs in ${folder} say who waits for what.`)), TELL_MS);
  }
}

/** A process of clients. */
class Crowd {
  acked = 0;
  drained = false;
  readonly #child: Child;
  #ended = (): void => {};

  constructor(plan: CrowdPlan, log: string, crashed: (how: string) => void) {
    const file = fileURLToPath(new URL('crowd.ts', import.meta.url));
    this.#child = new Child(['--import', 'tsx', file, JSON.stringify(plan)], log, (news) => this.#hear(news as News));
    void this.#child.ended.then((how) => {
      if (!this.#child.expected) crashed(`A crowd ended by itself (${how}): see ${log}.`);
    });
  }

  say(order: Order): void {
    this.#child.say(order);
  }

  /** Resolves when everybody has said how far they see, and left. */
  async end(): Promise<void> {
    const over = new Promise<void>((resolve) => { this.#ended = resolve; });
    this.say({ do: 'end' });
    await over;
    await this.#child.kill();
  }

  #hear(news: News): void {
    if (news.t === 'ended') return this.#ended();
    this.acked = news.acked;
    this.drained = news.drained;
  }
}

/** A history is held against the promises, however long ago it was. */
export async function checkHistory(folder: string): Promise<Verdict> {
  const judge = new Judge();
  await readHistory(folder, judge);
  return judge.verdict();
}

/** Where somebody wants to have it, with what nodes and clients said to their operator. */
export function keepHistory(folder: string, to: string): void {
  cpSync(join(folder, 'history'), to, { recursive: true });
  for (const name of readdirSync(folder)) if (name.endsWith('.log')) cpSync(join(folder, name), join(to, name));
}

function passing(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
