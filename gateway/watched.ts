/** A list that somebody on this node watches: its window, filled from the tables and moved by the feed, for all who do. */
import type { Codec } from '../sdk/protocol/codec.ts';
import type { Clock } from './clock.ts';
import { Fed } from './fed.ts';
import { framesOf, type Addressed, type Listing } from './listing.ts';
import type { Sort } from './lists.ts';
import type { Bytes } from './outgoing.ts';
import type { Report } from './report.ts';
import { Row } from './row.ts';
import type { Store } from './store.ts';
import { Window, type Difference, type Moved } from './window.ts';

/** Who watches it. */
export interface Seer {
  /** More of the window is known. */
  filled(): void;
  changed(change: Change, of: Watched): void;
  /** Nothing that shows has changed; but perhaps how many there are, and up to where that is true. */
  stands(change: Change, of: Watched): void;
}

export interface WatchedParts {
  workspace: string;
  store: Store;
  clock: Clock;
  report: Report;
}

const RETRY_MS = 1_000;

export class Watched {
  readonly window: Window<Row>;
  readonly #parts: WatchedParts;
  readonly #seers = new Set<Seer>();
  #n: number;

  /** @param like the same list, less of it or more. */
  constructor(list: string, sort: Sort, limit: number, parts: WatchedParts, like?: Watched) {
    this.#parts = parts;
    this.window = new Window(list, sort, limit, like?.window);
    this.window.difference();
    this.#n = like?.n ?? 0;
    this.#fill();
  }

  /** The window is true up to this feed number. */
  get n(): number {
    return this.#n;
  }

  get seers(): number {
    return this.#seers.size;
  }

  add(seer: Seer): void {
    this.#seers.add(seer);
  }

  remove(seer: Seer): void {
    this.#seers.delete(seer);
  }

  take(moved: Moved<Row>): void {
    this.window.take(moved);
  }

  /** All changes up to `n` are taken. Whoever watches is told of those that show. */
  upTo(n: number): void {
    this.#n = Math.max(this.#n, n);
    const difference = this.window.difference();
    if (difference !== undefined) this.#tell(difference);
    this.#fill();
  }

  /** Says how it stands. */
  beat(): void {
    const change = this.#change({ rows: [], gone: [] });
    for (const seer of this.#seers) seer.stands(change, this);
  }

  #tell(difference: Difference<Row>): void {
    const change = this.#change(difference);
    for (const seer of this.#seers) seer.changed(change, this);
  }

  #change({ rows, gone }: Difference<Row>): Change {
    const { total, more } = this.window;
    return new Change({ rows, gone, total, more, n: this.#n, reset: false });
  }

  #fill(): void {
    const asked = this.window.ask();
    if (asked === undefined) return;
    const { workspace, store, clock, report } = this.#parts;
    const { window } = this;
    store.list(workspace, window.list, window.sort, asked.after, asked.limit).then(({ rows, total, n }) => {
      const known = rows.map((row) => new Row(new Fed(row), row, [window.list], report));
      window.extend({ rows: known, total, n, whole: rows.length < asked.limit });
      if (this.#n === 0) this.#n = n;
      this.upTo(this.#n);
      // The tables may know already what nobody has heard.
      this.beat();
      for (const seer of this.#seers) seer.filled();
    }, () => {
      // The tables do not answer now; who waits goes on waiting.
      window.failed();
      clock.after(RETRY_MS, () => { if (this.#seers.size > 0) this.#fill(); });
    });
  }
}

/** A change as everybody hears of it: where many have the same name for the list, its frames are made once. */
export class Change implements Listing {
  readonly rows: readonly Row[];
  readonly gone: readonly string[];
  readonly reset: boolean;
  readonly total: number;
  readonly more: boolean;
  readonly n: number;
  readonly #frames = new Map<Codec, Map<number, Bytes[]>>();

  constructor({ rows, gone, reset, total, more, n }: Listing) {
    this.rows = rows;
    this.gone = gone;
    this.reset = reset;
    this.total = total;
    this.more = more;
    this.n = n;
  }

  frames(to: Addressed): Bytes[] {
    let byWid = this.#frames.get(to.codec);
    if (byWid === undefined) this.#frames.set(to.codec, byWid = new Map());
    let frames = byWid.get(to.wid);
    if (frames === undefined) {
      frames = framesOf(this, to);
      // Of several, all but the last say what this client had before.
      if (frames.length === 1) byWid.set(to.wid, frames);
    }
    return frames;
  }
}
