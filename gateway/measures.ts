/** What a node counts while it works. Whoever counts need not know who reads: `metrics.ts` gives it to Prometheus. */
export interface Measures {
  /** A record was durable after so many milliseconds. */
  appended(ms: number): void;
  /** An append was refused, since somebody else had written first. */
  fenced(): void;
  /** This node took a shard over; `ms`: since it saw that the shard had no owner. */
  tookOver(ms: number): void;
  /** A timer fired so many milliseconds after it was due. */
  timerFired(lateMs: number): void;
  /** A client was cut off because it did not read. */
  slowClient(): void;
}

const nothing = (): void => undefined;
export const UNMEASURED: Measures = { appended: nothing, fenced: nothing, tookOver: nothing, timerFired: nothing, slowClient: nothing };
