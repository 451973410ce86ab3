/**
 * A model of the log as JetStream keeps it: a server beyond a network. An append may be stored though its answer never
 * comes, or be stored long after it was given up; the newest record may be an older one; followers hear late, each shard at
 * its own pace, and may be told again what they know.
 */
import { LogRefusal, type Damage, type Log, type Stored } from '../../gateway/log.ts';
import { decodeRecord, type ShardRecord } from '../../gateway/record.ts';
import { Place, type World } from './world.ts';

/** What one node's way to the server is like, and the server itself. */
export interface Weather {
  /** To the server and back, in milliseconds. */
  slowest: number;
  /** Words that never arrive. */
  lost: number;
  /** Reads of the newest record that give an older one. */
  stale: number;
  /** Appends that stay on the way for longer than anybody waits. */
  late: number;
  /** Followers who are told again what they know. */
  again: number;
  /** The longest that followers wait for what is stored, in milliseconds. */
  behind: number;
}

export const CALM: Weather = { slowest: 4, lost: 0, stale: 0, late: 0, again: 0, behind: 4 };

/** A record as the server took it. */
export interface Taken extends ShardRecord {
  shard: number;
  seq: number;
  /** By the world's clock. */
  stored: number;
  bytes: Uint8Array;
}

const TIMEOUT_MS = 800;
const PAGE = 64;

export class LogServer {
  readonly place = new Place('log');
  readonly shards: Taken[][];
  weather: Weather = CALM;
  /** Takes nothing, but reads. */
  full = false;
  /** Stopped: what comes is lost. */
  down = false;
  readonly #world: World;
  readonly #taken: (record: Taken) => void;
  readonly #followers = new Set<() => void>();

  constructor(world: World, shards: number, taken: (record: Taken) => void) {
    this.#world = world;
    this.#taken = taken;
    this.shards = Array.from({ length: shards }, () => []);
  }

  link(place: Place): LogLink {
    return new LogLink(this.#world, this, place);
  }

  append(shard: number, expected: number, bytes: Uint8Array): 'stored' | 'fenced' | 'full' {
    const records = this.shards[shard] ?? [];
    const there = records[expected];
    if (there !== undefined) return Buffer.compare(there.bytes, bytes) === 0 ? 'stored' : 'fenced';
    if (records.length !== expected) return 'fenced';
    if (this.full) return 'full';
    const record = { ...decodeRecord(bytes), shard, seq: expected + 1, stored: this.#world.now, bytes };
    records.push(record);
    this.#taken(record);
    for (const call of this.#followers) call();
    return 'stored';
  }

  /** Milliseconds until a follower is told of what is there. */
  pace(): number {
    return this.#world.pick(1, Math.max(this.weather.slowest, this.weather.behind));
  }

  onRecord(call: () => void): () => void {
    this.#followers.add(call);
    return () => { this.#followers.delete(call); };
  }
}

/** The end of one node. */
export class LogLink implements Log {
  readonly shared = true;
  readonly recordBytesMax = 8 * 1024 * 1024;
  readonly damage: readonly Damage[] = [];
  /** Which ways are cut: words to the server, words from it. */
  readonly cut = { to: false, from: false };
  readonly #world: World;
  readonly #server: LogServer;
  readonly #place: Place;
  #closed = false;

  constructor(world: World, server: LogServer, place: Place) {
    this.#world = world;
    this.#server = server;
    this.#place = place;
  }

  get shards(): number {
    return this.#server.shards.length;
  }

  async append(shard: number, expected: number, record: Uint8Array): Promise<number> {
    const world = this.#world;
    if (this.#closed) throw new LogRefusal('unavailable', 'The log is closed.');
    const bytes = new Uint8Array(record);
    const late = world.odds(this.#server.weather.late) ? world.pick(TIMEOUT_MS, 4 * TIMEOUT_MS) : 0;
    const answer = await this.#ask(() => this.#server.append(shard, expected, bytes), late);
    switch (answer) {
      case 'stored': return expected + 1;
      case 'fenced': throw new LogRefusal('fenced', `Another record follows ${expected} of shard ${shard}.`);
      case 'full': throw new LogRefusal('unavailable', 'There is no room.');
      case undefined: throw new LogRefusal('unknown', 'No answer came.');
    }
  }

  async last(shard: number): Promise<Stored | undefined> {
    const answer = await this.#ask(() => {
      const records = this.#server.shards[shard] ?? [];
      const back = this.#world.odds(this.#server.weather.stale) ? this.#world.pick(1, 3) : 0;
      return { record: records[Math.max(0, records.length - 1 - back)] };
    });
    if (answer === undefined) throw new LogRefusal('unavailable', 'No answer came.');
    return answer.record && stored(answer.record);
  }

  async *read(after: ReadonlyMap<number, number>): AsyncGenerator<Stored> {
    for (const [shard, from] of after) {
      for (let seq = from; ;) {
        const page = await this.#ask(() => (this.#server.shards[shard] ?? []).slice(seq, seq + PAGE));
        if (page === undefined) throw new LogRefusal('unavailable', 'No answer came.');
        for (const record of page) yield stored(record);
        seq += page.length;
        if (page.length < PAGE) break;
      }
    }
  }

  follow(after: ReadonlyMap<number, number>, tell: (records: readonly Stored[]) => void | Promise<void>): () => void {
    const world = this.#world;
    const server = this.#server;
    const at = new Map(after);
    let waiting = false;
    let ended = false;
    /** Whoever is told has enough for now. */
    let busy = false;
    const deliver = (): void => {
      waiting = false;
      if (ended || this.#closed) return;
      if (server.down || server.place.state === 'frozen' || this.cut.from) return plan(world.pick(50, 200));
      const told: Stored[] = [];
      let left = false;
      for (const [shard, seq] of at) {
        const records = server.shards[shard] ?? [];
        const from = seq > 0 && world.odds(server.weather.again) ? Math.max(0, seq - world.pick(1, 3)) : seq;
        if (records.length === from) continue;
        const to = world.odds(0.8) ? records.length : world.pick(seq, records.length);
        for (const record of records.slice(from, to)) told.push(stored(record));
        at.set(shard, Math.max(seq, to));
        left ||= to < records.length;
      }
      const full = told.length > 0 ? tell(told) : undefined;
      const goOn = (): void => { if (left || server.shards.some(({ length }, n) => length > (at.get(n) ?? length))) plan(server.pace()); };
      if (full === undefined) return goOn();
      busy = true;
      void full.then(() => { busy = false; goOn(); });
    };
    const plan = (ms: number): void => {
      if (waiting || busy || ended) return;
      waiting = true;
      world.after(ms, this.#place, deliver);
    };
    const stop = server.onRecord(() => plan(server.pace()));
    plan(1);
    return () => { ended = true; stop(); };
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  /** Undefined: no answer came. The server may have done it all the same. */
  #ask<T extends object | string>(act: () => T, late = 0): Promise<T | undefined> {
    const world = this.#world;
    const server = this.#server;
    if (this.#closed) throw new LogRefusal('unavailable', 'The log is closed.');
    return new Promise((resolve) => {
      const giveUp = world.after(TIMEOUT_MS, this.#place, () => resolve(undefined));
      const lost = (): boolean => world.odds(server.weather.lost);
      if (this.cut.to || lost()) return;
      const transit = (): number => world.pick(1, Math.ceil(server.weather.slowest / 2));
      world.after(transit() + late, server.place, () => {
        if (server.down) return;
        const answer = act();
        if (lost()) return;
        world.after(transit(), this.#place, () => {
          if (this.cut.from) return;
          giveUp();
          resolve(answer);
        });
      });
    });
  }
}

function stored({ shard, seq, bytes }: Taken): Stored {
  return { shard, seq, bytes };
}
