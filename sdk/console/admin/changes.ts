/**
 * What somebody changed in a section, as a list of small changes: so that two people who changed different things both
 * keep theirs, and who changed the same thing is shown it. Pure. Things with an id are told apart by it, not by their place.
 */
import { idOf, isTree, same, without, withKey, type Tree } from './tree.ts';

/** Keys from the outside in; a thing in a list stands under its id. */
export type Path = readonly string[];
/** The order of the things in a list, as a list of their ids. */
export const ORDER = '#order';

export interface Change {
  readonly path: Path;
  /** Undefined: it was not there, or is not any more. */
  readonly from: unknown;
  readonly to: unknown;
}

export function changes(from: unknown, to: unknown, path: Path = []): Change[] {
  if (same(from, to)) return [];
  const [a, b] = [byKey(from), byKey(to)];
  if (!a || !b) return [{ path, from, to }];
  const inside = [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => {
    const [at, was, is] = [[...path, key], a[key], b[key]];
    if (Object.hasOwn(a, key) && Object.hasOwn(b, key)) return changes(was, is, at);
    return same(was, is) ? [] : [{ path: at, from: was, to: is }];
  });
  const moved = !same(orderAfter(from, to), ids(to));
  return moved ? [...inside, { path: [...path, ORDER], from: ids(from), to: ids(to) }] : inside;
}

/** The changes made to another state of the same thing. One whose place is gone makes the place anew. */
export function apply(value: unknown, made: readonly Change[]): unknown {
  return made.reduce((result, change) => put(result, change.path, change.to), value);
}

/** What stands at a path. */
export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce((at: unknown, key) => byKey(at)?.[key], value);
}

/** Changes that both made, to the same place or one within the other, and not the same way. */
export function clashes(mine: readonly Change[], theirs: readonly Change[]): { mine: Change; theirs: Change }[] {
  return mine.flatMap((one) => theirs.filter((other) => touches(one.path, other.path)
    && !(one.path.length === other.path.length && same(one.to, other.to))).map((other) => ({ mine: one, theirs: other })));
}

function touches(a: Path, b: Path): boolean {
  return a.slice(0, b.length).every((key, i) => key === b[i]);
}

function put(value: unknown, [key, ...rest]: Path, to: unknown): unknown {
  if (key === undefined) return to;
  if (!isList(value)) {
    const tree = isTree(value) ? value : {};
    const inner = put(tree[key], rest, to);
    return inner === undefined ? without(tree, key) : withKey(tree, key, inner);
  }
  if (key === ORDER) return Array.isArray(to) ? [...value].sort((a, b) => placeIn(to, a) - placeIn(to, b)) : value;
  const at = value.findIndex((one) => idOf(one) === key);
  const inner = put(value[at], rest, to);
  if (at === -1) return inner === undefined ? value : [...value, inner];
  return value.flatMap((one, i) => (i !== at ? [one] : inner === undefined ? [] : [inner]));
}

/** Those that the order does not know stay behind the others. */
function placeIn(order: readonly unknown[], thing: unknown): number {
  const at = order.indexOf(idOf(thing));
  return at === -1 ? order.length : at;
}

/** A tree as it is, a list of things by their ids; null for what is changed as a whole. */
function byKey(value: unknown): Tree | null {
  if (!isList(value)) return isTree(value) ? value : null;
  return Object.fromEntries(value.map((one) => [idOf(one), one]));
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.every((one) => idOf(one) !== null);
}

function ids(value: unknown): (string | null)[] {
  return isList(value) ? value.map(idOf) : [];
}

/** As they would stand if nobody moved anything: what was there, then what is new. */
function orderAfter(from: unknown, to: unknown): (string | null)[] {
  const [a, b] = [ids(from), ids(to)];
  return [...a.filter((id) => b.includes(id)), ...b.filter((id) => !a.includes(id))];
}
