/** What one agent's connection watches: some lists, and how many conversations each list has. */
import type { Codec } from '../sdk/protocol/codec.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Said } from '../sdk/protocol/frames.ts';
import type { Inbox, Inboxes, Watcher } from './inbox.ts';
import { resolve } from './lists.ts';
import type { Outgoing } from './outgoing.ts';
import type { Store } from './store.ts';
import type { Counts } from './tally.ts';
import { Watch } from './watch.ts';

export interface WatchingParts {
  inboxes: Inboxes;
  store: Store;
  out: Outgoing;
  codec: Codec;
  workspace: string;
  agent: string;
}

const LISTS_MAX = 8;
const ROWS_MAX = 5_000;

export class Watching implements Watcher {
  readonly #parts: WatchingParts;
  readonly #watches = new Map<number, Watch>();
  #inbox: Inbox | undefined;
  /** Numbers were not told while the client did not read. */
  #uncounted = false;

  constructor(parts: WatchingParts) {
    this.#parts = parts;
  }

  /** From now on the client hears how many there are. */
  begin(): Inbox {
    const { inboxes, workspace } = this.#parts;
    return this.#inbox ??= inboxes.enter(workspace, this);
  }

  /** @throws Refusal `invalid` */
  watch({ wid, list: name, sort, limit, since }: Extract<Said, { t: 'watch' }>): void {
    const old = this.#watches.get(wid);
    if (limit === 0) {
      old?.end();
      this.#watches.delete(wid);
      return;
    }
    const list = resolve(name, this.#parts.agent);
    if (list === undefined) throw new Refusal('invalid', 'there is no list of that name');
    if (limit > ROWS_MAX) throw new Refusal('invalid', `limit is at most ${ROWS_MAX}`);
    if (old === undefined && this.#watches.size >= LISTS_MAX) throw new Refusal('invalid', `at most ${LISTS_MAX} lists at a time`);
    // What the client has on this connection is known; asking without a position it says that it has nothing.
    if (old !== undefined && since !== null && old.list === list && old.sort === sort) return old.grow(limit);
    const watch = new Watch({ wid, list, sort, limit }, { inbox: this.begin(), ...this.#parts });
    old?.end();
    this.#watches.set(wid, watch);
    watch.begin(since);
  }

  counted(counts: Counts): void {
    const { out, codec, agent } = this.#parts;
    if (out.lagging) this.#uncounted = true;
    else out.sayAll(() => counts.frames(codec, agent));
  }

  drained(): void {
    for (const watch of this.#watches.values()) watch.drained();
    if (!this.#uncounted) return;
    this.#uncounted = false;
    this.#inbox?.recount(this);
  }

  end(): void {
    for (const watch of this.#watches.values()) watch.end();
    this.#watches.clear();
    if (this.#inbox !== undefined) this.#parts.inboxes.leave(this.#inbox, this);
  }
}
