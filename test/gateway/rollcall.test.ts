/** Which nodes live: the desks of this node's shards hear it, as it is when they take it. */
import { describe, expect, it } from 'vitest';
import type { ActorCommand } from '../../machines/actor.ts';
import type { DeskCommand } from '../../machines/desk.ts';
import { handClock } from '../../gateway/clock.ts';
import type { Answer } from '../../gateway/resident.ts';
import { RollCall } from '../../gateway/rollcall.ts';
import { Refusal } from '../../sdk/protocol/codes.ts';

const FINE: Answer = { seq: 0, n: 0, at: 0, repeated: false };

function stage(settleMs = 0) {
  const clock = handClock(0);
  const asked: { desk: string; alive: readonly string[]; done(answer: Answer): void }[] = [];
  const owned = new Set(['d/demo']);
  const members = { alive: ['n1', 'n2'] as readonly string[] };
  let changed = (): void => undefined;
  let took = (_shard: number): void => undefined;
  const rollCall = new RollCall({
    clock, settleMs, workspaces: ['demo', 'shop'],
    members: { get alive() { return members.alive; }, onChange: (call) => { changed = call; return () => { changed = () => undefined; }; } },
    host: {
      owns: (actor) => owned.has(actor), onOwned: (call) => { took = call; return () => undefined; },
      tell: (desk, command: ActorCommand, done) => { asked.push({ desk, alive: (command as DeskCommand & { type: 'nodes' }).alive, done }); },
    },
  });
  return {
    clock, rollCall, owned,
    said: () => asked.map(({ desk, alive }) => `${desk}: ${alive.join(' ')}`),
    count: (...alive: string[]) => { members.alive = alive; changed(); },
    take: (desk: string) => { owned.add(desk); took(1); },
    answer: (answer: Answer = FINE) => asked.shift()?.done(answer),
  };
}

describe('the desks of a node', () => {
  it('hear who lives at its start, at each change, and when it takes one over; those of others do not', () => {
    const { rollCall, said, answer, count, take } = stage();
    rollCall.begin();
    expect(said()).toEqual(['d/demo: n1 n2']);
    answer();
    count('n1');
    expect(said()).toEqual(['d/demo: n1']);
    answer();
    take('d/shop');
    expect(said()).toEqual(['d/demo: n1', 'd/shop: n1']);
  });

  it('hear nothing before a node that has just started can know all others, however often it learns of one', () => {
    const { rollCall, said, count, take, clock } = stage(5_000);
    count('n1');
    rollCall.begin();
    take('d/shop');
    clock.advance(4_999);
    count('n1', 'n2', 'n3');
    expect(said()).toEqual([]);
    clock.advance(1);
    expect(said()).toEqual(['d/demo: n1 n2 n3', 'd/shop: n1 n2 n3']);
  });

  it('are told one word after the other, and told again hear who lives then', () => {
    const { rollCall, said, answer, count, clock } = stage();
    rollCall.begin();
    count('n1');
    count('n1', 'n3');
    expect(said()).toEqual(['d/demo: n1 n2']);
    answer(new Refusal('ownerChanging', '', 1_000));
    count('n1', 'n4');
    expect(said()).toEqual([]);
    clock.advance(1_000);
    expect(said()).toEqual(['d/demo: n1 n4']);
    count('n1', 'n5');
    answer();
    expect(said()).toEqual(['d/demo: n1 n5']);
    answer();
    expect(said()).toEqual([]);
  });

  it('are left to whoever has taken them over, and to nobody by a node that ends', () => {
    const { rollCall, said, answer, count, owned, clock } = stage();
    rollCall.begin();
    owned.delete('d/demo');
    answer(new Refusal('ownerChanging', '', 1_000));
    clock.advance(1_000);
    expect(said()).toEqual([]);
    owned.add('d/demo');
    rollCall.close();
    count('n1');
    expect(said()).toEqual([]);
  });
});
