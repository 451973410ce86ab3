/**
 * Many byte strings as one buffer, to hand over to another thread. Sent one by one they would be copied together with
 * whatever buffer they are cut from, which may be a segment of the log; so they are packed once and moved.
 */
export interface Parcel {
  bytes: Uint8Array<ArrayBuffer>;
  /** Where each string ends. */
  ends: number[];
}

export function pack(strings: readonly Uint8Array[]): Parcel {
  const ends: number[] = [];
  let size = 0;
  for (const string of strings) ends.push((size += string.byteLength));
  const bytes = new Uint8Array(size);
  for (const [i, string] of strings.entries()) bytes.set(string, i === 0 ? 0 : ends[i - 1]);
  return { bytes, ends };
}

/** The strings again, as windows on the parcel's buffer. */
export function unpack({ bytes, ends }: Parcel): Uint8Array[] {
  return ends.map((end, i) => bytes.subarray(i === 0 ? 0 : ends[i - 1], end));
}
