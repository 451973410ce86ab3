/**
 * An ordered map that never changes: each change gives another one, which shares all but a path with the one before. So
 * a state can be gone back to at no cost, and what changed between two states is found without looking at the rest.
 *
 * A weight-balanced search tree (Adams 1993; the bounds are those that Hirai and Yamamoto proved in 2011).
 */

interface Node<V> {
  readonly key: string;
  readonly value: V;
  readonly size: number;
  readonly left: Node<V> | null;
  readonly right: Node<V> | null;
}
type Side<V> = Node<V> | null;

/** No side is heavier than three times the other; one rotation serves while the inner part weighs less than twice the outer. */
const HEAVIER = 3;
const INNER = 2;

export class Tree<V> implements Iterable<readonly [key: string, value: V]> {
  readonly #root: Side<V>;

  private constructor(root: Side<V>) {
    this.#root = root;
  }

  /** @param entries sorted by key, without repeats. */
  static of<V>(entries: readonly (readonly [key: string, value: V])[] = []): Tree<V> {
    const build = (from: number, to: number): Side<V> => {
      if (from >= to) return null;
      const middle = (from + to) >> 1;
      const [key, value] = entries[middle] as readonly [string, V];
      return node(key, value, build(from, middle), build(middle + 1, to));
    };
    return new Tree(build(0, entries.length));
  }

  get size(): number {
    return sizeOf(this.#root);
  }

  get(key: string): V | undefined {
    let at = this.#root;
    while (at !== null) {
      if (key === at.key) return at.value;
      at = key < at.key ? at.left : at.right;
    }
    return undefined;
  }

  set(key: string, value: V): Tree<V> {
    const root = put(this.#root, key, value);
    return root === this.#root ? this : new Tree(root);
  }

  delete(key: string): Tree<V> {
    const root = drop(this.#root, key);
    return root === this.#root ? this : new Tree(root);
  }

  /** The first entry whose key is `key` or after it. */
  next(key: string): readonly [key: string, value: V] | undefined {
    let found: Side<V> = null;
    let at = this.#root;
    while (at !== null) {
      if (at.key < key) at = at.right;
      else {
        found = at;
        at = at.left;
      }
    }
    return found === null ? undefined : [found.key, found.value];
  }

  /** How many keys come before this one. */
  rank(key: string): number {
    let count = 0;
    let at = this.#root;
    while (at !== null) {
      if (at.key < key) {
        count += sizeOf(at.left) + 1;
        at = at.right;
      } else at = at.left;
    }
    return count;
  }

  [Symbol.iterator](): Iterator<readonly [key: string, value: V]> {
    return this.from('');
  }

  /** The entries from this key on, in order. */
  *from(key: string): Generator<readonly [key: string, value: V], undefined> {
    const path: Node<V>[] = [];
    for (let at = this.#root; at !== null;) {
      if (at.key < key) at = at.right;
      else {
        path.push(at);
        at = at.left;
      }
    }
    for (let at = path.pop(); at !== undefined; at = path.pop()) {
      yield [at.key, at.value];
      for (let inner = at.right; inner !== null; inner = inner.left) path.push(inner);
    }
  }

  /**
   * Keys whose value is another object than in `old`, with it; undefined for those that are gone. What both share is not
   * looked at: the cost is that of the changes, times the depth.
   */
  *since(old: Tree<V>): Generator<readonly [key: string, value: V | undefined], undefined> {
    const was: Part<V>[] = old.#root === null ? [] : [old.#root];
    const is: Part<V>[] = this.#root === null ? [] : [this.#root];
    for (;;) {
      const a = was.at(-1);
      const b = is.at(-1);
      if (a === undefined && b === undefined) return;
      if (a === b) {
        was.pop();
        is.pop();
      } else if (a !== undefined && 'size' in a && (b === undefined || !('size' in b) || a.size >= b.size)) open(was, a);
      else if (b !== undefined && 'size' in b) open(is, b);
      else {
        if (b === undefined || (a !== undefined && a.key < b.key)) yield [(was.pop() as Entry<V>).key, undefined];
        else {
          is.pop();
          if (a?.key === b.key) was.pop();
          if (a?.key !== b.key || a.value !== b.value) yield [b.key, b.value];
        }
      }
    }
  }
}

/** While two trees are compared: a subtree that has not been looked into yet, or an entry on its own. */
type Entry<V> = { readonly key: string; readonly value: V };
type Part<V> = Node<V> | Entry<V>;

function open<V>(parts: Part<V>[], { key, value, left, right }: Node<V>): void {
  parts.pop();
  if (right !== null) parts.push(right);
  parts.push({ key, value });
  if (left !== null) parts.push(left);
}

const sizeOf = (side: Side<unknown>): number => (side === null ? 0 : side.size);

function node<V>(key: string, value: V, left: Side<V>, right: Side<V>): Node<V> {
  return { key, value, size: sizeOf(left) + sizeOf(right) + 1, left, right };
}

function put<V>(side: Side<V>, key: string, value: V): Node<V> {
  if (side === null) return node(key, value, null, null);
  if (key === side.key) return value === side.value ? side : node(key, value, side.left, side.right);
  if (key < side.key) {
    const left = put(side.left, key, value);
    return left === side.left ? side : balanced(side.key, side.value, left, side.right);
  }
  const right = put(side.right, key, value);
  return right === side.right ? side : balanced(side.key, side.value, side.left, right);
}

function drop<V>(side: Side<V>, key: string): Side<V> {
  if (side === null) return null;
  if (key < side.key) {
    const left = drop(side.left, key);
    return left === side.left ? side : balanced(side.key, side.value, left, side.right);
  }
  if (key > side.key) {
    const right = drop(side.right, key);
    return right === side.right ? side : balanced(side.key, side.value, side.left, right);
  }
  if (side.left === null) return side.right;
  if (side.right === null) return side.left;
  let first = side.right;
  while (first.left !== null) first = first.left;
  return balanced(first.key, first.value, side.left, drop(side.right, first.key));
}

/** A node whose sides may differ by one more than allowed. */
function balanced<V>(key: string, value: V, left: Side<V>, right: Side<V>): Node<V> {
  const l = sizeOf(left) + 1;
  const r = sizeOf(right) + 1;
  if (right !== null && r > HEAVIER * l) {
    const inner = right.left;
    if (inner === null || sizeOf(inner) + 1 < INNER * (sizeOf(right.right) + 1)) {
      return node(right.key, right.value, node(key, value, left, inner), right.right);
    }
    const outer = node(right.key, right.value, inner.right, right.right);
    return node(inner.key, inner.value, node(key, value, left, inner.left), outer);
  }
  if (left !== null && l > HEAVIER * r) {
    const inner = left.right;
    if (inner === null || sizeOf(inner) + 1 < INNER * (sizeOf(left.left) + 1)) {
      return node(left.key, left.value, left.left, node(key, value, inner, right));
    }
    const outer = node(left.key, left.value, left.left, inner.left);
    return node(inner.key, inner.value, outer, node(key, value, inner.right, right));
  }
  return node(key, value, left, right);
}
