/** How a change of a list is said: in frames of a bounded size, of rows that are encoded already. */
import type { Codec } from '../sdk/protocol/codec.ts';
import { listedFrame, listedText, type ListedHead } from '../sdk/protocol/envelope.ts';
import type { Bytes } from './outgoing.ts';
import { conversationOf, type Row } from './row.ts';

/** What changed in a list, up to feed number `n`. */
export interface Listing {
  rows: readonly Row[];
  /** Actors. */
  gone: readonly string[];
  reset: boolean;
  total: number;
  more: boolean;
  n: number;
}

/** To whom: the client's name for the list, the store that counted, and what the client has until the last frame. */
export interface Addressed {
  codec: Codec;
  wid: number;
  store: string;
  before: number;
}

const ROWS_MAX = 200;
/** Small enough to pass a slow line in seconds. */
const ROWS_BYTES = 48 * 1024;

/** Only with the last frame is all of it said, so only that has the number. */
export function framesOf(listing: Listing, to: Addressed): Bytes[] {
  if (to.codec.binary) return framed(listing, to, valuesOf(listing.rows, ({ binary }) => binary), listedFrame);
  return framed(listing, to, valuesOf(listing.rows, ({ text }) => text), listedText);
}

function valuesOf<V>(rows: readonly Row[], valueOf: (row: Row) => V | undefined): V[] {
  return rows.map(valueOf).filter((value) => value !== undefined);
}

function framed<V extends Bytes>(
  { gone, reset, total, more, n }: Listing, { wid, store, before }: Addressed, rows: readonly V[],
  frame: (head: ListedHead, rows: readonly V[]) => V,
): V[] {
  const parts = [...partsOf(rows)];
  const conversations = gone.map(conversationOf);
  const count = Math.max(parts.length, Math.ceil(conversations.length / ROWS_MAX), 1);
  return Array.from({ length: count }, (_, i) => frame({
    wid, store, total, more, reset: reset && i === 0, n: i === count - 1 ? n : reset ? 0 : before,
    gone: conversations.slice(i * ROWS_MAX, (i + 1) * ROWS_MAX),
  }, parts[i] ?? []));
}

function* partsOf<V extends Bytes>(rows: readonly V[]): Iterable<V[]> {
  let part: V[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (part.length === ROWS_MAX || (bytes + row.length > ROWS_BYTES && part.length > 0)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(row);
    bytes += row.length;
  }
  if (part.length > 0) yield part;
}
