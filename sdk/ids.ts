/** ULIDs that only grow, also across reloads and where there is no `crypto`. */
import type { Clock } from './clock.ts';
import { timeOf, ulids } from './ulid.ts';

export interface Ids {
  next(): string;
  /** An id that stands in storage already: later ones come after it, even if the device's clock was set back. */
  seen(id: string): void;
}

export function createIds(clock: Clock, random: () => number): Ids {
  const make = ulids(random);
  let floor = 0;
  return {
    next: () => make(Math.max(clock.now(), floor)),
    seen(id) {
      floor = Math.max(floor, timeOf(id) + 1);
    },
  };
}

/** Chance for ids and jitter: the platform's good source where it is, else the plain one. */
export function systemRandom(): number {
  const { crypto } = globalThis as { crypto?: Partial<Crypto> };
  const word = crypto?.getRandomValues?.(new Uint32Array(1))[0];
  return word === undefined ? Math.random() : word / 2 ** 32;
}
