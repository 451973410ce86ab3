/** Reads the part of MessagePack that `writer.ts` writes, in any form that a stock encoder gives its values. */
import { Trail } from './trail.ts';
import { getUlid } from './ulid.ts';
import { utf8 } from './utf8.ts';

const TWO32 = 0x1_0000_0000;

/** Reads values one behind another and refuses what is not there or not of the asked kind. */
export class Reader extends Trail {
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  #at = 0;

  open(bytes: Uint8Array, at: number): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes;
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    this.#at = at;
  }

  get ended(): boolean {
    return this.#at === this.#bytes.length;
  }

  /** Takes a nil if there is one. */
  nil(): boolean {
    if (this.peek() !== 0xc0) return false;
    this.#at++;
    return true;
  }

  bool(): boolean {
    const first = this.#next();
    if (first !== 0xc2 && first !== 0xc3) throw this.#not('a boolean');
    return first === 0xc3;
  }

  number(): number {
    const first = this.#next();
    if (first < 0x80) return first;
    if (first >= 0xe0) return first - 0x100;
    const at = this.#at;
    switch (first) {
      case 0xca: return this.#skip(4) && this.#view.getFloat32(at);
      case 0xcb: return this.#skip(8) && this.#view.getFloat64(at);
      case 0xcc: return this.#skip(1) && this.#view.getUint8(at);
      case 0xcd: return this.#skip(2) && this.#view.getUint16(at);
      case 0xce: return this.#skip(4) && this.#view.getUint32(at);
      case 0xcf: return this.#skip(8) && this.#view.getUint32(at) * TWO32 + this.#view.getUint32(at + 4);
      case 0xd0: return this.#skip(1) && this.#view.getInt8(at);
      case 0xd1: return this.#skip(2) && this.#view.getInt16(at);
      case 0xd2: return this.#skip(4) && this.#view.getInt32(at);
      case 0xd3: return this.#skip(8) && this.#view.getInt32(at) * TWO32 + this.#view.getUint32(at + 4);
      default: throw this.#not('a number');
    }
  }

  array(): number {
    const first = this.#next();
    if ((first & 0xf0) === 0x90) return first & 15;
    if (first === 0xdc) return this.#size(2);
    if (first === 0xdd) return this.#size(4);
    throw this.#not('an array');
  }

  map(): number {
    const first = this.#next();
    if ((first & 0xf0) === 0x80) return first & 15;
    if (first === 0xde) return this.#size(2);
    if (first === 0xdf) return this.#size(4);
    throw this.#not('a map');
  }

  /** A text of at most `max` UTF-16 units; longer ones are refused before they are decoded. */
  text(max: number): string {
    const first = this.#next();
    const length = (first & 0xe0) === 0xa0 ? first & 31
      : first === 0xd9 ? this.#size(1) : first === 0xda ? this.#size(2) : first === 0xdb ? this.#size(4) : -1;
    if (length < 0) throw this.#not('a text');
    if (length > max * 3) throw this.refusal('tooLarge', `at most ${max} characters`);
    this.#skip(length);
    const text = utf8.decode(this.#bytes, this.#at - length, this.#at);
    if (text === undefined) throw this.refusal('badFrame', 'not valid UTF-8');
    if (text.length > max) throw this.refusal('tooLarge', `at most ${max} characters`);
    return text;
  }

  ulid(): string {
    if (this.#next() !== 0xc4 || this.#next() !== 16) throw this.#not('a ULID of 16 bytes');
    this.#skip(16);
    return getUlid(this.#bytes, this.#at - 16);
  }

  /** The next value's first byte, 0xc1 (which stands for nothing) at the end. */
  peek(): number {
    return this.#bytes[this.#at] ?? 0xc1;
  }

  /** Passes over `count` values, however deep. */
  skip(count: number): void {
    for (let left = count; left > 0; left--) {
      const first = this.peek();
      if ((first & 0xf0) === 0x90 || first === 0xdc || first === 0xdd) left += this.array();
      else if ((first & 0xf0) === 0x80 || first === 0xde || first === 0xdf) left += 2 * this.map();
      else if ((first & 0xe0) === 0xa0 || (first >= 0xd9 && first <= 0xdb)) this.#skip(this.#body());
      else if (first >= 0xc4 && first <= 0xc6) this.#skip(this.#body());
      else if (first === 0xc0 || first === 0xc2 || first === 0xc3) this.#at++;
      else this.number();
    }
  }

  #body(): number {
    const first = this.#next();
    if (first < 0xc0) return first & 31;
    return this.#size(1 << (first >= 0xd9 ? first - 0xd9 : first - 0xc4));
  }

  #next(): number {
    const first = this.#bytes[this.#at];
    if (first === undefined) throw this.refusal('badFrame', 'cut short');
    this.#at++;
    return first;
  }

  #size(width: number): number {
    this.#skip(width);
    if (width === 1) return this.#view.getUint8(this.#at - 1);
    return width === 2 ? this.#view.getUint16(this.#at - 2) : this.#view.getUint32(this.#at - 4);
  }

  #skip(length: number): true {
    if (this.#at + length > this.#bytes.length) throw this.refusal('badFrame', 'cut short');
    this.#at += length;
    return true;
  }

  #not(what: string): Error {
    return this.refusal('badFrame', `not ${what}`);
  }
}
