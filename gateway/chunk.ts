/**
 * Log lines of one actor that lie together in the tables, as one row: what it gained in one transaction. A row of its
 * own for each line, and one in an index of ids, would cost the writing thread several times as much.
 *
 * Bytes: of each line its audience, the length of its entry in 4 bytes, and the entry. No sequence is left out within a
 * chunk, so that of its first line is enough.
 */
import { headOf, type EntryHead } from './entry.head.ts';
import type { Audience } from './record.ts';
import type { StoredEntry } from './store.ts';

export interface Chunk {
  /** The sequence of its first line. */
  first: number;
  /** Of the ids that clients gave to its lines; null without any. */
  least: Uint8Array | null;
  greatest: Uint8Array | null;
  bytes: Uint8Array;
}

/** A line as it goes into a chunk. */
export interface ChunkLine extends EntryHead, StoredEntry {}

/** So far, and no further, must be read to find one line. */
const LINES_MAX = 64;
const BYTES_MAX = 32 * 1024;
const HEAD_BYTES = 5;
const AUDIENCES = ['everyone', 'agents'] as const satisfies readonly Audience[];

/** Chunks are made here and bound to a statement at once: memory of their own would cost more than what they hold. */
const desk = Buffer.allocUnsafeSlow(BYTES_MAX);

/** The lines that one actor gained, oldest first, in few chunks. The bytes of each stand until the next is taken. */
export function* chunksOf(lines: readonly ChunkLine[]): Iterable<Chunk> {
  for (let from = 0; from < lines.length;) {
    const first = lines[from]?.seq ?? 0;
    let count = 0;
    let size = 0;
    for (const limit = Math.min(LINES_MAX, lines.length - from); count < limit; count++) {
      const line = lines[from + count];
      if (line === undefined || line.seq !== first + count) break;
      if (count > 0 && size + HEAD_BYTES + line.bytes.length > BYTES_MAX) break;
      size += HEAD_BYTES + line.bytes.length;
    }
    yield chunkOf(first, lines.slice(from, from + count), size);
    from += count;
  }
}

function chunkOf(first: number, lines: readonly ChunkLine[], size: number): Chunk {
  const bytes = size > BYTES_MAX ? Buffer.allocUnsafeSlow(size) : desk.subarray(0, size);
  let least: Uint8Array | null = null;
  let greatest: Uint8Array | null = null;
  let at = 0;
  for (const { audience, cmid, bytes: entry } of lines) {
    bytes[at] = AUDIENCES.indexOf(audience);
    bytes.writeUInt32BE(entry.length, at + 1);
    bytes.set(entry, at + HEAD_BYTES);
    at += HEAD_BYTES + entry.length;
    if (cmid === null) continue;
    if (least === null || isLess(cmid, least)) least = cmid;
    if (greatest === null || isLess(greatest, cmid)) greatest = cmid;
  }
  return { first, least, greatest, bytes };
}

/** Ids differ in their first half, most of the time: sooner found here than by a call. */
function isLess(a: Uint8Array, b: Uint8Array): boolean {
  let i = 0;
  while (i < a.length - 1 && a[i] === b[i]) i++;
  return (a[i] ?? 0) < (b[i] ?? 0);
}

/** The lines of a chunk, oldest first, as windows on its bytes. */
export function entriesIn({ first, bytes }: Pick<Chunk, 'first' | 'bytes'>): StoredEntry[] {
  const entries: StoredEntry[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at < bytes.length;) {
    const from = at + HEAD_BYTES;
    const end = from > bytes.length ? Infinity : from + view.getUint32(at + 1);
    const audience = AUDIENCES[view.getUint8(at)];
    if (end > bytes.length || audience === undefined) throw new Error(`The lines from ${first} on cannot be read.`);
    entries.push({ seq: first + entries.length, audience, bytes: bytes.subarray(from, end) });
    at = end;
  }
  return entries;
}

/** The line of a chunk that has a client's id. */
export function lineIn(chunk: Pick<Chunk, 'first' | 'bytes'>, cmid: Uint8Array): StoredEntry | undefined {
  return entriesIn(chunk).find(({ bytes }) => {
    const head = headOf(bytes);
    return head.cmid !== null && Buffer.compare(head.cmid, cmid) === 0;
  });
}
