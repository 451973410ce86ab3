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
  let last: number[] = [];
  let time = -1;
  return (floor) => {
    if (floor > time) {
      time = floor;
      last = Array.from({ length: 16 }, () => Math.floor(random() * 32));
    } else {
      // The same millisecond, or the clock was set back: one more than the last.
      let place = 15;
      while (last[place] === 31) last[place--] = 0;
      last[place]!++;
    }
    const stamp = Array.from({ length: 10 }, (_, place) => Math.floor(time / 32 ** (9 - place)) % 32);
    return [...stamp, ...last].map((value) => ALPHABET[value]).join('');
  };
}

export const timeOf = (ulid: string): number => [...ulid.slice(0, 10)].reduce((time, character) => time * 32 + ALPHABET.indexOf(character), 0);
