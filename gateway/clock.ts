/** Time as a port: the real one, or one that a test moves by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Calls once, at or after the delay; returns the cancel. Delays beyond what the runtime can hold are cut and must be armed again. */
  after(ms: number, call: () => void): () => void;
}

/** Resolves after so many milliseconds. */
export function rest(clock: Clock, ms: number): Promise<void> {
  return new Promise((resolve) => { clock.after(ms, resolve); });
}

/** What comes of it, or undefined when that takes longer. */
export async function within<T>(clock: Clock, ms: number, coming: Promise<T>): Promise<T | undefined> {
  let cancel = (): void => undefined;
  const late = new Promise<undefined>((resolve) => { cancel = clock.after(ms, () => resolve(undefined)); });
  return Promise.race([coming, late]).finally(() => cancel());
}

/** Node fires a longer timeout at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, call) {
    const timeout = setTimeout(call, Math.min(Math.max(ms, 0), LONGEST_TIMEOUT_MS));
    return () => clearTimeout(timeout);
  },
};

/** A clock that stands still until it is moved; then it calls what became due, in order. */
export function handClock(start: number): Clock & { advance(ms: number): void } {
  let now = start;
  let armed: { at: number; order: number; call: () => void }[] = [];
  let order = 0;
  return {
    now: () => now,
    after(ms, call) {
      const alarm = { at: now + Math.max(ms, 0), order: ++order, call };
      armed.push(alarm);
      return () => { armed = armed.filter((a) => a !== alarm); };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const due = armed.filter((a) => a.at <= end).sort((a, b) => a.at - b.at || a.order - b.order)[0];
        if (due === undefined) break;
        armed = armed.filter((a) => a !== due);
        now = Math.max(now, due.at);
        due.call();
      }
      now = end;
    },
  };
}
