/** How many conversations each list has: a number in the tables that changes with their rows, in one transaction. */
import { isCounted } from './lists.ts';
import type { MovedRow } from './store.ts';
import type { Db } from './tables.ts';

export class Tally {
  readonly #put: ReturnType<Db['prepare']>;

  constructor(db: Db) {
    this.#put = db.prepare('insert into tally values (?, ?, ?) on conflict do update set count = count + excluded.count');
  }

  /** Counts what a batch has moved. */
  count(feed: readonly MovedRow[]): void {
    const changes = new Map<string, Map<string, number>>();
    for (const { actor, joined, left } of feed) {
      if (joined.length + left.length === 0) continue;
      const workspace = workspaceOf(actor);
      const lists = changes.get(workspace) ?? new Map<string, number>();
      changes.set(workspace, lists);
      for (const list of joined) lists.set(list, (lists.get(list) ?? 0) + 1);
      for (const list of left) lists.set(list, (lists.get(list) ?? 0) - 1);
    }
    for (const [workspace, lists] of changes) {
      for (const [list, change] of lists) if (change !== 0 && isCounted(list)) this.#put.run([workspace, list, change]);
    }
  }
}

/** The workspace that the id of an actor names. */
export const workspaceOf = (actor: string): string => actor.split('/')[1] ?? '';
