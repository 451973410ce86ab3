/**
 * The bytes of a segment file: a header, written twice, then frames. Each frame proves itself by two checksums, says
 * what stands before it, and how much of the file was known durable when it was written: so what a crash left half
 * written can be told from what was destroyed later.
 *
 * Checksums are salted with the log's random id, the segment and the position, so bytes that a customer sends can never
 * pass for a frame, nor can a frame of another log or of another place.
 *
 *   header  64 bytes: text, version, shards, segment, log id, CRC          (a copy follows)
 *   frame   36 bytes: magic, CRC of what follows, shard, previous shard, length, CRC of the payload, sequence,
 *           previous frame's bytes, durable position; then the payload
 * A frame of shard HEADS names the newest record of every shard. It begins each segment, and ends a closed log.
 */
import { crc32 } from 'node:zlib';

const TITLE = 'parley log segment\n';
const VERSION = 1;
const COPY_BYTES = 64;
export const HEADER_BYTES = 2 * COPY_BYTES;

const MAGIC = Buffer.from([0xd7, 0x50, 0x1b, 0x6c]);
export const FRAME_BYTES = 36;
export const HEADS = 0xffff;
export const SHARDS_MAX = 4096;
export const RECORD_BYTES_MAX = 16 * 1024 * 1024;

/** Enough for a read to be worth its system call, small enough to hold several. */
const CHUNK_BYTES = 4 * 1024 * 1024;

export interface Header {
  shards: number;
  segment: number;
  id: Buffer;
}

export function encodeHeader(header: Header): Buffer {
  const copy = Buffer.alloc(COPY_BYTES);
  copy.write(TITLE, 'latin1');
  copy.writeUInt16LE(VERSION, 24);
  copy.writeUInt16LE(header.shards, 26);
  copy.writeUInt32LE(header.segment, 28);
  header.id.copy(copy, 32);
  copy.writeUInt32LE(crc32(copy.subarray(0, 60)), 60);
  return Buffer.concat([copy, copy]);
}

type Found = { header: Header; whole: boolean } | 'foreign' | 'damaged' | { version: number };

/** The header, and whether both copies are whole; or what else these bytes are. */
export function decodeHeader(bytes: Buffer): Found {
  const copies = [bytes.subarray(0, COPY_BYTES), bytes.subarray(COPY_BYTES, HEADER_BYTES)];
  const isGood = (copy: Buffer): boolean =>
    copy.length === COPY_BYTES && crc32(copy.subarray(0, 60)) === copy.readUInt32LE(60);
  const good = copies.filter(isGood);
  const copy = good[0];
  if (!copy) return copies.some((each) => each.toString('latin1').startsWith('parley log')) ? 'damaged' : 'foreign';
  if (!copy.toString('latin1').startsWith(TITLE)) return 'foreign';
  if (copy.readUInt16LE(24) !== VERSION) return { version: copy.readUInt16LE(24) };
  const id = Buffer.from(copy.subarray(32, 48));
  return { header: { shards: copy.readUInt16LE(26), segment: copy.readUInt32LE(28), id }, whole: good.length === 2 };
}

/** What the checksums of a segment's frames begin with. */
export function saltOf(header: Header): number {
  return crc32(encodeHeader(header));
}

export interface Frame {
  shard: number;
  seq: number;
  /** The frame before this one in the file, so that a lost header can be put down to its shard. */
  previous: { shard: number; bytes: number };
  /** Every byte of the file before this position had been synced. Earlier segments are durable in full. */
  durable: number;
}

export function encodeFrame(frame: Frame, payload: Uint8Array, salt: number, at: number): Buffer {
  const bytes = Buffer.allocUnsafe(FRAME_BYTES);
  MAGIC.copy(bytes);
  bytes.writeUInt16LE(frame.shard, 8);
  bytes.writeUInt16LE(frame.previous.shard, 10);
  bytes.writeUInt32LE(payload.length, 12);
  bytes.writeUInt32LE(crc32(payload), 16);
  bytes.writeUIntLE(frame.seq, 20, 6);
  bytes.writeUInt16LE(0, 26);
  bytes.writeUInt32LE(frame.previous.bytes, 28);
  bytes.writeUInt32LE(frame.durable, 32);
  bytes.writeUInt32LE(crc32(bytes.subarray(8), (salt ^ at) >>> 0), 4);
  return bytes;
}

/** Where each shard stands; `unknown` for a shard whose history has a hole. */
export interface Position {
  seq: number;
  hash: Uint8Array;
}
const UNKNOWN = 2 ** 48 - 1;
const POSITION_BYTES = 22;

export function headsFrameBytes(shards: number): number {
  return FRAME_BYTES + 4 + shards * POSITION_BYTES;
}

/** @param length how much of the segment before counts, 0 when this frame does not begin a segment. */
export function encodeHeads(positions: readonly (Position | 'unknown')[], length: number): Buffer {
  const bytes = Buffer.alloc(4 + positions.length * POSITION_BYTES);
  bytes.writeUInt32LE(length, 0);
  positions.forEach((position, shard) => {
    const at = 4 + shard * POSITION_BYTES;
    bytes.writeUIntLE(position === 'unknown' ? UNKNOWN : position.seq, at, 6);
    if (position !== 'unknown') bytes.set(position.hash, at + 6);
  });
  return bytes;
}

export function decodeHeads(bytes: Buffer): { positions: (Position | 'unknown')[]; length: number } {
  const positions: (Position | 'unknown')[] = [];
  for (let at = 4; at < bytes.length; at += POSITION_BYTES) {
    const seq = bytes.readUIntLE(at, 6);
    positions.push(seq === UNKNOWN ? 'unknown' : { seq, hash: bytes.subarray(at + 6, at + POSITION_BYTES) });
  }
  return { positions, length: bytes.readUInt32LE(0) };
}

/** A stretch of a segment: a good frame; one with a good header and a spoiled payload; or bytes that are no frame. */
export interface Piece extends Frame {
  state: 'good' | 'spoiled' | 'lost';
  at: number;
  end: number;
  bytes: Buffer;
}

/** A file, as far as this needs it. */
export interface Readable {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }>;
}

/** Every byte of the file from `from` to `to`, as pieces in order, several at a time. */
export async function* pieces(file: Readable, from: number, to: number, salt: number): AsyncGenerator<Piece[]> {
  let buffer: Buffer = Buffer.alloc(0);
  let base = from;
  let lostAt = -1;
  let need = FRAME_BYTES;
  while (base < to) {
    buffer = await refill(file, buffer, base, Math.min(to - base, Math.max(need, CHUNK_BYTES)));
    // A file that has become shorter ends here: what is missing is for the caller to judge.
    if (base + buffer.length < Math.min(to, base + need)) to = base + buffer.length;
    const found: Piece[] = [];
    let at = 0;
    need = FRAME_BYTES;
    while (at + FRAME_BYTES <= buffer.length) {
      const length = lengthAt(buffer, at, (salt ^ (base + at)) >>> 0);
      if (length < 0) {
        if (lostAt < 0) lostAt = base + at;
        const next = buffer.indexOf(MAGIC, at + 1);
        at = next < 0 ? buffer.length - MAGIC.length + 1 : next;
        continue;
      }
      const cut = base + at + FRAME_BYTES + length > to;
      if (!cut && at + FRAME_BYTES + length > buffer.length) {
        need = FRAME_BYTES + length;
        break;
      }
      if (lostAt >= 0) found.push(lost(lostAt, base + at));
      lostAt = -1;
      const piece = frameAt(buffer, at, length, base);
      if (cut) piece.end = to;
      found.push(piece);
      at = piece.end - base;
    }
    if (base + buffer.length >= to && need === FRAME_BYTES) {
      if (lostAt >= 0 || base + at < to) found.push(lost(lostAt >= 0 ? lostAt : base + at, to));
      at = to - base;
    }
    if (found.length > 0) yield found;
    buffer = buffer.subarray(at);
    base += at;
  }
}

async function refill(file: Readable, kept: Buffer, base: number, size: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(size);
  let filled = kept.copy(buffer);
  while (filled < size) {
    const { bytesRead } = await file.read(buffer, filled, size - filled, base + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}

/** The payload's length when a whole header stands here, else -1. */
function lengthAt(buffer: Buffer, at: number, seed: number): number {
  if (buffer[at] !== MAGIC[0] || buffer.compare(MAGIC, 0, 4, at, at + 4) !== 0) return -1;
  if (crc32(buffer.subarray(at + 8, at + FRAME_BYTES), seed) !== buffer.readUInt32LE(at + 4)) return -1;
  const length = buffer.readUInt32LE(at + 12);
  return length <= RECORD_BYTES_MAX ? length : -1;
}

function frameAt(buffer: Buffer, at: number, length: number, base: number): Piece {
  const bytes = buffer.subarray(at + FRAME_BYTES, at + FRAME_BYTES + length);
  const good = bytes.length === length && crc32(bytes) === buffer.readUInt32LE(at + 16);
  return {
    state: good ? 'good' : 'spoiled',
    at: base + at,
    end: base + at + FRAME_BYTES + length,
    shard: buffer.readUInt16LE(at + 8),
    seq: buffer.readUIntLE(at + 20, 6),
    previous: { shard: buffer.readUInt16LE(at + 10), bytes: buffer.readUInt32LE(at + 28) },
    durable: buffer.readUInt32LE(at + 32),
    bytes,
  };
}

function lost(at: number, end: number): Piece {
  const bytes = Buffer.alloc(0);
  return { state: 'lost', at, end, shard: HEADS, seq: 0, previous: { shard: HEADS, bytes: 0 }, durable: 0, bytes };
}
