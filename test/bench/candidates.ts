/** Who is measured: how each server starts, and how the load speaks with it. */
import { fileURLToPath } from 'node:url';
import type { Child, Children } from './children.ts';
import type { DialName } from './load.ts';
import type { Server } from './measure.ts';
import { buildGateway, startGateway } from './peers/parley.ts';
import { startPostgres, type Postgres } from './postgres.ts';

const START_MS = 30_000;

export interface Running extends Server {
  stop(): Promise<void>;
}

export interface Candidate {
  what: string;
  dial: DialName;
  /** A fresh server. What can be shared between rounds (a database server) is kept by `Shared`. */
  start(shared: Shared, agents: number): Promise<Running>;
}

/** What outlives a round. */
export class Shared {
  readonly children: Children;
  #postgres: Promise<Postgres> | undefined;
  #built: Promise<void> | undefined;

  constructor(children: Children) {
    this.children = children;
  }

  postgres(): Promise<Postgres> {
    return (this.#postgres ??= startPostgres(this.children));
  }

  built(): Promise<void> {
    return (this.#built ??= buildGateway(this.children));
  }
}

export const CANDIDATES = {
  ws: {
    what: 'bare ws, nothing stored, a write per frame',
    dial: 'ws',
    start: (shared) => peer(shared.children.node('ws', here('peers/ws.ts'))),
  },
  'ws-batched': {
    what: 'bare ws, nothing stored, a write per socket and turn',
    dial: 'ws',
    start: (shared) => peer(shared.children.node('ws-batched', here('peers/ws.ts'), ['--batched'])),
  },
  'socketio-postgres': {
    what: 'Socket.IO and PostgreSQL, an insert per message',
    dial: 'socketio',
    async start(shared) {
      const postgres = await shared.postgres();
      const child = shared.children.node('socketio-postgres', here('peers/socketio.ts'), [postgres.url]);
      return peer(child, postgres.pid);
    },
  },
  parley: {
    what: 'Parley: durable, ordered, exactly once, through an XState step',
    dial: 'parley',
    async start(shared, agents) {
      await shared.built();
      const { child, port, extra } = await startGateway(shared.children, agents);
      return { port, pids: [child.pid], extra, stop: () => child.stop() };
    },
  },
} as const satisfies Record<string, Candidate>;

export type CandidateName = keyof typeof CANDIDATES;

async function peer(child: Child, ...companions: number[]): Promise<Running> {
  const { port } = await child.says(START_MS) as { port: number };
  return { port, pids: [child.pid, ...companions], extra: {}, stop: () => child.stop() };
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}
