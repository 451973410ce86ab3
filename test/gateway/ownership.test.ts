/** Who claims and who gives: never from the living, only one's share, and nothing is left alone. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { handClock, type Clock } from '../../gateway/clock.ts';
import { alone } from '../../gateway/members.alone.ts';
import type { Members } from '../../gateway/members.ts';
import { UNMEASURED } from '../../gateway/measures.ts';
import { decide, Ownership, type Standing } from '../../gateway/ownership.ts';
import { UNKNOWN, type Shard } from '../../gateway/shard.ts';
import { ranked } from '../../gateway/sharding.ts';

const SHARDS = 64;
const NODES = ['a', 'b', 'c', 'd', 'e'];
const first = (n: number, takers: readonly string[]): string | undefined => ranked(n, takers)[0];

function standing(self: string, takers: readonly string[], ownerOf: (n: number) => string, more: Partial<Standing> = {}): Standing {
  const shards = Array.from({ length: SHARDS }, (_, n) => {
    const owner = ownerOf(n);
    return { n, owner, isOpen: owner === self, isFollowing: owner !== self };
  });
  return { self, possible: takers, takers, since: 0, now: 10_000, shards, giving: 0, isLeaving: false, ...more };
}

const turn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/** Of these shards, on a node that nobody listens to. */
function owning(shards: readonly object[], members: Members, clock: Clock = handClock(0)): Ownership {
  return new Ownership({
    shards: shards as Shard[], members, clock, report: () => undefined, measures: UNMEASURED,
    listen: () => Promise.resolve(), silence: () => undefined, stoodStill: () => undefined,
  });
}

it('one that comes takes its share of every other node, about as much of each, and no shard moves between the others', () => {
  const before = NODES.slice(0, 4);
  const moved = Array.from({ length: 1024 }, (_, n) => [first(n, before), first(n, NODES)]).filter(([old, next]) => old !== next);
  expect(moved.every(([, next]) => next === 'e')).toBe(true);
  expect(moved.length).toBeGreaterThan(1024 / 5 * 0.75);
  expect(moved.length).toBeLessThan(1024 / 5 * 1.25);
  for (const node of before) expect(moved.filter(([old]) => old === node).length).toBeGreaterThan(25);
});

it('nobody claims what a living node owns, or what nobody knows the owner of', () => {
  for (const self of NODES) {
    expect(decide(standing(self, NODES, (n) => NODES[n % 4] ?? '')).claim.filter((n) => NODES[n % 4] !== self)).toEqual([]);
    expect(decide(standing(self, NODES, () => UNKNOWN)).claim).toEqual([]);
  }
});

it('an owner that follows its own shard claims it again, whoever is first for it: nobody else may', () => {
  const claims = decide(standing('a', NODES, (n) => NODES[n % 5] ?? '', { since: 9_999 })).claim;
  expect(claims).toEqual([]);
  const own = Array.from({ length: SHARDS }, (_, n) => ({ n, owner: NODES[n % 5] ?? '', isOpen: false, isFollowing: true }));
  expect(decide({ ...standing('a', NODES, () => 'a'), shards: own }).claim).toEqual(own.filter(({ owner }) => owner === 'a').map(({ n }) => n));
});

it('what a dead node leaves, and what nobody owns, is claimed by exactly one', () => {
  fc.assert(fc.property(fc.subarray(NODES, { minLength: 1 }), fc.constantFrom('dead', ''), (alive, owner) => {
    const claims = alive.flatMap((self) => decide(standing(self, alive, () => owner)).claim);
    expect(claims.sort((a, b) => a - b)).toEqual(Array.from({ length: SHARDS }, (_, n) => n));
  }));
});

it('an owner gives what another is first for, four at a time, and not before the others have stayed for two seconds', () => {
  const mine = (more: Partial<Standing>) => decide(standing('a', NODES, () => 'a', more)).give;
  expect(mine({ since: 8_001 })).toEqual([]);
  expect(mine({ since: 8_000 }).length).toBe(4);
  expect(mine({ since: 8_000, giving: 3 }).length).toBe(1);
  expect(mine({}).every((n) => first(n, NODES) !== 'a')).toBe(true);
});

it('who leaves gives at once, claims nothing, and keeps what nobody else can take', () => {
  const rest = NODES.slice(1);
  expect(decide(standing('a', rest, () => 'a', { possible: NODES, since: 10_000, isLeaving: true }))).toEqual({ claim: [], give: [0, 1, 2, 3] });
  expect(decide(standing('a', [], () => 'a', { possible: ['a'], isLeaving: true }))).toEqual({ claim: [], give: [] });
});

it('a shard that the log does not let go of is tried again every 200 ms, not in every turn', async () => {
  const clock = handClock(10_000);
  let tries = 0;
  const shard = { n: 0, owner: 'a', isOpen: true, isFollowing: false, give: async () => { tries++; await turn(); } };
  const other = NODES.find((node) => node !== 'a' && first(0, ['a', node]) === node) ?? '';
  const both = ['a', other];
  const ownership = owning([shard], { ...alone('a'), alive: both, possible: both, takers: both, join: () => undefined }, clock);
  await ownership.join();
  const turns = async (): Promise<void> => { for (let i = 0; i < 20; i++) await turn(); };
  await turns();
  expect(tries).toBe(1);
  for (let i = 0; i < 5; i++) {
    clock.advance(200);
    await turns();
  }
  expect(tries).toBe(6);
  ownership.close();
});

it('tells who writes', () => {
  const written: [string, number][] = [];
  const members = { ...alone('a'), wrote: (node: string, at: number) => { written.push([node, at]); } };
  const ownership = owning([], members);
  for (const [at, owner] of ['b', 'a', UNKNOWN, 'c', ''].entries()) ownership.saw({ n: 0, owner, at } as Shard);
  expect(written).toEqual([['b', 0], ['c', 3]]);
});

it('says of whom it knows before it offers to take anything: one that nobody has heard may stand still', async () => {
  const said: string[] = [];
  const members = { ...alone('a'), named: (node: string) => { said.push(node); }, join: () => { said.push('join'); } };
  const ownership = owning([{ n: 0, owner: 'b', isOpen: false, isFollowing: true }], members);
  void ownership.join();
  ownership.close();
  expect(said.slice(0, 2)).toEqual(['b', 'join']);
});

it('has joined only once it takes shards: what others leave to one that is ready, it takes', async () => {
  let change = (): void => undefined;
  const members = { ...alone('a'), alive: ['a', 'b'], possible: ['a', 'b'], takers: ['b'], join: () => undefined, onChange: (call: () => void) => { change = call; return () => undefined; } };
  const ownership = owning([{ n: 0, owner: 'b', isOpen: false, isFollowing: true }], members);
  let joined = false;
  const joining = ownership.join().then(() => { joined = true; });
  await turn();
  expect(joined).toBe(false);
  members.takers = ['a', 'b'];
  change();
  await joining;
  ownership.close();
});
