/** What all members must do. An implementation's test hands in how nodes come, and what may happen to them. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Members } from '../../gateway/members.ts';

export interface MembersStage {
  members(node: string): Promise<Members>;
  /** Waits, as long as it takes, for what comes about by itself. */
  until(ready: () => boolean): Promise<unknown>;
  /** The process ends without a word. */
  kill(node: string): Promise<void>;
  /** Nothing is heard of it, and its connection stays; until `thaw`. */
  freeze(node: string): Promise<void>;
  thaw(node: string): Promise<void>;
  /** Its connection breaks; until `heal`. */
  cut(node: string): Promise<void>;
  heal(node: string): Promise<void>;
  end(): Promise<void>;
}

/** What a node believes, as a line. */
export const belief = ({ alive, takers }: Members): string => `${alive.join(' ')} | ${takers.join(' ')}`;

export function membersContract(name: string, make: () => Promise<MembersStage>): void {
  describe(`${name} keep the contract of the members`, () => {
    let stage: MembersStage;
    let [a, b, c] = [] as unknown as [Members, Members, Members];
    const all = (line: string, nodes = [a, b, c]): Promise<unknown> => stage.until(() => nodes.every((node) => belief(node) === line));
    beforeEach(async () => {
      stage = await make();
      [a, b, c] = [await stage.members('a'), await stage.members('b'), await stage.members('c')];
    });
    afterEach(() => stage.end());

    it('knows itself from the start, and soon all others, sorted, the same everywhere', async () => {
      const late = await stage.members('aa');
      expect([late.self, belief(late)]).toEqual(['aa', 'aa | ']);
      await all('a aa b c | ', [a, b, c, late]);
    });

    it('names as takers those who have joined and do not leave, and says when that changed', async () => {
      await all('a b c | ');
      for (const node of [c, b, a]) node.join();
      await all('a b c | a b c');
      let calls = 0;
      const end = a.onChange(() => calls++);
      const before = a.since;
      b.join();
      b.leave();
      await all('a b c | a c');
      expect([a.since > before, calls]).toEqual([true, 1]);
      end();
      b.join();
      await all('a b c | a b c');
      expect(calls).toBe(1);
    });

    it('gives up a node whose process ended, and keeps the others', async () => {
      for (const node of [a, b, c]) node.join();
      await all('a b c | a b c');
      await stage.kill('b');
      await all('a c | a c', [a, c]);
    });

    it('gives up a node that stands still; when it goes on everyone has it again, and it knows that it was away', async () => {
      for (const node of [a, b, c]) node.join();
      await all('a b c | a b c');
      let [returns, others] = [0, 0];
      b.onReturn(() => returns++);
      a.onReturn(() => others++);
      await stage.freeze('b');
      await all('a c | a c', [a, c]);
      expect(b.alive).toEqual(['a', 'b', 'c']);
      await stage.thaw('b');
      await all('a b c | a b c');
      await stage.until(() => returns > 0);
      expect(others).toBe(0);
    });

    it('gives up a node that is cut off, which gives up nobody, and takes it back', async () => {
      for (const node of [a, b, c]) node.join();
      await all('a b c | a b c');
      let returns = 0;
      b.onReturn(() => returns++);
      await stage.cut('b');
      await all('a c | a c', [a, c]);
      expect(b.alive).toEqual(['a', 'b', 'c']);
      await stage.heal('b');
      await all('a b c | a b c');
      await stage.until(() => returns > 0);
    });

    it('counts whoever has written among those who may live, and finds out whether they do', async () => {
      await all('a b c | ');
      a.wrote('ghost', Infinity);
      a.wrote('b', 0);
      expect([a.alive, a.possible]).toEqual([['a', 'b', 'c'], ['a', 'b', 'c', 'ghost']]);
      await stage.until(() => !a.possible.includes('ghost'));
      expect([belief(a), a.possible]).toEqual(['a b c | ', ['a', 'b', 'c']]);
    });

    it('hears at once of a node that ends gently, and never sees it again', async () => {
      for (const node of [a, b, c]) node.join();
      await all('a b c | a b c');
      const seen: string[] = [];
      a.onChange(() => seen.push(belief(a)));
      await b.close();
      await b.close();
      await all('a c | a c', [a, c]);
      const d = await stage.members('d');
      await all('a c d | a c', [a, c, d]);
      expect(seen).toEqual(['a c | a c', 'a c d | a c']);
    });
  });
}
