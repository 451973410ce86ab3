/**
 * A conversation's style is policy, not another machine: how a ticket ends and comes back, as data.
 */
import { afterBusinessTime, OFFICE_HOURS, type Hours } from './hours.ts';

export type Style = 'chat' | 'repeat' | 'social';
export type Status = 'new' | 'open' | 'pending' | 'onHold' | 'solved' | 'closed';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** No window is longer; a Solved ticket that nothing closed is closed after this at the latest. */
export const LONGEST_WINDOW_MS = 28 * DAY;
export const SHORTEST_WINDOW_MS = 1_000;

export interface Policy {
  style: Style;
  /** From Solved to Closed, in milliseconds. 0 closes in the same step. Defaults: 0, 1 h, 4 days; at most 28 days. */
  windowMs: number;
  /** Whether the window counts business hours or every hour. Default: business for `repeat`, else calendar. */
  clock: 'business' | 'calendar';
  hours: Hours;
  /** No word from the customer for this long makes the session inactive. Default 10 min. */
  silenceMs: number;
}

export const POLICIES: Readonly<Record<Style, Policy>> = {
  chat: { style: 'chat', windowMs: 0, clock: 'calendar', hours: OFFICE_HOURS, silenceMs: 600_000 },
  repeat: { style: 'repeat', windowMs: HOUR, clock: 'business', hours: OFFICE_HOURS, silenceMs: 600_000 },
  social: { style: 'social', windowMs: 4 * DAY, clock: 'calendar', hours: OFFICE_HOURS, silenceMs: 600_000 },
};

/** What is wrong with a policy, in words for the person who wrote it; undefined when it is sound. */
export function problemOf(policy: Policy): string | undefined {
  const { style, windowMs } = policy;
  if (style === 'chat') {
    return windowMs === 0 ? undefined
      : 'chat closes at once: leave windowMs at 0, or use the style "repeat" for a window in which customers may return';
  }
  if (windowMs < SHORTEST_WINDOW_MS) {
    return `${style} needs a window of at least 1 second (windowMs ${SHORTEST_WINDOW_MS}); for none, use the style "chat"`;
  }
  if (windowMs > LONGEST_WINDOW_MS) {
    return `${style} may wait at most 28 days from Solved to Closed (windowMs ${LONGEST_WINDOW_MS}), not ${windowMs}`;
  }
  return undefined;
}

/** How long a ticket that is solved `at` stays Solved. */
export function windowFrom(policy: Policy, at: number): number {
  const business = policy.clock === 'business' && policy.windowMs > 0;
  const end = business ? afterBusinessTime(policy.hours, at, policy.windowMs) : at + policy.windowMs;
  return Math.min(end - at, LONGEST_WINDOW_MS);
}

/** Whether a ticket of this style takes one of its agent's places while it has this status. */
export function holdsCapacity(style: Style, status: Status): boolean {
  if (status === 'open') return true;
  return style !== 'social' && (status === 'pending' || status === 'onHold');
}

/** Customers do not see On-hold: to them the ticket is still being worked on. */
export function shown(status: Status): Exclude<Status, 'onHold'> {
  return status === 'onHold' ? 'open' : status;
}

/** What a rule may look at when a ticket begins. */
export interface Opening {
  channel: string;
  identified: boolean;
  text: string;
}

/** The first rule whose every named condition holds decides; then the channel; then the workspace. */
export interface Rule {
  style: Style;
  channel?: string | undefined;
  identified?: boolean | undefined;
  /** The first message contains this, without case. */
  contains?: string | undefined;
}

export interface Styles {
  style: Style;
  channels: Readonly<Record<string, { style?: Style | undefined }>>;
  rules: readonly Rule[];
  policies: Readonly<Record<Style, Policy>>;
}

export function choosePolicy(styles: Styles, opening: Opening): Policy {
  const rule = styles.rules.find((r) =>
    (r.channel === undefined || r.channel === opening.channel)
    && (r.identified === undefined || r.identified === opening.identified)
    && (r.contains === undefined || opening.text.toLowerCase().includes(r.contains.toLowerCase())));
  return styles.policies[rule?.style ?? styles.channels[opening.channel]?.style ?? styles.style];
}
