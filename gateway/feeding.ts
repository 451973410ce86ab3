/**
 * The list of conversations of one connection, kept true by a cursor: every change of the workspace for agents, their
 * own conversations for customers. It follows the tables, not the commit path.
 */
import type { Told } from '../sdk/protocol/frames.ts';
import type { ConversationState } from '../machines/state.ts';
import { Fed } from './fed.ts';
import type { Listener } from './hub.ts';
import type { Outgoing } from './outgoing.ts';
import type { Store } from './store.ts';
import { tellSummary } from './tell.ts';

const PAGE = 200;
/** A client that missed more changes than this gets a new list. */
const MISSED_MAX = 1_000;

export class Feeding {
  readonly #store: Store;
  readonly #out: Outgoing;
  readonly #listener: Listener;
  /** The feed number up to which the client knows everything; undefined before it asked. */
  #n: number | undefined;
  #loading = false;
  #behind = false;

  constructor(store: Store, out: Outgoing, listener: Listener) {
    this.#store = store;
    this.#out = out;
    this.#listener = listener;
  }

  /** Brings the client from its cursor to now; rows of another copy of the tables mean nothing, then it begins anew. */
  async begin(cursor: { store: string; n: number } | null): Promise<void> {
    if (cursor === null) return;
    if (cursor.store === this.#store.id && cursor.n > 0) this.#n = cursor.n;
    await this.#load(this.#n === undefined);
  }

  fed(rows: readonly Fed[]): void {
    if (this.#n === undefined) return;
    const last = rows.at(-1)?.n ?? 0;
    // While a page is being read, or the client does not, the next page will bring these.
    if (this.#loading || this.#out.lagging) {
      this.#behind = true;
      return;
    }
    const fresh = rows.filter((row) => row.n > (this.#n ?? 0) && this.#mine(row.state));
    this.#n = Math.max(this.#n, last);
    for (let i = 0; i < fresh.length; i += PAGE) this.#say(fresh.slice(i, i + PAGE), false, false);
  }

  drained(): void {
    if (this.#behind && !this.#loading) void this.#load(false);
  }

  async #load(reset: boolean): Promise<void> {
    this.#loading = true;
    this.#behind = false;
    const { workspace, who } = this.#listener;
    const contact = who.role === 'agent' ? null : who.id;
    try {
      let missed = 0;
      while (!reset) {
        const rows = await this.#store.feed(workspace, contact, this.#n ?? 0, PAGE);
        missed += rows.length;
        if (missed > MISSED_MAX) { reset = true; break; }
        this.#n = Math.max(this.#n ?? 0, rows.at(-1)?.n ?? 0);
        this.#say(rows.map((row) => new Fed(row)), false, rows.length === PAGE);
        if (rows.length < PAGE) break;
      }
      if (reset) {
        const { rows, n } = await this.#store.newest(workspace, contact, PAGE);
        this.#n = n;
        this.#say(rows.map((row) => new Fed(row)), true, rows.length === PAGE);
      }
    } catch {
      // The tables do not answer now: the next change, or the client's next connection, asks again.
      this.#loading = false;
      return;
    }
    this.#loading = false;
    if (this.#behind && !this.#out.lagging) void this.#load(false);
  }

  #mine(state: ConversationState): boolean {
    const { who } = this.#listener;
    return who.role === 'agent' || state.contact.id === who.id;
  }

  #say(rows: readonly Fed[], reset: boolean, more: boolean): void {
    const frame: Told = {
      t: 'feed', store: this.#store.id, n: this.#n ?? 0, reset, more,
      rows: rows.map(({ actor, state }) => tellSummary(actor.slice(actor.lastIndexOf('/') + 1), state, this.#listener.who.role)),
    };
    this.#out.say(frame);
  }
}
