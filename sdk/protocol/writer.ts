/**
 * Writes the part of MessagePack that the protocol uses: nil, booleans, numbers, strings, 16-byte binaries, arrays,
 * maps with string keys, no extension types. Small, because it ships with every web page; fast, because every frame
 * passes here.
 */
import { Trail } from './trail.ts';
import { putUlid } from './ulid.ts';
import { utf8 } from './utf8.ts';

const CHUNK = 16 * 1024;
const TWO32 = 0x1_0000_0000;

/**
 * Writes values one behind another into a chunk of memory. `take` hands out what was written as a view of the chunk and
 * goes on behind it, so that a frame costs no allocation of its own; copy what is kept for long.
 */
export class Writer extends Trail {
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  #start = 0;
  #at = 0;

  /** Drops what was written since the last `take`. */
  restart(): void {
    this.#at = this.#start;
  }

  take(): Uint8Array {
    const taken = this.#bytes.subarray(this.#start, this.#at);
    this.#start = this.#at;
    return taken;
  }

  /** The same, in memory of its own. */
  copy(): Uint8Array {
    const copied = this.#bytes.slice(this.#start, this.#at);
    this.#at = this.#start;
    return copied;
  }

  nil(): void {
    this.#byte(0xc0);
  }

  bool(value: boolean): void {
    this.#byte(value ? 0xc3 : 0xc2);
  }

  uint(value: number): void {
    if (value < 0x80) this.#byte(value);
    else if (value < 0x100) this.#head(0xcc, value, 1);
    else if (value < 0x10000) this.#head(0xcd, value, 2);
    else if (value < TWO32) this.#head(0xce, value, 4);
    else this.#wide(0xcf, value);
  }

  /** Any finite number, in its shortest form. */
  number(value: number): void {
    if (!Number.isSafeInteger(value)) {
      this.#room(9);
      this.#bytes[this.#at] = 0xcb;
      this.#view.setFloat64(this.#at + 1, value);
      this.#at += 9;
    } else if (value >= 0) this.uint(value);
    else if (value >= -0x20) this.#byte(value & 0xff);
    else if (value >= -0x80) this.#head(0xd0, value, 1);
    else if (value >= -0x8000) this.#head(0xd1, value, 2);
    else if (value >= -0x80000000) this.#head(0xd2, value, 4);
    else this.#wide(0xd3, value);
  }

  array(length: number): void {
    if (length < 16) this.#byte(0x90 | length);
    else this.#head(0xdc, length, 2);
  }

  map(length: number): void {
    if (length < 16) this.#byte(0x80 | length);
    else this.#head(0xde, length, 2);
  }

  /** A text without lone surrogates. */
  text(text: string): void {
    const guess = headOf(text.length);
    this.#room(5 + text.length * 3);
    const head = this.#at;
    const body = head + guess;
    const end = utf8.encode(text, this.#bytes, body);
    const length = end - body;
    const needed = headOf(length);
    if (needed !== guess) this.#bytes.copyWithin(head + needed, body, end);
    if (needed === 1) this.#byte(0xa0 | length);
    else this.#head(needed === 2 ? 0xd9 : needed === 3 ? 0xda : 0xdb, length, needed - 1);
    this.#at += length;
  }

  /** False when the text is no ULID. */
  ulid(text: string): boolean {
    this.#head(0xc4, 16, 1);
    this.#room(16);
    this.#at += 16;
    return putUlid(text, this.#bytes, this.#at - 16);
  }

  /** Bytes that are MessagePack already. */
  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #byte(value: number): void {
    if (this.#at === this.#bytes.length) this.#room(1);
    this.#bytes[this.#at++] = value;
  }

  #head(first: number, value: number, size: number): void {
    this.#room(1 + size);
    this.#bytes[this.#at++] = first;
    for (let shift = (size - 1) * 8; shift >= 0; shift -= 8) this.#bytes[this.#at++] = value >> shift;
  }

  #wide(first: number, value: number): void {
    this.#head(first, Math.floor(value / TWO32), 4);
    this.#head(value >>> 24, value & 0xffffff, 3);
  }

  #room(size: number): void {
    if (this.#at + size <= this.#bytes.length) return;
    const written = this.#bytes.subarray(this.#start, this.#at);
    this.#bytes = new Uint8Array(Math.max(CHUNK, 2 * (written.length + size)));
    this.#view = new DataView(this.#bytes.buffer);
    this.#bytes.set(written);
    this.#start = 0;
    this.#at = written.length;
  }
}

/** Bytes in front of a text of that many bytes. */
const headOf = (length: number): number => (length < 32 ? 1 : length < 0x100 ? 2 : length < 0x10000 ? 3 : 5);
