/**
 * The client's id of each message: a ULID of which the last ten letters say who sent it and as which one, so that
 * every candidate is held to account by the same few letters and nothing else is looked up.
 */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const VALUES = new Uint8Array(128);
for (let value = 0; value < 32; value++) VALUES[LETTERS.charCodeAt(value)] = value;

/** The first 16 letters: a time and a tag of this run. */
export function runTag(at: number, chance: () => number): string {
  let tag = letters(at, 10);
  for (let i = 0; i < 6; i++) tag += LETTERS.charAt(Math.floor(chance() * 32));
  return tag;
}

export function cmidOf(tag: string, customer: number, index: number): string {
  return tag + letters(customer, 4) + letters(index, 6);
}

export function customerOf(cmid: string): number {
  return number(cmid, 16, 20);
}

export function indexOf(cmid: string): number {
  return number(cmid, 20, 26);
}

function letters(value: number, count: number): string {
  let text = '';
  for (let i = 0, rest = value; i < count; i++, rest = Math.floor(rest / 32)) text = LETTERS.charAt(rest % 32) + text;
  return text;
}

function number(cmid: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) value = value * 32 + (VALUES[cmid.charCodeAt(i) & 127] ?? 0);
  return value;
}
