/** Effects that come from a node that has been replaced. */
import { expect, it } from 'vitest';
import type { ActorCommand } from '../../machines/actor.ts';
import { memoryNetwork } from '../../gateway/bus.memory.ts';
import { handClock } from '../../gateway/clock.ts';
import { Post } from '../../gateway/post.ts';
import type { Answer } from '../../gateway/resident.ts';
import type { Shard } from '../../gateway/shard.ts';
import { shardOf } from '../../gateway/sharding.ts';
import { Refusal } from '../../sdk/protocol/codes.ts';

const FINE: Answer = { seq: 1, n: 1, at: 0, repeated: false };
const SHARDS = 4;
const SENDER = 'c/demo/1';

it('are not taken once this node has seen its successor\'s claim; those of the successor are, and others are none', () => {
  const asked: ActorCommand[] = [];
  const ask = (_: string, command: ActorCommand, done: (answer: Answer) => void): void => { asked.push(command); done(FINE); };
  const shards = Array.from({ length: SHARDS }, (_, n) => ({ n, isOpen: true, isGiving: false, epoch: n === shardOf(SENDER, SHARDS) ? 3 : 1, ask }) as unknown as Shard);
  const post = new Post({
    bus: memoryNetwork().bus('here'), clock: handClock(0), soon: queueMicrotask, node: 'here', shards, isLevel: () => true, proofMs: 50,
  });
  const target = shards[(shardOf(SENDER, SHARDS) + 1) % SHARDS] as Shard;
  const tell = (command: object): unknown => {
    let told: unknown;
    post.tell(target, 'd/demo', command as ActorCommand, (answer) => { told = answer instanceof Refusal ? [answer.name, answer.retryAfterMs] : 'taken'; });
    return told;
  };
  expect(tell({ type: 'stands', from: SENDER, n: 5, epoch: 2 })).toEqual(['conflict', 0]);
  expect(tell({ type: 'stands', from: SENDER, n: 6, epoch: 3 })).toBe('taken');
  expect(tell({ type: 'begin' })).toBe('taken');
  expect(asked).toEqual([{ type: 'stands', from: SENDER, n: 6 }, { type: 'begin' }]);
});

it('are asked again once this node has seen the claim under which they were sent', async () => {
  const asked: ActorCommand[] = [];
  const ask = (_: string, command: ActorCommand, done: (answer: Answer) => void): void => { asked.push(command); done(FINE); };
  const clock = handClock(0);
  const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
  const network = memoryNetwork();
  const view = (name: string, open: boolean): { post: Post; shards: { epoch: number }[] } => {
    const shards = Array.from({ length: SHARDS }, (_, n) => ({ n, isOpen: open, isGiving: false, epoch: 1, ask, copy: { reached: (__: number, then: () => void) => then() } }));
    return {
      shards,
      post: new Post({
        bus: network.bus(name), clock, soon: queueMicrotask, node: name, shards: shards as unknown as Shard[], isLevel: () => true, proofMs: 50,
      }),
    };
  };
  const [owner, sender] = [view('owner', true), view('sender', false)];
  const target = (shardOf(SENDER, SHARDS) + 1) % SHARDS;
  await owner.post.listen(owner.shards[target] as unknown as Shard);
  let told: unknown;
  sender.post.tell(sender.shards[target] as unknown as Shard, 'd/demo', { type: 'stands', from: SENDER, n: 5, epoch: 2 } as ActorCommand, (answer) => { told = answer; });
  for (let i = 0; i < 20; i++) await turn();
  expect([asked, told]).toEqual([[], undefined]);
  (owner.shards[shardOf(SENDER, SHARDS)] as { epoch: number }).epoch = 2;
  clock.advance(50);
  for (let i = 0; i < 20; i++) await turn();
  expect([asked, told]).toEqual([[{ type: 'stands', from: SENDER, n: 5 }], FINE]);
  owner.post.close();
  sender.post.close();
});
