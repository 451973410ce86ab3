/** Time, as the SDK is handed it: tests move it by hand. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `work` once after `ms`; the returned function takes it back. */
  after(ms: number, work: () => void): () => void;
}

/** Timers look their functions up when they are used, so that importing does nothing and fakes can be put in place. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
};
