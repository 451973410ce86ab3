/** A nats-server of its own for one round, and what JetStream says of a stream in it. */
import { readdirSync, readFileSync } from 'node:fs';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { startNats, type NatsServers } from '../../../gateway/cluster.nats.ts';
import type { Children } from '../children.ts';

export interface Nats {
  url: string;
  pid: number;
  version: string;
  /** Records and bytes of a stream so far. */
  state(stream: string): Promise<{ messages: number; bytes: number }>;
  stop(): Promise<void>;
}

export async function startServer(children: Children): Promise<Nats> {
  const folder = children.folder('nats');
  const servers: NatsServers = await startNats({ folder });
  children.atEnd(() => servers.close());
  const [url = ''] = servers.urls;
  return {
    url, version: servers.version, pid: processWith(folder), stop: () => servers.close(),
    async state(stream) {
      const nc = await connect({ servers: url });
      const { messages, bytes } = (await (await jetstreamManager(nc)).streams.info(stream)).state;
      await nc.close();
      return { messages, bytes };
    },
  };
}

/** Whose command line names the folder. */
function processWith(folder: string): number {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) continue;
    try {
      if (readFileSync(`/proc/${name}/cmdline`, 'latin1').includes(folder)) return Number(name);
    } catch {
      continue; // It ended between the listing and the reading.
    }
  }
  throw new Error('The nats-server is not to be found among the processes.');
}
