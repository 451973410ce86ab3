/**
 * Keeps the log short: whichever node owns the first shard makes a copy of its tables now and then, and lets the log go of
 * what the older of two such copies has. Every node has a keeper; that two of them do it at once costs work and nothing else.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backups } from './backups.ts';
import type { Bus } from './bus.ts';
import type { Clock } from './clock.ts';
import { messageOf, type Report } from './report.ts';
import type { Store } from './store.ts';

export interface KeeperParts {
  backups: Backups;
  store: Pick<Store, 'backup' | 'positions'>;
  /** For the copy while it is made; as much room as the tables take. */
  folder: string;
  bus: Bus;
  clock: Clock;
  report: Report;
  /** Between two backups, while anything changes; more when they take long. */
  minutes: number;
  /** So many bytes of log are enough for a backup before its time. Default 256 MiB. */
  logBytes?: number;
  /** Below so many bytes, nobody is asked to append for the log's sake. Default 16 MiB. */
  smallBytes?: number;
  /** Whether this node owns the shard now. */
  owns(shard: number): boolean;
  /** Has each shard that this node owns appended an empty record, if its newest is older than so many milliseconds. */
  renew(olderThanMs: number): Promise<void>;
}

const LOOK_MS = 30_000;
/** After owners were asked to append, the log is looked at again so soon. */
const RENEWED_MS = 5_000;
const LOG_BYTES = 256 * 1024 * 1024;
const SMALL_BYTES = 16 * 1024 * 1024;
const COPY_FILE = 'backup.sqlite';
/** Of a node's time, copies take a tenth at most: a large one is made less often than the settings say. */
const SHARE = 10;
/** The shard whose owner does it. */
const FIRST = 0;
const RENEW = 'renew';

export class Keeper {
  readonly #parts: KeeperParts;
  readonly #file: string;
  /** What the log held after the newest backup that this node has made or seen. */
  #bytes: number | undefined;
  #seen = '';
  /** How long the last copy took this node. */
  #tookMs = 0;
  /** Owners were asked to append, and when they have, the log can be trimmed further. */
  #asked = false;
  #stops: (() => void)[] = [];
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#file = join(parts.folder, COPY_FILE);
  }

  /** From now on; resolves when other nodes can ask this one for empty records. */
  async open(): Promise<void> {
    const { bus, renew } = this.#parts;
    this.#stops.push(await bus.listen(RENEW, (bytes) => { void renew(Number(Buffer.from(bytes).toString())); }));
    this.#lookIn(this.#restMs);
  }

  /** Makes a backup if one is due, and trims the log. Resolves when that is done, or could not be. */
  look(): Promise<void> {
    this.#work = this.#work.then(async () => {
      const { report, owns } = this.#parts;
      if (this.#closed || !owns(FIRST)) return;
      try {
        await this.#keep();
      } catch (error) {
        if (this.#closed) return;
        const why = messageOf(error);
        report('warn', 'No backup could be made, or the log could not be trimmed; it is tried again.', { why });
      }
    });
    return this.#work;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#stops) stop();
    await this.#work;
  }

  get #restMs(): number {
    return Math.min(LOOK_MS, this.#parts.minutes * 30_000);
  }

  #lookIn(ms: number): void {
    if (this.#closed) return;
    this.#stops[1] = this.#parts.clock.after(ms, () => {
      void this.look().then(() => this.#lookIn(this.#asked ? RENEWED_MS : this.#restMs));
    });
  }

  async #keep(): Promise<void> {
    const { backups, store, clock, minutes, logBytes = LOG_BYTES } = this.#parts;
    const [newest] = await backups.list();
    const bytes = await backups.logBytes();
    if (newest !== undefined && this.#seen !== `${newest.name} ${newest.at}`) {
      this.#seen = `${newest.name} ${newest.at}`;
      this.#bytes = bytes;
    }
    const changed = newest === undefined || store.positions.some((seq, shard) => seq > (newest.positions[shard] ?? 0));
    const due = newest === undefined || clock.now() - newest.at >= Math.max(minutes * 60_000, SHARE * this.#tookMs) || bytes - (this.#bytes ?? 0) >= logBytes;
    if (changed && due) await this.#copy();
    else if (!this.#asked) return;
    await this.#trim();
  }

  async #copy(): Promise<void> {
    const { backups, store, report, clock, owns } = this.#parts;
    const begun = clock.now();
    try {
      await rm(this.#file, { force: true });
      const positions = await store.backup(this.#file);
      if (!owns(FIRST)) return;
      await backups.keep(this.#file, positions);
    } finally {
      await rm(this.#file, { force: true });
    }
    this.#tookMs = clock.now() - begun;
    report('info', 'A backup of the tables is kept.', { ms: this.#tookMs });
  }

  async #trim(): Promise<void> {
    const { backups, bus, clock, smallBytes = SMALL_BYTES } = this.#parts;
    const idle = await backups.trim();
    const older = (await backups.list())[1];
    this.#asked = idle.length > 0 && older !== undefined && await backups.logBytes() >= smallBytes;
    // Those whose newest record the older copy has are no younger than that.
    if (this.#asked) bus.publish(RENEW, Buffer.from(String(Math.max(0, clock.now() - (older?.at ?? 0)))));
  }
}
