/** MessagePack as the protocol uses it: no extension types, no time stamps, and texts without help of the platform. */

/** Half of a character is none: such a text could not be sent. */
export const wellFormed = (text: string): string => text.replace(/[\ud800-\udfff]/gu, '\ufffd');

/** One value: texts must be well-formed, numbers whole and not negative, bytes at most 255, as a client says them. */
export function encode(value: unknown): Uint8Array {
  const bytes: number[] = [];
  put(bytes, value);
  return new Uint8Array(bytes);
}

/** The head of what has a length: in the first byte where it is short, else in 1, 2 or 4 bytes behind it. */
type Widths = readonly number[];

function head(bytes: number[], length: number, short: number, fits: number, long: number, widths: Widths): void {
  if (length < fits) return void bytes.push(short + length);
  const step = widths.findIndex((width) => length < 256 ** width);
  bytes.push(long + step);
  for (let place = widths[step]!; place-- > 0; ) bytes.push(Math.floor(length / 256 ** place) % 256);
}

function put(bytes: number[], value: unknown): void {
  if (value === null || value === undefined) bytes.push(0xc0);
  else if (typeof value === 'boolean') bytes.push(value ? 0xc3 : 0xc2);
  else if (typeof value === 'number') head(bytes, value, 0, 128, 0xcc, [1, 2, 4, 8]);
  else if (typeof value === 'string') {
    const utf8 = encodeURIComponent(value).replace(/%(..)/g, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
    head(bytes, utf8.length, 0xa0, 32, 0xd9, [1, 2, 4]);
    for (let at = 0; at < utf8.length; at++) bytes.push(utf8.charCodeAt(at));
  } else if (value instanceof Uint8Array) bytes.push(0xc4, value.length, ...value);
  else {
    const items = Array.isArray(value) ? value : Object.entries(value).flat();
    if (items === value) head(bytes, items.length, 0x90, 16, 0xdc, [2, 4]);
    else head(bytes, items.length / 2, 0x80, 16, 0xde, [2, 4]);
    for (const item of items) put(bytes, item);
  }
}

/** All values of a message, one behind another. A server of ours says nothing else, so nothing is checked. */
export function decode(bytes: Uint8Array): unknown[] {
  let at = 0;
  const number = (width: number): number => {
    let value = 0;
    while (width-- > 0) value = value * 256 + bytes[at++]!;
    return value;
  };
  const slice = (length: number): Uint8Array => bytes.slice(at, (at += length));
  const array = (length: number): unknown[] => Array.from({ length }, take);
  const map = (length: number): unknown => Object.fromEntries(Array.from({ length }, () => [take(), take()]));

  function take(): unknown {
    const first = number(1);
    const width = 1 << (first & 3);
    if (first < 0x80) return first;
    if (first < 0x90) return map(first & 15);
    if (first < 0xa0) return array(first & 15);
    if (first < 0xc0) return text(slice(first & 31));
    if (first < 0xc4) return first === 0xc0 ? null : first === 0xc3;
    if (first < 0xc7) return slice(number(width));
    if (first === 0xcb) return new DataView(slice(8).buffer).getFloat64(0);
    if (first < 0xd0) return number(width);
    // Two's complement.
    if (first < 0xd4) return number(width) - 256 ** width;
    if (first < 0xdc) return text(slice(number(width / 2)));
    if (first < 0xde) return array(number(2 * width));
    return first < 0xe0 ? map(number(width / 2)) : first - 256;
  }

  const values: unknown[] = [];
  while (at < bytes.length) values.push(take());
  return values;
}

function text(utf8: Uint8Array): string {
  let plain = '';
  for (const byte of utf8) {
    plain += byte < 128 && byte !== 37 ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, '0')}`;
  }
  return plain.includes('%') ? decodeURIComponent(plain) : plain;
}
