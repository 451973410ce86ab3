/** Nodes of Parley on one nats-server, each as `npm start` runs it with `nats.servers` set. */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Children } from '../children.ts';
import type { Server } from '../measure.ts';
import type { Nats } from './nats.ts';
import { startGateway, type Gateway } from './parley.ts';

/** One name, so that nothing of it is in the records of one size and not of another. */
export const NAME = 'bench';

/** Not while anything is measured. */
const BACKUP_MINUTES = 1_440;
/** Newcomers are given their shards 2 s after they came; each says what it has taken. Nothing is measured meanwhile. */
const QUIET_MS = 4_000;
const SETTLE_MS = 60_000;

export interface Cluster extends Server {
  stream: string;
  stop(): Promise<void>;
}

/** @param data of the nodes' own, where a store may stand already. @param flags further flags of Node, for a profile */
export async function startCluster(
  children: Children, nats: Nats, nodes: number, agents: number, shards: number, { data, flags = [] }: { data?: string; flags?: readonly string[] } = {},
): Promise<Cluster> {
  const started: Gateway[] = [];
  for (let nth = 1; nth <= nodes; nth++) {
    const line = [
      '--nats-servers', nats.url, '--nats-name', NAME, '--nats-shards', String(shards), '--node-name', `n${nth}`,
      '--nats-backup-minutes', String(BACKUP_MINUTES),
    ];
    started.push(await startGateway(children, agents, flags, {}, { line, data: data === undefined ? undefined : join(data, `n${nth}`) }));
  }
  if (nodes > 1) await settled(started);
  const [first, ...others] = started;
  if (first === undefined) throw new RangeError('A cluster has at least one node.');
  return {
    port: first.port, pids: started.map(({ child }) => child.pid), stream: `PARLEY_${NAME}`,
    extra: { ...first.extra, ports: others.map(({ port }) => port).join(',') },
    async stop() {
      for (const { child } of started) await child.stop('SIGKILL');
    },
  };
}

async function settled(nodes: readonly Gateway[]): Promise<void> {
  const said = (): string => nodes.map(({ child }) => child.output).join();
  const end = performance.now() + SETTLE_MS;
  for (let before = '', since = 0; performance.now() < end; await pause(100)) {
    const now = said();
    if (now !== before) [before, since] = [now, performance.now()];
    else if (performance.now() - since > QUIET_MS) return;
  }
}
