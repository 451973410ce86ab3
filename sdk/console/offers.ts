/** Offers that stand, and how much of their time is left. */
import type { Offer } from '../agent.ts';

/** The first to lapse comes first. */
export function inOrder(offers: readonly Offer[]): readonly Offer[] {
  return [...offers].sort((a, b) => a.until - b.until || a.offer - b.offer);
}

/** Whole seconds left, never below 0; by the gateway's clock, as the offer is. */
export function secondsLeft({ until }: Pick<Offer, 'until'>, now: number): number {
  return Math.max(0, Math.ceil((until - now) / 1_000));
}

/** Those that were not there before. */
export function fresh(before: readonly Offer[], after: readonly Offer[]): Offer[] {
  const known = new Set(before.map(({ offer }) => offer));
  return after.filter(({ offer }) => !known.has(offer));
}
