/** Watching on a stage: tables that answer when they are told to, a feed that comes late, and clients that read or do not. */
import type { Codec } from '../../sdk/protocol/codec.ts';
import type { Said, Told } from '../../sdk/protocol/frames.ts';
import { handClock } from '../../gateway/clock.ts';
import { Fed } from '../../gateway/fed.ts';
import { Inboxes } from '../../gateway/inbox.ts';
import { compare, isCounted, type Rank, type Sort } from '../../gateway/lists.ts';
import type { Bytes, Outgoing } from '../../gateway/outgoing.ts';
import { conversationOf } from '../../gateway/row.ts';
import type { Listed, MovedRow, Store } from '../../gateway/store.ts';
import { Watching } from '../../gateway/watching.ts';
import { belongs, LISTS, rowsOf, stateOf, type Talk } from './lists.model.ts';

/** A question to the tables: looked up at some moment, answered at a later one. */
interface Question { look(): void; answer(): void; refuse(): void }

export class Desk {
  readonly talks = new Map<string, Talk>();
  readonly #n = new Map<string, number>();
  readonly #told: MovedRow[] = [];
  readonly #asked: Question[] = [];
  readonly #looked: Question[] = [];
  readonly clock = handClock(0);
  id = 'store';
  readonly reports: string[] = [];
  /** How often a list was asked for. */
  lists = 0;
  n = 1000;
  inboxes = this.#open();

  /** Each call is one transaction. */
  change(talks: readonly Talk[]): void {
    for (const talk of talks) {
      const old = this.talks.get(talk.actor);
      const lists = (of: Talk | undefined): string[] => (of === undefined ? [] : LISTS.filter((list) => belongs(list, of)));
      this.talks.set(talk.actor, talk);
      this.#n.set(talk.actor, ++this.n);
      this.#told.push({
        n: this.n, actor: talk.actor, state: stateOf(talk),
        joined: lists(talk).filter((list) => !lists(old).includes(list)), left: lists(old).filter((list) => !lists(talk).includes(list)),
      });
    }
  }

  feed(count: number): void {
    const rows = this.#told.splice(0, count);
    if (rows.length > 0) this.inboxes.fed('demo', rows.map((row) => new Fed(row)));
  }

  look(): void {
    for (const question of this.#asked.splice(0)) {
      question.look();
      this.#looked.push(question);
    }
  }

  /** Answers what was looked up, and lets whoever waits go on. */
  async answer(): Promise<void> {
    for (const question of this.#looked.splice(0)) question.answer();
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** The tables do not answer what was looked up. */
  async refuse(): Promise<void> {
    for (const question of this.#looked.splice(0)) question.refuse();
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** All arrives, and what failed is tried again. */
  async settle(): Promise<void> {
    this.feed(Infinity);
    for (let i = 0; i < 3; i++) {
      do {
        this.look();
        await this.answer();
      } while (this.#asked.length > 0);
      this.clock.advance(1000);
    }
  }

  /** The gateway starts anew: nobody is connected, and it knows what the tables know. */
  restart(): void {
    this.#told.length = 0;
    this.#asked.length = 0;
    this.#looked.length = 0;
    this.inboxes = this.#open();
  }

  wanted(list: string, sort: Sort): Talk[] {
    return rowsOf(this.talks.values(), list, sort);
  }

  #open(): Inboxes {
    return new Inboxes({ store: this.store, clock: this.clock, report: (_level, what) => { this.reports.push(what); } });
  }

  get store(): Store {
    const ask = <T>(read: () => T): Promise<T> => new Promise((resolve, reject) => {
      let value: T;
      this.#asked.push({ look: () => { value = read(); }, answer: () => resolve(value), refuse: () => reject(new Error('no answer')) });
    });
    const part: Partial<Store> = {
      id: this.id,
      list: (_workspace, list, sort, after, limit) => ask((): Listed => {
        this.lists += 1;
        const all = this.wanted(list, sort);
        const rank = (talk: Talk): Rank => ({ actor: talk.actor, at: talk.at, waiting: talk.waitingSince });
        const behind = all.filter((talk) => after === null || compare(sort, rank(talk), after) > 0).slice(0, limit);
        const rows = behind.map((talk) => ({ n: this.#n.get(talk.actor) ?? 0, actor: talk.actor, state: stateOf(talk), at: talk.at, waiting: talk.waitingSince }));
        return { rows, total: all.length, n: this.n };
      }),
      tallies: () => ask(() => ({ counts: LISTS.filter(isCounted).map((list): [string, number] => [list, this.wanted(list, 'newest').length]), n: this.n })),
      changed: (_workspace, after, limit) => ask(() => [...this.#n].filter(([, n]) => n > after).map(([actor]) => actor).slice(0, limit)),
    };
    return part as Store;
  }
}

/** What a client keeps of one list. */
export interface Kept { list: string; sort: Sort; limit: number; rows: Map<string, number>; total: number; more: boolean; since: { store: string; n: number } | null; live: boolean }

/** An agent's client: it keeps what it is told, and comes back with its positions. */
export class Client {
  readonly kept = new Map<number, Kept>();
  readonly counts = new Map<string, number>();
  readonly #desk: Desk;
  readonly #codec: Codec;
  readonly agent: string;
  #watching: Watching | undefined;
  reads = true;
  /** Bytes and rows heard, and the positions of LISTED. */
  heard = 0;
  rowsHeard = 0;
  readonly positions: number[] = [];

  constructor(desk: Desk, codec: Codec, agent: string) {
    this.#desk = desk;
    this.#codec = codec;
    this.agent = agent;
  }

  connect(): void {
    this.disconnect();
    this.counts.clear();
    const { reads, hear, agent, ...at } = { reads: () => this.reads, hear: (bytes: Bytes) => this.#hear(bytes), agent: this.agent, codec: this.#codec };
    const out = {
      get lagging() { return !reads(); },
      sayAll(make: () => readonly Bytes[]) { for (const bytes of make()) hear(bytes); },
    };
    const { inboxes, store } = this.#desk;
    this.#watching = new Watching({ inboxes, store, out: out as unknown as Outgoing, workspace: 'demo', agent, ...at });
    this.#watching.begin();
    for (const [wid, kept] of this.kept) this.#ask(wid, kept, kept.rows.size === Math.min(kept.limit, kept.total) ? kept.since : null);
  }

  disconnect(): void {
    this.#watching?.end();
    this.#watching = undefined;
    for (const kept of this.kept.values()) kept.live = false;
  }

  get connected(): boolean {
    return this.#watching !== undefined;
  }

  watch(wid: number, list: string, sort: Sort, limit: number): void {
    const kept: Kept = { list, sort, limit, rows: new Map(), total: 0, more: false, since: null, live: false };
    this.kept.set(wid, kept);
    if (this.connected) this.#ask(wid, kept, null);
  }

  /** Wants more of it, or less. */
  grow(wid: number, limit: number): void {
    const kept = this.kept.get(wid);
    if (kept === undefined || !this.connected || kept.since === null) return;
    kept.limit = limit;
    this.#ask(wid, kept, kept.since);
  }

  unwatch(wid: number): void {
    const kept = this.kept.get(wid);
    if (kept === undefined) return;
    this.kept.delete(wid);
    if (this.connected) this.#watching?.watch({ t: 'watch', wid, list: kept.list, sort: kept.sort, limit: 0, since: null });
  }

  read(reads: boolean): void {
    this.reads = reads;
    if (reads) this.#watching?.drained();
  }

  #ask(wid: number, { list, sort, limit }: Kept, since: Kept['since']): void {
    const frame: Extract<Said, { t: 'watch' }> = { t: 'watch', wid, list, sort, limit, since };
    this.#watching?.watch(frame);
  }

  #hear(bytes: Bytes): void {
    this.heard += bytes.length;
    for (const frame of this.#codec.decodeTold(bytes)) {
      if (frame.t === 'tallies') for (const [list, count] of frame.counts) this.counts.set(list, count);
      else if (frame.t === 'listed') this.#listed(frame);
      else throw new Error(`Nobody asked for ${frame.t}.`);
    }
  }

  #listed({ wid, store, n, total, more, reset, rows, gone }: Extract<Told, { t: 'listed' }>): void {
    const kept = this.kept.get(wid);
    if (kept === undefined) throw new Error(`Nobody watches ${wid}.`);
    this.rowsHeard += rows.length;
    this.positions.push(n);
    if (reset) kept.rows.clear();
    for (const conversation of gone) kept.rows.delete(conversation);
    for (const { conversation, at } of rows) kept.rows.set(conversation, at);
    Object.assign(kept, { total, more, since: n === 0 ? null : { store, n }, live: true });
  }
}

export const named = (talks: readonly Talk[]): [string, number][] => talks.map((talk): [string, number] => [conversationOf(talk.actor), talk.at]).sort();
