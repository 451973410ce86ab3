/**
 * A flow's draft under somebody's hands: what is typed, what of it the gateway has, what can be undone, and what becomes
 * of it when a colleague changes the draft meanwhile. Pure.
 */
import { changes, type Change } from '../admin/changes.ts';
import { kept as keptMine, settled, type Clash, type Draft } from '../admin/draft.ts';
import { same, type Tree } from '../admin/tree.ts';
import { identified } from './steps.ts';

export interface Drafting {
  /** As the gateway has it, and under which revision. */
  readonly base: Tree;
  readonly rev: number;
  readonly value: Tree;
  /** What is on its way to the gateway. */
  readonly sent: Tree | null;
  readonly past: readonly Tree[];
  readonly future: readonly Tree[];
  /** The field that was edited last, and when: typing on in it is one step of undo. */
  readonly last: { readonly field: string; readonly at: number } | null;
  /** What a colleague changed meanwhile, by name, and this draft has taken in. */
  readonly taken: { readonly by: string; readonly all: readonly Change[] } | null;
  /** Both changed the same: somebody must decide. */
  readonly clash: { readonly by: string; readonly clash: Clash } | null;
}

/** As the gateway tells it. */
export interface Told {
  readonly draft: unknown;
  readonly rev: number;
  readonly by: string;
}

/** After so long a pause, typing in the same field is another step of undo. */
const PAUSE_MS = 2_000;
const MOST_UNDO = 200;

export function begun({ draft, rev }: Told): Drafting {
  const base = identified(draft);
  return { base, rev, value: base, sent: null, past: [], future: [], last: null, taken: null, clash: null };
}

export function isUnsaved({ base, value }: Drafting): boolean {
  return !same(base, value);
}

/** `field`: what is typed in, null for an edit of its own. `at`: time in milliseconds. */
export function edited(draft: Drafting, value: Tree, field: string | null, at: number): Drafting {
  if (same(draft.value, value)) return draft;
  const goesOn = field !== null && draft.last?.field === field && at - draft.last.at < PAUSE_MS;
  const past = goesOn ? draft.past : [...draft.past, draft.value].slice(-MOST_UNDO);
  return { ...draft, value, past, future: [], last: field === null ? null : { field, at }, taken: null };
}

export function undone(draft: Drafting): Drafting {
  const value = draft.past.at(-1);
  if (!value) return draft;
  return { ...draft, value, past: draft.past.slice(0, -1), future: [draft.value, ...draft.future], last: null };
}

export function redone(draft: Drafting): Drafting {
  const [value, ...future] = draft.future;
  return value ? { ...draft, value, past: [...draft.past, draft.value], future, last: null } : draft;
}

export function sending(draft: Drafting): Drafting {
  return { ...draft, sent: draft.value };
}

/** The gateway has taken what was sent. */
export function saved(draft: Drafting, rev: number): Drafting {
  return draft.sent === null ? draft : { ...draft, base: draft.sent, rev, sent: null };
}

export function notSaved(draft: Drafting): Drafting {
  return { ...draft, sent: null };
}

/** The draft as the gateway has it. What a colleague changed elsewhere is taken in; what both changed is a clash. */
export function met(draft: Drafting, { draft: theirs, rev, by }: Told): Drafting {
  if (rev <= draft.rev) return draft;
  const current = identified(theirs);
  if (draft.sent !== null && same(current, draft.sent)) return saved(draft, rev);
  const result = settled(asAdmins(draft), current, rev);
  if (result.clash) return { ...draft, sent: null, clash: { by, clash: result.clash } };
  const value = result.draft === null ? current : identified(result.draft.value);
  const all = changes(draft.base, current);
  // Undoing would take back what the colleague did.
  const fresh = { sent: null, past: [], future: [], last: null, clash: null };
  return { ...draft, ...fresh, base: current, rev, value, taken: { by, all } };
}

export function mine(draft: Drafting): Drafting {
  if (draft.clash === null) return draft;
  const { value, base, rev } = keptMine(asAdmins(draft), draft.clash.clash);
  return { ...draft, base: identified(base), rev, value: identified(value), past: [], future: [], clash: null };
}

export function theirs(draft: Drafting): Drafting {
  if (draft.clash === null) return draft;
  const { theirs: current, rev } = draft.clash.clash;
  return begun({ draft: current, rev, by: '' });
}

/** Under the rules that the settings' drafts have. */
function asAdmins({ base, rev, value }: Drafting): Draft {
  return { base, rev, value, state: 'edited', refusal: null, taken: [] };
}
