/** The bus in memory keeps the contract, and lets a simulator decide what arrives. */
import { expect, it } from 'vitest';
import { memoryNetwork, type Passage } from '../../gateway/bus.memory.ts';
import { busContract, Ear } from '../contracts/bus.ts';

busContract('memory', async () => {
  const network = memoryNetwork();
  return {
    bus: async (node) => network.bus(node),
    cut: async (node) => network.cut(node),
    heal: async (node) => network.heal(node),
    kill: async (node) => network.kill(node),
    end: async () => undefined,
  };
});

it('arrives when the network says so: late, or never, or before what another node said earlier', async () => {
  const carried: { passage: Passage; arrive(): void }[] = [];
  const network = memoryNetwork({
    carry(passage, arrive) {
      if (passage.from === '') setImmediate(arrive);
      else carried.push({ passage, arrive });
    },
  });
  const [a, b, c] = [network.bus('a'), network.bus('b'), network.bus('c')];
  const ear = new Ear();
  await c.listen('x', (bytes, answer) => { ear.hear(bytes); answer(bytes); });
  a.ask('x', Buffer.from('from a'), () => ear.add('answered'));
  b.publish('x', Buffer.from('from b'));
  b.publish('x', Buffer.from('lost'));
  expect(carried.map(({ passage }) => passage)).toEqual([
    { from: 'a', to: 'c', subject: 'x', bytes: 6 },
    { from: 'b', to: 'c', subject: 'x', bytes: 6 },
    { from: 'b', to: 'c', subject: 'x', bytes: 4 },
  ]);
  carried[1]?.arrive();
  carried[0]?.arrive();
  expect(ear.words).toEqual(['from b', 'from a']);
  expect(carried[3]?.passage).toEqual({ from: 'c', to: 'a', subject: 'x', bytes: 6 });
  carried[3]?.arrive();
  expect(ear.words.at(-1)).toBe('answered');
});

it('does not bring over a new connection what was on its way over the old one', async () => {
  const carried: (() => void)[] = [];
  const network = memoryNetwork({ carry: ({ from }, arrive) => (from === '' ? setImmediate(arrive) : carried.push(arrive)) });
  const [a, b] = [network.bus('a'), network.bus('b')];
  const ear = new Ear();
  await b.listen('x', ear.hear);
  a.publish('x', Buffer.from('old'));
  network.cut('b');
  network.heal('b');
  a.publish('x', Buffer.from('new'));
  for (const arrive of carried) arrive();
  expect(ear.words).toEqual(['new']);
});
