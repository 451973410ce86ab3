/**
 * One gateway node, put together: log, store, actors, sockets. What it needs from outside is handed in.
 */
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { ActorState, Kind } from '../machines/actor.ts';
import { contact } from '../machines/contact.ts';
import { conversation } from '../machines/conversation.ts';
import { desk } from '../machines/desk.ts';
import { library } from '../machines/flows/library.ts';
import { contactRoutes } from './api.contacts.ts';
import { flowRoutes } from './api.flows.ts';
import { trialRoutes } from './api.trials.ts';
import { operationRoutes } from './api.operations.ts';
import { apiRoutes } from './api.ts';
import { authRoutes } from './auth.ts';
import { Buckets } from './bucket.ts';
import { memoryNetwork } from './bus.memory.ts';
import type { Bus } from './bus.ts';
import { Caller } from './caller.ts';
import { within, type Clock } from './clock.ts';
import { Connection } from './connection.ts';
import { Desks } from './desks.ts';
import { Flows } from './flows.ts';
import { admitAgent, admitCustomer } from './greeting.ts';
import { Host } from './host.ts';
import { Hub } from './hub.ts';
import { Identities } from './identity.ts';
import { Inboxes } from './inbox.ts';
import { Invitations } from './invitations.ts';
import type { Log } from './log.ts';
import { alone } from './members.alone.ts';
import type { Members } from './members.ts';
import { Metrics, type Figures } from './metrics.ts';
import { readPages } from './pages.ts';
import { Presence } from './presence.ts';
import { Readiness } from './readiness.ts';
import type { Report } from './report.ts';
import { RollCall } from './rollcall.ts';
import { serve } from './server.ts';
import { outsideFor, NOTHING_OUTSIDE } from './settings.http.ts';
import { check, type Sections } from './settings.sections.ts';
import type { Settings } from './settings.ts';
import { Sockets } from './sockets.ts';
import type { Store } from './store.ts';
import { endOfTurn } from './turn.ts';

export interface GatewayOptions {
  log: Log;
  store: Store;
  settings: Settings;
  clock: Clock;
  /** Time of sockets: greetings, heartbeats, the end of tokens. Default: `clock`. */
  socketClock?: Clock;
  report: Report;
  node: string;
  /** Between nodes. Default: this one is alone. */
  bus?: Bus;
  /** Default: this node alone, for every shard. */
  members?: Members;
  /** The gateway's own signing key, at least 32 bytes. */
  secret: Uint8Array;
  host: string;
  /** 0 for any free one. */
  port: number;
  /** Serve the demo page, whose visitors are signed in as an agent: only for a gateway that nobody else can reach. */
  demo: boolean;
  /** Called when this node has fallen behind what the log still has: it must be closed, and started again from a backup. */
  lost?: () => void;
  /** Further kinds of actors, for tests. */
  kinds?: readonly Kind<ActorState>[];
}

export interface Gateway {
  readonly port: number;
  readonly url: string;
  readonly identities: Identities;
  readonly host: Host;
  readonly desks: Desks;
  readonly flows: Flows;
  /** How many nodes live, this one among them, as far as it knows. */
  readonly nodes: number;
  /**
   * Sends clients away gently, gives its shards to other nodes, finishes what has begun, and lets go of everything that it
   * was handed: log, store, members and bus.
   */
  close(): Promise<void>;
}

/** Where the built pages are, seen from the source and from the build. */
const WEB = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../dist/web' : '../web', import.meta.url));
/** By then a node that has started knows all others: they say that they are there every 2 s. */
const SETTLE_MS = 5_000;
/** Shards come many at a time: so long they are counted before it is said. */
const TAKEN_MS = 500;
/** A node that is alone is back soon, or never: so much its clients are told. */
const BACK_MS = 3_000;

export async function startGateway(options: GatewayOptions): Promise<Gateway> {
  const { log, store, settings, clock, socketClock = clock, report, node } = options;
  const { bus = memoryNetwork().bus(node), members = alone(node) } = options;
  const began = clock.now();
  const metrics = new Metrics();
  const bulletins = { clock: socketClock, report };
  const soon = endOfTurn();
  const isAlone = options.members === undefined;
  const hub = new Hub({ ...bulletins, cluster: isAlone ? undefined : { bus, members, soon } });
  const flows = new Flows({ workspaces: settings.workspaces, sectionsOf: (workspace) => desks.sectionsOf(workspace), report });
  hub.attend('f', (fact) => flows.committed(fact));
  const desks = new Desks(settings, hub, bulletins, (workspace) => flows.shelfOf(workspace));
  hub.attend('d', (fact) => {
    desks.committed(fact);
    presence.committed(fact);
  });
  const kinds = [
    conversation((workspace) => desks.worldOf(workspace)), contact((workspace) => desks.worldOf(workspace).fields), library(flows),
    desk(check, (workspace, old, next) => flows.hindrance(workspace, old as Sections, next as Sections)), ...options.kinds ?? [],
  ] as unknown as Kind<ActorState>[];
  const reach = new Map(Object.entries(settings.workspaces).map(([id, workspace]) => [id, outsideFor(workspace)]));
  const outside = new Caller({ outsideOf: (workspace) => reach.get(workspace) ?? NOTHING_OUTSIDE, clock, random: Math.random });
  const { lost } = options;
  const host = new Host({ log, store, hub, kinds, outside, clock, report, bus, members, measures: metrics, soon, idleMs: settings.idleMs, lost });
  const invitations = new Invitations(clock, isAlone ? undefined : bus);
  const identities = await Identities.open(settings, options.secret, clock, invitations);

  const sockets = new Sockets(socketClock);
  const { limits } = settings;
  const persons = new Buckets(limits.personFramesPerSecond, limits.personFrameBurst);
  const closed = (connection: Connection): void => sockets.remove(connection);
  const presence = new Presence({ host, hub, clock: socketClock, node: members.self });
  const rollCall = new RollCall({ host, members, clock, workspaces: Object.keys(settings.workspaces), settleMs: isAlone ? 0 : SETTLE_MS });
  const inboxes = new Inboxes({ store, clock: socketClock, report });
  hub.attendFeed((workspace, rows) => inboxes.fed(workspace, rows));
  const parts = {
    host, hub, store, identities, desks, presence, inboxes, settings, clock: socketClock, report, measures: metrics, soon, persons, closed,
  };
  const readiness = new Readiness({ bus, clock: socketClock, level: () => host.isLevel });
  const figures = (): Figures => ({ ...host.counts(), sockets: sockets.counts(), connected: bus.connected, ready: readiness.reasons.length === 0 });
  const server = serve({
    routes: {
      ...operationRoutes({ node, readiness, metrics, figures, settings }),
      ...authRoutes({ host, desks, identities, settings, clock, demo: options.demo }),
      ...apiRoutes({ host, store, desks, identities, url: () => url }),
      ...contactRoutes({ host, desks }),
      ...flowRoutes({ host, desks, flows }),
      ...trialRoutes({ desks, flows, clock }),
    },
    pages: await readPages(WEB, options.demo),
    admit: (token, origin) => admitAgent(token, origin, { identities, desks, persons, clock: socketClock }),
    admitCustomer: (token, origin) => admitCustomer(token, origin, parts),
    allowed: (origin) => desks.knows(origin),
    room: () => readiness.serves && sockets.size < limits.connections,
    connect: (ws, codec, origin, language) => sockets.add(new Connection({ ws, codec, origin, language }, parts)),
  });
  // A taken port must be noticed before anything is claimed.
  const port = await listen(server, options.host, options.port);
  const url = `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`;
  server.on('error', (error) => report('error', 'a socket could not be accepted', { error: error.message }));
  let taken = 0;
  host.onOwned(() => {
    if (++taken > 1) return;
    clock.after(TAKEN_MS, () => {
      report('info', 'the node has taken shards', { taken, owned: host.counts().owned });
      taken = 0;
    });
  });
  await Promise.all([hub.open(), invitations.open()]);
  await host.open();
  // Nobody is let in, nothing leaves and no timer rings before what their steps look up is known.
  await flows.look(host);
  await desks.look(host);
  // One that begins with a backup, or was away, serves what it has while it catches up with the rest.
  if (!host.isLevel) readiness.open();
  sockets.start();
  await host.join();
  await flows.begin(host);
  await desks.begin(host, members.self);
  rollCall.begin();
  flows.inspect();
  await host.start();
  readiness.serve();
  report('info', 'the node serves', { url, shards: log.shards, nodes: members.alive.length, afterMs: clock.now() - began });

  return {
    port, identities, host, desks, flows, url,
    get nodes() { return members.alive.length; },
    async close() {
      const since = clock.now();
      readiness.drain();
      report('info', 'the node drains', { sockets: sockets.size, nodes: members.alive.length });
      if (members.alive.length === 1) sockets.warn(BACK_MS);
      // A shard that cannot be given, since NATS is away, is claimed by whoever finds this node gone.
      else await Promise.all([sockets.sendAway(settings.node.drainMs), within(socketClock, settings.node.drainMs, host.give())]);
      const left = sockets.size;
      presence.close();
      rollCall.close();
      hub.close();
      server.close();
      await host.close();
      sockets.close();
      readiness.close();
      server.closeAllConnections();
      await members.close();
      await log.close();
      await bus.close();
      await store.close();
      report('info', 'the node has ended', { socketsLeft: left, afterMs: clock.now() - since });
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}
