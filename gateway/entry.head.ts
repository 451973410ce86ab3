/**
 * What the tables must know of an entry, read from its bytes without decoding it: an entry is a list that begins with
 * seq, prev, n, kind, at, author and cmid (see sdk/protocol/entry.ts). The writing thread sees every entry, so this is
 * counted in tenths of a microsecond.
 */
export interface EntryHead {
  seq: number;
  /** The 16 bytes of a client's id, whose order is that of time; null without one. */
  cmid: Uint8Array | null;
}

const ULID_BYTES = 16;

/** @throws Error for what is no entry. */
export function headOf(entry: Uint8Array): EntryHead {
  const head = new Head(entry);
  return { seq: head.seq(), cmid: head.cmid() };
}

/** Stands in an entry and goes forward. */
class Head {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(entry: Uint8Array) {
    this.#bytes = entry;
  }

  seq(): number {
    if (this.#next() >> 4 !== 0x9) throw this.#broken();
    const first = this.#next();
    if (first < 0x80) return first;
    if (first < 0xcc || first > 0xcf) throw this.#broken();
    return this.#number(1 << (first - 0xcc));
  }

  cmid(): Uint8Array | null {
    this.#pass(5);
    const first = this.#next();
    if (first === 0xc0) return null;
    if (first !== 0xc4 || this.#next() !== ULID_BYTES) throw this.#broken();
    const cmid = this.#bytes.subarray(this.#at, this.#at + ULID_BYTES);
    if (cmid.length < ULID_BYTES) throw this.#broken();
    return cmid;
  }

  /** Whole numbers, texts, nothing, and lists of these. */
  #pass(count: number): void {
    for (let left = count; left > 0; left--) {
      const first = this.#next();
      if (first < 0x80 || first === 0xc0) continue;
      if (first >> 4 === 0x9) left += first & 0xf;
      else if (first >> 5 === 0x5) this.#at += first & 0x1f;
      else if (first >= 0xcc && first <= 0xcf) this.#at += 1 << (first - 0xcc);
      else if (first === 0xd9 || first === 0xda) this.#at += this.#number(first - 0xd8);
      else throw this.#broken();
    }
  }

  #number(width: number): number {
    let number = 0;
    for (let left = width; left > 0; left--) number = number * 0x100 + this.#next();
    return number;
  }

  #next(): number {
    const byte = this.#bytes[this.#at++];
    if (byte === undefined) throw this.#broken();
    return byte;
  }

  #broken(): Error {
    const { length } = this.#bytes;
    return new Error(`The bytes are no entry: byte ${this.#at - 1} of ${length} is not what belongs there.`);
  }
}
