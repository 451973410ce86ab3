/**
 * A gateway node without sockets: the real host, hub and edges over a modelled log, bus and store. It dies and comes back
 * under another name; what its store had applied may outlive it.
 */
import type { OutsideCaller } from '../../gateway/caller.ts';
import { Host } from '../../gateway/host.ts';
import { Hub } from '../../gateway/hub.ts';
import type { Members } from '../../gateway/members.ts';
import { pings } from '../../gateway/members.pings.ts';
import { Presence } from '../../gateway/presence.ts';
import { RollCall } from '../../gateway/rollcall.ts';
import { deskOf } from '../../machines/routing.ts';
import type { Told } from '../../sdk/protocol/frames.ts';
import type { Client, Wire } from './client.ts';
import type { Cluster } from './cluster.ts';
import { Edge } from './edge.ts';
import type { LogLink } from './log.model.ts';
import { Disk, modelStore } from './store.model.ts';
import { BEGIN_DESK, KINDS, WORKSPACE } from './workspace.ts';
import { Place, type World } from './world.ts';

export class Node {
  readonly name: string;
  readonly #cluster: Cluster;
  disk: Disk;
  life: Life | undefined;
  /** How far its wall clock is from the world's. */
  skew = 0;
  /** The longest that its store takes for anything, in milliseconds. */
  slowest = 8;
  #boots = 0;

  constructor(name: string, cluster: Cluster) {
    this.name = name;
    this.#cluster = cluster;
    this.disk = new Disk(cluster.shards);
  }

  start(): void {
    if (this.life !== undefined) return;
    this.life = new Life(`${this.name}-${++this.#boots}`, this, this.#cluster);
    this.life.open();
  }

  /** Its process is gone. @param wiped its disk, too */
  crash(wiped: boolean): void {
    const { life } = this;
    if (life === undefined) return;
    this.life = undefined;
    this.#cluster.world.kill(life.place);
    if (wiped) this.disk = new Disk(this.#cluster.shards);
    this.#cluster.died(life);
  }

  /** It gives its shards away, ends, and comes back after a while, as with a new version. */
  async restart(): Promise<void> {
    const { life } = this;
    if (life === undefined) return;
    await life.end();
    if (this.life === life) this.crash(false);
  }
}

/** From a start to an end of a node. */
export class Life {
  readonly place: Place;
  readonly node: Node;
  readonly link: LogLink;
  readonly members: Members;
  readonly host: Host;
  readonly hub: Hub;
  readonly presence: Presence;
  readonly #rollCall: RollCall;
  taking = false;
  readonly wires = new Set<EdgeWire>();
  readonly #cluster: Cluster;

  constructor(name: string, node: Node, cluster: Cluster) {
    const { world, server, network, history } = cluster;
    this.node = node;
    this.#cluster = cluster;
    this.place = new Place(name);
    this.place.skew = node.skew;
    world.here = this.place;
    cluster.born(this);
    this.link = server.link(this.place);
    const clock = world.clock(this.place);
    const report = (level: string, what: string, facts = {}): void => {
      history.add({ t: 'report', node: name, level, what: `${what} ${JSON.stringify(facts)}` });
    };
    const store = modelStore({
      log: this.link, disk: node.disk, clock, lag: () => world.pick(0, node.slowest),
      fault: (why) => { cluster.broken.push(`the store of ${name}: ${why}`); },
    });
    const bus = network.bus(name);
    this.members = pings({ bus, clock, node: name, report });
    this.hub = new Hub({ clock, report });
    this.host = new Host({
      log: this.link, store, hub: this.hub, kinds: KINDS, outside: this.#outside(), clock, report, bus, members: this.members,
      soon: soonIn(world, this.place), idleMs: 2_000,
    });
    this.presence = new Presence({ host: this.host, hub: this.hub, clock, node: name });
    this.hub.attend('d', (fact) => this.presence.committed(fact));
    this.#rollCall = new RollCall({ host: this.host, members: this.members, clock, workspaces: [WORKSPACE], settleMs: 500 });
  }

  open(): void {
    const { world } = this.#cluster;
    world.after(1, this.place, () => {
      this.#begin().catch((error: unknown) => {
        // Its process would end, and be started again.
        this.#cluster.history.add({ t: 'fault', what: `could not start: ${String(error)}`, on: this.place.name });
        if (this.node.life === this) this.node.crash(false);
        world.after(500, this.#cluster.place, () => this.node.start());
      });
    });
  }

  async #begin(): Promise<void> {
    const { history } = this.#cluster;
    const begun = (what: string): void => history.add({ t: 'fault', what, on: this.place.name });
    await this.host.open();
    begun('opened');
    await this.host.join();
    begun('joined');
    await this.host.insist(deskOf(WORKSPACE), BEGIN_DESK);
    // From here on it stays in memory, and what becomes of it is heard.
    await new Promise<void>((resolve) => { this.host.peek(deskOf(WORKSPACE), () => resolve()); });
    this.#rollCall.begin();
    await this.host.start();
    this.taking = true;
    begun('started');
  }

  async end(): Promise<void> {
    this.taking = false;
    this.presence.close();
    await this.host.give();
    for (const wire of this.wires) wire.drop();
    await this.host.close();
    await this.members.close();
  }

  /** A client that has found this node. */
  welcome(client: Client, up: (wire: Wire) => void): void {
    const wire = new EdgeWire(this, client, this.#cluster, up);
    this.wires.add(wire);
  }

  /** Flows' requests: they leave, and an answer comes after a while. */
  #outside(): OutsideCaller {
    const { world, history } = this.#cluster;
    let closed = false;
    return {
      call: async (actor, { n }, wanted) => {
        if (closed || !await wanted()) return undefined;
        history.add({ t: 'call', node: this.place.name, actor, n, ...this.#cluster.standing(actor, n) });
        return new Promise((resolve) => {
          world.after(world.pick(5, 400), this.place, () => {
            if (closed) return resolve(undefined);
            history.add({ t: 'outcome', node: this.place.name, actor, n });
            resolve({ type: 'called', n, outcome: { values: { 'vars.n': n } } });
          });
        });
      },
      close: () => { closed = true; },
    };
  }
}

/** A connection between a client and a node: what is said in one direction arrives in order, until it is dropped. */
export class EdgeWire implements Wire {
  readonly node: string;
  readonly #world: World;
  readonly #life: Life;
  readonly #client: Client;
  readonly #edge: Edge;
  readonly #arrived = { there: 0, back: 0 };
  #open = true;

  constructor(life: Life, client: Client, { world }: Cluster, up: (wire: Wire) => void) {
    this.node = life.place.name;
    this.#world = world;
    this.#life = life;
    this.#client = client;
    this.#edge = new Edge({ host: life.host, hub: life.hub, presence: life.presence, soon: soonIn(world, life.place), who: client.who, tell: (frames) => this.#tell(frames) });
    this.#carry('back', () => up(this));
  }

  say(frame: Parameters<Wire['say']>[0]): void {
    if (!this.#open) return;
    this.#carry('there', () => this.#edge.hear(frame));
  }

  /** Whoever notices first; the other end does a little later. */
  drop(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#life.wires.delete(this);
    this.#world.after(this.#world.pick(1, 500), this.#life.place, () => this.#edge.end());
    this.#world.after(this.#world.pick(1, 500), this.#client.place, () => this.#client.lostWire(this));
  }

  #tell(frames: readonly Told[]): void {
    if (this.#open) this.#carry('back', () => this.#client.hear(this, frames));
  }

  #carry(way: 'there' | 'back', arrive: () => void): void {
    const at = Math.max(this.#arrived[way], this.#world.now + this.#world.pick(1, 10));
    this.#arrived[way] = at;
    this.#world.after(at - this.#world.now, way === 'there' ? this.#life.place : this.#client.place, () => { if (this.#open) arrive(); });
  }
}

/** The end of a turn of a node's loop. */
function soonIn(world: World, place: Place): (call: () => void) => void {
  let calls: (() => void)[] = [];
  return (call) => {
    if (calls.push(call) > 1) return;
    world.immediate(() => {
      const due = calls;
      calls = [];
      for (const each of due) each();
    }, place);
  };
}
