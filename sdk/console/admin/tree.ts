/** Settings as plain trees: reading and changing a place in one, without touching the rest. Pure. */

export type Tree = Readonly<Record<string, unknown>>;

export function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The same in content, whatever the order of keys; a key without a value is no key. */
export function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => same(one, b[i]));
  if (!isTree(a) || !isTree(b)) return Object.is(a, b);
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => same(a[key], b[key]));
}

/** With `value` at `key`; without the key when there is none. */
export function withKey(tree: unknown, key: string, value: unknown): Tree {
  const rest = Object.entries(isTree(tree) ? tree : {});
  const there = rest.some(([one]) => one === key);
  const changed = there ? rest.map(([one, old]): [string, unknown] => [one, one === key ? value : old]) : [...rest, [key, value]];
  return Object.fromEntries(changed.filter(([, one]) => one !== undefined));
}

/** The key itself renamed, in its place. */
export function renamed(tree: Tree, from: string, to: string): Tree {
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key === from ? to : key, value]));
}

export function without(tree: Tree, key: string): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([one]) => one !== key));
}

/** Its id, when it is a thing that has one. */
export function idOf(value: unknown): string | null {
  return isTree(value) && typeof value['id'] === 'string' ? value['id'] : null;
}
