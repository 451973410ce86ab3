/**
 * What agents of one workspace watch on this node: each list once, however many look at it, and the numbers of all.
 * It follows the tables, not the commit path.
 */
import type { Clock } from './clock.ts';
import type { Fed } from './fed.ts';
import type { Sort } from './lists.ts';
import type { Report } from './report.ts';
import { Row } from './row.ts';
import type { Store } from './store.ts';
import { Counts, Tally } from './tally.ts';
import { Watched, type Seer } from './watched.ts';

/** Who hears of the numbers. */
export interface Watcher {
  counted(counts: Counts): void;
}

export interface InboxParts {
  store: Store;
  clock: Clock;
  report: Report;
}

/** What only adds up is told at most this often. */
const BEAT_MS = 500;
const RETRY_MS = 1_000;
/** So long a list that nobody watches is kept level, while anybody is here. */
const LINGER_MS = 20_000;

export class Inbox {
  readonly workspace: string;
  readonly #parts: InboxParts;
  #tally = new Tally();
  readonly #watchers = new Set<Watcher>();
  /** By list, then by sort and limit. */
  readonly #watched = new Map<string, Map<string, Watched>>();
  /** Whoever comes back collects what changes while they wait for an answer. */
  readonly #collecting = new Set<Set<string>>();
  #beat: 'idle' | 'resting' | 'due' = 'idle';

  constructor(workspace: string, parts: InboxParts) {
    this.workspace = workspace;
    this.#parts = parts;
    this.#begin();
  }

  get empty(): boolean {
    return this.#watchers.size === 0;
  }

  /** The watcher hears of all numbers, then of those that change. */
  enter(watcher: Watcher): void {
    this.#watchers.add(watcher);
    this.recount(watcher);
  }

  leave(watcher: Watcher): void {
    this.#watchers.delete(watcher);
  }

  /** Says all numbers, once they are known. */
  recount(watcher: Watcher): void {
    if (this.#tally.known) watcher.counted(new Counts(this.#tally.all));
  }

  /** @param list by its name inside, see lists.ts. */
  watch(list: string, sort: Sort, limit: number, seer: Seer): Watched {
    let same = this.#watched.get(list);
    if (same === undefined) this.#watched.set(list, same = new Map());
    const key = keyOf(sort, limit);
    let watched = same.get(key);
    if (watched === undefined) {
      const [like] = [...same.values()].filter(({ window }) => window.sort === sort).sort((a, b) => b.window.limit - a.window.limit);
      same.set(key, watched = new Watched(list, sort, limit, { workspace: this.workspace, ...this.#parts }, like));
    }
    watched.add(seer);
    return watched;
  }

  /** Whoever leaves a list often comes back to it: it is kept for a while. */
  unwatch(watched: Watched, seer: Seer): void {
    watched.remove(seer);
    if (watched.seers === 0) this.#parts.clock.after(LINGER_MS, () => { if (watched.seers === 0) this.#drop(watched); });
  }

  #drop(watched: Watched): void {
    const { list, sort, limit } = watched.window;
    const same = this.#watched.get(list);
    if (same?.get(keyOf(sort, limit)) !== watched) return;
    same.delete(keyOf(sort, limit));
    if (same.size === 0) this.#watched.delete(list);
  }

  /** Adds every actor that changes from now on, until `forget`. */
  collect(): Set<string> {
    const heard = new Set<string>();
    this.#collecting.add(heard);
    return heard;
  }

  forget(heard: Set<string>): void {
    this.#collecting.delete(heard);
  }

  /** New rows of the workspace, in feed order. */
  fed(feed: readonly Fed[]): void {
    const n = feed.at(-1)?.n;
    if (n === undefined) return;
    this.#tally.take(feed);
    for (const heard of this.#collecting) for (const { actor } of feed) heard.add(actor);
    if (this.#watched.size > 0) {
      for (const fed of feed) this.#take(fed);
      for (const watched of this.#all()) watched.upTo(n);
    }
    if (this.#beat === 'idle') this.#beatNow();
    else this.#beat = 'due';
  }

  #take(fed: Fed): void {
    const { joined, left } = fed;
    const row = Row.of(fed, this.#parts.report);
    if (row === undefined) return;
    for (const lists of [row.lists, left]) {
      for (const list of lists) {
        for (const watched of this.#watched.get(list)?.values() ?? []) watched.take({ row, joined, left });
      }
    }
  }

  *#all(): Iterable<Watched> {
    for (const same of this.#watched.values()) yield* same.values();
  }

  #beatNow(): void {
    this.#beat = 'resting';
    for (const watched of this.#all()) watched.beat();
    const changes = this.#tally.changes();
    if (changes.length > 0) {
      const counts = new Counts(changes);
      for (const watcher of this.#watchers) watcher.counted(counts);
    }
    this.#parts.clock.after(BEAT_MS, () => {
      if (this.#beat === 'due') this.#beatNow();
      else this.#beat = 'idle';
    });
  }

  #begin(): void {
    const { store, clock } = this.#parts;
    store.tallies(this.workspace).then((tallies) => {
      this.#tally.begin(tallies);
      this.#tally.changes();
      for (const watcher of this.#watchers) this.recount(watcher);
    }, () => {
      // The tables do not answer now; what was heard meanwhile they will know.
      this.#tally = new Tally();
      clock.after(RETRY_MS, () => { if (!this.empty) this.#begin(); });
    });
  }
}

const keyOf = (sort: Sort, limit: number): string => `${sort} ${limit}`;

/** One inbox for each workspace in which an agent on this node watches something. */
export class Inboxes {
  readonly #parts: InboxParts;
  readonly #byWorkspace = new Map<string, Inbox>();

  constructor(parts: InboxParts) {
    this.#parts = parts;
  }

  enter(workspace: string, watcher: Watcher): Inbox {
    let inbox = this.#byWorkspace.get(workspace);
    if (inbox === undefined) this.#byWorkspace.set(workspace, inbox = new Inbox(workspace, this.#parts));
    inbox.enter(watcher);
    return inbox;
  }

  leave(inbox: Inbox, watcher: Watcher): void {
    inbox.leave(watcher);
    if (inbox.empty) this.#byWorkspace.delete(inbox.workspace);
  }

  fed(workspace: string, feed: readonly Fed[]): void {
    this.#byWorkspace.get(workspace)?.fed(feed);
  }
}
