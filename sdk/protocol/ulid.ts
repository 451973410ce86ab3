/** ULIDs: 26 characters of Crockford's alphabet, upper case, in programs and in JSON; the same 128 bits in MessagePack. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CANONICAL = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Value of each character, 255 where there is none. Lower case counts as upper case. */
const VALUES = /* @__PURE__ */ (() => {
  const values = new Uint8Array(128).fill(255);
  for (let value = 0; value < 32; value++) {
    values[ALPHABET.charCodeAt(value)] = value;
    values[ALPHABET.toLowerCase().charCodeAt(value)] = value;
  }
  return values;
})();
/** The two characters of each 10 bits. */
const PAIRS = /* @__PURE__ */ Array.from({ length: 1024 }, (_, bits) => ALPHABET[bits >> 5]! + ALPHABET[bits & 31]!);

/** The canonical spelling, undefined for what is no ULID. */
export function canonical(text: string): string | undefined {
  if (CANONICAL.test(text)) return text;
  const upper = text.toUpperCase();
  return text.length === 26 && CANONICAL.test(upper) ? upper : undefined;
}

/** Writes the 16 bytes of a ULID at `at`; false when it is none. */
export function putUlid(text: string, bytes: Uint8Array, at: number): boolean {
  if (text.length !== 26) return false;
  let wrong = 0;
  const value = (index: number): number => {
    const code = text.charCodeAt(index);
    const found = code < 128 ? VALUES[code]! : 255;
    wrong |= found;
    return found;
  };
  const first = value(0);
  if (first > 7) return false;
  bytes[at++] = (first << 5) | value(1);
  for (let k = 2; k < 26; k += 8) {
    const b = value(k + 1);
    const d = value(k + 3);
    const e = value(k + 4);
    const g = value(k + 6);
    bytes[at++] = (value(k) << 3) | (b >> 2);
    bytes[at++] = (b << 6) | (value(k + 2) << 1) | (d >> 4);
    bytes[at++] = (d << 4) | (e >> 1);
    bytes[at++] = (e << 7) | (value(k + 5) << 2) | (g >> 3);
    bytes[at++] = (g << 5) | value(k + 7);
  }
  return wrong < 32;
}

/** The ULID of the 16 bytes at `at`. */
export function getUlid(bytes: Uint8Array, at: number): string {
  let text = PAIRS[bytes[at++]!]!;
  for (let k = 0; k < 3; k++) {
    const a = bytes[at++]!;
    const b = bytes[at++]!;
    const c = bytes[at++]!;
    const d = bytes[at++]!;
    const e = bytes[at++]!;
    text += PAIRS[(a << 2) | (b >> 6)]! + PAIRS[((b & 63) << 4) | (c >> 4)]!;
    text += PAIRS[((c & 15) << 6) | (d >> 2)]! + PAIRS[((d & 3) << 8) | e]!;
  }
  return text;
}
