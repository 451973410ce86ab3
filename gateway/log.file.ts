/**
 * The log in a folder of segment files, for one machine: the truth of a gateway that stands alone.
 * `segment.ts` has the bytes, `log.folder.ts` and `log.lock.ts` guard the folder, `log.scan.ts` judges it at start,
 * `log.writer.ts` commits. Here is what an owner of shards meets: order, fence and reading.
 */
import { randomBytes } from 'node:crypto';
import { LogRefusal, type Damage, type Log, type Stored } from './log.ts';
import { disk } from './log.disk.ts';
import { createSegment, FolderRefusal, inspect, makeFolder, type Disk, type Folder } from './log.folder.ts';
import { lockFolder, type Lock } from './log.lock.ts';
import { mendOf, placeOf, Scan, type Head, type Track } from './log.scan.ts';
import { Writer, type Shared } from './log.writer.ts';
import { NO_HASH, previousOf } from './record.ts';
import { HEADER_BYTES, HEADS, pieces, RECORD_BYTES_MAX, saltOf, SHARDS_MAX } from './segment.ts';

export interface FileLogOptions {
  /** For a new folder, 64 unless told. An existing folder has its own number; asking for another one is refused. */
  shards?: number;
  /** A segment that has reached this many bytes is followed by a new one. 64 MiB unless told, at most 1 GiB. */
  segmentBytes?: number;
  /** Takes lines for the operator. */
  report?: (line: string) => void;
  /** The file system, for tests of its failures. */
  disk?: Disk;
}

const SHARDS = 64;
const SEGMENT_BYTES = 64 * 1024 * 1024;
const SEGMENT_BYTES_MAX = 1024 * 1024 * 1024;

/** @throws FolderRefusal when the folder is in use or holds anything but a log of this kind; it is left as it was. */
export async function openFileLog(path: string, options: FileLogOptions = {}): Promise<FileLog> {
  const { shards, segmentBytes = SEGMENT_BYTES, report = () => {} } = options;
  const files = options.disk ?? disk;
  if (shards !== undefined && !(Number.isInteger(shards) && shards > 0 && shards <= SHARDS_MAX)) {
    throw new RangeError(`A log has 1 to ${SHARDS_MAX} shards, not ${shards}.`);
  }
  if (!(segmentBytes > 0 && segmentBytes <= SEGMENT_BYTES_MAX)) {
    throw new RangeError(`A segment has 1 to ${SEGMENT_BYTES_MAX} bytes, not ${segmentBytes}.`);
  }
  agree(await inspect(path, files), shards);
  await makeFolder(path, files);
  const lock = await lockFolder(path);
  try {
    // Looked at again: until the lock was ours, another process may have been at work.
    const folder = await inspect(path, files);
    agree(folder, shards);
    const scan = new Scan(folder, files);
    for await (const _ of scan.run());
    for (const leftover of folder.leftovers) await files.rm(leftover, { force: true });
    for (const note of scan.notes) report(note);
    for (const { where, report: found } of scan.damage) report(`Damage at ${where}: ${found}`);
    return await start(folder, scan, { shards: shards ?? SHARDS, segmentBytes, report, disk: files, lock });
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function agree({ path, log }: Folder, shards: number | undefined): void {
  if (!log || shards === undefined || log.shards === shards) return;
  throw new FolderRefusal(
    `The log in ${path} has ${log.shards} shards, not ${shards}. Ask for ${log.shards}: a log keeps its number.`,
  );
}

type Given = Pick<Shared, 'disk' | 'segmentBytes' | 'report'> & { shards: number; lock: Lock };

async function start(folder: Folder, scan: Scan, { shards, lock, ...given }: Given): Promise<FileLog> {
  const { disk: files, report } = given;
  const { tracks, damage, heads } = scan;
  const track = tracks.at(-1);
  if (!folder.log || !track) {
    const header = { id: randomBytes(16), shards, segment: 1 };
    const none = Array.from({ length: shards }, (): Head => ({ seq: 0, hash: NO_HASH, bytes: undefined }));
    const { path, file, size } = await createSegment(folder.path, files, header, none, 0);
    const first = { number: 1, path, salt: saltOf(header), end: size, starts: none.map(() => 0) };
    const shared = { ...given, folder: folder.path, id: header.id, heads: none, tracks: [first], damage };
    return new FileLog(shared, new Writer(shared, file, first, { shard: HEADS, bytes: 0 }, true), lock);
  }
  if (scan.torn > 0) {
    const where = placeOf(track, track.end);
    report(`Cut ${scan.torn} bytes at ${where} that a crash left half written; nobody was told that they were safe.`);
  } else if (!scan.closed && !lock.inherited) {
    const where = placeOf(track, track.end);
    report(`The log was not closed and no process died over it: if this is no copy, what followed ${where} is lost.`);
  }
  const file = await files.open(track.path, 'r+');
  await file.truncate(track.end);
  // The end may stand in memory only, called clean after a sync that failed: written once more, this sync is true.
  const tail = Buffer.alloc(track.end - scan.proven);
  await file.read(tail, 0, tail.length, scan.proven);
  await file.write(tail, 0, tail.length, scan.proven);
  await file.datasync();
  const shared = { ...given, folder: folder.path, id: folder.log.id, heads, tracks, damage };
  return new FileLog(shared, new Writer(shared, file, track, scan.previous, scan.closed), lock);
}

export class FileLog implements Log {
  readonly #shared: Shared;
  readonly #writer: Writer;
  readonly #lock: Lock;
  /** The append under way of each shard. */
  readonly #writing = new Map<number, Promise<void>>();
  #closing: Promise<void> | undefined;

  constructor(shared: Shared, writer: Writer, lock: Lock) {
    this.#shared = shared;
    this.#writer = writer;
    this.#lock = lock;
  }

  get shards(): number {
    return this.#shared.heads.length;
  }

  get damage(): readonly Damage[] {
    return this.#shared.damage;
  }

  async append(shard: number, expected: number, record: Uint8Array): Promise<number> {
    if (record.length < NO_HASH.length || record.length > RECORD_BYTES_MAX) {
      throw new RangeError(`A record has ${NO_HASH.length} to ${RECORD_BYTES_MAX} bytes, not ${record.length}.`);
    }
    for (;;) {
      const head = this.#whole(shard);
      const writing = this.#writing.get(shard);
      if (writing) await writing.catch(() => {});
      else if (head.seq === expected && Buffer.compare(previousOf(record), head.hash) === 0) {
        const mine = this.#writer.commit(shard, expected + 1, record).finally(() => this.#writing.delete(shard));
        this.#writing.set(shard, mine);
        await mine;
        return expected + 1;
      } else if (await this.#stands(shard, expected + 1, record)) return expected + 1;
      else throw new LogRefusal('fenced', `Shard ${shard} stands at ${head.seq}, another record follows ${expected}.`);
    }
  }

  async last(shard: number): Promise<Stored | undefined> {
    const { seq, bytes } = this.#whole(shard);
    return bytes && { shard, seq, bytes };
  }

  async *read(after: ReadonlyMap<number, number>): AsyncGenerator<Stored> {
    const wanted = new Map<number, { next: number; last: number }>();
    for (const [shard, seq] of after) {
      const last = this.#hole(shard)?.seq ?? this.#head(shard).seq + 1;
      if (seq + 1 < last) wanted.set(shard, { next: seq + 1, last: last - 1 });
    }
    const tracks = this.#shared.tracks.map((track) => ({ ...track }));
    const early = ({ starts }: Track): boolean => [...wanted].every(([shard, { next }]) => (starts[shard] ?? 0) < next);
    const from = tracks.findLastIndex(early);
    for (const track of tracks.slice(Math.max(0, from))) {
      if (wanted.size > 0) yield* this.#readTrack(track, wanted);
    }
    const newest = tracks.at(-1);
    if (newest) for (const [shard, { next }] of wanted) this.#found(shard, next, placeOf(newest, newest.end));
  }

  /** One process has it for itself: there is nobody else to hear of. */
  readonly shared = false;
  follow(): () => void {
    return () => undefined;
  }

  readonly recordBytesMax = RECORD_BYTES_MAX;

  async close(): Promise<void> {
    this.#closing ??= this.#writer.close().finally(() => this.#lock.release());
    await this.#closing;
  }

  async *#readTrack(track: Track, wanted: Map<number, { next: number; last: number }>): AsyncGenerator<Stored> {
    const file = await this.#shared.disk.open(track.path, 'r');
    try {
      for await (const found of pieces(file, HEADER_BYTES, track.end, track.salt)) {
        for (const piece of found) {
          const goal = wanted.get(piece.shard);
          if (!goal || piece.seq < goal.next) continue;
          if (piece.state !== 'good' || piece.seq > goal.next) {
            wanted.delete(piece.shard);
            this.#found(piece.shard, goal.next, placeOf(track, piece.at));
            continue;
          }
          // A copy: whoever keeps or sends it must not hold or send the whole chunk.
          yield { shard: piece.shard, seq: piece.seq, bytes: new Uint8Array(piece.bytes) };
          if (goal.next++ === goal.last) wanted.delete(piece.shard);
        }
        if (wanted.size === 0) return;
      }
    } finally {
      await file.close();
    }
  }

  /** Whether these bytes are the record of that sequence. */
  async #stands(shard: number, seq: number, bytes: Uint8Array): Promise<boolean> {
    const head = this.#head(shard);
    if (seq === head.seq && head.bytes) return Buffer.compare(head.bytes, bytes) === 0;
    if (seq > head.seq) return false;
    for await (const stored of this.read(new Map([[shard, seq - 1]]))) return Buffer.compare(stored.bytes, bytes) === 0;
    return false;
  }

  #head(shard: number): Head {
    if (this.#closing) throw new LogRefusal('unavailable', 'The log is closed.');
    const head = this.#shared.heads[shard];
    if (!head) throw new RangeError(`There is no shard ${shard}: the log has ${this.shards}.`);
    return head;
  }

  #hole(shard: number): Damage | undefined {
    return this.#shared.damage.find((each) => each.shard === shard);
  }

  #whole(shard: number): Head {
    const head = this.#head(shard);
    const hole = this.#hole(shard);
    if (hole) throw new LogRefusal('damaged', `${hole.report} (${hole.where})`);
    return head;
  }

  /** A record that was good at start no longer is. */
  #found(shard: number, seq: number, where: string): void {
    if (this.#hole(shard)) return;
    const report = `Record ${seq} can no longer be read. ${mendOf(shard, seq - 1)}`;
    this.#shared.damage.push({ shard, seq, where, report });
    this.#shared.report(`Damage at ${where}: ${report}`);
  }
}
