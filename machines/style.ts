/**
 * A conversation's style is policy, not another machine: how a ticket ends and comes back, as data.
 */
import { afterBusinessTime, OFFICE_HOURS, type Hours } from './hours.ts';
import { NORMAL, type Priority } from './routing.ts';
import type { Channel, TicketRule } from './workspace.ts';

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

/** A rule fits when every condition that it names holds. */
export interface Rule {
  style: Style;
  channel?: string | undefined;
  identified?: boolean | undefined;
  /** The first message contains this, without case. */
  contains?: string | undefined;
}

/** The delays of a channel, where they differ from those of its style. */
export interface Delays {
  windowMs?: number | undefined;
  clock?: Policy['clock'] | undefined;
  silenceMs?: number | undefined;
}

/** What a channel has of its own. */
type Entrance = Partial<Pick<Channel, 'style' | 'team' | 'requires' | 'prefers'>> & { policy?: Delays | undefined };

/** What a workspace has set up for new tickets. */
export interface Styles {
  style: Style;
  channels: Readonly<Record<string, Entrance>>;
  rules: readonly TicketRule[];
  policies: Readonly<Record<Style, Policy>>;
  /** Ids of the teams; the first has the tickets for which nothing names another. */
  teams: readonly string[];
}

/** How a ticket begins: its style with its delays, and who should work on it. */
export interface Choice {
  policy: Policy;
  team: string;
  priority: Priority;
  requires: readonly string[];
  prefers: readonly string[];
}

/** For each of these the first rule decides that fits and names it; then the channel; then the workspace. */
export function choose(styles: Styles, opening: Opening): Choice {
  const rules = styles.rules.filter((rule) => fits(rule, opening));
  const first = <K extends 'style' | 'team' | 'priority' | 'requires' | 'prefers'>(key: K): TicketRule[K] =>
    rules.find((rule) => rule[key] !== undefined)?.[key];
  const channel = styles.channels[opening.channel];
  return {
    policy: policyOn(styles, opening.channel, first('style') ?? channel?.style ?? styles.style),
    team: first('team') ?? channel?.team ?? styles.teams[0] ?? '',
    priority: first('priority') ?? NORMAL,
    requires: first('requires') ?? channel?.requires ?? [],
    prefers: first('prefers') ?? channel?.prefers ?? [],
  };
}

/** A style's policy with the delays of this channel. Not every channel's delays suit every style: see `problemOf`. */
export function policyOn({ policies, channels }: Styles, channel: string, style: Style): Policy {
  const { windowMs, clock, silenceMs } = channels[channel]?.policy ?? {};
  const base = policies[style];
  if (windowMs === undefined && clock === undefined && silenceMs === undefined) return base;
  return { ...base, windowMs: windowMs ?? base.windowMs, clock: clock ?? base.clock, silenceMs: silenceMs ?? base.silenceMs };
}

function fits(rule: TicketRule, { channel, identified, text }: Opening): boolean {
  return (rule.channel === undefined || rule.channel === channel)
    && (rule.identified === undefined || rule.identified === identified)
    && (rule.contains === undefined || text.toLowerCase().includes(rule.contains.toLowerCase()));
}
