/** What happened at a desk in each quarter of an hour of the last day. */
import { padded } from './roster.ts';
import { Tree } from './tree.ts';

export interface Quarter {
  readonly from: number;
  /** Tickets that waited for an agent: when it began, and the most at any moment. */
  readonly began: number;
  readonly waiting: number;
  /** First answers, and the sum of the milliseconds that customers waited for them. */
  readonly answered: number;
  readonly responseMs: number;
  readonly opened: number;
  readonly solved: number;
}
export type Tally = Pick<Quarter, 'waiting' | 'answered' | 'responseMs' | 'opened' | 'solved'>;

const QUARTER_MS = 900_000;
const KEPT = 96;
const NOTHING = { answered: 0, responseMs: 0, opened: 0, solved: 0 };

export const quarterOf = (at: number): number => at - at % QUARTER_MS;

/**
 * @param began how many waited before this.
 * @param more what to add, and for `waiting` how many wait now.
 */
export function counted(quarters: Tree<Quarter>, at: number, began: number, more: Partial<Tally>): Tree<Quarter> {
  const from = quarterOf(at);
  const key = padded(from);
  const old = quarters.get(key);
  const now = old ?? { ...NOTHING, from, began, waiting: began };
  const { waiting = 0, answered = 0, responseMs = 0, opened = 0, solved = 0 } = more;
  if (old !== undefined && waiting <= old.waiting && answered + opened + solved === 0) return quarters;
  let kept = quarters.set(key, {
    ...now, waiting: Math.max(now.waiting, waiting), answered: now.answered + answered,
    responseMs: now.responseMs + responseMs, opened: now.opened + opened, solved: now.solved + solved,
  });
  if (old !== undefined) return kept;
  for (const [past] of quarters) {
    if (past > padded(from - KEPT * QUARTER_MS)) break;
    kept = kept.delete(past);
  }
  return kept;
}

/** The last 24 hours in whole quarters, up to the one of `at`. While nothing happened, as many waited as before. */
export function lastDay(quarters: Tree<Quarter>, at: number, waiting: number): Quarter[] {
  const day: Quarter[] = [];
  for (let from = quarterOf(at) - (KEPT - 1) * QUARTER_MS; from <= at; from += QUARTER_MS) {
    const next = quarters.next(padded(from))?.[1];
    const still = next?.began ?? waiting;
    day.push(next?.from === from ? next : { ...NOTHING, from, began: still, waiting: still });
  }
  return day;
}
