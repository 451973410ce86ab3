/**
 * What this node knows of one shard: the actors that somebody here looks at, and what the tables may not show yet. It goes
 * on with each record, of this node or another, once and in order.
 */
import type { ActorState, Kind } from '../machines/actor.ts';
import { earliest } from '../machines/timers.ts';
import { PART, type Change, type ShardRecord } from './record.ts';
import { merged, Resident, type News, type ResidentParts } from './resident.ts';
import type { Committed } from './shard.ts';
import type { Range, Store, StoredEntry } from './store.ts';
import { Tail } from './tail.ts';

export interface CopyParts {
  store: Store;
  kindOf(actor: string): Kind<ActorState>;
  /** Whether somebody here hears of every change of this actor: then it stays. */
  attended(actor: string): boolean;
}

/** An actor that the tables may not show as it is. */
export interface Unapplied {
  actor: string;
  /** When its earliest timer is due, 0 for none. */
  due: number;
  /** Whether its outbox holds effects. */
  pending: boolean;
}

export class Copy {
  readonly tail = new Tail();
  /** The newest sequence that this node has taken. */
  head: number;
  readonly #shard: number;
  readonly #parts: CopyParts;
  readonly #forResidents: ResidentParts;
  readonly #residents = new Map<string, Resident>();
  /** By actor, what other nodes have made of it and the tables may not show. */
  readonly #news = new Map<string, News>();
  #waiting: { seq: number; then: () => void }[] = [];

  constructor(shard: number, parts: CopyParts, forResidents: Omit<ResidentParts, 'store' | 'tail'>) {
    this.#shard = shard;
    this.#parts = parts;
    this.#forResidents = { ...forResidents, store: parts.store, tail: this.tail };
    this.head = parts.store.positions[shard] ?? 0;
  }

  resident(actor: string): Resident {
    let resident = this.#residents.get(actor);
    if (resident === undefined) {
      resident = new Resident(actor, this.#parts.kindOf(actor), this.#forResidents, this.#news.get(actor));
      this.#residents.set(actor, resident);
    }
    return resident;
  }

  get residents(): ReadonlyMap<string, Resident> {
    return this.#residents;
  }

  /** The newest durable state, read together with whatever `then` registers: no line falls between. */
  peek(actor: string, then: (state: ActorState | undefined) => void): void {
    const resident = this.resident(actor);
    resident.see((state) => {
      then(state);
      // Nobody is kept in memory by being asked for.
      if (state === undefined && resident.empty && this.#residents.get(actor) === resident) this.#residents.delete(actor);
    });
  }

  /** Log lines, from the tables and from what they have not applied yet. */
  async history(actor: string, range: Range): Promise<StoredEntry[]> {
    const fresh = this.tail.entries(actor, range);
    return Tail.merge(await this.#parts.store.entries(actor, range), fresh, range);
  }

  /** Takes the next record, which another node wrote. Returns what it did to actors that somebody here looks at. */
  follow(seq: number, { changes }: ShardRecord): Committed[] {
    const facts: Committed[] = [];
    this.tail.told(seq, changes);
    for (const [actor, { news, entries }] of newsOf(seq, changes)) {
      const known = this.#news.get(actor);
      this.#news.set(actor, known === undefined ? news : merged(known, news));
      const followed = this.#residents.get(actor)?.follow(news);
      if (followed !== undefined) facts.push({ actor, ...followed, lines: [], entries, due: news.due });
    }
    this.reach(seq);
    return facts;
  }

  /** This node has taken all up to `seq`. */
  reach(seq: number): void {
    this.head = seq;
    if (this.#waiting.length === 0) return;
    const due = this.#waiting.filter((waiting) => waiting.seq <= seq);
    this.#waiting = this.#waiting.filter((waiting) => waiting.seq > seq);
    for (const { then } of due) then();
  }

  /** Calls, perhaps at once, when this node has taken all up to `seq`. */
  reached(seq: number, then: () => void): void {
    if (seq <= this.head) then();
    else this.#waiting.push({ seq, then });
  }

  /** The tables show every record up to `seq`. */
  applied(seq: number): void {
    this.tail.applied(seq);
    for (const [actor, { record }] of this.#news) if (record <= seq) this.#news.delete(actor);
  }

  /** Lets idle actors go; they wake again from the tables. One that these may not show as it is stays. */
  passivate(idleSince: number): void {
    const applied = this.#parts.store.positions[this.#shard] ?? 0;
    for (const [id, resident] of this.#residents) {
      const idle = resident.quiet && resident.record <= applied && resident.usedAt <= idleSince && !this.#parts.attended(id);
      if (idle || resident.empty) this.#residents.delete(id);
    }
  }

  *unapplied(): Iterable<Unapplied> {
    const applied = this.#parts.store.positions[this.#shard] ?? 0;
    for (const [actor, { due, pending }] of this.#news) yield { actor, due, pending };
    for (const { id, record, committed } of this.#residents.values()) {
      if (record <= applied || committed === undefined) continue;
      yield { actor: id, due: earliest(committed.timers)?.at ?? 0, pending: committed.outbox.length > 0 };
    }
  }
}

/** By actor: its own change and those of its parts, which come behind it. */
function newsOf(record: number, changes: readonly Change[]): Map<string, { news: News; entries: Change['entries'] }> {
  const all = new Map<string, { news: News & { parts: Map<string, Uint8Array> }; entries: Change['entries'] }>();
  for (const { actor, state, due, pending, entries } of changes) {
    const cut = actor.indexOf(PART);
    if (cut < 0) all.set(actor, { news: { record, state, parts: new Map(), due, pending }, entries });
    else all.get(actor.slice(0, cut))?.news.parts.set(actor.slice(cut + PART.length), state);
  }
  return all;
}
