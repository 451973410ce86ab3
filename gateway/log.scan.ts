/**
 * Reads a whole log and judges it: every record of every shard must follow the one before it, by sequence and by hash.
 * What a crash left half written at the very end is torn; anything else that is missing or wrong is damage.
 */
import { basename } from 'node:path';
import type { Damage, Stored } from './log.ts';
import type { Disk, Folder, Segment } from './log.folder.ts';
import { hashOf, NO_HASH, previousOf } from './record.ts';
import {
  decodeHeads, HEADER_BYTES, HEADS, headsFrameBytes, pieces, saltOf, type Piece, type Readable,
} from './segment.ts';

/** Where a shard stands, and its newest record. */
export interface Head {
  seq: number;
  hash: Uint8Array;
  bytes: Uint8Array | undefined;
}

/** A segment as readers know it. */
export interface Track {
  number: number;
  path: string;
  salt: number;
  /** Everything before this position is durable, and what is behind it is not to be read. */
  end: number;
  /** Where each shard stood before it, so that a reader begins where it must. */
  starts: number[];
}

export class Scan {
  readonly heads: Head[];
  readonly damage: Damage[] = [];
  /** What the operator should know though nothing is lost. */
  readonly notes: string[] = [];
  readonly tracks: Track[] = [];
  /** Bytes at the end of the last segment that a crash left half written. */
  torn = 0;
  /** How much of the last segment was known durable by what stands in it. */
  proven = HEADER_BYTES;
  previous = { shard: HEADS, bytes: 0 };
  /** Whether the log ends as a closed one does. */
  closed = true;
  records = 0;
  bytes = 0;

  readonly #folder: Folder;
  readonly #disk: Disk;
  readonly #stopped = new Set<number>();
  /** Shards that may have had records in a hole which nothing puts down to anyone, and where that is. */
  readonly #suspects = new Map<number, string>();
  /** A hole before the piece that comes next. */
  #hole: Piece | undefined;

  constructor(folder: Folder, disk: Disk) {
    this.#folder = folder;
    this.#disk = disk;
    this.heads = Array.from({ length: folder.log?.shards ?? 0 }, () => ({ seq: 0, hash: NO_HASH, bytes: undefined }));
  }

  /** Good records in the order of the log, several at a time, each shard's until its damage. Run it to the end once. */
  async *run(): AsyncGenerator<Stored[]> {
    const { segments } = this.#folder;
    for (const [i, segment] of segments.entries()) {
      if (!segment.whole) this.notes.push(`One of the two headers of ${segment.path} is damaged; the other serves.`);
      const missing = segment.number - (segments[i - 1]?.number ?? 0) - 1;
      if (missing > 0) this.notes.push(`Segments missing before ${segment.path}: ${missing}.`);
      yield* this.#segment(segment, segments[i + 1]);
    }
    for (const [shard, where] of this.#suspects) {
      this.#damaged(shard, where, 'Destroyed bytes may have held records of this shard; nothing tells whose.');
    }
    this.damage.sort((a, b) => a.shard - b.shard);
  }

  async *#segment(segment: Segment, next: Segment | undefined): AsyncGenerator<Stored[]> {
    const salt = saltOf(segment.header);
    const file = await this.#disk.open(segment.path, 'r');
    try {
      const limit = next ? await this.#lengthBefore(next, segment) : segment.size;
      const starts = this.heads.map(({ seq }) => seq);
      let claim = -1;
      this.proven = HEADER_BYTES;
      this.previous = { shard: HEADS, bytes: 0 };
      for await (const found of pieces(file, HEADER_BYTES, limit, salt)) {
        const good: Stored[] = [];
        for (const piece of found) {
          if (piece.state !== 'good' && !next && piece.at > HEADER_BYTES) {
            if (claim < 0) claim = await newestClaim(file, piece.at, limit, salt);
            // Nothing that was written later knew this part to be durable: nobody was ever told that it is.
            if (claim <= piece.at) {
              this.torn = limit - piece.at;
              break;
            }
          }
          if (this.#judge(piece, segment)) good.push({ shard: piece.shard, seq: piece.seq, bytes: piece.bytes });
        }
        if (good.length > 0) yield good;
        this.#keep(good);
        if (this.torn > 0) break;
      }
      if (this.#hole) this.#suspect(this.#hole, segment);
      this.#hole = undefined;
      this.tracks.push({ number: segment.number, path: segment.path, salt, end: limit - this.torn, starts });
    } finally {
      await file.close();
    }
  }

  /** Takes in one piece; true for a record to pass on. */
  #judge(piece: Piece, segment: Segment): boolean {
    const hole = this.#hole;
    this.#hole = undefined;
    if (piece.state === 'lost') {
      this.#hole = piece;
      this.closed = false;
      this.previous = { shard: HEADS, bytes: piece.end - piece.at };
      return false;
    }
    if (hole) this.#explain(hole, piece, segment);
    this.proven = Math.max(this.proven, piece.durable, piece.at === HEADER_BYTES ? piece.end : 0);
    this.previous = { shard: piece.shard, bytes: piece.end - piece.at };
    this.closed = piece.shard === HEADS;
    const where = placeOf(segment, piece.at);
    if (piece.state === 'spoiled') {
      if (piece.shard === HEADS) this.notes.push(noRecordLost(where));
      else this.#damaged(piece.shard, where, 'The record does not match its checksum.');
      return false;
    }
    if (piece.shard === HEADS) {
      this.#compare(piece, where);
      return false;
    }
    return this.#accept(piece, where);
  }

  #accept(piece: Piece, where: string): boolean {
    const head = this.heads[piece.shard];
    if (!head || this.#stopped.has(piece.shard)) return false;
    if (piece.seq !== head.seq + 1) {
      this.#damaged(piece.shard, where, `Record ${head.seq + 1} is missing: here stands record ${piece.seq}.`);
      return false;
    }
    if (Buffer.compare(previousOf(piece.bytes), head.hash) !== 0) {
      this.#damaged(piece.shard, where, 'The record does not continue the one before it: their hashes differ.');
      return false;
    }
    this.#suspects.delete(piece.shard);
    head.seq = piece.seq;
    head.hash = hashOf(piece.bytes);
    head.bytes = piece.bytes;
    this.records++;
    this.bytes += piece.bytes.length;
    return true;
  }

  /** The newest records outlive the chunk they were read in; a copy lets the chunk go. */
  #keep(good: readonly Stored[]): void {
    for (const shard of new Set(good.map((each) => each.shard))) {
      const head = this.heads[shard];
      if (head?.bytes) head.bytes = new Uint8Array(head.bytes);
    }
  }

  /** A table of positions says what must have come before it. */
  #compare(piece: Piece, where: string): void {
    decodeHeads(piece.bytes).positions.forEach((position, shard) => {
      const head = this.heads[shard];
      if (!head || position === 'unknown' || this.#stopped.has(shard)) return;
      if (position.seq === head.seq && Buffer.compare(position.hash, head.hash) === 0) this.#suspects.delete(shard);
      else if (position.seq > head.seq) this.#damaged(shard, where, `Records up to ${position.seq} are missing here.`);
      else this.#damaged(shard, where, `The table of positions says ${position.seq} with another hash.`);
    });
  }

  /** The piece behind a hole says what the frame before it was; a hole of another size hides more than that one. */
  #explain(hole: Piece, piece: Piece, segment: Segment): void {
    if (piece.previous.bytes !== hole.end - hole.at) return this.#suspect(hole, segment);
    const where = placeOf(segment, hole.at);
    if (piece.previous.shard === HEADS) this.notes.push(noRecordLost(where));
    else this.#damaged(piece.previous.shard, where, 'The head of the record is destroyed.');
  }

  #suspect(hole: Piece, segment: Segment): void {
    const where = placeOf(segment, hole.at);
    if (hole.at === HEADER_BYTES && hole.end === HEADER_BYTES + headsFrameBytes(this.heads.length)) {
      this.notes.push(noRecordLost(where));
      return;
    }
    this.notes.push(`${hole.end - hole.at} bytes are destroyed at ${where}.`);
    for (let shard = 0; shard < this.heads.length; shard++) {
      if (!this.#stopped.has(shard) && !this.#suspects.has(shard)) this.#suspects.set(shard, where);
    }
  }

  #damaged(shard: number, where: string, what: string): void {
    const head = this.heads[shard];
    if (!head || this.#stopped.has(shard)) return;
    this.#stopped.add(shard);
    this.#suspects.delete(shard);
    this.damage.push({ shard, seq: head.seq + 1, where, report: `${what} ${mendOf(shard, head.seq)}` });
  }

  /** How much of a segment counts, as its successor's first frame says. */
  async #lengthBefore(next: Segment, segment: Segment): Promise<number> {
    if (next.number !== segment.number + 1) return segment.size;
    const file = await this.#disk.open(next.path, 'r');
    try {
      const end = HEADER_BYTES + headsFrameBytes(next.header.shards);
      for await (const [first] of pieces(file, HEADER_BYTES, Math.min(end, next.size), saltOf(next.header))) {
        if (first?.state !== 'good' || first.shard !== HEADS) break;
        return Math.min(segment.size, decodeHeads(first.bytes).length);
      }
      return segment.size;
    } finally {
      await file.close();
    }
  }
}

/** The furthest position that any frame behind a place knew to be durable. */
async function newestClaim(file: Readable, from: number, to: number, salt: number): Promise<number> {
  let claim = 0;
  for await (const found of pieces(file, from, to, salt)) {
    for (const piece of found) if (piece.at > from) claim = Math.max(claim, piece.durable);
  }
  return claim;
}

function noRecordLost(where: string): string {
  return `A table of positions is destroyed at ${where}; no record is lost.`;
}

export function mendOf(shard: number, seq: number): string {
  return `Shard ${shard} is stopped after record ${seq}, all others go on; restore the file from a backup.`;
}

export function placeOf(segment: { path: string }, at: number): string {
  return `${basename(segment.path)}, byte ${at}`;
}
