/** The bus over a real nats-server keeps the contract, and what a network and a server can do to it. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { NatsServers } from '../../gateway/cluster.nats.ts';
import { answerTo, busContract, Ear } from '../contracts/bus.ts';
import { natsServers, Wires } from './nats.stage.ts';

let nats: NatsServers;
beforeAll(async () => { nats = await natsServers(); });
afterAll(() => nats.close());

busContract('nats', async () => new Wires(nats));

it('keeps two clusters on one server apart', async () => {
  const [ours, theirs] = [new Wires(nats), new Wires(nats)];
  const [a, b] = [await ours.bus('a'), await theirs.bus('a')];
  await b.listen('x', (_, answer) => answer(new Uint8Array(1)));
  expect(await answerTo(a, 'x', '?')).toBeUndefined();
  expect(await answerTo(b, 'x', '?')).toBe('\0');
  await Promise.all([ours.end(), theirs.end()]);
});

it('notices within some 3 s that nothing comes through any more, though nothing says so', async () => {
  const wires = new Wires(nats);
  const a = await wires.bus('a');
  const ear = new Ear();
  a.onConnection((connected) => ear.add(String(connected)));
  a.ask('nobody', Buffer.from('?'), () => ear.add('asked'));
  await ear.count(1);
  const from = Date.now();
  wires.hold('a');
  a.ask('nobody', Buffer.from('?'), (answer) => ear.add(answer ? 'answer' : 'nobody'));
  await ear.count(3);
  expect(Date.now() - from).toBeLessThan(3_500);
  expect(ear.words).toEqual(['asked', 'false', 'nobody']);
  await wires.end();
});
