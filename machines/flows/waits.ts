/** How long the steps of a flow rest: each has an end that a durable timer keeps. */
import type { Get } from './fields.ts';
import { aloneIn } from './fill.ts';
import { DEFAULTS, LONGEST_WAIT_MS, type Http, type Step, type Wait } from './flow.ts';
import { moment } from './kinds.ts';
import type { Facts } from './run.ts';

/** What a try may take beside its time-out: the pause before it, and a place in the line of those that call out. */
const BESIDE_MS = 30_000;

/** Of a request with all its tries; whoever calls must have given up by then. */
export function callLimitMs({ timeoutMs = DEFAULTS.httpTimeoutMs, retries = DEFAULTS.httpRetries }: Http): number {
  return (1 + retries) * (timeoutMs + BESIDE_MS);
}

/** How long a step waits for somebody or something else; undefined for one that does not. */
export function limitMs(step: Step): number | undefined {
  if (step.do === 'ask') return step.forMs ?? DEFAULTS.askForMs;
  return step.do === 'http' ? callLimitMs(step) : undefined;
}

/** From `at` to the first of the times that a wait names, at least 0; or why it would never end. */
export function endOf(wait: Wait, get: Get, opensAt: Facts['opensAt'], at: number): { ms: number } | { why: string } {
  const { forMs, untilDate, untilOpen } = wait;
  const date = untilDate === undefined ? undefined : moment(String(get(aloneIn(untilDate) ?? untilDate) ?? untilDate));
  const opens = untilOpen === undefined ? undefined : opensAt(untilOpen);
  const times = [forMs === undefined ? undefined : at + forMs, date, opens].filter((time) => time !== undefined);
  if (times.length > 0) return { ms: Math.min(Math.max(Math.min(...times) - at, 0), LONGEST_WAIT_MS) };
  if (untilDate !== undefined) return { why: `"${untilDate}" is no date` };
  if (untilOpen !== undefined) return { why: `nobody is ever there${untilOpen === '' ? '' : ` in the team ${untilOpen}`}` };
  return { ms: LONGEST_WAIT_MS };
}
