/**
 * The store as its port has it, in memory: no threads and no SQLite. It applies after a while, answers after a while, and
 * says that it has applied after yet another; what it had applied may outlive the node.
 *
 * Lists and search have no rows here; whoever looks at conversations one by one misses nothing.
 */
import type { Clock } from '../../gateway/clock.ts';
import { catchUp } from '../../gateway/catchup.ts';
import { decodeRecord, hashOf, NO_HASH, PART, previousOf, type Change, type ShardRecord } from '../../gateway/record.ts';
import type { Log, Stored } from '../../gateway/log.ts';
import type { MovedRow, Range, Store, StoredEntry } from '../../gateway/store.ts';
import { shardOf } from '../../gateway/sharding.ts';
import { decodeEntry } from '../../sdk/protocol/codec.ts';

/** An entry with what is looked for in it. */
interface Row {
  entry: StoredEntry;
  cmid: string | null;
}

interface ActorRow {
  state: Uint8Array;
  due: number;
  pending: boolean;
}

interface Decoded {
  record: ShardRecord;
  rows: Row[][];
  hash: Uint8Array;
}

/** What would be on the disk. */
export class Disk {
  readonly seqs: number[];
  readonly hashes: Uint8Array[];
  readonly actors = new Map<string, ActorRow>();
  readonly parts = new Map<string, Map<string, Uint8Array>>();
  readonly lines = new Map<string, Row[]>();

  constructor(shards: number) {
    this.seqs = Array.from({ length: shards }, () => 0);
    this.hashes = this.seqs.map(() => NO_HASH);
  }
}

export interface StoreParts {
  log: Pick<Log, 'shards' | 'read'>;
  disk: Disk;
  clock: Clock;
  /** Milliseconds until what is queued is applied, until a question is looked at, and until its answer is heard. */
  lag(): number;
  /** Told of a record that it cannot take. */
  fault(why: string): void;
}

/** Every node reads the same bytes: decoded and hashed once. */
const decoded = new WeakMap<Uint8Array, Decoded>();
const RETRY_MS = 500;
let copies = 0;

export function modelStore({ log, disk, clock, lag, fault }: StoreParts): Store {
  const positions = [...disk.seqs];
  const queued = [...disk.seqs];
  const listeners = new Set<(feed: readonly MovedRow[]) => void>();
  let queue: Stored[] = [];
  let waiters: { until: number[]; resolve(): void }[] = [];
  let planned = false;
  let behind = false;
  let closed = false;
  /** Shards that stopped, and where. */
  const stopped = new Map<number, number>();

  const release = (): void => {
    waiters = waiters.filter(({ until, resolve }) => {
      const reached = until.every((seq, shard) => (positions[shard] ?? 0) >= Math.min(seq, stopped.get(shard) ?? seq));
      if (reached) resolve();
      return !reached;
    });
  };
  const run = (): void => {
    planned = false;
    if (closed) return;
    const batch = queue;
    queue = [];
    for (const stored of batch) {
      if (stopped.has(stored.shard)) continue;
      try {
        take(disk, stored);
      } catch (error) {
        stopped.set(stored.shard, stored.seq - 1);
        fault(error instanceof Error ? error.message : String(error));
      }
    }
    const seqs = [...disk.seqs];
    // The thread that asks learns of it later than whoever asks the tables.
    clock.after(lag(), () => {
      if (closed) return;
      for (const [shard, seq] of seqs.entries()) positions[shard] = Math.max(positions[shard] ?? 0, seq);
      for (const listener of listeners) listener([]);
      release();
    });
  };
  const plan = (): void => {
    if (planned) return;
    planned = true;
    clock.after(lag(), run);
  };
  const heal = async (): Promise<void> => {
    behind = true;
    try {
      await catchUp(log, { positions: [...queued], apply: (records) => apply(records), settled: async () => undefined });
      behind = false;
    } catch {
      clock.after(RETRY_MS, () => void heal());
    }
  };
  const apply = (records: readonly Stored[]): void => {
    for (const record of records) {
      const next = (queued[record.shard] ?? 0) + 1;
      if (record.seq < next) continue;
      if (record.seq > next) {
        if (!behind) void heal();
        continue;
      }
      queued[record.shard] = next;
      queue.push(record);
    }
    if (queue.length > 0) plan();
  };
  const settled = (): Promise<void> => new Promise((resolve) => {
    waiters.push({ until: [...queued], resolve });
    release();
  });
  const ask = <T>(look: () => T): Promise<T> => new Promise((resolve, reject) => {
    if (closed) return reject(new Error('The store is closed.'));
    clock.after(lag(), () => {
      const answer = look();
      clock.after(lag(), () => resolve(answer));
    });
  });
  const mine = (actor: string, shards: readonly number[] | undefined): boolean =>
    shards === undefined || shards.includes(shardOf(actor, disk.seqs.length));

  return {
    id: `copy-${++copies}`, positions, apply, settled,
    onApplied(listener) {
      listeners.add(listener);
      return () => { listeners.delete(listener); };
    },
    actor: (id) => ask(() => {
      const row = disk.actors.get(id);
      return row && { state: row.state, parts: new Map(disk.parts.get(id)) };
    }),
    due: (at, limit, shards) => ask(() => {
      const all = [...disk.actors].filter(([actor, { due }]) => due > 0 && mine(actor, shards))
        .map(([actor, { due }]) => ({ actor, due })).sort((a, b) => a.due - b.due);
      const found = all.filter(({ due }) => due <= at).slice(0, limit);
      return { actors: found, next: all[found.length]?.due ?? 0 };
    }),
    pending: (shards) => ask(() => [...disk.actors].flatMap(([actor, { pending }]) => (pending && mine(actor, shards) ? [actor] : [])).sort()),
    entries: (actor, range) => ask(() => within(disk.lines.get(actor) ?? [], range)),
    byCmid: (actor, cmid) => ask(() => disk.lines.get(actor)?.find((row) => row.cmid === cmid)?.entry),
    feed: () => ask(() => []),
    newest: () => ask(() => ({ rows: [], n: 0 })),
    list: () => ask(() => ({ rows: [], total: 0, n: 0 })),
    tallies: () => ask(() => ({ counts: [], n: 0 })),
    changed: () => ask(() => []),
    search: () => ask(() => ({ found: [], next: null, whole: true })),
    backup: () => Promise.reject(new Error('These tables are not in a file.')),
    async close() { closed = true; },
  };
}

/** @throws Error when it does not follow what is there. */
function take(disk: Disk, { shard, seq, bytes }: Stored): void {
  if (seq !== (disk.seqs[shard] ?? 0) + 1) throw new Error(`Record ${seq} of shard ${shard} comes after ${disk.seqs[shard]}.`);
  if (Buffer.compare(previousOf(bytes), disk.hashes[shard] ?? NO_HASH) !== 0) throw new Error(`Record ${seq} of shard ${shard} breaks the chain.`);
  const { record, rows, hash } = read(bytes);
  record.changes.forEach((change, i) => put(disk, change, rows[i] ?? []));
  disk.seqs[shard] = seq;
  disk.hashes[shard] = hash;
}

function put(disk: Disk, { actor, state, due, pending }: Change, rows: readonly Row[]): void {
  const part = actor.indexOf(PART);
  if (part >= 0) {
    const parts = disk.parts.get(actor.slice(0, part)) ?? new Map<string, Uint8Array>();
    disk.parts.set(actor.slice(0, part), parts);
    if (state.length === 0) parts.delete(actor.slice(part + 1));
    else parts.set(actor.slice(part + 1), state);
    return;
  }
  disk.actors.set(actor, { state, due, pending });
  if (rows.length === 0) return;
  const lines = disk.lines.get(actor);
  if (lines === undefined) disk.lines.set(actor, [...rows]);
  else lines.push(...rows);
}

function read(bytes: Uint8Array): Decoded {
  let known = decoded.get(bytes);
  if (known === undefined) {
    const record = decodeRecord(bytes);
    const rows = record.changes.map(({ entries }) => entries.map(({ audience, bytes: entry }): Row => {
      const { seq, cmid } = decodeEntry(entry);
      return { entry: { seq, audience, bytes: entry }, cmid };
    }));
    decoded.set(bytes, known = { record, rows, hash: hashOf(bytes) });
  }
  return known;
}

function within(rows: readonly Row[], { after, before, limit, newest, audience }: Range): StoredEntry[] {
  const all = rows.map(({ entry }) => entry)
    .filter(({ seq, audience: to }) => seq > after && (before === 0 || seq < before) && (audience === 'agents' || to === 'everyone'));
  return newest ? all.slice(-limit) : all.slice(0, limit);
}
