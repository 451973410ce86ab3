/** Which rows of a long list are drawn: those in sight and some beyond. All rows are equally high; all in pixels. */

export interface Sight {
  /** How far the list is scrolled. */
  readonly top: number;
  /** How much of it is in sight. */
  readonly height: number;
  /** Height of a row. */
  readonly row: number;
}

/** Rows drawn beyond each edge, so that a flick of the wheel finds them there. */
const SPARE = 8;

/** From this row to before that one, of `count`. */
export function drawnRows({ top, height, row }: Sight, count: number): { from: number; to: number } {
  const first = Math.floor(Math.max(0, top) / row) - SPARE;
  const last = Math.ceil((Math.max(0, top) + height) / row) + SPARE;
  const to = Math.min(count, last);
  return { from: Math.max(0, Math.min(first, to)), to };
}

/** Where to scroll so that a row is wholly in sight, moving as little as possible. */
export function topFor({ top, height, row }: Sight, index: number): number {
  const begin = index * row;
  if (begin < top) return begin;
  return begin + row > top + height ? begin + row - height : top;
}

/** Whether the end of what has been loaded comes near: then the next rows are asked for. */
export function nearsEnd({ top, height, row }: Sight, count: number): boolean {
  return (top + 2 * height) / row >= count;
}
