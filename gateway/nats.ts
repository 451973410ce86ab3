/**
 * A node's connections to NATS: opened however long that takes, kept for ever, and only to servers that will do. What they
 * carry stands behind the ports: `bus.nats.ts`, `log.nats.ts`, `nats.backups.ts`.
 */
import { connect, errors, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import type { Backups } from './backups.ts';
import { natsBus } from './bus.nats.ts';
import type { Bus } from './bus.ts';
import { rest, type Clock } from './clock.ts';
import { openNatsLog } from './log.nats.ts';
import type { Log } from './log.ts';
import { Api } from './nats.api.ts';
import { NatsBackups } from './nats.backups.ts';
import { misfit, promiseOf, type Syncing } from './nats.fit.ts';
import { openMeta } from './nats.meta.ts';
import { tlsOf } from './nats.tls.ts';
import { messageOf, type Report } from './report.ts';
import type { Settings } from './settings.ts';

export type NatsSettings = Settings['nats'];

export interface NatsParts {
  /** Of this node in this life: its answers come to a subject with this name in it. */
  node: string;
  clock: Clock;
  report: Report;
}

/** Between two attempts at one server, plus a random part of the second, so that many nodes do not come at one moment. */
const AGAIN_MS = { wait: 100, jitter: 150 };
/** Two pings without an answer, and the connection is given up: within 3 s, where nothing says that the other end is gone. */
const PING = { everyMs: 1_000, unanswered: 2 };
/** A server that takes connections and says nothing is frozen: the next one, then. */
const DIAL_MS = 1_000;
/** Between two rounds over all servers, before there was any connection. */
const ROUND_MS = 500;
/** While there is none, that is said again so often. */
const REMIND_MS = 30_000;
const MONITOR_MS = 2_000;
/** The connection for megabytes. */
const BULK = 'bulk';

/**
 * Connects; waits for a server as long as it takes, and says what it tries. From then on it stays: it reconnects by itself.
 *
 * @param use of a connection beside the node's first one, such as `bulk`: what it carries then never holds up the others
 * @throws Error when the servers refuse this user, or will not do: in a sentence that says what to change
 */
export async function connectNats(settings: NatsSettings, parts: NatsParts, use?: string): Promise<NatsConnection> {
  const { servers, replicas } = settings;
  const { clock, report } = parts;
  const options = await optionsOf(settings, use === undefined ? parts.node : `${parts.node}-${use}`);
  let said: { why: string; at: number } | undefined;
  for (;;) {
    const connection = await connect(options).catch((error: unknown) => refusal(error, settings));
    if (typeof connection !== 'string') {
      if (said) report('info', 'NATS answers', { server: connection.getServer() });
      const wrong = connection.info && misfit(connection.info, replicas);
      if (wrong === undefined) return watched(connection, replicas, parts);
      await connection.close();
      throw new Error(wrong);
    }
    if (said?.why !== connection || clock.now() - said.at >= REMIND_MS) {
      said = { why: connection, at: clock.now() };
      report('warn', 'NATS does not answer, trying again', { servers: servers.join(', '), why: connection });
    }
    await rest(clock, ROUND_MS);
  }
}

/** All that a node has of NATS. */
export interface Nats {
  bus: Bus;
  log: Log;
  backups: Backups;
  /** Signs the cluster's tokens; the same on every node. */
  secret: Uint8Array;
  /** Which promise holds, for the start. */
  promise: string;
  readonly connected: boolean;
  /** After all who use it. */
  close(): Promise<void>;
}

/** Opens everything of a cluster that is on NATS; makes it when this is its first node. @throws Error as `connectNats`, and when what is there is not fit */
export async function openNats(settings: NatsSettings, parts: NatsParts): Promise<Nats> {
  const { name, replicas } = settings;
  const { node, clock, report } = parts;
  const connections = [await connectNats(settings, parts), await connectNats(settings, parts, BULK)] as const;
  const [connection, bulk] = connections;
  const disconnect = async (): Promise<void> => { await Promise.all(connections.map((each) => each.close())); };
  try {
    const apis = { api: new Api(connection, clock, inboxOf(name, node)), bulk: new Api(bulk, clock, inboxOf(name, `${node}-${BULK}`)) };
    const { shards, secret } = await openMeta(apis.api, name, replicas, settings.shards, report);
    const log = await openNatsLog({ ...apis, name, shards, replicas, report });
    const backups = new NatsBackups({ api: apis.bulk, name, replicas, report, log });
    const bus = natsBus({ connection, name, inbox: inboxOf(name, node) });
    const promise = await promiseNow(settings, connection.info?.version ?? '', report);
    const close = async (): Promise<void> => {
      await log.close();
      await bus.close();
      await disconnect();
    };
    return { bus, log, backups, secret, promise, get connected() { return bus.connected; }, close };
  } catch (error) {
    await disconnect();
    throw error;
  }
}

/** Where answers to a connection come: no other listens there, and a user of NATS may be held to its own cluster's subjects. */
export function inboxOf(cluster: string, node: string): string {
  return `parley.${cluster}.inbox.${node}`;
}

/** The line for the start that says which promise holds; asks the server's monitoring, where the settings name it. */
export async function promiseNow({ monitor, replicas }: NatsSettings, version: string, report: Report): Promise<string> {
  return promiseOf(version, replicas, monitor === undefined ? undefined : await syncingOf(monitor, report));
}

async function optionsOf(settings: NatsSettings, node: string): Promise<ConnectionOptions> {
  const { servers, name, user, password } = settings;
  const tls = await tlsOf(settings);
  return {
    servers,
    name: `parley ${name} ${node}`,
    inboxPrefix: inboxOf(name, node),
    ...user === undefined ? {} : { user, pass: password ?? '' },
    ...tls === undefined ? {} : { tls },
    timeout: DIAL_MS,
    maxReconnectAttempts: -1,
    reconnectTimeWait: AGAIN_MS.wait,
    reconnectJitter: AGAIN_MS.jitter,
    reconnectJitterTLS: AGAIN_MS.jitter,
    pingInterval: PING.everyMs,
    maxPingOut: PING.unanswered,
    // A password that is being changed is refused for a while.
    ignoreAuthErrorAbort: true,
    // Only the servers that the settings name: what these say of each other may be an address of their own network.
    ignoreClusterUpdates: true,
    noAsyncTraces: true,
  };
}

/** Why there is no connection yet. @throws Error when trying again would not help */
function refusal(error: unknown, { user }: NatsSettings): string {
  if (error instanceof errors.AuthorizationError) {
    throw new Error(user === undefined ? 'NATS lets nobody in without a user: set nats.user and nats.passwordFile.'
      : `NATS does not let the user "${user}" in: see nats.user and nats.passwordFile.`, { cause: error });
  }
  return messageOf(error);
}

/** Says what becomes of it; of what is refused again and again, only now and then. */
function watched(connection: NatsConnection, replicas: number, { clock, report }: NatsParts): NatsConnection {
  const refused = { why: '', at: 0 };
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'disconnect') report('warn', 'NATS is lost, reconnecting', { server: status.server });
      else if (status.type === 'error') {
        const why = status.error.message;
        if (why === refused.why && clock.now() - refused.at < REMIND_MS) continue;
        Object.assign(refused, { why, at: clock.now() });
        report('error', 'NATS refuses something', { why });
      } else if (status.type === 'reconnect') {
        report('info', 'NATS is back', { server: status.server });
        const wrong = connection.info && misfit(connection.info, replicas);
        if (wrong !== undefined) report('error', 'this NATS server will not do', { server: status.server, why: wrong });
      }
    }
  })();
  return connection;
}

/** What a server's monitoring says of its syncing. */
async function syncingOf(monitor: string, report: Report): Promise<Syncing | undefined> {
  try {
    const answer = await fetch(new URL('/varz', monitor), { signal: AbortSignal.timeout(MONITOR_MS) });
    const { jetstream } = await answer.json() as { jetstream?: { config?: { sync_always?: unknown; sync_interval?: unknown } } };
    const { sync_always: always, sync_interval: nanoseconds } = jetstream?.config ?? {};
    if (always === true) return { always: true };
    return typeof nanoseconds === 'number' ? { always: false, everyS: nanoseconds / 1e9 } : undefined;
  } catch (error) {
    report('warn', 'the NATS server\'s monitoring does not answer', { monitor, why: messageOf(error) });
    return undefined;
  }
}
