/** ULIDs: 26 upper-case characters of Crockford's alphabet in programs and in JSON, their 128 bits in MessagePack. */
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

/** 255 where there is no character of a ULID. */
function valueAt(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code < 128 ? VALUES[code]! : 255;
}

/** Writes the 16 bytes of a ULID at `at`; false when it is none. */
export function putUlid(text: string, bytes: Uint8Array, at: number): boolean {
  if (text.length !== 26) return false;
  const first = valueAt(text, 0);
  const second = valueAt(text, 1);
  if (first > 7) return false;
  let all = second;
  bytes[at++] = (first << 5) | second;
  for (let k = 2; k < 26; k += 8) {
    const a = valueAt(text, k);
    const b = valueAt(text, k + 1);
    const c = valueAt(text, k + 2);
    const d = valueAt(text, k + 3);
    const e = valueAt(text, k + 4);
    const f = valueAt(text, k + 5);
    const g = valueAt(text, k + 6);
    const h = valueAt(text, k + 7);
    all |= a | b | c | d | e | f | g | h;
    bytes[at++] = (a << 3) | (b >> 2);
    bytes[at++] = (b << 6) | (c << 1) | (d >> 4);
    bytes[at++] = (d << 4) | (e >> 1);
    bytes[at++] = (e << 7) | (f << 2) | (g >> 3);
    bytes[at++] = (g << 5) | h;
  }
  return all < 32;
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
