/** The only node there is: it lives, and once it has joined every shard is its own. */
import type { Members } from './members.ts';

export function alone(node: string): Members {
  const calls = new Set<() => void>();
  let takers: readonly string[] = [];
  const take = (next: readonly string[]): void => {
    if (next.length === takers.length) return;
    takers = next;
    for (const call of [...calls]) call();
  };
  return {
    self: node,
    alive: [node],
    possible: [node],
    get takers() { return takers; },
    since: 0,
    onChange(call) {
      calls.add(call);
      return () => { calls.delete(call); };
    },
    onReturn: () => () => undefined,
    wrote: () => undefined,
    named: () => undefined,
    join: () => take([node]),
    leave: () => take([]),
    close: async () => calls.clear(),
  };
}
