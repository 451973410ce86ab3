/** A log on a real nats-server, for one test: servers of its own, and as many handles as it asks for. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import { systemClock } from '../../gateway/clock.ts';
import { startNats, type NatsOptions, type NatsServers } from '../../gateway/cluster.nats.ts';
import { Api } from '../../gateway/nats.api.ts';
import { connectNats, inboxOf } from '../../gateway/nats.ts';
import { parseSettings } from '../../gateway/settings.ts';
import { openNatsLog, type NatsLog, type NatsLogParts } from '../../gateway/log.nats.ts';
import { Relay } from '../chaos/cluster/relay.ts';
import { followed } from '../contracts/log.ts';

export interface NatsStage {
  servers: NatsServers;
  folder: string;
  /** Connections like a node's: for short words and for long ones. */
  connections(): Promise<{ api: Api; bulk: Api }>;
  /** A handle of the log of a cluster. */
  /** Stops a server, and resolves when it stands still. */
  freeze(server: number): Promise<void>;
  open(name: string, more?: Partial<NatsLogParts>): Promise<NatsLog>;
  /** Follows the log of a cluster over a wire that can be cut. */
  distant(name: string, after: [number, number][]): Promise<{ follower: ReturnType<typeof followed>; away(): void; back(): void }>;
  /** What handles told the operator. */
  said: string[];
  end(): Promise<void>;
}

export async function natsStage(options: Partial<NatsOptions> = {}): Promise<NatsStage> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-nats-'));
  const servers = await startNats({ folder, ...options });
  const open: NatsConnection[] = [];
  const logs: NatsLog[] = [];
  const wires: Relay[] = [];
  const said: string[] = [];
  const dial = async (urls = servers.urls): Promise<Api> => {
    const node = `n${open.length}`;
    const { nats } = parseSettings({ nats: { servers: [...urls], name: 'stage' } });
    const nc = await connectNats(nats, { node, clock: systemClock, report: () => undefined });
    open.push(nc);
    return new Api(nc, systemClock, inboxOf('stage', node));
  };
  const connections = async (): ReturnType<NatsStage['connections']> => ({ api: await dial(), bulk: await dial() });
  return {
    servers, folder, connections, said,
    async freeze(server) {
      servers.freeze(server);
      const answers = (): Promise<boolean> =>
        fetch(`${servers.monitors[server] ?? ''}/healthz`, { signal: AbortSignal.timeout(100) }).then(() => true, () => false);
      while (await answers());
    },
    async open(name, more = {}) {
      const report: NatsLogParts['report'] = (level, what, facts) => { said.push(`${level}: ${what} ${JSON.stringify(facts ?? {})}`); };
      const replicas = servers.urls.length;
      const log = await openNatsLog({ ...await connections(), name, shards: 8, replicas, report, ...more });
      logs.push(log);
      return log;
    },
    async distant(name, after) {
      const wire = await Relay.open(Number(new URL(servers.urls[0] ?? '').port));
      wires.push(wire);
      const dialled = [`nats://127.0.0.1:${wire.port}`];
      const log = await openNatsLog({
        api: await dial(dialled), bulk: await dial(dialled), name, shards: 8, replicas: 1, report: () => undefined,
      });
      logs.push(log);
      return { follower: followed(log, after), away: () => wire.cut(), back: () => wire.heal() };
    },
    async end() {
      await Promise.all(logs.map((log) => log.close()));
      await Promise.all(open.map((nc) => nc.close()));
      await Promise.all(wires.map((wire) => wire.close()));
      await servers.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
