/**
 * The log lines of a shard that the tables may not show yet, so that a reader never misses a durable line.
 */
import type { Line } from '../machines/actor.ts';
import { headOf } from './entry.head.ts';
import type { Change } from './record.ts';
import type { Range, Store, StoredEntry } from './store.ts';
import { decodeLine } from './tell.ts';

interface Kept {
  record: number;
  entry: StoredEntry;
  /** Decoded when somebody first asks. */
  line?: Line;
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
      const keep = this.#writing.filter(({ lines }) => lines.length > 0);
      for (const { actor, lines, entries } of keep) {
        this.#keep(actor, entries.map((entry, i) => {
          const line = lines[i];
          return { record: seq, entry: { seq: line?.seq ?? 0, ...entry }, ...line === undefined ? {} : { line } };
        }));
      }
      if (keep.length > 0) this.#records.push({ seq, actors: keep.map(({ actor }) => actor) });
    }
    this.#writing = [];
  }

  /** A record of another node holds these. */
  told(seq: number, changes: readonly Change[]): void {
    const keep = changes.filter(({ entries }) => entries.length > 0);
    for (const { actor, entries } of keep) this.#keep(actor, entries.map((entry) => ({ record: seq, entry: { seq: headOf(entry.bytes).seq, ...entry } })));
    if (keep.length > 0) this.#records.push({ seq, actors: keep.map(({ actor }) => actor) });
  }

  #keep(actor: string, more: readonly Kept[]): void {
    const kept = this.#actors.get(actor);
    if (kept === undefined) this.#actors.set(actor, [...more]);
    else kept.push(...more);
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
    return this.#actors.get(actor)?.find((kept) => lineOf(kept).cmid === cmid)?.line;
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

function lineOf(kept: Kept): Line {
  return kept.line ??= decodeLine(kept.entry.bytes, kept.entry.audience);
}

function within({ seq, audience }: StoredEntry, range: Range): boolean {
  return seq > range.after && (range.before === 0 || seq < range.before)
    && (range.audience === 'agents' || audience === 'everyone');
}
