/** A clock that is moved by hand. */
import type { Clock } from '../../sdk/index.ts';

export interface HandClock extends Clock {
  /** Moves on, running what falls due in order, and lets promises settle in between. */
  move(ms: number): Promise<void>;
}

export function handClock(start = 1_700_000_000_000): HandClock {
  let now = start;
  let count = 0;
  const due = new Map<number, { at: number; work: () => void }>();
  return {
    now: () => now,
    after(ms, work) {
      const id = ++count;
      due.set(id, { at: now + ms, work });
      return () => void due.delete(id);
    },
    async move(ms) {
      const end = now + ms;
      await settle();
      for (;;) {
        const next = [...due].filter(([, { at }]) => at <= end).sort((a, b) => a[1].at - b[1].at || a[0] - b[0])[0];
        if (next === undefined) break;
        due.delete(next[0]);
        now = Math.max(now, next[1].at);
        next[1].work();
        await settle();
      }
      now = end;
      await settle();
    },
  };
}

/** Lets everything that waits for nothing but promises go on. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 300; turn++) await Promise.resolve();
}
