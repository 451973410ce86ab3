/** One port in front of several nodes: connections go in turn to those that are ready, and what one refuses another gets whole. */
import { once } from 'node:events';
import { createServer, get, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { startBalancer } from '../../gateway/cluster.balancer.ts';
import { systemClock } from '../../gateway/clock.ts';

const ends: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

interface Node {
  port: number;
  server: Server;
  /** What /readyz says. */
  ready: boolean;
}

/** A node that answers with its name, and echoes whoever upgrades. */
async function node(name: string): Promise<Node> {
  const server = createServer((request, response) => {
    if (request.url === '/readyz') return void response.writeHead(own.ready ? 200 : 503).end();
    let body = '';
    request.on('data', (bytes: Buffer) => { body += bytes.toString(); });
    request.on('end', () => response.end(name + body));
  });
  server.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
    socket.on('data', (bytes) => socket.write(bytes));
    socket.on('error', () => socket.destroy());
    server.once('killed', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const own: Node = { port: (server.address() as AddressInfo).port, server, ready: true };
  ends.push(() => kill(own));
  return own;
}

async function kill({ server }: Node): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.emit('killed');
  server.close();
  server.closeAllConnections();
  await closed;
}

/** A balancer before these nodes, and what it finds out about them. */
async function before(nodes: readonly Node[]): Promise<{ url: string; port: number; until(node: number, ready: boolean): Promise<void> }> {
  const found = nodes.map(() => false);
  let tell = (): void => {};
  const balancer = await startBalancer({
    host: '127.0.0.1', port: 0, nodes: nodes.map(({ port }) => port), clock: systemClock,
    changed: (one, ready) => { found[one] = ready; tell(); },
  });
  ends.push(() => balancer.close());
  return {
    url: `http://127.0.0.1:${balancer.port}`, port: balancer.port,
    until: (one, ready) => new Promise((resolve) => {
      tell = () => { if (found[one] === ready) resolve(); };
      tell();
    }),
  };
}

const ask = (url: string): Promise<string> => new Promise((resolve, reject) => {
  get(url, { agent: false }, (response) => {
    let text = '';
    response.on('data', (bytes: Buffer) => { text += bytes.toString(); });
    response.on('end', () => resolve(`${response.statusCode} ${text}`));
  }).on('error', reject);
});

it('goes round those that are ready', async () => {
  const nodes = [await node('a'), await node('b'), await node('c')];
  const { url, until } = await before(nodes);
  for (const i of [0, 1, 2]) await until(i, true);
  const first = [await ask(url), await ask(url), await ask(url)];
  expect([...first].sort()).toEqual(['200 a', '200 b', '200 c']);
  if (nodes[1] !== undefined) nodes[1].ready = false;
  await until(1, false);
  const then = await Promise.all(Array.from({ length: 6 }, () => ask(url)));
  expect(then.filter((said) => said === '200 a')).toHaveLength(3);
  expect(then).not.toContain('200 b');
});

it('gives what a dead node refuses to the next, at once and whole', async () => {
  const [a, b] = [await node('a'), await node('b')];
  const { url, until } = await before([a, b]);
  await until(0, true);
  await until(1, true);
  await kill(a);
  // It does not know yet: half of these were a's turn.
  const bodies = await Promise.all(Array.from({ length: 8 }, (_, i) => fetch(url, { method: 'POST', body: `:${i}`, headers: { connection: 'close' } }).then((answer) => answer.text())));
  expect(bodies.sort()).toEqual(Array.from({ length: 8 }, (_, i) => `b:${i}`));
});

it('keeps a socket open to the node that has it, and ends it with that node', async () => {
  const [a, b] = [await node('a'), await node('b')];
  b.ready = false;
  const { port, until } = await before([a, b]);
  await until(0, true);
  const socket = connect(port, '127.0.0.1');
  ends.push(() => { socket.destroy(); });
  const heard: string[] = [];
  const hear = async (bytes: string): Promise<string> => {
    socket.write(bytes);
    const [said] = await once(socket, 'data') as [Buffer];
    heard.push(said.toString());
    return said.toString();
  };
  expect(await hear('GET /connect HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n')).toMatch(/^HTTP\/1.1 101/);
  // A node that sends its clients away by itself is not ready any more, and still has them.
  a.ready = false;
  b.ready = true;
  await until(0, false);
  expect(await hear('still here')).toBe('still here');
  const closed = once(socket, 'close');
  socket.resume();
  await kill(a);
  await closed;
});

it('says in a word of HTTP that nobody is there', async () => {
  const a = await node('a');
  await kill(a);
  const { url } = await before([a]);
  expect(await ask(url)).toBe('503 No node is ready. Try again in a moment.\n');
});

it('a taken port is an error that can be told', async () => {
  const a = await node('a');
  await expect(startBalancer({ host: '127.0.0.1', port: a.port, nodes: [a.port], clock: systemClock })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
