/**
 * What an administrator has changed in a section and not saved yet, and what becomes of it when the section changes
 * underneath. Pure.
 */
import { apply, changes, clashes, valueAt, type Change } from './changes.ts';
import { same } from './tree.ts';

export interface Draft {
  /** What it was made from, and under which revision. */
  readonly base: unknown;
  readonly rev: number;
  readonly value: unknown;
  /** `saved`: the gateway has it; the next revision brings it. */
  readonly state: 'edited' | 'saving' | 'saved';
  readonly refusal: Refusal | null;
  /** What others changed meanwhile that this draft has taken in. */
  readonly taken: readonly Change[];
}

/** Why the gateway did not take it: the name of its code, and what it says of this one time. */
export interface Refusal {
  readonly name: string;
  readonly detail: string;
  /** What went wrong and how to mend it, when we have no words of our own for the name. */
  readonly words: string;
}

/** Two people changed the same. */
export interface Clash {
  readonly rev: number;
  readonly theirs: unknown;
  readonly all: readonly { readonly mine: Change; readonly theirs: Change }[];
}

/** Null when nothing is changed any more. */
export function edited(draft: Draft | null, current: unknown, rev: number, value: unknown): Draft | null {
  const { base, rev: from, taken } = draft ?? { base: current, rev, taken: [] };
  return changes(base, value).length === 0 ? null : { base, rev: from, value, state: 'edited', refusal: null, taken };
}

/**
 * The draft on top of the section as it is now. When what others changed is apart from it, it takes that in; when not,
 * the draft stays as it is and the clash is told. A draft that was saved, or says what is there now, is done: null.
 */
export function settled(draft: Draft, current: unknown, rev: number): { draft: Draft | null; clash: Clash | null } {
  if (rev <= draft.rev) return { draft, clash: null };
  if (draft.state === 'saved' || same(draft.value, current)) return { draft: null, clash: null };
  const [mine, theirs] = [changes(draft.base, draft.value), changes(draft.base, current)];
  const all = clashes(mine, theirs);
  if (all.length > 0) return { draft, clash: { rev, theirs: current, all } };
  return { draft: { ...draft, base: current, rev, value: apply(current, mine), taken: [...draft.taken, ...theirs] }, clash: null };
}

/** My changes on top of theirs, also where both changed the same. What they removed and I changed comes back whole. */
export function kept(draft: Draft, clash: Clash): Draft {
  const back = clash.all.filter(({ mine, theirs }) => theirs.to === undefined && mine.path.length > theirs.path.length)
    .map(({ theirs: { path } }) => ({ path, from: undefined, to: valueAt(draft.value, path) }));
  const value = apply(clash.theirs, [...back, ...changes(draft.base, draft.value)]);
  return { ...draft, base: clash.theirs, rev: clash.rev, value, state: 'edited', refusal: null, taken: [] };
}
