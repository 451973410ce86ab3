/**
 * What stands between two versions of a flow as a person would tell it: steps that came, went, moved or changed, and in what;
 * texts language by language. Steps are told apart by their ids, cases by the steps in them. Pure.
 */
import { isTree, same, type Tree } from '../admin/tree.ts';
import { allSteps, casesOf, find, idOfStep, listsIn, stepsOf, type ListKind } from './steps.ts';

/** One thing that says something else; undefined: it was not there, or is not any more. */
export interface FieldChange {
  readonly field: string;
  /** Of a text that is there in several languages. */
  readonly language: string | null;
  /** Of a case, its place from 1 on; 0 for what belongs to no case. */
  readonly at: number;
  readonly from: unknown;
  readonly to: unknown;
}

/** Where a step stands: in which list, and behind which step; null for the flow's own list, and for the first of a list. */
export interface Standing {
  readonly inside: { readonly step: string; readonly list: ListKind; readonly at: number } | null;
  readonly behind: string | null;
}

export interface StepChange {
  readonly id: string;
  /** As it is now; as it was, when it is gone. */
  readonly step: Tree;
  readonly what: 'added' | 'removed' | 'moved' | 'changed';
  /** Of one that came or moved. */
  readonly to: Standing | null;
  readonly fields: readonly FieldChange[];
}

export interface Difference {
  /** Of the flow itself. */
  readonly own: readonly FieldChange[];
  /** In the order of the newer one; those that are gone come last. */
  readonly steps: readonly StepChange[];
}

export function difference(old: Tree, next: Tree): Difference {
  const [was, is] = [placesIn(old), placesIn(next)];
  const stayed = stayedIn(was, is, old, next);
  const steps = [...is.values()].flatMap(({ step, standing }): StepChange[] => {
    const id = idOfStep(step);
    const before = was.get(id);
    if (before === undefined) return [{ id, step, what: 'added', to: standing, fields: [] }];
    const fields = fieldsOf(before.step, step);
    if (!stayed.has(id)) return [{ id, step, what: 'moved', to: standing, fields }];
    return fields.length === 0 ? [] : [{ id, step, what: 'changed', to: null, fields }];
  });
  const gone = [...was.values()].filter(({ step }) => !is.has(idOfStep(step)))
    .map(({ step }): StepChange => ({ id: idOfStep(step), step, what: 'removed', to: null, fields: [] }));
  const without = ({ steps: _, ...rest }: Tree): Tree => rest;
  return { own: keysOf(without(old), without(next)), steps: [...steps, ...gone] };
}

export function isNone({ own, steps }: Difference): boolean {
  return own.length === 0 && steps.length === 0;
}

interface Place {
  readonly step: Tree;
  readonly standing: Standing;
}

/** By id, in the order in which they are written. */
function placesIn(flow: Tree): Map<string, Place> {
  const found = new Map<string, Place>();
  const each = (steps: readonly Tree[], inside: Standing['inside']): void => steps.forEach((step, i) => {
    const before = steps[i - 1];
    found.set(idOfStep(step), { step, standing: { inside, behind: before ? idOfStep(before) : null } });
    for (const { kind, at, steps: inner } of listsIn(step)) each(inner, { step: idOfStep(step), list: kind, at });
  });
  each(stepsOf(flow['steps']), null);
  return found;
}

/** Steps of both that stand in the same list, and in the same order there. */
function stayedIn(was: Map<string, Place>, is: Map<string, Place>, old: Tree, next: Tree): Set<string> {
  const listOf = ({ standing: { inside } }: Place, at: number): string => (inside === null ? '' : `${inside.step} ${inside.list} ${at}`);
  const lists = new Map<string, { before: string[]; after: string[] }>();
  const inList = (key: string) => {
    const list = lists.get(key) ?? { before: [], after: [] };
    lists.set(key, list);
    return list;
  };
  const caseNow = casesNow(old, next);
  for (const [id, place] of was) {
    const { inside } = place.standing;
    const at = inside?.list === 'case' ? caseNow.get(inside.step)?.[inside.at] ?? -1 : 0;
    if (is.has(id)) inList(listOf(place, at)).before.push(id);
  }
  for (const [id, place] of is) {
    if (was.has(id)) inList(listOf(place, place.standing.inside?.at ?? 0)).after.push(id);
  }
  return new Set([...lists.values()].flatMap(({ before, after }) => longestCommon(before, after)));
}

/** Of each branch, for its old cases in their order the place that each has now; -1 for one that is gone. */
function casesNow(old: Tree, next: Tree): Map<string, number[]> {
  return new Map(allSteps(old).map(({ step }): [string, number[]] => {
    const id = idOfStep(step);
    return [id, casePlaces(casesOf(step), casesOf(find(next, id)?.step ?? {}))];
  }));
}

/** Told apart by what they hold, else by their name or condition, else by their place. */
function casePlaces(before: readonly Tree[], after: readonly Tree[]): number[] {
  const taken = new Set<number>();
  const ids = (one: Tree): string[] => stepsOf(one['steps']).map(idOfStep);
  const alike: ((a: Tree, b: Tree, i: number, j: number) => boolean)[] = [
    (a, b) => ids(a).some((id) => ids(b).includes(id)),
    (a, b) => same(a['when'], b['when']),
    (_a, _b, i, j) => i === j,
  ];
  const places = before.map(() => -1);
  for (const fits of alike) {
    before.forEach((one, i) => {
      if (places[i] !== -1) return;
      const j = after.findIndex((other, at) => !taken.has(at) && fits(one, other, i, at));
      if (j === -1) return;
      places[i] = j;
      taken.add(j);
    });
  }
  return places;
}

/** The most of them that stand in the same order in both: who is not among them has moved. */
function longestCommon(before: readonly string[], after: readonly string[]): string[] {
  const width = after.length + 1;
  /** How many, from the one on and from the other on. */
  const most = new Uint16Array((before.length + 1) * width);
  const at = (i: number, j: number): number => most[i * width + j] ?? 0;
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      most[i * width + j] = before[i] === after[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: string[] = [];
  for (let [i, j] = [0, 0]; i < before.length && j < after.length;) {
    const one = before[i];
    if (one !== undefined && one === after[j]) {
      found.push(one);
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return found;
}

/** What a step itself says otherwise; the steps inside it speak for themselves. */
function fieldsOf(before: Tree, after: Tree): FieldChange[] {
  const own = (step: Tree): Tree => {
    const inner = new Set(listsIn(step).map(({ way }) => String(way[0])));
    return Object.fromEntries(Object.entries(step).filter(([key]) => key !== 'id' && key !== 'cases' && !inner.has(key)));
  };
  const lists = ['else', 'onInvalid', 'onTimeout', 'onFailure', 'onReply'].flatMap((field): FieldChange[] => {
    const [from, to] = [before[field] !== undefined, after[field] !== undefined];
    // That a way is there at all changes what happens, even without steps in it; an empty "else" does not.
    return from === to || field === 'else' ? [] : [{ field, language: null, at: 0, from, to }];
  });
  const rest = keysOf(own(before), own(after)).filter(({ field }) => !lists.some((list) => list.field === field));
  return [...rest, ...caseChanges(before, after), ...lists];
}

function caseChanges(before: Tree, after: Tree): FieldChange[] {
  const [was, is] = [casesOf(before), casesOf(after)];
  const places = casePlaces(was, is);
  const told = (one: Tree | undefined): unknown => (one === undefined ? undefined : { name: one['name'], when: one['when'] });
  const changed = was.flatMap((one, i): FieldChange[] => {
    const now = is[places[i] ?? -1];
    const change = { field: 'case', language: null, at: (now === undefined ? i : places[i] ?? i) + 1, from: told(one), to: told(now) };
    return same(change.from, change.to) ? [] : [change];
  });
  const added = is.flatMap((one, j): FieldChange[] => (
    places.includes(j) ? [] : [{ field: 'case', language: null, at: j + 1, from: undefined, to: told(one) }]));
  const kept = places.filter((place) => place !== -1);
  const turned = kept.some((place, i) => i > 0 && place < (kept[i - 1] ?? 0));
  return [...changed, ...added, ...(turned ? [{ field: 'caseOrder', language: null, at: 0, from: undefined, to: is.map(told) }] : [])];
}

function keysOf(before: Tree, after: Tree): FieldChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((field): FieldChange[] => {
    const [from, to] = [before[field], after[field]];
    if (same(from, to)) return [];
    if (!isSentences(field, from) && !isSentences(field, to)) return [{ field, language: null, at: 0, from, to }];
    const [a, b] = [asSentences(from), asSentences(to)];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((language) => !same(a[language], b[language]))
      .map((language) => ({ field, language: language === ANY ? null : language, at: 0, from: a[language], to: b[language] }));
  });
}

/** Of a text that is the same in all languages. */
const ANY = '';

function isSentences(field: string, value: unknown): value is Tree {
  return (field === 'text' || field === 'retry') && isTree(value);
}

function asSentences(value: unknown): Tree {
  return isTree(value) ? value : value === undefined ? {} : { [ANY]: value };
}
