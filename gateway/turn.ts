/**
 * The end of the current turn of the event loop: where whatever arrived or was said in it is gathered into one write. One
 * OS-level wake-up serves every socket and every shard.
 */
export type Soon = (call: () => void) => void;

export function endOfTurn(): Soon {
  let calls: (() => void)[] = [];
  const run = (): void => {
    const due = calls;
    calls = [];
    for (const call of due) call();
  };
  return (call) => {
    if (calls.push(call) === 1) setImmediate(run);
  };
}
