/** Nodes whose views of each other a test decides. */
import type { Members } from '../../gateway/members.ts';

export class Takers {
  alive: string[] = ['old'];

  member(self: string): Members {
    const takers = (): string[] => this.alive;
    const never = () => () => undefined;
    return {
      self, since: 0, get alive() { return takers(); }, get takers() { return takers(); },
      onChange: never, onReturn: never, join: () => undefined, leave: () => undefined, close: () => Promise.resolve(),
    };
  }
}
