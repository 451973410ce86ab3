/** How many conversations each list of a workspace has, as agents hear of it: exact from the tables on, by the feed. */
import type { Codec } from '../sdk/protocol/codec.ts';
import type { Fed } from './fed.ts';
import { isCounted } from './lists.ts';
import type { Bytes } from './outgoing.ts';

export type Count = [list: string, count: number];
/** A frame holds so many. */
const COUNTS_MAX = 500;

export class Tally {
  readonly #counts = new Map<string, number>();
  /** What is counted; undefined before the tables have said how many there are. */
  #n: number | undefined;
  readonly #changed = new Set<string>();
  /** What was heard before they had. */
  #early: Fed[] = [];

  get known(): boolean {
    return this.#n !== undefined;
  }

  begin({ counts, n }: { counts: readonly Count[]; n: number }): void {
    this.#n = n;
    for (const [list, count] of counts) this.#counts.set(list, count);
    this.take(this.#early.splice(0));
  }

  take(rows: readonly Fed[]): void {
    if (this.#n === undefined) {
      this.#early.push(...rows);
      return;
    }
    for (const { n, joined, left } of rows) {
      if (n <= this.#n) continue;
      for (const list of joined) this.#add(list, 1);
      for (const list of left) this.#add(list, -1);
    }
  }

  /** Those that changed since the last time. */
  changes(): Count[] {
    const changed = [...this.#changed].map((list): Count => [list, this.#counts.get(list) ?? 0]);
    this.#changed.clear();
    return changed;
  }

  get all(): Count[] {
    return [...this.#counts];
  }

  #add(list: string, change: number): void {
    if (!isCounted(list)) return;
    this.#counts.set(list, (this.#counts.get(list) ?? 0) + change);
    this.#changed.add(list);
  }
}

/** What all agents hear alike, encoded once, and what each hears of their own lists. */
export class Counts {
  readonly #common: readonly Count[];
  readonly #of: ReadonlyMap<string, number>;
  readonly #frames = new Map<Codec, Bytes[]>();

  constructor(counts: readonly Count[]) {
    this.#common = counts.filter(([list]) => !list.startsWith('mentions:'));
    this.#of = new Map(counts);
  }

  frames(codec: Codec, agent: string): Bytes[] {
    let common = this.#frames.get(codec);
    if (common === undefined) this.#frames.set(codec, common = this.#commonFrames(codec));
    const own = ([['mine', `agent:${agent}`], ['mentions', `mentions:${agent}`]] as const).flatMap(([name, list]): Count[] => {
      const count = this.#of.get(list);
      return count === undefined ? [] : [[name, count]];
    });
    return own.length === 0 ? common : [...common, ...framesOf(own, codec)];
  }

  /** That there is nothing at all is said too: to whom comes with numbers of before. */
  #commonFrames(codec: Codec): Bytes[] {
    return this.#of.size === 0 ? [codec.encodeTold({ t: 'tallies', counts: [] })] : framesOf(this.#common, codec);
  }
}

function framesOf(counts: readonly Count[], codec: Codec): Bytes[] {
  const frames: Bytes[] = [];
  for (let from = 0; from < counts.length; from += COUNTS_MAX) {
    frames.push(codec.encodeTold({ t: 'tallies', counts: counts.slice(from, from + COUNTS_MAX) }));
  }
  return frames;
}
