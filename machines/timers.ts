/**
 * Delays as data: what a machine's `after` becomes, so that it outlives the process and fires exactly once.
 */
import type { Arm } from './pure.ts';

export interface Timer {
  /** Which machine it belongs to, and XState's id of the delayed event. */
  owner: string;
  id: string;
  /** Absolute due time, milliseconds since 1970. */
  at: number;
  /** A timer armed again has another generation: a firing that is already under way for the old one finds nothing. */
  gen: number;
  event: string;
}

/** The timers after a step: cancelled ones gone, new ones due at `at` plus their delay. */
export function armed(timers: readonly Timer[], owner: string, arms: readonly Arm[], at: number): readonly Timer[] {
  if (arms.length === 0) return timers;
  let next = [...timers];
  let gen = timers.reduce((max, timer) => Math.max(max, timer.gen), 0);
  for (const arm of arms) {
    next = next.filter((timer) => timer.owner !== owner || timer.id !== arm.id);
    if (arm.op === 'set') next.push({ owner, id: arm.id, at: at + arm.delayMs, gen: ++gen, event: arm.event });
  }
  return next;
}

/** The one that is due first; of two at the same moment, the one armed first. */
export function earliest<T extends { readonly at: number; readonly gen: number }>(timers: readonly T[]): T | undefined {
  let first: T | undefined;
  for (const timer of timers) {
    if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.gen < first.gen)) first = timer;
  }
  return first;
}
