/**
 * A thread in groups of so many lines each, cut by sequence: however many messages come below or above, all groups but
 * the one that they belong to stay the same objects, and are not drawn again.
 */
import type { Item } from '../index.ts';
import { blocks, isSaid, type Block, type Teller } from '../ui/blocks.ts';

export interface Group {
  readonly key: string;
  readonly blocks: readonly Block[];
  /** How many items, for a guess at its height. */
  readonly size: number;
  /** Keys of its messages. */
  readonly keys: ReadonlySet<string>;
}
interface Kept extends Group {
  readonly items: readonly Item[];
  /** The newest above it, and in it, that is drawn. */
  readonly before: Item | null;
  readonly last: Item | null;
}

/** Small enough to be drawn between two frames, large enough that 10,000 messages are few groups. */
const SIZE = 50;

/** Remembers what it made last, for one thread. */
export function createGroups(tell: Teller): (items: readonly Item[]) => readonly Group[] {
  let made = new Map<string, Kept>();
  let groups: readonly Group[] = [];
  return (items) => {
    const next = new Map<string, Kept>();
    let before: Item | null = null;
    for (let from = 0; from < items.length;) {
      const key = keyOf(items[from]);
      let to = from + 1;
      while (to < items.length && keyOf(items[to]) === key) to += 1;
      const known = made.get(key);
      const kept: Kept = known && same(known, items, from, to, before) ? known
        : group(key, items.slice(from, to), before, tell);
      next.set(key, kept);
      before = kept.last;
      from = to;
    }
    const all = [...next.values()];
    if (all.length !== groups.length || all.some((one, i) => one !== groups[i])) groups = all;
    made = next;
    return groups;
  };
}

/** Messages on their way stand together at the end, until each has its place. */
function keyOf(item: Item | undefined): string {
  return item?.seq == null ? 'leaving' : `g${Math.floor((item.seq - 1) / SIZE)}`;
}

function same(kept: Kept, all: readonly Item[], from: number, to: number, before: Item | null): boolean {
  const { items } = kept;
  return kept.before?.key === before?.key && items.length === to - from && items.every((item, i) => item === all[from + i]);
}

function group(key: string, items: readonly Item[], before: Item | null, tell: Teller): Kept {
  const last = items.findLast((item, at) => isSaid(item) || tell(item, items, at) !== null) ?? before;
  const keys = new Set(items.map((item) => item.key));
  return { key, items, before, last, keys, size: items.length, blocks: blocks(items, tell, before) };
}
