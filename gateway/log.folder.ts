/** A folder of segment files: what is in it, and whether this program may touch it. Looking changes nothing. */
import { dirname, join, resolve } from 'node:path';
import {
  decodeHeader, encodeFrame, encodeHeader, encodeHeads, HEADER_BYTES, HEADS, saltOf,
  type Header, type Position, type Readable,
} from './segment.ts';

/** The part of `node:fs/promises` that the log uses: a test puts a failing disk in its place. */
export interface Disk {
  open(path: string, flags: string): Promise<DiskFile>;
  readdir(path: string): Promise<string[]>;
  mkdir(path: string, options: { recursive: true; mode: number }): Promise<string | undefined>;
  rename(from: string, to: string): Promise<void>;
  rm(path: string, options: { force: true }): Promise<void>;
}

export interface DiskFile extends Readable {
  stat(): Promise<{ size: number }>;
  write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesWritten: number }>;
  writev(buffers: Uint8Array[], position: number): Promise<{ bytesWritten: number }>;
  truncate(length: number): Promise<void>;
  datasync(): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Why a folder is not opened: what was found, and what to do. The folder is as it was. */
export class FolderRefusal extends Error {}

export interface Segment {
  number: number;
  path: string;
  size: number;
  header: Header;
  /** False when one of the header's two copies is spoiled. */
  whole: boolean;
}

export interface Folder {
  path: string;
  segments: Segment[];
  /** Of the segments, undefined for an empty folder. */
  log: { id: Buffer; shards: number } | undefined;
  /** Segments that were never finished: nothing was in them. */
  leftovers: string[];
}

const ANOTHER = 'Name an empty or a new folder.';

function segmentName(number: number): string {
  return `${String(number).padStart(8, '0')}.seg`;
}

/** @throws FolderRefusal when something else is in the folder, or a log that this program does not understand. */
export async function inspect(path: string, disk: Disk): Promise<Folder> {
  const names = await disk.readdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw new FolderRefusal(`The folder ${path} cannot be read (${error.message}). Name one that this user may use.`);
  });
  const foreign = names.filter((name) => !/^(\d{8}\.(seg|new)|lock\..+)$/.test(name));
  if (foreign.length > 0) {
    const some = foreign.slice(0, 3).join(', ') + (foreign.length > 3 ? `, and ${foreign.length - 3} more` : '');
    throw new FolderRefusal(`The folder ${path} has files that are no part of a log: ${some}. ${ANOTHER}`);
  }
  const segments: Segment[] = [];
  for (const name of names.sort()) {
    if (name.endsWith('.seg')) segments.push(await look(join(path, name), disk));
  }
  const first = segments[0]?.header;
  const odd = segments.find(({ header }) => first && (!header.id.equals(first.id) || header.shards !== first.shards));
  if (odd) {
    throw new FolderRefusal(`${odd.path} belongs to another log than the files beside it. Give each its own folder.`);
  }
  const leftovers = names.filter((name) => name.endsWith('.new')).map((name) => join(path, name));
  return { path, segments, log: first && { id: first.id, shards: first.shards }, leftovers };
}

async function look(path: string, disk: Disk): Promise<Segment> {
  const file = await disk.open(path, 'r');
  try {
    const bytes = Buffer.alloc(HEADER_BYTES);
    const { bytesRead } = await file.read(bytes, 0, HEADER_BYTES, 0);
    const found = decodeHeader(bytes.subarray(0, bytesRead));
    if (found === 'foreign') {
      throw new FolderRefusal(`${path} is not a segment of a log: it begins with other bytes. ${ANOTHER}`);
    }
    if (found === 'damaged') {
      throw new FolderRefusal(`The header of ${path} is damaged, in both copies. Restore this file from a backup.`);
    }
    if ('version' in found) {
      const what = `${path} is of format ${found.version}, this program knows format 1.`;
      throw new FolderRefusal(`${what} Start the version that wrote it.`);
    }
    const number = Number(/(\d{8})\.seg$/.exec(path)?.[1]);
    if (found.header.segment !== number) {
      const own = segmentName(found.header.segment);
      throw new FolderRefusal(`${path} says that it is segment ${found.header.segment}. Rename it to ${own}.`);
    }
    return { number, path, size: (await file.stat()).size, ...found };
  } finally {
    await file.close();
  }
}

/**
 * Makes a segment that begins with where every shard stands. It is written aside, synced and renamed, so a file of a
 * segment's name always has a whole beginning; a crash leaves at most a leftover, which the next start removes.
 *
 * @param length how much of the segment before counts: what stands behind it was refused.
 */
export async function createSegment(
  folder: string, disk: Disk, header: Header, positions: readonly (Position | 'unknown')[], length: number,
): Promise<{ path: string; file: DiskFile; size: number }> {
  const aside = join(folder, `${String(header.segment).padStart(8, '0')}.new`);
  const path = join(folder, segmentName(header.segment));
  const head = encodeHeader(header);
  const heads = encodeHeads(positions, length);
  const frame = { shard: HEADS, seq: 0, previous: { shard: HEADS, bytes: 0 }, durable: 0 };
  const bytes = Buffer.concat([head, encodeFrame(frame, heads, saltOf(header), HEADER_BYTES), heads]);
  const file = await disk.open(aside, 'w+');
  try {
    const { bytesWritten } = await file.write(bytes, 0, bytes.length, 0);
    if (bytesWritten !== bytes.length) throw new Error(`the disk took ${bytesWritten} of ${bytes.length} bytes`);
    await file.sync();
    await disk.rename(aside, path);
    await syncFolder(folder, disk);
    return { path, file, size: bytes.length };
  } catch (error) {
    await file.close().catch(() => {});
    await disk.rm(aside, { force: true }).catch(() => {});
    throw error;
  }
}

/** Makes the folder and those above it that are missing, for this user alone. A name is durable when the folder that holds it is synced. */
export async function makeFolder(path: string, disk: Disk): Promise<void> {
  const made = await disk.mkdir(path, { recursive: true, mode: 0o700 });
  if (made === undefined) return;
  const top = dirname(resolve(made));
  for (let each = resolve(path); each !== top; each = dirname(each)) await syncFolder(dirname(each), disk);
}

async function syncFolder(folder: string, disk: Disk): Promise<void> {
  const handle = await disk.open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
