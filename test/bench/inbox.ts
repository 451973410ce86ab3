/**
 * What it costs that agents watch: bytes and CPU for each change of a conversation, as the agents who look grow from 1 to
 * 200; and what an agent with 5,000 conversations is told who comes back with one position.
 */
import { performance } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import { ulid } from 'ulid';
import type { Said, Told } from '../../sdk/protocol/frames.ts';
import type { Children } from './children.ts';
import { cpuTimes } from './cpu.ts';
import { median } from './figures.ts';
import { Peer, visitorToken, type At } from './peer.ts';
import { buildGateway, startGateway } from './peers/parley.ts';
import { Turn } from './wire.ts';

const AGENTS = [1, 10, 50, 200];
/** All look at one list; each at their own; each follows all conversations, as agents did before; nobody looks. */
const LOOKS = ['open', 'mine', 'feed', 'none'] as const;
type Look = (typeof LOOKS)[number];
const TALKS = 500;
const CUSTOMERS = 25;
const PER_SECOND = 200;
const WINDOW_MS = 4_000;
/** The tables are level with the log a moment after the last acknowledgement. */
const SETTLE_MS = 700;
const AT_ONCE = 100;
const MANY = 5_000;
const MISSED = [0, 1, 10, 100, 500];

interface Cost { look: Look; agents: number; bytesPerChange: number; bytesPerChangeAndAgent: number; cpuMsPerChange: number }
interface Return { changed: number; bytes: number; ms: number }
interface Round { costs: Cost[]; whole: Return; returns: Return[] }

export async function inbox(children: Children, rounds: number, json: boolean): Promise<void> {
  await buildGateway(children);
  const measured: Round[] = [];
  for (let nth = 1; nth <= rounds; nth++) {
    measured.push(await round(children, nth % 2 === 0));
    process.stderr.write(`round ${nth}/${rounds}\n`);
  }
  const costs = LOOKS.flatMap((look) => AGENTS.map((agents) => {
    const of = measured.flatMap((one) => one.costs.filter((cost) => cost.look === look && cost.agents === agents));
    return { look, agents, ...medians(of, 'bytesPerChange', 'bytesPerChangeAndAgent', 'cpuMsPerChange') };
  }));
  const cpuOf = (look: Look, agents: number): number => costs.find((cost) => cost.look === look && cost.agents === agents)?.cpuMsPerChange ?? 0;
  const whole = medians(measured.map((one) => one.whole), 'bytes', 'ms');
  const returns = MISSED.map((changed) => {
    const { bytes, ms } = medians(measured.flatMap((one) => one.returns.filter((back) => back.changed === changed)), 'bytes', 'ms');
    return { changed, bytes, ms, bytesOfWhole: bytes / whole.bytes, msOfWhole: ms / whole.ms };
  });
  const results = costs.map((cost) => ({
    ...cost, cpuOfFirst: cost.cpuMsPerChange / cpuOf(cost.look, 1), cpuOfFeed: cost.cpuMsPerChange / cpuOf('feed', cost.agents),
    cpuMsAboveNone: cost.cpuMsPerChange - cpuOf('none', cost.agents),
  }));
  if (json) process.stdout.write(`${JSON.stringify({ conversations: TALKS, perSecond: PER_SECOND, rounds, results, comingBack: { conversations: MANY, whole, returns } })}\n`);
  else for (const rows of [results, [{ changed: 'all of it', ...whole }, ...returns]]) console.table(rows.map(rounded));
}

function medians<K extends string>(of: readonly { [key in K]: number }[], ...keys: K[]): Record<K, number> {
  return Object.fromEntries(keys.map((key) => [key, median(of.map((one) => one[key]))])) as Record<K, number>;
}

function rounded(row: object): object {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typeof value === 'number' ? Number(value.toPrecision(3)) : value]));
}

async function round(children: Children, reversed: boolean): Promise<Round> {
  const { child, port, extra } = await startGateway(children, Math.max(...AGENTS) + 1);
  const tokens = Object.values(extra);
  let failed: (error: Error) => void = () => {};
  const failure = new Promise<never>((_, reject) => (failed = reject));
  failure.catch(() => {});
  const at: At = { port, turn: new Turn(), ear: { failed: (why) => failed(new Error(why)) } };
  const work = async (): Promise<Round> => {
    // Whoever is away is offered nothing.
    await Promise.all(tokens.map((token) => asked(at, token, [{ t: 'act', id: ulid(), name: 'status', args: { status: 'away' } }])));
    const crowd = await Crowd.come(at, CUSTOMERS, TALKS);
    await pause(SETTLE_MS * 3);
    const costs: Cost[] = [];
    for (const agents of reversed ? AGENTS.toReversed() : AGENTS) {
      for (const look of reversed ? LOOKS.toReversed() : LOOKS) costs.push(await cost(at, child.pid, tokens.slice(0, agents), crowd, look));
    }
    crowd.close();
    return { costs, ...await comingBack(at, tokens.at(-1) ?? '') };
  };
  try {
    return await Promise.race([failure, work()]);
  } finally {
    at.ear.failed = () => {};
    await child.stop();
  }
}

async function cost(at: At, pid: number, tokens: readonly string[], crowd: Crowd, look: Look): Promise<Cost> {
  const agents = tokens.length;
  if (look === 'mine') {
    await Promise.all(tokens.map((token, nth) => asked(at, token, crowd.talks.filter((_, i) => i % agents === nth).map((conversation) =>
      ({ t: 'command', id: ulid(), conversation, name: 'accept', args: {} })))));
    await pause(SETTLE_MS * 3);
  }
  const peers = await Promise.all(tokens.map((token) => Peer.open(at, ulid(), token, look === 'feed' ? { store: '', n: 0 } : null)));
  for (const peer of peers) {
    peer.hear = () => {};
    if (look === 'open' || look === 'mine') peer.say({ t: 'watch', wid: 1, list: look, sort: 'newest', limit: 50, since: null });
  }
  await pause(SETTLE_MS);
  const heard = (): number => peers.reduce((sum, peer) => sum + peer.bytes, 0);
  const [bytes, cpu, changes] = [heard(), cpuTimes([pid]).servers, crowd.said];
  await crowd.talk(PER_SECOND, WINDOW_MS);
  await pause(SETTLE_MS);
  const done = crowd.said - changes;
  const told = heard() - bytes;
  const spent = cpuTimes([pid]).servers - cpu;
  for (const peer of peers) peer.close();
  await pause(SETTLE_MS);
  return { look, agents, bytesPerChange: told / done, bytesPerChangeAndAgent: told / done / agents, cpuMsPerChange: (spent * 1000) / done };
}

/** An agent takes many conversations, sees all of them, and comes back after some have changed. */
async function comingBack(at: At, token: string): Promise<Pick<Round, 'whole' | 'returns'>> {
  const crowd = await Crowd.come(at, CUSTOMERS, MANY);
  const accepts = crowd.talks.map((conversation): Said => ({ t: 'command', id: ulid(), conversation, name: 'accept', args: {} }));
  await asked(at, token, accepts);
  await pause(SETTLE_MS * 3);
  let position: { store: string; n: number } | null = null;
  const come = async (changed: number): Promise<Return> => {
    const since = position;
    const begun = performance.now();
    const peer = await Peer.open(at, ulid(), token);
    const last = await new Promise<Extract<Told, { t: 'listed' }>>((resolve) => {
      peer.hear = (told) => {
        // Of several frames only the last says a new position.
        if (told.t === 'listed' && told.n > 0 && (changed === 0 || told.n !== since?.n)) resolve(told);
      };
      peer.say({ t: 'watch', wid: 1, list: 'mine', sort: 'newest', limit: MANY, since });
    });
    const ms = performance.now() - begun;
    position = { store: last.store, n: last.n };
    peer.close();
    return { changed, bytes: peer.bytes, ms };
  };
  const whole = await come(MANY);
  const returns: Return[] = [];
  for (const changed of MISSED) {
    await crowd.say(changed);
    await pause(SETTLE_MS);
    returns.push(await come(changed));
  }
  crowd.close();
  return { whole, returns };
}

/** An agent asks for some things, a message full at a time, is answered, and goes. */
async function asked(at: At, token: string, frames: readonly Said[]): Promise<void> {
  const peer = await Peer.open(at, ulid(), token);
  for (let from = 0; from < frames.length; from += AT_ONCE) {
    const some = frames.slice(from, from + AT_ONCE);
    let left = some.length;
    await new Promise<void>((resolve) => {
      peer.hear = (told) => { if (told.t === 'result' && --left === 0) resolve(); };
      for (const frame of some) peer.say(frame);
    });
  }
  peer.close();
}

/** Customers with some conversations each, who say something in one after another. */
class Crowd {
  readonly talks: string[];
  said = 0;
  readonly #peers: readonly Peer[];
  #acked: () => void = () => {};
  #waiting = 0;

  private constructor(peers: readonly Peer[], talks: number) {
    this.#peers = peers;
    this.talks = Array.from({ length: talks }, () => ulid());
    for (const peer of peers) {
      peer.hear = (told) => {
        if (told.t !== 'ack') return;
        this.#waiting -= 1;
        this.#acked();
      };
    }
  }

  /** Everybody is there, and all conversations have begun. */
  static async come(at: At, customers: number, talks: number): Promise<Crowd> {
    const crowd = new Crowd(await Promise.all(Array.from({ length: customers }, async () => {
      const device = ulid();
      return Peer.open(at, device, await visitorToken(at.port, device));
    })), talks);
    await crowd.say(talks);
    return crowd;
  }

  /** Says something in so many conversations; resolves when all of it is acknowledged. */
  async say(count: number): Promise<void> {
    for (let left = count; left > 0; left -= AT_ONCE) {
      for (let nth = 0; nth < Math.min(left, AT_ONCE); nth++) this.#next();
      await new Promise<void>((resolve) => {
        this.#acked = () => { if (this.#waiting === 0) resolve(); };
        this.#acked();
      });
    }
  }

  async talk(perSecond: number, ms: number): Promise<void> {
    const begun = performance.now();
    const from = this.said;
    for (let now = begun; now - begun < ms; now = performance.now()) {
      while (this.said - from < ((now - begun) / 1000) * perSecond) this.#next();
      await pause(5);
    }
  }

  close(): void {
    for (const peer of this.#peers) peer.close();
  }

  #next(): void {
    const nth = this.said++ % this.talks.length;
    const conversation = this.talks[nth] ?? '';
    this.#waiting += 1;
    const text = `Good morning, where is my parcel? I have waited for it since ${this.said}.`;
    this.#peers[nth % this.#peers.length]?.say({ t: 'send', cmid: ulid(), conversation, kind: 'message', text, channel: 'web', seen: null });
  }
}
