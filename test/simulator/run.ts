/**
 * One run from one seed: people write and agents act while things go wrong; then everything is healed, and all that was
 * begun must come to its end.
 */
import { check, type Violation } from './checks.ts';
import { Client, ulidAt } from './client.ts';
import { Cluster } from './cluster.ts';
import { begin, type FaultName } from './faults.ts';
import { History, type Ends, type Fact } from './history.ts';
import { PART } from '../../gateway/record.ts';
import { ranked, shardOf } from '../../gateway/sharding.ts';
import { ORDER } from './workspace.ts';
import { BEGIN, World } from './world.ts';

export interface Outcome {
  seed: number;
  operations: number;
  events: number;
  faults: Partial<Record<FaultName, number>>;
  hash: string;
  violations: Violation[];
}

/** How long things go wrong: from and to. */
const STORM_MS = [3_500, 8_000] as const;
/** All that was begun must have ended so long after the last fault. */
const PATIENCE_MS = 30_000;
/** What was late on its way has arrived so long after the last fault. */
const LATE_MS = 3_500;
/** With nothing left to do the copies are equal after a moment, or must be so long after that. */
const REST_MS = { least: 700, most: 3_500 };
const SETTLE_STEP_MS = 200;

/** @param tell for a trace */
export async function run(seed: number, tell?: (fact: Fact) => void): Promise<Outcome> {
  const world = new World(seed);
  const history = new History(() => world.now, tell);
  takeOver(world);
  // Refusals are errors, made by the thousand; nobody reads where, but whoever looks at one seed.
  Error.stackTraceLimit = tell === undefined ? 0 : 10;
  const cluster = new Cluster(world, history, { nodes: world.pick(3, world.odds(0.2) ? 5 : 3), shards: world.pick(3, 6) });
  for (const node of cluster.nodes) {
    // Some come later.
    world.after(world.odds(0.8) ? 0 : world.pick(500, 4_000), cluster.place, () => node.start());
  }
  const { clients, operations, quiet } = people(world, history, cluster);
  const faults: Outcome['faults'] = {};
  const calm = BEGIN + world.pick(...STORM_MS);
  const heal = begin(cluster, calm, (name) => { faults[name] = (faults[name] ?? 0) + 1; });
  await world.runTo(calm);
  quiet();
  // Whoever hears of it does what it does here, and not where something happened last, which may be dead by now.
  world.here = cluster.place;
  heal();
  for (const node of cluster.nodes) node.start();
  history.add({ t: 'fault', what: 'healed', on: 'all' });
  const healed = world.now;
  const done = (): boolean => clients.every((client) => client.settled && client.connected) && isAtRest(cluster);
  while (!done() && world.now < healed + PATIENCE_MS) await world.runTo(world.now + SETTLE_STEP_MS);
  await world.runTo(Math.max(world.now + REST_MS.least, healed + LATE_MS));
  const patience = world.now + REST_MS.most;
  const violations = (): Violation[] => check(history.facts, endsOf(cluster, clients, healed));
  let found = violations();
  while (found.length > 0 && world.now < patience) {
    // Something may just have happened, of which not everyone knows.
    await world.runTo(world.now + SETTLE_STEP_MS);
    found = violations();
  }
  return { seed, operations: operations(), events: world.events, faults, hash: history.hash, violations: found };
}

/** Nothing in this process may know another time or another chance. */
function takeOver(world: World): void {
  globalThis.setImmediate = ((call: () => void) => { world.immediate(call); }) as unknown as typeof setImmediate;
  globalThis.setTimeout = (() => { throw new Error('the simulator has no real timers'); }) as unknown as typeof setTimeout;
  Math.random = () => world.chance();
  Date.now = () => world.now;
}

/** Customers write in their conversations, agents answer, order, snooze and solve. */
function people(world: World, history: History, cluster: Cluster): { clients: Client[]; operations(): number; quiet(): void } {
  let operations = 0;
  let isQuiet = false;
  const dial = cluster.dial.bind(cluster);
  const conversations: string[] = [];
  const clients: Client[] = [];
  const often = world.pick(100, 900);
  const act = (client: Client, write: () => void): void => {
    world.after(world.pick(1, 2 * often), client.place, () => {
      if (isQuiet) return;
      operations++;
      // It is somewhere else now, and finds another node.
      if (world.odds(0.04)) client.lost();
      write();
      act(client, write);
    });
  };
  for (let c = 1; c <= 3; c++) {
    const who = { role: 'customer', id: `v_${c}`, name: `Customer ${c}`, identified: false } as const;
    const client = new Client({ world, history, name: `customer${c}`, who, dial });
    const own = Array.from({ length: world.pick(1, 2) }, (_, i) => ulidAt(BEGIN, i, `conv${c}`));
    conversations.push(...own);
    act(client, () => {
      const conversation = world.one(own);
      client.write(conversation, `${world.odds(0.25) ? ORDER : 'hello'} ~${conversation}~ ${operations}`);
    });
    clients.push(client);
  }
  for (const id of ['a_ada', 'a_ben'].slice(0, world.pick(1, 2))) {
    const client = new Client({ world, history, name: id, who: { role: 'agent', id, name: id, identified: true }, dial });
    act(client, () => {
      const conversation = world.one(conversations);
      if (!client.knows(conversation)) client.follow(conversation);
      else if (world.odds(0.5)) client.write(conversation, `answer ~${conversation}~ ${operations}`, world.odds(0.3) ? 'note' : 'message');
      else if (world.odds(0.5)) client.command(conversation, 'snooze', { until: world.now + world.pick(600, 6_000) });
      else client.command(conversation, 'status', { status: world.one(['open', 'pending', 'solved']) });
    });
    clients.push(client);
  }
  for (const client of clients) client.start();
  return { clients, operations: () => operations, quiet: () => { isQuiet = true; } };
}

/** Whether no actor waits for anything that is to happen soon, and every shard lies where it should. */
function isAtRest(cluster: Cluster): boolean {
  const newest = new Map<string, { due: number; pending: boolean }>();
  for (const records of cluster.server.shards) for (const { changes } of records) for (const { actor, due, pending } of changes) newest.set(actor, { due, pending });
  const names = cluster.lives.map(({ place }) => place.name);
  const lies = cluster.server.shards.every((records, n) => records.at(-1)?.node === ranked(n, names)[0]);
  return lies && [...newest.values()].every(({ due, pending }) => !pending && (due === 0 || due > cluster.world.now + 2_000 || due < BEGIN));
}

function endsOf(cluster: Cluster, clients: readonly Client[], healed: number): Ends {
  const { world, server } = cluster;
  const alive = cluster.lives;
  return {
    log: server.shards,
    tables: cluster.nodes.flatMap(({ name, life, disk }) => (life === undefined ? [] : [{
      node: name, shards: disk.seqs, actors: new Map([...disk.actors].filter(([actor]) => !actor.includes(PART))
        .map(([actor, { state }]) => [actor, Buffer.from(state).toString()])),
    }])),
    copies: clients.flatMap((client) => [...client.copies.values()].map(({ conversation, lines, outbox }) =>
      ({ client: client.place.name, agent: client.who.role === 'agent', conversation, lines, unsent: outbox.length }))),
    seats: new Map(clients.filter(({ who }) => who.role === 'agent').map((client) => [client.who.id, client.connected ? [client.at] : []])),
    owners: server.shards.map((_, n) => alive.filter(({ host }) => host.owns(actorOn(n, server.shards.length))).map(({ place }) => place.name)),
    thefts: cluster.thefts,
    broken: [...cluster.broken, ...world.thrown],
    healed, now: world.now,
  };
}

/** Some actor's id that lies on this shard. */
function actorOn(shard: number, shards: number): string {
  for (let i = 0; ; i++) if (shardOf(`c/demo/${i}`, shards) === shard) return `c/demo/${i}`;
}
