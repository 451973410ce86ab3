/**
 * Whatever can befall a cluster, as chance has it: nodes are killed, frozen, parted from NATS and restarted gently, NATS
 * servers are killed, stopped and frozen. One after the other, except that a node may be killed while another is frozen;
 * one node always lives. After each, words to the victim's shards say when they are served again.
 */
import { between, type Chance } from '../chance.ts';
import type { Cluster } from './cluster.ts';
import type { Fault, NodeLine, Pen } from './history.ts';
import type { Node } from './node.ts';
import type { Prober } from './prober.ts';
import type { Witness } from './witness.ts';

export interface Woes {
  kills: number;
  freezes: number;
  natsKills: number;
  partitions: number;
}

export interface NemesisParts {
  woes: Woes;
  cluster: Cluster;
  prober: Prober;
  witness: Witness;
  chance: Chance;
  /** One for each node and server, by name. */
  pens: (name: string) => Pen<NodeLine>;
  say(line: string): void;
  failed(error: unknown): void;
}

type Step = 'kill' | 'freeze' | 'nats' | 'part' | 'roll';

const FREEZE_MS = { least: 3_000, most: 6_000 };
const PART_MS = { least: 3_000, most: 6_000 };
const NATS_MS = { least: 0, most: 1_500 };
const NATS_FROZEN_MS = { least: 1_500, most: 4_000 };
const PAUSE_MS = 300;
/** With this chance a node is killed while another is frozen; or a second time, so soon after it was started. */
const DURING = 0.8;
const EARLY = 0.15;
const EARLY_MS = 800;
/** Longer than this nobody waits for a probe: the next fault may help, and the end of the run says it. */
const PROBE_MS = 20_000;
const LOOK_MS = 10;
/** About so long each takes, in seconds. */
const COSTS: Readonly<Record<Step, number>> = { kill: 1.6, freeze: 5, nats: 2, part: 6, roll: 10 };

/** How long about they take, in seconds. */
export function secondsOf({ kills, freezes, natsKills, partitions }: Woes): number {
  const outside = Math.max(0, kills - Math.floor(freezes * DURING));
  return outside * COSTS.kill + freezes * COSTS.freeze + natsKills * COSTS.nats + partitions * COSTS.part + COSTS.roll;
}

export class Nemesis {
  readonly #parts: NemesisParts;
  readonly #background: Promise<void>[] = [];
  #nth = 0;
  #kills: number;

  constructor(parts: NemesisParts) {
    this.#parts = parts;
    this.#kills = parts.woes.kills;
  }

  /** Resolves when all is done and every node serves again. */
  async run(): Promise<void> {
    for (const step of this.#plan()) {
      await passing(between(this.#parts.chance, 0, PAUSE_MS));
      if (step === 'kill' && this.#kills > 0) await this.#kill();
      if (step === 'freeze') await this.#freeze();
      if (step === 'nats') await this.#strikeNats();
      if (step === 'part') await this.#part();
      if (step === 'roll') await this.#roll();
    }
    while (this.#kills > 0) await this.#kill();
    await Promise.all(this.#background);
    await this.#settle();
  }

  /** The gentle restart comes in the middle; everything else as chance has it. */
  #plan(): Step[] {
    const { woes: { kills, freezes, natsKills, partitions }, chance } = this.#parts;
    const counts: [Step, number][] = [['kill', kills], ['freeze', freezes], ['nats', natsKills], ['part', partitions]];
    const steps = counts.flatMap(([step, count]) => Array.from({ length: count }, () => ({ step, place: chance() })))
      .sort((a, b) => a.place - b.place).map(({ step }) => step);
    const half = Math.floor(steps.length / 2);
    return [...steps.slice(0, half), 'roll', ...steps.slice(half)];
  }

  async #kill(again?: Node): Promise<void> {
    const { chance, prober, say } = this.#parts;
    const node = again ?? await this.#victim();
    this.#kills -= 1;
    const { nth, shards, over } = this.#begin('kill', node);
    const dead = node.kill();
    prober.avoid(node);
    await Promise.all([dead, this.#probed(shards, nth, node.name)]);
    const started = node.start().then((up) => { if (up) over(); });
    this.#background.push(started.catch((error: unknown) => this.#parts.failed(error)));
    if (again !== undefined || this.#kills === 0 || chance() >= EARLY) return;
    await passing(between(chance, 0, EARLY_MS));
    if (node.standing !== 'starting') return;
    say(`${node.name} again, while it starts.`);
    await this.#kill(node);
  }

  async #freeze(): Promise<void> {
    const { chance, prober } = this.#parts;
    const node = await this.#victim();
    const { nth, shards, over } = this.#begin('freeze', node);
    const until = passing(between(chance, FREEZE_MS.least, FREEZE_MS.most));
    node.freeze();
    prober.avoid(node);
    const probed = this.#probed(shards, nth, node.name);
    const during = probed.then(() => (this.#kills > 0 && chance() < DURING ? this.#killBeside(until) : undefined));
    await until;
    node.thaw();
    await node.recovered();
    over();
    await during;
    await probed;
  }

  /** If another one is left beside the victim, and it is still time. */
  async #killBeside(until: Promise<void>): Promise<void> {
    let late = false;
    void until.then(() => { late = true; });
    while (this.#up().length < 2) {
      if (late) return;
      await passing(LOOK_MS);
    }
    if (!late) await this.#kill();
  }

  async #part(): Promise<void> {
    const { chance, prober, cluster } = this.#parts;
    const node = await this.#victim();
    const how = (['cut', 'up', 'down'] as const)[between(chance, 0, 2)] ?? 'cut';
    const { nth, shards, over } = this.#begin(how === 'cut' ? 'cut' : 'deaf', node, how);
    const until = passing(between(chance, PART_MS.least, PART_MS.most));
    cluster.part(node, how);
    prober.avoid(node);
    const probed = this.#probed(shards, nth, node.name);
    await until;
    cluster.heal(node);
    await node.recovered();
    over();
    await probed;
  }

  async #strikeNats(): Promise<void> {
    const { chance, cluster: { nats } } = this.#parts;
    await this.#settle();
    const server = between(chance, 0, nats.urls.length - 1);
    const kind = (['nats.kill', 'nats.kill', 'nats.stop', 'nats.freeze'] as const)[between(chance, 0, 3)] ?? 'nats.kill';
    const { over } = this.#begin(kind, `nats-${server + 1}`);
    if (kind === 'nats.freeze') {
      nats.freeze(server);
      await passing(between(chance, NATS_FROZEN_MS.least, NATS_FROZEN_MS.most));
      nats.thaw(server);
    } else {
      await (kind === 'nats.kill' ? nats.kill(server) : nats.stop(server));
      await passing(between(chance, NATS_MS.least, NATS_MS.most));
      await nats.start(server);
    }
    // Three servers may yet have to agree on who leads: it is over when the log takes records.
    await this.#settle();
    over();
  }

  /** Every node, one after the other. */
  async #roll(): Promise<void> {
    const { cluster, prober } = this.#parts;
    // One that is killed while it starts begins again behind what was in the background then.
    while (cluster.nodes.some(({ standing }) => standing !== 'up')) await passing(LOOK_MS);
    await this.#settle();
    for (const node of cluster.nodes) {
      const { over } = this.#begin('roll', node);
      prober.avoid(node);
      await node.stop();
      await node.start();
      over();
    }
    await this.#settle();
  }

  /** Every shard takes words. */
  async #settle(): Promise<void> {
    const { prober, cluster: { settings: { shards } } } = this.#parts;
    await this.#soon(prober.probe(Array.from({ length: shards }, (_, shard) => shard)), 'every shard to take words');
  }

  #begin(kind: Fault, victim: Node | string, detail?: string): { nth: number; shards: readonly number[]; over(): void } {
    const { pens, witness, say } = this.#parts;
    const nth = this.#nth++;
    const who = typeof victim === 'string' ? victim : victim.name;
    const shards = witness.ownedBy(who);
    pens(who).write({ at: Date.now(), who, op: 'invoke', kind, nth, ...(detail === undefined ? {} : { detail }) });
    say(`${nth}: ${kind} ${who}${detail === undefined ? '' : ` (${detail})`}; shards: ${witness.shares}.`);
    return { nth, shards, over: () => pens(who).write({ at: Date.now(), who, op: 'ok', kind, nth }) };
  }

  async #probed(shards: readonly number[], nth: number, name: string): Promise<void> {
    const begun = Date.now();
    await this.#soon(this.#parts.prober.probe(shards, nth), `the ${shards.length} shards of ${name}`);
    this.#parts.say(`${nth}: its ${shards.length} shards take words again after ${Date.now() - begun} ms.`);
  }

  async #soon(done: Promise<void>, what: string): Promise<void> {
    const late = await Promise.race([done, passing(PROBE_MS).then(() => true)]);
    if (late === true) this.#parts.say(`${PROBE_MS} ms are over, and still one waits for ${what}.`);
  }

  /** One that lives and owns something, when another is left. */
  async #victim(): Promise<Node> {
    const { chance, witness } = this.#parts;
    for (;;) {
      const up = this.#up();
      if (up.length >= 2) {
        const owners = up.filter(({ name }) => witness.ownedBy(name).length > 0);
        const among = owners.length > 0 ? owners : up;
        const node = among[between(chance, 0, among.length - 1)];
        if (node !== undefined) return node;
      }
      await passing(LOOK_MS);
    }
  }

  #up(): Node[] {
    return this.#parts.cluster.nodes.filter(({ standing }) => standing === 'up');
  }
}

function passing(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
