/** MessagePack as the protocol uses it: no extension types, no time stamps, and texts without help of the platform. */

/** Half of a character is none: such a text could not be sent. */
export const wellFormed = (text: string): string => text.replace(/[\ud800-\udfff]/gu, '\ufffd');

/** One value. Texts must be well-formed. */
export function encode(value: unknown): Uint8Array {
  const bytes: number[] = [];
  put(bytes, value);
  return new Uint8Array(bytes);
}

/** `value` in `width` bytes, the highest first. */
function uint(bytes: number[], value: number, width: number): void {
  for (let place = width - 1; place >= 0; place--) bytes.push(Math.floor(value / 256 ** place) % 256);
}

/** The head of what has a length: in the first byte where it is short, else in 1, 2 or 4 bytes behind it. */
function head(bytes: number[], length: number, short: number, fits: number, long: number, widths: readonly number[]): void {
  if (length < fits) return void bytes.push(short + length);
  const step = widths.findIndex((width) => length < 256 ** width);
  bytes.push(long + step);
  uint(bytes, length, widths[step]!);
}

function put(bytes: number[], value: unknown): void {
  if (value === null || value === undefined) bytes.push(0xc0);
  else if (typeof value === 'boolean') bytes.push(value ? 0xc3 : 0xc2);
  else if (typeof value === 'number') putNumber(bytes, value);
  else if (typeof value === 'string') {
    const utf8 = encodeURIComponent(value).replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    head(bytes, utf8.length, 0xa0, 32, 0xd9, [1, 2, 4]);
    for (let at = 0; at < utf8.length; at++) bytes.push(utf8.charCodeAt(at));
  } else if (value instanceof Uint8Array) {
    head(bytes, value.length, 0, 0, 0xc4, [1, 2, 4]);
    bytes.push(...value);
  } else if (Array.isArray(value)) {
    head(bytes, value.length, 0x90, 16, 0xdc, [2, 4]);
    for (const item of value) put(bytes, item);
  } else {
    const entries = Object.entries(value);
    head(bytes, entries.length, 0x80, 16, 0xde, [2, 4]);
    for (const item of entries.flat()) put(bytes, item);
  }
}

function putNumber(bytes: number[], value: number): void {
  if (Number.isInteger(value) && value >= 0) return head(bytes, value, 0, 128, 0xcc, [1, 2, 4, 8]);
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  bytes.push(0xcb, ...new Uint8Array(view.buffer));
}

/** All values of a message, one behind another. */
export function decode(bytes: Uint8Array): unknown[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  let at = 0;
  const number = (width: number): number => {
    let value = 0;
    while (width-- > 0) value = value * 256 + view.getUint8(at++);
    return value;
  };
  const slice = (length: number): Uint8Array => bytes.slice(at, (at += length));
  const array = (length: number): unknown[] => Array.from({ length }, take);
  const map = (length: number): unknown => Object.fromEntries(Array.from({ length }, () => [take(), take()]));
  const float = (): number => view.getFloat64((at += 8) - 8);

  function take(): unknown {
    const first = number(1);
    if (first < 0x80) return first;
    if (first < 0x90) return map(first & 15);
    if (first < 0xa0) return array(first & 15);
    if (first < 0xc0) return text(slice(first & 31));
    if (first >= 0xe0) return first - 256;
    const low = first & 3;
    if (first < 0xc4) return low === 0 ? null : low === 3;
    if (first < 0xc7) return slice(number(1 << low));
    if (first === 0xcb) return float();
    if (first >= 0xcc && first < 0xd0) return number(1 << low);
    // Signed ones: two's complement.
    if (first >= 0xd0 && first < 0xd4) return number(1 << low) - 256 ** (1 << low);
    if (first >= 0xd9 && first < 0xdc) return text(slice(number(1 << (low - 1))));
    if (first === 0xdc || first === 0xdd) return array(number(first === 0xdc ? 2 : 4));
    if (first >= 0xde) return map(number(first === 0xde ? 2 : 4));
    throw new Error(`0x${first.toString(16)} is not of this protocol`);
  }

  const values: unknown[] = [];
  while (at < bytes.length) values.push(take());
  return values;
}

function text(utf8: Uint8Array): string {
  let plain = '';
  for (const byte of utf8) plain += byte < 128 && byte !== 37 ? String.fromCharCode(byte) : `%${(byte + 256).toString(16).slice(1)}`;
  return plain.includes('%') ? decodeURIComponent(plain) : plain;
}
