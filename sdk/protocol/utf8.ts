/**
 * Strict UTF-8, fast where the platform helps (Node's Buffer, TextDecoder and TextEncoder) and complete where it does
 * not: React Native's engine has had neither.
 */
interface Native {
  latin1Slice(this: Uint8Array, start: number, end: number): string;
  utf8Slice(this: Uint8Array, start: number, end: number): string;
  utf8Write(this: Uint8Array, text: string, start: number, length: number): number;
}
interface Platform {
  Buffer?: { prototype: Partial<Native> };
  TextDecoder?: typeof TextDecoder;
  TextEncoder?: typeof TextEncoder;
}
export interface Utf8 {
  /** The text of bytes[start, end), undefined unless it is valid UTF-8. */
  decode(bytes: Uint8Array, start: number, end: number): string | undefined;
  /** Writes a well-formed text, for which there must be 3 bytes per UTF-16 unit of room, and returns its end. */
  encode(text: string, bytes: Uint8Array, at: number): number;
}

/** Below this many bytes a loop is faster than any call into the platform. */
const SHORT = 12;

/** With the `u` flag a paired surrogate is one character, so that only a lone one matches. */
const LONE_SURROGATE = /[\ud800-\udfff]/u;
export const wellFormed = (text: string): boolean => !LONE_SURROGATE.test(text);

export function utf8On(platform: Platform): Utf8 {
  const { latin1Slice, utf8Slice, utf8Write } = platform.Buffer?.prototype ?? {};
  const decoder = platform.TextDecoder && new platform.TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const encoder = platform.TextEncoder && new platform.TextEncoder();

  return {
    decode(bytes, start, end) {
      if (end - start <= SHORT) return decodeLoop(bytes, start, end);
      if (latin1Slice && utf8Slice) {
        if (isAscii(bytes, start, end)) return latin1Slice.call(bytes, start, end);
        const text = utf8Slice.call(bytes, start, end);
        // Buffer puts U+FFFD for what is invalid; a text may also hold one by right.
        return text.includes('\ufffd') ? decodeLoop(bytes, start, end) : text;
      }
      if (!decoder) return decodeLoop(bytes, start, end);
      try {
        return decoder.decode(bytes.subarray(start, end));
      } catch {
        return undefined;
      }
    },
    encode(text, bytes, at) {
      if (text.length > SHORT) {
        if (utf8Write) return at + utf8Write.call(bytes, text, at, bytes.length - at);
        if (encoder) return at + encoder.encodeInto(text, bytes.subarray(at)).written;
      }
      return encodeLoop(text, bytes, at);
    },
  };
}

function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at]! > 127) return false;
  return true;
}

function decodeLoop(bytes: Uint8Array, start: number, end: number): string | undefined {
  let text = '';
  let at = start;
  while (at < end) {
    const first = bytes[at++]!;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      continue;
    }
    const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || at + more > end) return undefined;
    let code = first & (0x3f >> more);
    for (let k = 0; k < more; k++) {
      const next = bytes[at++]!;
      if ((next & 0xc0) !== 0x80) return undefined;
      code = (code << 6) | (next & 0x3f);
    }
    const overlong = more === 2 ? code < 0x800 : more === 3 && code < 0x10000;
    if (overlong || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined;
    text += String.fromCodePoint(code);
  }
  return text;
}

function encodeLoop(text: string, bytes: Uint8Array, start: number): number {
  let at = start;
  for (let k = 0; k < text.length; k++) {
    let code = text.charCodeAt(k);
    if (code < 0x80) {
      bytes[at++] = code;
      continue;
    }
    if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6);
    } else {
      if ((code & 0xfc00) === 0xd800) {
        code = 0x10000 + ((code - 0xd800) << 10) + (text.charCodeAt(++k) - 0xdc00);
        bytes[at++] = 0xf0 | (code >> 18);
        bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
      } else {
        bytes[at++] = 0xe0 | (code >> 12);
      }
      bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}

export const utf8 = /* @__PURE__ */ utf8On(globalThis);
