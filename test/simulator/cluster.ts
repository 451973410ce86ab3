/** Everything there is in one run: nodes, the log's server and the network between them, and clients somewhere outside. */
import { memoryNetwork, type MemoryNetwork } from '../../gateway/bus.memory.ts';
import { shardOf } from '../../gateway/sharding.ts';
import type { Client, Wire } from './client.ts';
import type { History } from './history.ts';
import { LogServer, type Taken } from './log.model.ts';
import { Node, type Life } from './node.ts';
import { BEGIN, Place, type World } from './world.ts';

/** Whoever was not heard for a while may be given up until so long after that. */
const CALM_MS = 4_000;

export class Cluster {
  readonly world: World;
  readonly history: History;
  readonly shards: number;
  readonly place = new Place('cluster');
  readonly server: LogServer;
  readonly network: MemoryNetwork;
  readonly nodes: Node[];
  /** What must never be, and no check would see. */
  readonly broken: string[] = [];
  /** Shards that were taken from a node that lived, with nothing wrong for a while. */
  readonly thefts: string[] = [];
  /** Since when nothing is wrong, by the world's clock; Infinity: something is. */
  calmSince = 0;
  /** Of each actor, its newest durable state. */
  readonly #states = new Map<string, Uint8Array>();
  readonly #arrived = new Map<string, number>();
  readonly #lives = new Map<string, Life>();

  constructor(world: World, history: History, { nodes, shards }: { nodes: number; shards: number }) {
    this.world = world;
    this.history = history;
    this.shards = shards;
    this.server = new LogServer(world, shards, (record) => this.#taken(record));
    this.network = memoryNetwork({ carry: ({ from, to }, arrive) => this.#carry(from, to, arrive) });
    this.nodes = Array.from({ length: nodes }, (_, i) => new Node(`n${i + 1}`, this));
  }

  get lives(): Life[] {
    return this.nodes.flatMap(({ life }) => life ?? []);
  }

  born(life: Life): void {
    this.#lives.set(life.place.name, life);
    if (this.server.down) this.network.cut(life.place.name);
  }

  died(life: Life): void {
    const { world } = this;
    // A killed process is noticed at once by the network; a machine that is gone only after a while.
    world.after(world.odds(0.8) ? 1 : world.pick(500, 2_500), this.place, () => this.network.kill(life.place.name));
    for (const wire of life.wires) wire.drop();
  }

  /** A client tries any node. */
  dial(client: Client, up: (wire: Wire | undefined) => void): void {
    const { world } = this;
    const { life } = world.one(this.nodes);
    if (life === undefined) {
      world.after(world.pick(1, 200), client.place, () => up(undefined));
      return;
    }
    let isOver = false;
    const answered = (wire: Wire | undefined): void => {
      if (isOver) return wire?.drop();
      isOver = true;
      giveUp();
      up(wire);
    };
    const giveUp = world.after(2_000, client.place, () => answered(undefined));
    world.after(world.pick(1, 10), life.place, () => {
      if (life.taking) life.welcome(client, answered);
      else world.after(world.pick(1, 200), client.place, () => answered(undefined));
    });
  }

  /** Who owned the actor's shard in this moment, and whether it had let go of its `n`-th effect. */
  standing(actor: string, n: number): { owner: string; settled: boolean } {
    const newest = this.server.shards[shardOf(actor, this.shards)]?.at(-1);
    const bytes = this.#states.get(actor);
    const { outbox } = JSON.parse(bytes === undefined ? '{"outbox":[]}' : Buffer.from(bytes).toString()) as { outbox: { n: number }[] };
    return { owner: newest?.node ?? '', settled: !outbox.some((effect) => effect.n === n) };
  }

  /** The network of a node breaks on one way or both: words to the others, words from them. */
  cut(life: Life, to: boolean, from: boolean): void {
    Object.assign(life.link.cut, { to, from });
  }

  heal(life: Life): void {
    Object.assign(life.link.cut, { to: false, from: false });
    // What was lost on the way broke the connection; it is another one now.
    this.network.cut(life.place.name);
    this.world.after(this.world.pick(1, 100), this.place, () => { if (!this.server.down) this.network.heal(life.place.name); });
  }

  /** The server stops: everybody's connection breaks. */
  stop(): void {
    this.server.down = true;
    for (const { place } of this.lives) this.network.cut(place.name);
  }

  resume(): void {
    this.server.down = false;
    for (const { place } of this.lives) this.world.after(this.world.pick(1, 300), this.place, () => { if (!this.server.down) this.network.heal(place.name); });
  }

  #taken(record: Taken): void {
    for (const { actor, state } of record.changes) this.#states.set(actor, state);
    this.#stolen(record);
    const { shard, seq, epoch, counter, node, changes } = record;
    this.history.add({ t: 'record', shard, seq, epoch, counter, node, changes: changes.map(({ actor, due, entries }) => `${actor}${due > 0 ? ` due ${due - BEGIN}` : ''} +${entries.length}`).join(', ') });
  }

  #stolen({ shard, seq, node, counter }: Taken): void {
    const before = this.server.shards[shard]?.[seq - 2]?.node ?? '';
    if (counter > 0 || before === '' || before === node || this.world.now - this.calmSince < CALM_MS) return;
    if (this.lives.some(({ place }) => place.name === before)) this.thefts.push(`${node} took shard ${shard} from ${before}, which lived and could be heard`);
  }

  /** In order from one to another; what the network itself tells does arrive. */
  #carry(from: string, to: string, arrive: () => void): void {
    const { world, server } = this;
    const target = this.#lives.get(to);
    const source = this.#lives.get(from);
    if (target === undefined) return;
    if (from !== '' && (source?.link.cut.to === true || target.link.cut.from || world.odds(server.weather.lost))) return;
    const way = `${from} ${to}`;
    const after = (place: Place, ms: number, call: () => void): void => {
      const at = Math.max(this.#arrived.get(way) ?? 0, world.now + ms);
      this.#arrived.set(way, at);
      world.after(at - world.now, place, call);
    };
    if (server.place.state === 'frozen') after(server.place, 0, () => after(target.place, 1, arrive));
    else after(target.place, world.pick(1, server.weather.slowest), arrive);
  }
}
