/** How a change of a list is said: in frames of a bounded size, of rows that are encoded already. */
import type { Codec } from '../sdk/protocol/codec.ts';
import { listedFrame, listedText } from '../sdk/protocol/envelope.ts';
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
export function framesOf({ rows, gone, reset, total, more, n }: Listing, { codec, wid, store, before }: Addressed): Bytes[] {
  const parts = [...partsOf(rows, codec)];
  const conversations = gone.map(conversationOf);
  const count = Math.max(parts.length, Math.ceil(conversations.length / ROWS_MAX), 1);
  return Array.from({ length: count }, (_, i) => {
    const part = parts[i] ?? [];
    const head = {
      wid, store, total, more, reset: reset && i === 0, n: i === count - 1 ? n : reset ? 0 : before,
      gone: conversations.slice(i * ROWS_MAX, (i + 1) * ROWS_MAX),
    };
    return codec.binary ? listedFrame(head, part.map((row) => row.binary)) : listedText(head, part.map((row) => row.text));
  });
}

function* partsOf(rows: readonly Row[], codec: Codec): Iterable<Row[]> {
  let part: Row[] = [];
  let bytes = 0;
  for (const row of rows) {
    const size = row.size(codec);
    if (part.length === ROWS_MAX || (bytes + size > ROWS_BYTES && part.length > 0)) {
      yield part;
      part = [];
      bytes = 0;
    }
    part.push(row);
    bytes += size;
  }
  if (part.length > 0) yield part;
}
