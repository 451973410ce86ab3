/** What shares a record of a shard, and how much of it. */
import { expect, it } from 'vitest';
import type { ActorCommand, ActorState, Kind, Reply } from '../../machines/actor.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import type { Answer } from '../../gateway/resident.ts';
import { openHouse } from './house.ts';

interface Heavy extends ActorState { weight: string; n: number }
const heavy: Kind<Heavy> = {
  prefix: 'h',
  step: (_id, state, _command, at) => {
    const n = (state?.n ?? 0) + 1;
    return { state: { timers: [], outbox: [], n, weight: 'x'.repeat(10_000) }, lines: [], reply: { seq: 0, n, at, repeated: false } };
  },
  mayRepeat: () => undefined,
  freeze: JSON.stringify,
  thaw: (json) => JSON.parse(json) as Heavy,
};

it('large states of many actors at once do not make a record longer than the log takes; whoever is too many comes later', async () => {
  const log = memoryLog({ shards: 1 });
  const append = log.append.bind(log);
  let longest = 0;
  log.append = (shard, expected, record) => {
    longest = Math.max(longest, record.length);
    if (record.length > log.recordBytesMax) throw new RangeError(`A record has up to ${log.recordBytesMax} bytes, not ${record.length}.`);
    return append(shard, expected, record);
  };
  const house = await openHouse({ log, kinds: [heavy as unknown as Kind<ActorState>] });
  const { host } = house.gateway;
  const actors = Array.from({ length: 1_500 }, (_, i) => `h/demo/${i}`);
  const ask = (actor: string): Promise<Answer> => host.insist(actor, { type: 'count' } as unknown as ActorCommand);
  for (let i = 0; i < actors.length; i += 100) await Promise.all(actors.slice(i, i + 100).map(ask));
  let answered = 0;
  const all = Promise.all(actors.map(async (actor) => { const reply = await ask(actor); answered++; return reply; }));
  for (let i = 0; i < 10 && answered < actors.length; i++) {
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => { setImmediate(resolve); });
    house.clock.advance(1_000);
  }
  expect([answered, longest < log.recordBytesMax]).toEqual([actors.length, true]);
  expect((await all).every((reply) => (reply as Reply).n === 2)).toBe(true);
  expect(house.reports).toEqual([]);
  await house.close();
});
