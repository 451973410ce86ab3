/** Nodes whose views of each other a test decides. */
import type { Members } from '../../gateway/members.ts';

export class Takers {
  #alive: readonly string[];
  #since = 0;
  readonly #calls = new Set<() => void>();

  constructor(...alive: string[]) {
    this.#alive = alive;
  }

  /** Everybody sees these, in this moment. @param since when, in the clock of the nodes */
  see(alive: readonly string[], since = 0): void {
    this.#alive = alive;
    this.#since = since;
    for (const call of this.#calls) call();
  }

  member(self: string): Members {
    const [alive, since] = [(): readonly string[] => this.#alive, (): number => this.#since];
    return {
      self, get since() { return since(); }, get alive() { return alive(); }, get possible() { return alive(); }, get takers() { return alive(); },
      onChange: (call) => {
        this.#calls.add(call);
        return () => { this.#calls.delete(call); };
      },
      onReturn: () => () => undefined, wrote: () => undefined, named: () => undefined, join: () => undefined, leave: () => undefined, close: () => Promise.resolve(),
    };
  }
}
