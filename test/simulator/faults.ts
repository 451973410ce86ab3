/**
 * What goes wrong: for each run chance chooses which kinds of faults there are and how often, so that some runs have many
 * of one and others a few of all.
 */
import type { Cluster } from './cluster.ts';
import { CALM, type Weather } from './log.model.ts';
import type { Node } from './node.ts';

type Undo = () => void;
type Fault = (cluster: Cluster, ms: number) => Undo | undefined;

const liveNode = (cluster: Cluster): Node | undefined => {
  const live = cluster.nodes.filter(({ life }) => life?.place.state === 'live');
  // One stays, for a cluster of which nothing is left has nothing to show.
  return live.length < 2 ? undefined : cluster.world.one(live);
};

function crash(cluster: Cluster, wiped: boolean): Undo | undefined {
  const node = liveNode(cluster);
  if (node === undefined) return undefined;
  node.crash(wiped);
  return () => node.start();
}

function cut(to: boolean, from: boolean): Fault {
  return (cluster) => {
    const life = liveNode(cluster)?.life;
    if (life === undefined || life.link.cut.to || life.link.cut.from) return undefined;
    cluster.cut(life, to, from);
    // The server, or the node, finds out after a while, and the connection is known to be broken.
    const notice = cluster.world.after(cluster.world.pick(200, 3_000), cluster.place, () => cluster.network.cut(life.place.name));
    return () => { notice(); cluster.heal(life); };
  };
}

function weather(make: (cluster: Cluster) => Partial<Weather>): Fault {
  return (cluster) => {
    cluster.server.weather = { ...cluster.server.weather, ...make(cluster) };
    return () => { cluster.server.weather = CALM; };
  };
}

export const FAULTS = {
  crash: (cluster) => crash(cluster, false),
  wipe: (cluster) => crash(cluster, true),
  freeze: (cluster) => {
    const place = liveNode(cluster)?.life?.place;
    if (place === undefined) return undefined;
    cluster.world.freeze(place);
    return () => cluster.world.thaw(place);
  },
  restart: (cluster) => {
    const node = liveNode(cluster);
    if (node === undefined || node.life?.taking !== true) return undefined;
    void node.restart();
    return () => {
      if (node.life?.taking === false) node.crash(false);
      node.start();
    };
  },
  cut: cut(true, true),
  mute: cut(true, false),
  deaf: cut(false, true),
  outage: (cluster) => {
    if (cluster.server.down) return undefined;
    cluster.stop();
    return () => cluster.resume();
  },
  stall: (cluster) => {
    cluster.world.freeze(cluster.server.place);
    return () => cluster.world.thaw(cluster.server.place);
  },
  full: (cluster) => {
    cluster.server.full = true;
    return () => { cluster.server.full = false; };
  },
  lossy: weather(({ world }) => ({ lost: world.chance() * 0.3 })),
  late: weather(({ world }) => ({ late: world.chance() * 0.3, slowest: 60 })),
  stale: weather(() => ({ stale: 0.5 })),
  again: weather(() => ({ again: 0.5, slowest: 30 })),
  behind: weather(({ world }) => ({ behind: world.pick(100, 1_500) })),
  jump: (cluster) => {
    const node = cluster.world.one(cluster.nodes);
    node.skew = cluster.world.pick(-SKEW_MS, SKEW_MS);
    if (node.life !== undefined) node.life.place.skew = node.skew;
    return undefined;
  },
  slowStore: (cluster) => {
    const node = cluster.world.one(cluster.nodes);
    node.slowest = cluster.world.pick(50, 600);
    return () => { node.slowest = 8; };
  },
  drop: (cluster) => {
    for (const { wires } of cluster.lives) for (const wire of wires) if (cluster.world.odds(0.5)) wire.drop();
    return undefined;
  },
} as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof FAULTS;

/** No wall clock is further off than this. */
export const SKEW_MS = 400;
/** From one to the next, and how long it lasts. */
const PAUSE_MS = [200, 2_000] as const;
const LASTS_MS = [50, 4_500] as const;

/** Faults until `end`; what it returns heals all that is left. */
export function begin(cluster: Cluster, end: number, counted: (name: FaultName) => void): () => void {
  const { world, place, history } = cluster;
  const share = world.chance();
  const kinds = (Object.keys(FAULTS) as FaultName[]).filter(() => world.odds(share));
  const undo = new Set<Undo>();
  let wrong = 0;
  const next = (): void => {
    world.after(world.pick(...PAUSE_MS), place, () => {
      if (world.now >= end || kinds.length === 0) return;
      const name = world.one(kinds);
      const lasts = world.pick(...LASTS_MS);
      const heal = FAULTS[name](cluster, lasts);
      wrong++;
      cluster.calmSince = Infinity;
      world.after(lasts, place, () => { if (--wrong === 0) cluster.calmSince = world.now; });
      counted(name);
      history.add({ t: 'fault', what: name, on: `for ${lasts} ms` });
      if (heal !== undefined) {
        const once = (): void => { if (undo.delete(once)) heal(); };
        undo.add(once);
        world.after(lasts, place, once);
      }
      next();
    });
  };
  next();
  return () => { for (const heal of [...undo]) heal(); };
}
