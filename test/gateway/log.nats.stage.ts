/** A log on a real nats-server, for one test: servers of its own, and as many handles as it asks for. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { systemClock } from '../../gateway/clock.ts';
import { startNats, type NatsOptions, type NatsServers } from '../../gateway/cluster.nats.ts';
import { Api } from '../../gateway/nats.api.ts';
import { openNatsLog, type NatsLog, type NatsLogParts } from '../../gateway/log.nats.ts';

export interface NatsStage {
  servers: NatsServers;
  folder: string;
  /** Connections like a node's: for short words and for long ones. */
  connections(): Promise<{ api: Api; bulk: Api }>;
  /** A handle of the log of a cluster. */
  open(name: string, more?: Partial<NatsLogParts>): Promise<NatsLog>;
  /** What handles told the operator. */
  said: string[];
  end(): Promise<void>;
}

export async function natsStage(options: Partial<NatsOptions> = {}): Promise<NatsStage> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-nats-'));
  const servers = await startNats({ folder, ...options });
  const open: NatsConnection[] = [];
  const logs: NatsLog[] = [];
  const said: string[] = [];
  const dial = async (): Promise<NatsConnection> => {
    const nc = await connect({
      servers: [...servers.urls], maxReconnectAttempts: -1, reconnectTimeWait: 100, pingInterval: 2_000, maxPingOut: 2, waitOnFirstConnect: true,
    });
    open.push(nc);
    return nc;
  };
  const connections = async (): ReturnType<NatsStage['connections']> =>
    ({ api: new Api(await dial(), systemClock), bulk: new Api(await dial(), systemClock) });
  return {
    servers, folder, connections, said,
    async open(name, more = {}) {
      const report: NatsLogParts['report'] = (level, what, facts) => { said.push(`${level}: ${what} ${JSON.stringify(facts ?? {})}`); };
      const replicas = servers.urls.length;
      const log = await openNatsLog({ ...await connections(), name, shards: 8, replicas, report, ...more });
      logs.push(log);
      return log;
    },
    async end() {
      await Promise.all(logs.map((log) => log.close()));
      await Promise.all(open.map((nc) => nc.close()));
      await servers.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
