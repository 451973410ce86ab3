/** The ordered map that never changes, against a plain one. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Tree } from '../../machines/tree.ts';

const key = fc.integer({ min: 0, max: 60 }).map((n) => `k${String(n).padStart(2, '0')}`);
const change = fc.tuple(key, fc.option(fc.integer({ min: 0, max: 3 })));
type Change = readonly [key: string, value: number | null];

const changed = (tree: Tree<number>, changes: readonly Change[]): Tree<number> =>
  changes.reduce((now, [k, value]) => (value === null ? now.delete(k) : now.set(k, value)), tree);

function plain(changes: readonly Change[], start = new Map<string, number>()): Map<string, number> {
  const map = new Map(start);
  for (const [k, value] of changes) {
    if (value === null) map.delete(k);
    else map.set(k, value);
  }
  return new Map([...map].sort());
}

it('holds what a plain map holds, in order, and finds by key, by place and from anywhere', () => {
  fc.assert(fc.property(fc.array(change, { maxLength: 200 }), key, (changes, probe) => {
    const tree = changed(Tree.of(), changes);
    const map = plain(changes);
    expect([...tree]).toEqual([...map]);
    expect(tree.size).toBe(map.size);
    expect(tree.get(probe)).toBe(map.get(probe));
    const after = [...map].filter(([k]) => k >= probe);
    expect([...tree.from(probe)]).toEqual(after);
    expect(tree.next(probe)).toEqual(after[0]);
    expect(tree.rank(probe)).toBe(map.size - after.length);
  }), { numRuns: 300 });
});

it('says exactly what has changed since any other, also one with another history', () => {
  fc.assert(fc.property(fc.array(change, { maxLength: 100 }), fc.array(change, { maxLength: 100 }), fc.boolean(), (first, more, apart) => {
    const old = changed(Tree.of(), first);
    const now = apart ? changed(Tree.of(), more) : changed(old, more);
    const was = plain(first);
    const is = apart ? plain(more) : plain(more, was);
    const expected = [...new Set([...was.keys(), ...is.keys()])].sort().filter((k) => was.get(k) !== is.get(k)).map((k) => [k, is.get(k)]);
    expect([...now.since(old)]).toEqual(expected);
  }), { numRuns: 500 });
});

it('leaves the one before as it was, and is itself when nothing changes', () => {
  const tree = changed(Tree.of(), [['a', 1], ['b', 2]]);
  expect([...tree.set('c', 3).delete('a')]).toEqual([['b', 2], ['c', 3]]);
  expect([...tree]).toEqual([['a', 1], ['b', 2]]);
  expect(tree.set('a', 1)).toBe(tree);
  expect(tree.delete('z')).toBe(tree);
});

it('stays flat whatever the order of keys, and is built from sorted entries as it would be one by one', () => {
  const keys = Array.from({ length: 100_000 }, (_, i) => String(i).padStart(6, '0'));
  // A path as long as the tree would not end in a sum but in an overflow of the stack.
  let tree = Tree.of<number>();
  for (const k of keys) tree = tree.set(k, 1);
  for (const k of keys.slice(10)) tree = tree.delete(k);
  expect([...tree]).toEqual([...Tree.of(keys.slice(0, 10).map((k) => [k, 1] as const))]);
});

it('does not look at what two trees share: a few changes among many cost far less than all', () => {
  const old = Tree.of(Array.from({ length: 50_000 }, (_, i) => [String(i).padStart(6, '0'), i] as const));
  const now = old.set('010000', 0).delete('000500').set('zz', 1);
  const timed = (walk: () => Iterable<unknown>): number => {
    const start = performance.now();
    for (let i = 0; i < 20; i++) for (const _ of walk()) continue;
    return performance.now() - start;
  };
  expect([...now.since(old)].map(([k]) => k)).toEqual(['000500', '010000', 'zz']);
  // Some fifty nodes against a hundred thousand.
  expect(timed(() => now.since(old)) * 5).toBeLessThan(timed(() => now));
});
