/** Arranges a window of messages as it is read: days, runs of one author, and quiet lines about what happened. */
import type { Item } from '../index.ts';
import { sameDay } from './moments.ts';

export type Said = Extract<Item, { kind: 'message' | 'note' }>;
export type Happening = Exclude<Item, Said>;

export type Block =
  | { is: 'day'; key: string; at: number }
  | { is: 'run'; key: string; kind: 'message' | 'note'; author: Item['author']; items: Said[] }
  | { is: 'line'; key: string; at: number; text: string };

/** Messages of one author belong together when at most this lies between them. */
const RUN_GAP_MS = 5 * 60_000;

/** Puts a happening into words, or says null when it goes without saying. */
export type Teller = (item: Happening, items: readonly Item[], index: number) => string | null;

/** `before`: what stands above the first item, so that a day is not headed twice. */
export function blocks(items: readonly Item[], tell: Teller, before: Item | null = null): Block[] {
  const made: Block[] = [];
  let day = before?.at ?? null;
  let last: Said | null = null;
  items.forEach((item, index) => {
    const spoken = isSaid(item);
    const text = spoken ? null : tell(item, items, index);
    if (!spoken && text === null) return;
    if (day === null || !sameDay(day, item.at)) {
      made.push({ is: 'day', key: `day ${item.key}`, at: item.at });
      last = null;
    }
    day = item.at;
    if (!spoken) {
      made.push({ is: 'line', key: item.key, at: item.at, text: text ?? '' });
      last = null;
      return;
    }
    const run = made.at(-1);
    if (run?.is === 'run' && last && continues(last, item)) run.items.push(item);
    else made.push({ is: 'run', key: item.key, kind: item.kind, author: item.author, items: [item] });
    last = item;
  });
  return made;
}

export function isSaid(item: Item): item is Said {
  return item.kind === 'message' || item.kind === 'note';
}

function continues(last: Said, next: Said): boolean {
  // Flows write as one system, each under a name of its own.
  const same = last.author.role === next.author.role && last.author.id === next.author.id
    && (next.author.role !== 'system' || last.author.name === next.author.name);
  return same && last.kind === next.kind && next.at - last.at <= RUN_GAP_MS;
}
