/**
 * Group commit: all appends that wait at one moment go to the disk in one write and one sync, whatever their shards.
 * While a flush is under way the next appends queue, and the flush after it takes them all.
 *
 * When the disk refuses, nothing may be left behind that a later start would take for a record:
 * - A write that fails (full disk) is cut off again and the cut is synced, then the segment goes on as before.
 * - After a sync that fails, the system may have dropped the unwritten pages and call them clean: reading them back or
 *   syncing again proves nothing. So that segment is never written again. The next one begins with how many bytes of it
 *   count, which settles for good that the failed batch is no part of the history, wherever its bytes may have got to.
 * Until the one or the other has succeeded, the failed batch is `unknown`; what was not yet written is `unavailable`.
 */
import { LogRefusal, type Damage } from './log.ts';
import { createSegment, type Disk, type DiskFile } from './log.folder.ts';
import type { Head, Track } from './log.scan.ts';
import { hashOf } from './record.ts';
import { messageOf } from './report.ts';
import { encodeFrame, encodeHeads, FRAME_BYTES, HEADS, saltOf, type Frame, type Position } from './segment.ts';

/** A batch holds at most this much, and one record more. */
const BATCH_BYTES = 8 * 1024 * 1024;

interface Waiting {
  shard: number;
  seq: number;
  bytes: Uint8Array;
  resolve: () => void;
  reject: (refusal: LogRefusal) => void;
}

/** What the writer shares with the log that it writes for: it moves `heads` and `tracks` on when a batch is durable. */
export interface Shared {
  folder: string;
  disk: Disk;
  id: Buffer;
  heads: Head[];
  tracks: Track[];
  damage: Damage[];
  segmentBytes: number;
  report: (line: string) => void;
}

export class Writer {
  readonly #shared: Shared;
  #file: DiskFile;
  #track: Track;
  #previous: Frame['previous'];
  /** Whether the log ends with a table of positions, as a closed one does. */
  #sealed: boolean;
  #queue: Waiting[] = [];
  #running: Promise<void> | undefined;
  #state: 'fine' | 'tail to cut' | 'segment to leave' = 'fine';
  #refusing = false;

  constructor(shared: Shared, file: DiskFile, track: Track, previous: Frame['previous'], sealed: boolean) {
    this.#shared = shared;
    this.#file = file;
    this.#track = track;
    this.#previous = previous;
    this.#sealed = sealed;
  }

  /** Resolves when the record is durable. The caller sees to it that a shard has one record here at a time. */
  commit(shard: number, seq: number, bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ shard, seq, bytes, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Finishes what waits, and says at the end where every shard stands. */
  async close(): Promise<void> {
    await this.#running;
    try {
      const seal = { shard: HEADS, seq: 0, bytes: encodeHeads(this.#positions(), 0) };
      if (this.#state === 'fine' && !this.#sealed) await this.#write([seal]);
    } catch (error) {
      this.#shared.report(`The log could not be sealed when it was closed: ${messageOf(error)}.`);
    }
    await this.#file.close();
  }

  async #run(): Promise<void> {
    // Everything that is appended in this moment is to be in the batch: shards append together, at the end of a turn.
    await Promise.resolve();
    while (this.#queue.length > 0) {
      await this.#flush(this.#take());
      await nextTurn();
    }
    this.#running = undefined;
  }

  #take(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#queue.length && bytes < BATCH_BYTES) bytes += this.#queue[count++]?.bytes.length ?? 0;
    return this.#queue.splice(0, count);
  }

  async #flush(batch: Waiting[]): Promise<void> {
    try {
      await this.#mend();
      if (this.#track.end >= this.#shared.segmentBytes) await this.#begin();
    } catch (error) {
      this.#refuse(batch.concat(this.#queue.splice(0)), 'unavailable', error);
      return;
    }
    try {
      await this.#write(batch);
    } catch (error) {
      const waiting = this.#queue.splice(0);
      const undone = await this.#mend().then(() => true, () => false);
      this.#refuse(batch, undone ? 'unavailable' : 'unknown', error);
      this.#refuse(waiting, 'unavailable', error);
      return;
    }
    if (this.#refusing) this.#shared.report('The log can be written again.');
    this.#refusing = false;
    for (const { shard, seq, bytes } of batch) this.#shared.heads[shard] = { seq, bytes, hash: hashOf(bytes) };
    for (const { resolve } of batch) resolve();
  }

  async #write(batch: readonly { shard: number; seq: number; bytes: Uint8Array }[]): Promise<void> {
    const durable = this.#track.end;
    const buffers: Uint8Array[] = [];
    let previous = this.#previous;
    let at = durable;
    for (const { shard, seq, bytes } of batch) {
      buffers.push(encodeFrame({ shard, seq, previous, durable }, bytes, this.#track.salt, at), bytes);
      previous = { shard, bytes: FRAME_BYTES + bytes.length };
      at += previous.bytes;
    }
    this.#state = 'tail to cut';
    const { bytesWritten } = await this.#file.writev(buffers, durable);
    const size = at - durable;
    if (bytesWritten !== size) throw new Error(`the disk took ${bytesWritten} of ${size} bytes: is it full?`);
    this.#state = 'segment to leave';
    await this.#file.datasync();
    this.#state = 'fine';
    this.#previous = previous;
    this.#sealed = previous.shard === HEADS;
    this.#track.end = at;
  }

  async #mend(): Promise<void> {
    if (this.#state === 'fine') return;
    const cut = this.#file.truncate(this.#track.end);
    if (this.#state === 'tail to cut') {
      try {
        await cut;
        await this.#file.datasync();
        this.#state = 'fine';
        return;
      } catch {
        this.#state = 'segment to leave';
      }
    }
    await cut.catch(() => {});
    await this.#begin();
  }

  /** Goes on in a new segment. The one before is durable up to its end, or is left because of a failed sync. */
  async #begin(): Promise<void> {
    const { folder, disk, id, heads, tracks } = this.#shared;
    const header = { id, shards: heads.length, segment: this.#track.number + 1 };
    const { path, file, size } = await createSegment(folder, disk, header, this.#positions(), this.#track.end);
    await this.#file.close().catch(() => {});
    this.#file = file;
    const starts = heads.map(({ seq }) => seq);
    this.#track = { number: header.segment, path, salt: saltOf(header), end: size, starts };
    tracks.push(this.#track);
    this.#previous = { shard: HEADS, bytes: 0 };
    this.#sealed = true;
    this.#state = 'fine';
  }

  #positions(): (Position | 'unknown')[] {
    const holed = new Set(this.#shared.damage.map(({ shard }) => shard));
    return this.#shared.heads.map((head, shard) => (holed.has(shard) ? 'unknown' : head));
  }

  #refuse(batch: Waiting[], reason: 'unavailable' | 'unknown', error: unknown): void {
    const why = messageOf(error);
    if (!this.#refusing) this.#shared.report(`The log cannot be written, appends are refused until it can: ${why}.`);
    this.#refusing = true;
    for (const { shard, reject } of batch) {
      reject(new LogRefusal(reason, `The record of shard ${shard} cannot be written: ${why}.`, { cause: error }));
    }
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
