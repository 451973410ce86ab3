/**
 * The log lines of a shard that the tables may not show yet, so that a reader never misses a durable line.
 */
import type { Line } from '../machines/actor.ts';
import type { Change } from './record.ts';
import type { Range, Store, StoredEntry } from './store.ts';
import { decodeLine } from './tell.ts';

interface Kept {
  record: number;
  line: Line;
  entry: StoredEntry;
}

interface Fact {
  actor: string;
  lines: readonly Line[];
  entries: Change['entries'];
}

export class Tail {
  readonly #actors = new Map<string, Kept[]>();
  readonly #records: { seq: number; actors: string[] }[] = [];
  #writing: readonly Fact[] = [];

  /** The facts of the record that is being written: not yet to be read, but to be recognised. */
  writing(facts: readonly Fact[]): void {
    this.#writing = facts;
  }

  /** The record is durable as `seq`, or was not written at all. */
  written(seq: number | undefined): void {
    if (seq !== undefined) {
      const actors: string[] = [];
      for (const { actor, lines, entries } of this.#writing) {
        if (lines.length === 0) continue;
        actors.push(actor);
        const kept = this.#actors.get(actor) ?? [];
        lines.forEach((line, i) => {
          const entry = entries[i];
          if (entry !== undefined) kept.push({ record: seq, line, entry: { seq: line.seq, ...entry } });
        });
        this.#actors.set(actor, kept);
      }
      if (actors.length > 0) this.#records.push({ seq, actors });
    }
    this.#writing = [];
  }

  /** The tables show every record up to `seq`. */
  applied(seq: number): void {
    while ((this.#records[0]?.seq ?? Infinity) <= seq) {
      for (const actor of this.#records.shift()?.actors ?? []) {
        const kept = this.#actors.get(actor)?.filter(({ record }) => record > seq) ?? [];
        if (kept.length > 0) this.#actors.set(actor, kept);
        else this.#actors.delete(actor);
      }
    }
  }

  byCmid(actor: string, cmid: string): Line | undefined {
    for (const fact of this.#writing) {
      const line = fact.actor === actor ? fact.lines.find((l) => l.cmid === cmid) : undefined;
      if (line !== undefined) return line;
    }
    return this.#actors.get(actor)?.find(({ line }) => line.cmid === cmid)?.line;
  }

  entries(actor: string, range: Range): StoredEntry[] {
    return (this.#actors.get(actor) ?? []).map(({ entry }) => entry).filter((entry) => within(entry, range));
  }

  /** What the tables gave, and the tail as it was when they were asked: each line once, cut to the range's limit. */
  static merge(stored: readonly StoredEntry[], fresh: readonly StoredEntry[], range: Range): StoredEntry[] {
    const all = new Map<number, StoredEntry>();
    for (const entry of stored) all.set(entry.seq, entry);
    for (const entry of fresh) all.set(entry.seq, entry);
    const sorted = [...all.values()].sort((a, b) => a.seq - b.seq);
    return range.newest ? sorted.slice(-range.limit) : sorted.slice(0, range.limit);
  }

  static async stored(store: Store, actor: string, cmid: string): Promise<Line | undefined> {
    const found = await store.byCmid(actor, cmid);
    return found === undefined ? undefined : decodeLine(found.bytes, found.audience);
  }
}

function within({ seq, audience }: StoredEntry, range: Range): boolean {
  return seq > range.after && (range.before === 0 || seq < range.before)
    && (range.audience === 'agents' || audience === 'everyone');
}
