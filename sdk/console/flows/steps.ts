/**
 * The steps of a flow as plain data, since a draft may be wrong in any way: which kinds there are, which lists of steps
 * stand inside one, where each step is, and what a new one begins as. Pure.
 */
import { isTree, without, type Tree } from '../admin/tree.ts';

export const KINDS = {
  say: 'talk', ask: 'talk', note: 'talk',
  branch: 'way', wait: 'way', jump: 'way', run: 'way', end: 'way',
  assign: 'ticket', tag: 'ticket', priority: 'ticket', status: 'ticket', close: 'ticket',
  set: 'data', http: 'data',
} as const;
export type Kind = keyof typeof KINDS;
export type KindGroup = (typeof KINDS)[Kind];
export const KIND_IDS = Object.keys(KINDS) as readonly Kind[];
export const KIND_GROUPS = ['talk', 'way', 'ticket', 'data'] as const satisfies readonly KindGroup[];

/** Keys and places from the flow down, as the gateway names them: `steps.2.cases.0.steps`. */
export type Way = readonly (string | number)[];

/** What a list of steps inside another step is for. */
export type ListKind = 'case' | 'else' | 'onInvalid' | 'onTimeout' | 'onFailure' | 'onReply';
/** Those that may be left out, by the kind of their step. */
export const OPTIONAL: Readonly<Partial<Record<Kind, readonly Exclude<ListKind, 'case'>[]>>> = {
  ask: ['onInvalid', 'onTimeout'], branch: ['else'], http: ['onFailure'], wait: ['onReply'],
};

export interface InnerList {
  readonly kind: ListKind;
  /** Of cases, which one. */
  readonly at: number;
  /** From the step down. */
  readonly way: Way;
  readonly steps: readonly Tree[];
}

export function kindOf(step: Tree): Kind | null {
  return KIND_IDS.find((kind) => kind === step['do']) ?? null;
}

export function idOfStep(step: Tree): string {
  return typeof step['id'] === 'string' ? step['id'] : '';
}

export function stepsOf(list: unknown): readonly Tree[] {
  if (!Array.isArray(list)) return [];
  // The same list as long as it is one: who shows it need not draw it anew.
  return list.every(isTree) ? list : list.filter(isTree);
}

export function casesOf(step: Tree): readonly Tree[] {
  return stepsOf(step['cases']);
}

/** In the order in which a reader expects them; lists that are not there are left out. */
export function listsIn(step: Tree): InnerList[] {
  const kind = kindOf(step);
  const cases = kind === 'branch' ? casesOf(step).map((one, at): InnerList => (
    { kind: 'case', at, way: ['cases', at, 'steps'], steps: stepsOf(one['steps']) })) : [];
  const others = (kind === null ? [] : OPTIONAL[kind] ?? []).filter((name) => step[name] !== undefined)
    .map((name): InnerList => ({ kind: name, at: 0, way: [name], steps: stepsOf(step[name]) }));
  return [...cases, ...others];
}

export interface Found {
  readonly step: Tree;
  readonly way: Way;
}

/** Each before those inside it, in the order in which they are written. */
export function allSteps(flow: Tree): Found[] {
  const under = (list: readonly Tree[], way: Way): Found[] => list.flatMap((step, i) => {
    const here = [...way, i];
    return [{ step, way: here }, ...listsIn(step).flatMap((inner) => under(inner.steps, [...here, ...inner.way]))];
  });
  return under(stepsOf(flow['steps']), ['steps']);
}

export function find(flow: Tree, id: string): Found | null {
  return allSteps(flow).find(({ step }) => idOfStep(step) === id) ?? null;
}

/** `say`, or `say-2` where that is taken. Ids of published versions count as taken: runs remember them. */
export function freshId(kind: string, taken: ReadonlySet<string>): string {
  for (let n = 1; ; n++) {
    const id = n === 1 ? kind : `${kind}-${n}`;
    if (!taken.has(id)) return id;
  }
}

/** Every step with an id that no other has, so that each can be told apart; what is no step is left out. */
export function identified(draft: unknown): Tree {
  const flow = isTree(draft) ? draft : {};
  const taken = new Set<string>();
  const each = (list: unknown): Tree[] => stepsOf(list).map((step) => {
    const own = idOfStep(step);
    const id = own === '' || taken.has(own) ? freshId(own === '' ? kindOf(step) ?? 'step' : own, taken) : own;
    taken.add(id);
    const kept = id === own ? step : { ...step, id };
    return listsIn(kept).reduce((made, { way }) => put(made, way, each(valueAt(made, way))), kept);
  });
  return { ...flow, steps: each(flow['steps']) };
}

export function valueAt(value: unknown, way: Way): unknown {
  return way.reduce((at: unknown, key) => {
    if (Array.isArray(at)) return (at as readonly unknown[])[Number(key)];
    return isTree(at) ? at[key] : undefined;
  }, value);
}

/** With `to` at that place; undefined takes the key away. The rest is what it was. */
export function put(value: Tree, way: Way, to: unknown): Tree {
  const into = (here: unknown, [key, ...rest]: Way): unknown => {
    if (key === undefined) return to;
    if (Array.isArray(here) || typeof key === 'number') {
      const list: readonly unknown[] = Array.isArray(here) ? here : [];
      const all = list.map((one, i) => (i === Number(key) ? into(one, rest) : one));
      return Number(key) >= list.length ? [...all, into(undefined, rest)] : all;
    }
    const tree = isTree(here) ? here : {};
    const inner = into(tree[key], rest);
    return inner === undefined ? without(tree, key) : { ...tree, [key]: inner };
  };
  const changed = into(value, way);
  return isTree(changed) ? changed : {};
}

/** What a new step of a kind begins as; `team`: one that there is. */
export function blankStep(kind: Kind, id: string, team: string): Tree {
  const own: Readonly<Record<Kind, Tree>> = {
    say: { text: '' }, ask: { text: '', answer: 'text', save: 'vars.answer' }, note: { text: '' },
    branch: { cases: [blankCase()], else: [] }, wait: { forMs: 3_600_000 }, jump: { to: '', times: 3 },
    run: { flow: '' }, end: {},
    assign: { team }, tag: { add: [] }, priority: { priority: 1 }, status: { status: 'solved' }, close: {},
    set: { field: 'vars.value', value: '' }, http: { method: 'POST', url: 'https://', map: [] },
  };
  return { id, do: kind, ...own[kind] };
}

export function blankCase(): Tree {
  return { when: { all: [blankTest()] }, steps: [] };
}

export function blankTest(): Tree {
  return { field: 'contact.email', is: 'exists' };
}

/** Of a new flow: it starts with a conversation, and does nothing yet. */
export function blankFlow(name: string, language: string): Tree {
  return { name, language, start: [{ on: 'opened' }], steps: [] };
}
