/** ULIDs: 26 characters in programs and JSON, the same 128 bits in MessagePack. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function toBytes(ulid: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  // 26 characters hold two bits more than there are; these are zero.
  let count = -2;
  for (const character of ulid) {
    bits = ((bits << 5) | ALPHABET.indexOf(character)) & 0xfff;
    count += 5;
    if (count < 8) continue;
    count -= 8;
    bytes.push((bits >> count) & 255);
  }
  return new Uint8Array(bytes);
}

export function toText(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let count = 2;
  for (const byte of bytes) {
    bits = ((bits << 8) | byte) & 0xfff;
    for (count += 8; count >= 5; ) text += ALPHABET[(bits >> (count -= 5)) & 31]!;
  }
  return text;
}

/** A factory of ULIDs that only grow. `floor`: the least time that the next may have, in milliseconds. */
export function ulids(random: () => number): (floor: number) => string {
  let bytes = new Uint8Array(16);
  let time = -1;
  return (floor) => {
    if (floor > time) {
      time = floor;
      // Six bytes of time, ten of chance; what is too large for a byte loses its upper part.
      const byte = (place: number): number => (place < 6 ? Math.floor(time / 256 ** (5 - place)) : random() * 256);
      bytes = Uint8Array.from({ length: 16 }, (_, place) => byte(place));
    } else {
      // The same millisecond, or the clock was set back: one more than the last.
      let place = 16;
      while (++bytes[--place]! > 255);
    }
    return toText(bytes);
  };
}

/** Milliseconds since 1970. */
export const timeOf = (ulid: string): number => toBytes(ulid).slice(0, 6).reduce((time, byte) => time * 256 + byte, 0);
