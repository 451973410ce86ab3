/** The wire of the cluster's crash test does what it says: else a partition would be no partition. */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Relay } from './relay.ts';

let relay: Relay;
let server: Server;
let heard: string[] = [];
let far: Socket | undefined;

beforeEach(async () => {
  heard = [];
  server = createServer((socket) => {
    far = socket;
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      heard.push(bytes.toString());
      socket.write(`heard ${bytes.toString()}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  relay = await Relay.open((server.address() as AddressInfo).port);
});
afterEach(async () => {
  far?.destroy();
  server.close();
  await relay.close();
});

/** Dials, and says what came back. */
async function dial(): Promise<{ socket: Socket; answer(): Promise<string> }> {
  const socket = connect(relay.port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return { socket, answer: async () => String((await once(socket, 'data'))[0]) };
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => { socket.once('close', () => resolve()); });
}

it('carries what is said, and the answer', async () => {
  const { socket, answer } = await dial();
  socket.write('one');
  expect(await answer()).toBe('heard one');
});

it('cut: connections end, new ones are refused, and after healing there are new ones', async () => {
  const { socket, answer } = await dial();
  socket.write('one');
  await answer();
  const over = closed(socket);
  relay.cut();
  await over;
  const refused = connect(relay.port, '127.0.0.1');
  refused.on('error', () => undefined);
  await closed(refused);
  relay.heal();
  const again = await dial();
  again.socket.write('two');
  expect(await again.answer()).toBe('heard two');
});

it('deaf upwards: nothing arrives, nobody is told, and what was said comes when it is mended', async () => {
  const { socket, answer } = await dial();
  socket.write('one');
  await answer();
  relay.deafen('up');
  socket.write('two');
  // The other way it still speaks.
  far?.write('and you?');
  expect(await answer()).toBe('and you?');
  expect([heard, socket.destroyed]).toEqual([['one'], false]);
  relay.heal();
  expect(await answer()).toBe('heard two');
});

it('deaf downwards: what is said arrives, and its answer does not until it is mended', async () => {
  const { socket, answer } = await dial();
  relay.deafen('down');
  socket.write('one');
  while (heard.length === 0) await new Promise((turn) => setImmediate(turn));
  const answered = answer();
  expect(await Promise.race([answered, new Promise((late) => setTimeout(late, 100, 'nothing'))])).toBe('nothing');
  relay.heal();
  expect(await answered).toBe('heard one');
});

it('slow: it comes, in order, and not before its time', async () => {
  const { socket, answer } = await dial();
  relay.slow(80);
  const begun = Date.now();
  socket.write('one');
  expect(await answer()).toBe('heard one');
  // There and back.
  expect(Date.now() - begun).toBeGreaterThanOrEqual(155);
});
