/** Two administrators at one section: nobody's change is lost silently, and only what both changed is asked about. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, changes, clashes, ORDER } from '../../sdk/console/admin/changes.ts';
import { edited, kept, settled, type Draft } from '../../sdk/console/admin/draft.ts';
import { same } from '../../sdk/console/admin/tree.ts';

const team = (id: string, more: object = {}) => ({ id, name: id, offerMs: 30_000, hours: null, skills: ['a'], ...more });
const base = [team('support'), team('sales')];
const draftOf = (value: unknown, from: unknown = base): Draft => {
  const draft = edited(null, from, 1, value);
  if (draft === null) throw new Error('nothing was changed');
  return draft;
};

describe('changes', () => {
  it('are small, and told by ids', () => {
    const now = [team('sales', { offerMs: 45_000 }), team('vip')];
    expect(changes(base, now)).toEqual([
      { path: ['support'], from: team('support'), to: undefined }, { path: ['sales', 'offerMs'], from: 30_000, to: 45_000 },
      { path: ['vip'], from: undefined, to: team('vip') },
    ]);
    expect(changes(base, [team('sales'), team('support')])).toEqual([{ path: [ORDER], from: ['support', 'sales'], to: ['sales', 'support'] }]);
    expect(changes({ a: 1, b: undefined }, { a: 1 })).toEqual([]);
  });

  it('made to what they were made from give what they were made to, whatever it was', () => {
    const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 4 });
    const leaf = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.integer(), { maxLength: 2 }));
    const item = fc.dictionary(fc.constantFrom('x', 'y'), leaf);
    const list = fc.tuple(ids, fc.array(item, { minLength: 4, maxLength: 4 })).map(([all, items]) => all.map((id, i) => ({ ...items[i], id })));
    fc.assert(fc.property(list, list, (from, to) => {
      const result = apply(from, changes(from, to)) as { id: string }[];
      expect(same(new Map(result.map((one) => [one.id, one])).size, to.length)).toBe(true);
      for (const one of to) expect(same(result.find(({ id }) => id === one.id), one)).toBe(true);
      expect(changes(result, to).every(({ path }) => path.at(-1) === ORDER)).toBe(true);
    }), { numRuns: 300 });
  });

  it('clash only where both changed the same, and not alike', () => {
    const mine = changes(base, [team('support', { offerMs: 1 }), team('sales')]);
    const clash = (to: unknown) => clashes(mine, changes(base, to)).length;
    expect(clash([team('support', { name: 'Help' }), team('sales', { offerMs: 9 })])).toBe(0);
    expect(clash([team('support', { offerMs: 1 }), team('sales')])).toBe(0);
    expect(clash([team('support', { offerMs: 2 }), team('sales')])).toBe(1);
    expect(clash([team('sales')])).toBe(1);
  });
});

describe('a draft', () => {
  const mine = [team('support', { offerMs: 45_000 }), team('sales')];

  it('is none when everything is as it was', () => {
    expect(edited(draftOf(mine), base, 1, base)).toBeNull();
  });

  it('takes in what others changed beside it, tells so, and is saved on top of it', () => {
    const theirs = [team('support'), team('sales', { name: 'Sell' }), team('vip')];
    const { draft, clash } = settled(draftOf(mine), theirs, 2);
    expect(clash).toBeNull();
    expect(draft).toMatchObject({ rev: 2, value: [team('support', { offerMs: 45_000 }), team('sales', { name: 'Sell' }), team('vip')] });
    expect(draft?.taken.map(({ path }) => path)).toEqual([['sales', 'name'], ['vip']]);
  });

  it('waits where both changed the same; keeping mine leaves alone what only they changed', () => {
    const theirs = [team('support', { offerMs: 60_000 }), team('sales', { name: 'Sell' })];
    const { draft, clash } = settled(draftOf(mine), theirs, 2);
    expect(draft?.rev).toBe(1);
    expect(clash?.all.map(({ mine: one, theirs: other }) => [one.to, other.to])).toEqual([[45_000, 60_000]]);
    if (draft === null || clash === null) throw new Error('no clash');
    expect(kept(draft, clash)).toMatchObject({ rev: 2, value: [team('support', { offerMs: 45_000 }), team('sales', { name: 'Sell' })] });
  });

  it('asks about a thing that I changed and they removed', () => {
    const { draft, clash } = settled(draftOf(mine), [team('sales')], 2);
    expect(clash?.all).toHaveLength(1);
    if (draft === null || clash === null) throw new Error('no clash');
    expect(kept(draft, clash).value).toEqual([team('sales'), team('support', { offerMs: 45_000 })]);
  });

  it('is done when the gateway has it, whatever defaults came with it, or when they made the same', () => {
    expect(settled({ ...draftOf(mine), state: 'saved' }, [...mine, team('more')], 2)).toEqual({ draft: null, clash: null });
    expect(settled(draftOf(mine), mine, 2)).toEqual({ draft: null, clash: null });
    expect(settled({ ...draftOf(mine), state: 'saved' }, base, 1).draft).not.toBeNull();
  });

  it('counts rules as one whole: they have no ids to be told apart by', () => {
    const rules = [{ channel: 'web', team: 'a' }];
    const { clash } = settled(draftOf([...rules, { team: 'b' }], rules), [{ channel: 'web', team: 'c' }], 2);
    expect(clash?.all).toHaveLength(1);
  });
});
