/**
 * How fast the desk finds somebody: 10,000 conversations wait, and 10, 100 or 1,000 agents work them off. First as fast
 * as they can; then one at a time, from the moment an agent says "solved" until the next offer is on their screen.
 */
import { performance } from 'node:perf_hooks';
import { ulid } from 'ulid';
import type { Told } from '../../sdk/protocol/frames.ts';
import type { Children } from './children.ts';
import { cpuTimes } from './cpu.ts';
import { each, median } from './figures.ts';
import { Peer, visitorToken, type At } from './peer.ts';
import { buildGateway, startGateway } from './peers/parley.ts';
import { Turn } from './wire.ts';

const AGENTS = [10, 100, 1_000];
const WAITING = 10_000;
/** A visitor's contact knows its newest 1,000 conversations; fewer make the setting up faster. */
const CUSTOMERS = 50;
const IN_FLIGHT = 100;
/** As many as each agent can hold. */
const PLACES = 5;
/** Only who has the right may watch the board. */
const FIRST = { id: 'agent0', name: 'Agent 0', right: 'admin', teams: ['support'] };
const WINDOW_MS = 5_000;
const SAMPLES = 200;

type Round = Record<Figure, number>;
/** Free to offer: from the agent's "solved" to the next offer on the same screen, over real sockets, in milliseconds. */
type Figure = 'agents' | 'assignmentsPerSecond' | 'cpuMsPerAssignment' | 'freeToOfferP50Ms' | 'freeToOfferP99Ms';

export async function desk(children: Children, rounds: number, json: boolean): Promise<void> {
  await buildGateway(children);
  const measured: Round[] = [];
  for (let nth = 1; nth <= rounds; nth++) {
    for (const agents of nth % 2 === 1 ? AGENTS : AGENTS.toReversed()) {
      const one = await round(children, agents);
      measured.push(one);
      process.stderr.write(`round ${nth}/${rounds}, ${agents} agents: ${Math.round(one.assignmentsPerSecond)} assignments/s\n`);
    }
  }
  const medians = AGENTS.map((agents) => medianOf(measured.filter((one) => one.agents === agents)));
  const least = medians[0];
  const results = medians.map((one) => ({
    ...one, ofFewest: least === undefined ? 1 : one.assignmentsPerSecond / least.assignmentsPerSecond,
  }));
  if (json) process.stdout.write(`${JSON.stringify({ waiting: WAITING, places: PLACES, rounds, results })}\n`);
  else console.table(results.map((one) => Object.fromEntries(Object.entries(one).map(([key, value]) => [key, Number(value.toPrecision(3))]))));
}

function medianOf(rounds: readonly Round[]): Round {
  const [first] = rounds;
  if (first === undefined) throw new Error('No round was measured.');
  return each((key) => median(rounds.map((one) => one[key])), first);
}

async function round(children: Children, count: number): Promise<Round> {
  const { child, port, extra } = await startGateway(children, count, [], { agents: [FIRST] });
  let failed: (error: Error) => void = () => {};
  const failure = new Promise<never>((_, reject) => (failed = reject));
  failure.catch(() => {});
  const at: At = { port, turn: new Turn(), ear: { failed: (why) => failed(new Error(why)) } };
  try {
    return await Promise.race([failure, work(at, child.pid, Object.values(extra))]);
  } finally {
    at.ear.failed = () => {};
    await child.stop();
  }
}

async function work(at: At, pid: number, tokens: readonly string[]): Promise<Round> {
  const agents = await Promise.all(tokens.map((token) => Worker.enter(at, token)));
  await Promise.all(agents.map((agent) => agent.act('status', { status: 'away' })));
  await fill(at, agents[0]);

  let assigned = 0;
  for (const agent of agents) agent.offered = () => void (assigned += 1);
  await Promise.all(agents.map((agent) => agent.act('status', { status: 'online' })));
  for (const agent of agents) agent.busy = true;
  const [cpu, begun, before] = [cpuTimes([pid]).servers, performance.now(), assigned];
  await new Promise((resolve) => setTimeout(resolve, WINDOW_MS));
  const seconds = (performance.now() - begun) / 1000;
  const done = assigned - before;
  const spent = cpuTimes([pid]).servers - cpu;

  for (const agent of agents) agent.busy = false;
  await Promise.all(agents.map((agent) => agent.full()));
  const waits: number[] = [];
  for (let nth = 0; nth < SAMPLES; nth++) {
    const agent = agents[nth % agents.length];
    if (agent === undefined) break;
    const from = performance.now();
    const next = agent.nextOffer();
    agent.solveOne();
    await next;
    const took = performance.now() - from;
    await agent.full();
    waits.push(took);
  }
  for (const agent of agents) agent.close();
  waits.sort((a, b) => a - b);
  return {
    agents: tokens.length, assignmentsPerSecond: done / seconds, cpuMsPerAssignment: (spent * 1000) / Math.max(done, 1),
    freeToOfferP50Ms: waits[Math.floor(waits.length / 2)] ?? 0, freeToOfferP99Ms: waits[Math.floor(waits.length * 0.99)] ?? 0,
  };
}

/** Customers write until so many conversations wait, which the board says. */
async function fill(at: At, agent: Worker | undefined): Promise<void> {
  await Promise.all(Array.from({ length: CUSTOMERS }, async () => {
    const device = ulid();
    const peer = await Peer.open(at, device, await visitorToken(at.port, device));
    let left = WAITING / CUSTOMERS;
    let flying = 0;
    await new Promise<void>((resolve) => {
      const more = (): void => {
        for (; left > 0 && flying < IN_FLIGHT / CUSTOMERS; left--, flying++) {
          peer.say({ t: 'send', cmid: ulid(), conversation: ulid(), kind: 'message', text: 'Is anybody there?', channel: 'web', seen: null });
        }
        if (left === 0 && flying === 0) resolve();
      };
      peer.hear = (told) => {
        if (told.t !== 'ack') return;
        flying -= 1;
        more();
      };
      more();
    });
    peer.close();
  }));
  await agent?.boardShows((waiting) => waiting >= WAITING);
}

/** An agent who accepts whatever is offered, and while busy solves it at once. */
class Worker {
  offered: () => void = () => {};
  readonly #peer: Peer;
  readonly #answers = new Map<string, () => void>();
  readonly #seen = new Set<number>();
  /** Accepted conversations, by the connection's alias. */
  readonly #held: number[] = [];
  #busy = false;
  #next: (() => void) | undefined;
  #filled: (() => void) | undefined;
  #board: { test(waiting: number): boolean; met(): void } | undefined;

  private constructor(peer: Peer) {
    this.#peer = peer;
    peer.hear = (told) => this.#hear(told);
    // An offer may move on while its acceptance is on the way; that is no failure.
    peer.refused = ({ ref }) => this.#answers.get(String(ref))?.();
  }

  static async enter(at: At, token: string): Promise<Worker> {
    return new Worker(await Peer.open(at, ulid(), token));
  }

  set busy(busy: boolean) {
    this.#busy = busy;
    while (busy && this.#held.length > 0) this.solveOne();
  }

  act(name: string, args: Record<string, string | number | boolean>): Promise<void> {
    const id = ulid();
    return new Promise((resolve) => {
      this.#answers.set(id, () => {
        this.#answers.delete(id);
        resolve();
      });
      this.#peer.say({ t: 'act', id, name, args });
    });
  }

  solveOne(): void {
    const conversation = this.#held.shift();
    if (conversation === undefined) return;
    this.#peer.say({ t: 'command', id: ulid(), conversation, name: 'status', args: { status: 'solved' } });
    this.#peer.say({ t: 'unsubscribe', conversation });
  }

  /** Resolves when every place is taken. */
  async full(): Promise<void> {
    if (this.#held.length < PLACES) await new Promise<void>((resolve) => (this.#filled = resolve));
  }

  nextOffer(): Promise<void> {
    return new Promise((resolve) => (this.#next = resolve));
  }

  async boardShows(test: (waiting: number) => boolean): Promise<void> {
    const met = new Promise<void>((resolve) => (this.#board = { test, met: resolve }));
    await this.act('board', { on: true });
    await met;
    await this.act('board', { on: false });
  }

  close(): void {
    this.#peer.close();
  }

  #hear(told: Told): void {
    switch (told.t) {
      case 'result': return this.#answers.get(told.id)?.();
      case 'board': {
        const waiting = told.teams.reduce((sum, team) => sum + team.waiting, 0);
        return this.#board?.test(waiting) === true ? this.#board.met() : undefined;
      }
      case 'desk': {
        for (const { offer, conversation } of told.offers) if (!this.#seen.has(offer)) this.#accept(offer, conversation);
        return;
      }
      // It is ours once its log says so.
      case 'subscribed': return told.summary.assignee === null ? undefined : this.#have(told.alias);
      case 'event': return told.entry.kind === 'assigned' && told.entry.body.agent !== null ? this.#have(told.alias) : undefined;
      default:
    }
  }

  #accept(offer: number, conversation: string): void {
    this.#seen.add(offer);
    this.#next?.();
    this.#next = undefined;
    void this.act('accept', { conversation, offer }).then(() => {
      this.offered();
      this.#peer.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
    });
  }

  #have(alias: number): void {
    if (this.#held.includes(alias)) return;
    this.#held.push(alias);
    if (this.#busy) this.solveOne();
    else if (this.#held.length === PLACES) this.#filled?.();
  }
}
