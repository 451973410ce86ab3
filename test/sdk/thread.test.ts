/** The window of a conversation: whatever the way does to frames, it ends as the server has it. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Entry, Role } from '../../sdk/index.ts';
import { Thread, type Page } from '../../sdk/thread.ts';

/** A conversation as the server has it; `true` stands for a note, which customers do not see. */
function history(notes: readonly boolean[]): Entry[] {
  let prev = 0;
  return notes.map((note, index): Entry => {
    const entry: Entry = { seq: index + 1, prev, n: 0, kind: note ? 'note' : 'message', at: 0, author: { role: 'agent', id: 'a', name: '' }, cmid: null, body: { text: `${index + 1}` } };
    if (!note) prev = entry.seq;
    return entry;
  });
}

/** What the server answers to HISTORY. */
function answer(visible: readonly Entry[], { after, before, newest }: { after: number; before: number; newest: boolean }, limit: number): Page {
  const end = before === 0 ? (visible.at(-1)?.seq ?? 0) + 1 : before;
  const range = visible.filter(({ seq }) => seq > after && seq < end);
  const entries = newest ? range.slice(-limit) : range.slice(0, limit);
  const more = entries.length < range.length;
  return { from: newest && more ? entries[0]!.seq : after + 1, to: !newest && more ? entries.at(-1)!.seq : end - 1, entries };
}

for (const role of ['customer', 'agent'] as const satisfies readonly Role[]) {
  test(`any loss, doubling and reordering ends in the exact list (${role})`, () => {
    const arbitrary = fc.record({
      notes: fc.array(fc.boolean(), { minLength: 1, maxLength: 60 }),
      known: fc.nat(60),
      limit: fc.integer({ min: 1, max: 20 }),
      // Which event arrives next; some never, some twice, in any order. Between them, answers to what was asked.
      way: fc.array(fc.oneof(fc.nat(60), fc.constant('ask' as const)), { maxLength: 150 }),
    });
    fc.assert(fc.property(arbitrary, ({ notes, known, limit, way }) => {
      const all = history(notes);
      const visible = role === 'agent' ? all : all.filter(({ kind }) => kind !== 'note');
      const thread = new Thread();
      thread.role = role;
      const seen: Entry[] = [];
      const first = visible.filter(({ seq }) => seq <= known);
      thread.begin(1, first.at(-1)?.seq ?? 0, true);
      if (first.length > 0) seen.push(...thread.fill(answer(first, { after: 0, before: 0, newest: true }, limit)));
      const ask = (): boolean => {
        const missing = thread.missing();
        if (missing !== null) seen.push(...thread.fill(answer(visible, missing, limit)));
        return missing !== null;
      };
      for (const turn of way) {
        if (turn === 'ask') ask();
        else if (visible[turn]) seen.push(...thread.fill({ from: 0, to: 0, entries: [structuredClone(visible[turn])] }));
        // At any time: what is shown is a gap-free run of what is there.
        const shown = thread.entries.map(({ seq }) => seq);
        expect(shown).toEqual(visible.map(({ seq }) => seq).filter((seq) => seq >= thread.from && seq <= thread.to));
      }
      // The heads of a heartbeat tell of the last one.
      thread.raise(visible.at(-1)?.seq ?? 0);
      for (let asked = 0; ask(); asked++) expect(asked).toBeLessThan(200);
      expect(thread.entries.at(-1)?.seq).toBe(visible.at(-1)?.seq);
      if (visible.length > 0) expect(thread.complete).toBe(true);
      // Going back brings the rest, without a hole.
      while (thread.from > 1) seen.push(...thread.fill(answer(visible, { after: 0, before: thread.from, newest: true }, limit)));
      if (visible.length > 0) expect(thread.entries).toEqual(visible);
      // Every entry was news exactly once.
      expect(seen.map(({ seq }) => seq).sort((a, b) => a - b)).toEqual(thread.entries.map(({ seq }) => seq));
    }), { numRuns: 1_000 });
  });
}

test('a new epoch begins anew; the same one goes on', () => {
  const [one, two] = history([false, false]);
  const thread = new Thread();
  thread.begin(1, 2, true);
  thread.fill({ from: 1, to: 2, entries: [one!, two!] });
  thread.begin(1, 2, false);
  expect(thread.entries).toHaveLength(2);
  thread.begin(2, 1, false);
  expect(thread.entries).toEqual([]);
  expect(thread.missing()).toEqual({ after: 0, before: 0, newest: true });
});

test('trimming keeps the newest and knows that there is more before', () => {
  const entries = history([false, false, false, false]);
  const thread = new Thread();
  thread.fill({ from: 1, to: 4, entries });
  thread.trim(2);
  expect(thread.entries.map(({ seq }) => seq)).toEqual([3, 4]);
  expect(thread.from).toBe(3);
  thread.fill({ from: 1, to: 2, entries: entries.slice(0, 2) });
  expect(thread.entries).toHaveLength(4);
});
