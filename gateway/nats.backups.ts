/**
 * Backups in a NATS object store. There are two names, and each new copy takes that of the older one: a name stands for its
 * old copy until the new one is there whole, so at every moment there are two, once there have been two.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { Objm, type ObjectStore } from '@nats-io/obj';
import type { Backup, Backups } from './backups.ts';
import type { NatsLog } from './log.nats.ts';
import { Pull } from './log.nats.pull.ts';
import { Stream, type Message } from './log.nats.stream.ts';
import type { Api } from './nats.api.ts';
import type { Report } from './report.ts';

export interface NatsBackupsParts {
  /** For megabytes. */
  api: Api;
  /** Of the cluster. */
  name: string;
  replicas: number;
  report: Report;
  /** To be kept short. */
  log: NatsLog;
}

const NAMES = ['store-a', 'store-b'] as const;
const PIECE_TIMEOUT_MS = 10_000;
/** Pieces of a copy that nobody finished are let go when none has come for so long. */
const ABANDONED_MS = 600_000;
/** A copy that does not come on for so long is given up. */
const STALLED_MS = 30_000;
const DIGEST = 'SHA-256=';

export class NatsBackups implements Backups {
  readonly #parts: NatsBackupsParts;
  readonly #bucket: string;
  readonly #stream: Stream;
  #store: Promise<ObjectStore> | undefined;

  constructor(parts: NatsBackupsParts) {
    this.#parts = parts;
    this.#bucket = `PARLEY_${parts.name}`;
    this.#stream = new Stream(parts.api, `OBJ_${this.#bucket}`);
  }

  async list(): Promise<Backup[]> {
    const objects = await (await this.#open()).list();
    return objects.filter(({ deleted }) => !deleted).map(({ name, size, metadata }): Backup => ({
      name, bytes: size, at: Number(metadata?.['at']), positions: JSON.parse(metadata?.['positions'] ?? '[]') as number[],
    })).sort((a, b) => b.at - a.at);
  }

  async keep(file: string, positions: readonly number[]): Promise<void> {
    const store = await this.#open();
    await this.#tidy(store);
    const held = await this.list();
    const name = NAMES.find((each) => !held.some((backup) => backup.name === each)) ?? held.at(-1)?.name ?? NAMES[0];
    const at = Math.max(this.#parts.api.clock.now(), (held[0]?.at ?? 0) + 1);
    const metadata = { at: String(at), positions: JSON.stringify(positions) };
    const bytes = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
    // Whoever has taken this name meanwhile has made a newer copy: this one is then not needed.
    const previousRevision = (await store.info(name))?.revision ?? 0;
    await store.put({ name, metadata }, bytes, { timeout: PIECE_TIMEOUT_MS, previousRevision });
  }

  async fetch({ name }: Backup, file: string): Promise<void> {
    const info = await (await this.#open()).info(name);
    if (info === null) throw new Error(`The backup ${name} is gone.`);
    const into = await open(file, 'wx', 0o600);
    const hash = createHash('sha256');
    let left = info.size;
    try {
      await this.#pieces(this.#piecesOf(info.nuid), async (data) => {
        hash.update(data);
        left -= data.length;
        await into.write(data);
        return left <= 0;
      });
      await into.datasync();
    } finally {
      await into.close();
    }
    const digest = hash.digest('base64url').replace(/=+$/, '');
    if (left === 0 && info.digest.replace(/=+$/, '') === DIGEST + digest) return;
    throw new Error(`The backup ${name} did not come as it was kept.`);
  }

  async trim(): Promise<number[]> {
    const { api, log: { places, stream } } = this.#parts;
    const [newer, older] = await this.list();
    if (newer === undefined || older === undefined) return [];
    // A node that was behind may have made the newer one.
    const both = older.positions.map((seq, shard) => Math.min(seq, newer.positions[shard] ?? 0));
    const ends = await Promise.all(both.map(async (seq, shard): Promise<End | undefined> => {
      const last = await api.patiently(() => places.last(shard));
      if (last === undefined && seq === 0) return undefined;
      if (last === undefined) throw new Error(`Shard ${shard} has no records, but the backup has.`);
      if (last.seq <= seq) return { shard, at: last.at, idle: true };
      return { shard, at: (await api.patiently(() => places.following(seq, last))).at, idle: false };
    }));
    const goal = least(ends.filter((end) => end?.idle === false));
    const before = least(ends);
    if (before < Infinity) await api.patiently(() => stream.trim(before));
    return ends.flatMap((end) => (end?.idle && end.at < goal && goal < Infinity ? [end.shard] : []));
  }

  async logBytes(): Promise<number> {
    return (await this.#parts.log.stream.state()).bytes;
  }

  /** The store is made when it is first needed. */
  #open(): Promise<ObjectStore> {
    const { api, replicas, report } = this.#parts;
    this.#store ??= (async () => {
      const store = await new Objm(api.nc).create(this.#bucket, { replicas });
      await this.#stream.grow(replicas, report);
      return store;
    })().catch((error: unknown) => {
      this.#store = undefined;
      throw error;
    });
    return this.#store;
  }

  /** Lets go of pieces that belong to no copy and to none that is being made. */
  async #tidy(store: ObjectStore): Promise<void> {
    const { clock } = this.#parts.api;
    const used = new Set((await store.list()).map(({ nuid }) => this.#piecesOf(nuid)));
    for (const subject of await this.#stream.subjects(this.#piecesOf('>'))) {
      if (used.has(subject)) continue;
      const last = await this.#stream.last(subject);
      if (last !== undefined && clock.now() - last.time > ABANDONED_MS) await this.#stream.purge(subject);
    }
  }

  /** Hands over the pieces of a copy, one heap at a time, until `take` says that it has all. */
  async #pieces(subject: string, take: (data: Uint8Array) => Promise<boolean>): Promise<void> {
    const { api } = this.#parts;
    let pull: Pull | undefined;
    let stalled = (): void => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const rearm = (): void => {
          stalled();
          stalled = api.clock.after(STALLED_MS, () => reject(new Error('NATS does not give the backup now.')));
        };
        const hear = async (messages: readonly Message[]): Promise<void> => {
          rearm();
          for (const { data } of messages) if (await take(data)) resolve();
        };
        rearm();
        let dealt = Promise.resolve();
        pull = new Pull({
          api, stream: this.#stream.name, subject, from: 1,
          heard: (messages) => { dealt = dealt.then(() => hear(messages)); dealt.catch(reject); return dealt.catch(() => undefined); },
        });
      });
    } finally {
      stalled();
      pull?.end();
    }
  }

  #piecesOf(nuid: string): string {
    return `$O.${this.#bucket}.C.${nuid}`;
  }
}

/** What keeps a shard's older records from going further. */
interface End {
  shard: number;
  at: number;
  /** It is the shard's newest record. */
  idle: boolean;
}

function least(ends: readonly (End | undefined)[]): number {
  return ends.reduce((before, end) => Math.min(before, end?.at ?? Infinity), Infinity);
}
