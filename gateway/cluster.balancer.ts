/**
 * One port in front of the nodes of a local cluster. Connections go in turn to the nodes whose /readyz says 200, byte for byte;
 * one that a node refuses goes to the next. Any node serves anybody, so nobody need come back to the same one.
 */
import { get } from 'node:http';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import type { Clock } from './clock.ts';

export interface BalancerParts {
  host: string;
  port: number;
  /** Where the nodes listen on loopback. */
  nodes: readonly number[];
  clock: Clock;
  /** Called when a node becomes ready, or ceases to be. */
  changed?: (node: number, ready: boolean) => void;
}

export interface Balancer {
  readonly port: number;
  /** Cuts what is open. */
  close(): Promise<void>;
}

const LOOK_MS = 200;
/** Who says nothing for so long is frozen or drowning. */
const SILENCE_MS = 1_000;
const NOBODY = 'No node is ready. Try again in a moment.\n';
const REFUSAL = [
  'HTTP/1.1 503 Service Unavailable', 'Connection: close', 'Retry-After: 1', 'Content-Type: text/plain', `Content-Length: ${NOBODY.length}`, '', NOBODY,
].join('\r\n');

/** Resolves when it listens; rejects with the error of a port that is taken. */
export async function startBalancer({ host, port, nodes, clock, changed = () => {} }: BalancerParts): Promise<Balancer> {
  const ready = nodes.map(() => false);
  const open = new Set<Socket>();
  const stops = nodes.map(() => () => {});
  let turns = nodes.map((_, node) => node);
  let closed = false;

  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  };
  /** Those to try, whose turn was longest ago first: whoever is ready; all, where nobody seems to be. */
  const inTurn = (): number[] => {
    const fit = turns.filter((node) => ready[node] === true);
    const [first] = fit;
    if (first === undefined) return turns;
    turns = [...turns.filter((node) => node !== first), first];
    return fit;
  };
  const serve = (client: Socket, [node, ...others]: readonly number[]): void => {
    if (node === undefined) return void client.end(REFUSAL);
    const there = connect({ port: nodes[node] ?? 0, host: '127.0.0.1' });
    there.setTimeout(SILENCE_MS, () => there.destroy());
    // Until it is connected nothing has been read of the client, so that another node can have all of it.
    const next = (): void => { if (!client.destroyed) serve(client, others); };
    there.on('error', () => there.destroy());
    there.once('close', next);
    there.once('connect', () => {
      there.setTimeout(0);
      there.off('close', next);
      keep(there);
      there.once('close', () => client.destroy());
      if (client.destroyed) return void there.destroy();
      client.once('close', () => there.destroy());
      client.pipe(there).pipe(client);
    });
  };
  const look = (node: number, nodePort: number): void => {
    void isReady(nodePort).then((now) => {
      if (closed) return;
      if (now !== ready[node]) {
        ready[node] = now;
        changed(node, now);
      }
      stops[node] = clock.after(LOOK_MS, () => look(node, nodePort));
    });
  };

  const server = createServer({ pauseOnConnect: true, noDelay: true, allowHalfOpen: true }, (client) => {
    keep(client);
    client.on('error', () => client.destroy());
    serve(client, inTurn());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  nodes.forEach((nodePort, node) => look(node, nodePort));
  return {
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => {
      closed = true;
      for (const stop of stops) stop();
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    }),
  };
}

/** False for a node that refuses, says no, or says nothing. */
function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/readyz', agent: false, timeout: SILENCE_MS }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
    request.on('close', () => resolve(false));
  });
}
