/** The board's quarters of an hour as a chart needs them: as many as were asked for, none missing, oldest first. Pure. */
import type { Board } from '../agent.ts';

export const QUARTER_MS = 15 * 60_000;

export interface Quarter {
  readonly from: number;
  /** The most that waited at once; null: the desk did not count then. */
  readonly waiting: number | null;
  /** First answers, and how long customers waited for them on average, in milliseconds; null when there was none. */
  readonly answered: number;
  readonly responseMs: number | null;
}

/** The newest `count` quarters up to the one that holds `board.at`. */
export function quarters(board: Board, count: number): Quarter[] {
  const told = new Map(board.hours.map((one) => [Math.floor(one.from / QUARTER_MS), one]));
  const last = Math.floor(board.at / QUARTER_MS);
  return Array.from({ length: count }, (_, i) => {
    const one = told.get(last - count + 1 + i);
    return {
      from: (last - count + 1 + i) * QUARTER_MS, waiting: one?.waiting ?? null, answered: one?.answered ?? 0,
      responseMs: one && one.answered > 0 ? one.responseMs / one.answered : null,
    };
  });
}

/** The average over all first answers of these quarters: not the average of averages. Null when there was none. */
export function responseOf(these: readonly Quarter[]): number | null {
  const answered = these.reduce((sum, one) => sum + one.answered, 0);
  if (answered === 0) return null;
  return these.reduce((sum, one) => sum + (one.responseMs ?? 0) * one.answered, 0) / answered;
}
