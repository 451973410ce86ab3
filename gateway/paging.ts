/**
 * Pages of history for one connection: one at a time, each of a bounded size, and only while the client reads what it
 * has. However much is asked for, no more than a page of it is in memory.
 */
import { decodeEntry, entryText, type Codec } from '../sdk/protocol/codec.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import { pageFrame, pageText } from '../sdk/protocol/envelope.ts';
import type { Host } from './host.ts';
import type { Outgoing } from './outgoing.ts';
import type { Audience } from './record.ts';
import type { StoredEntry } from './store.ts';

export interface Asked {
  rid: number;
  actor: string;
  /** How the client knows the conversation. */
  target: string | number;
  after: number;
  before: number;
  limit: number;
  newest: boolean;
  /** The whole range, page after page, instead of one page of it. */
  whole: boolean;
  /** Asked again when its turn comes. */
  wanted(): boolean;
}

export interface PagingParts {
  host: Host;
  out: Outgoing;
  codec: Codec;
  audience(): Audience;
  refuse(rid: number, refusal: Refusal): void;
}

const ASKED_MAX = 1_000;
/** Small enough to pass a slow line in seconds; one entry always fits. */
const PAGE_BYTES = 48 * 1024;
const RETRY_MS = 1_000;

export class Paging {
  readonly #parts: PagingParts;
  readonly #asked: Asked[] = [];
  #reading = false;

  constructor(parts: PagingParts) {
    this.#parts = parts;
  }

  ask(asked: Asked): void {
    if (this.#asked.length >= ASKED_MAX) return this.#parts.refuse(asked.rid, new Refusal('rateLimited', '', RETRY_MS));
    this.#asked.push(asked);
    void this.goOn();
  }

  /** Says the next pages until nothing is asked for or the client lags; to be called when it has drained. */
  async goOn(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    for (;;) {
      const asked = this.#parts.out.lagging ? undefined : this.#asked.shift();
      if (asked === undefined) break;
      if (asked.wanted()) await this.#page(asked);
    }
    this.#reading = false;
  }

  async #page(asked: Asked): Promise<void> {
    const { host, out, codec, audience, refuse } = this.#parts;
    const { rid, actor, target, after, before, limit, newest } = asked;
    try {
      const found = await host.history(actor, { after, before, limit, newest, audience: audience() });
      if (!asked.wanted()) return;
      const shown = fitting(found, newest);
      const more = shown.length < found.length || found.length === limit;
      const from = newest && more ? shown[0]?.seq ?? 0 : after + 1;
      const to = !newest && more ? shown.at(-1)?.seq ?? 0 : before - 1;
      const page = { rid, conversation: target, from, to, more };
      const entries = shown.map(({ bytes }) => bytes);
      out.raw(codec.binary ? pageFrame(page, entries) : pageText(page, entries.map((bytes) => entryText(decodeEntry(bytes)))));
      if (asked.whole && more) this.#asked.unshift({ ...asked, after: to });
    } catch {
      // The tables could not be read; the client asks again after the refusal.
      refuse(rid, new Refusal('storeUnavailable', '', RETRY_MS));
    }
  }
}

/** As many as a page holds, from the end that was asked for. */
function fitting(found: readonly StoredEntry[], newest: boolean): readonly StoredEntry[] {
  let count = 0;
  for (let bytes = 0; count < found.length; count++) {
    bytes += found.at(newest ? -1 - count : count)?.bytes.length ?? 0;
    if (bytes > PAGE_BYTES && count > 0) break;
  }
  return newest ? found.slice(found.length - count) : found.slice(0, count);
}
