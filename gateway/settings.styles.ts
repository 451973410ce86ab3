/** How tickets begin, end and come back: styles, their delays, business hours, channels and rules. */
import { z } from 'zod';
import { LONGEST_WINDOW_MS, POLICIES, type Policy, type Style, type Styles } from '../machines/style.ts';
import { distinct, id, MINUTE, SECOND, span, text } from './settings.words.ts';

export const style = z.enum(['chat', 'repeat', 'social']);
export const priority = z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3)]).describe('0 urgent, 1 high, 2 normal, 3 low');
const minute = z.int().min(0).max(1440);

export const hours = z.strictObject({
  zone: z.string().refine(isZone, 'is not an IANA time zone, for instance "Europe/Rome"').default('UTC'),
  week: z.array(z.array(z.tuple([minute, minute])).max(10)
    .refine((day) => day.every(([from, to], i) => from < to && from >= (day[i - 1]?.[1] ?? 0)),
      'has hours that end before they begin, or that are not in order')).length(7)
    .default(POLICIES.repeat.hours.week as [number, number][][])
    .describe('Sunday first; each day a list of [from, to] in minutes after midnight'),
});

const delays = {
  windowMs: span(0, LONGEST_WINDOW_MS).max(LONGEST_WINDOW_MS, `is over the longest window of 28 days (${LONGEST_WINDOW_MS} ms)`).optional()
    .describe('From Solved to Closed, in milliseconds, at most 28 days. Defaults: repeat 1 hour, social 4 days'),
  clock: z.enum(['business', 'calendar']).optional().describe('Which time counts. Defaults: repeat business, social calendar'),
};
const silenceMs = span(SECOND, LONGEST_WINDOW_MS).describe('A customer silent for this long, in milliseconds, is inactive. Default 10 min');

const policy = z.strictObject({ ...delays, silenceMs: silenceMs.default(10 * MINUTE) });
export const policies = z.strictObject({ chat: policy.optional(), repeat: policy.optional(), social: policy.optional() });

const CHANNELS_MAX = 40;
const skills = distinct(id, 20);
export const channels = z.record(id, z.strictObject({
  style: style.optional(),
  team: id.optional().describe('Team of its tickets. Default: the first'),
  group: id.default('messaging').describe('Channels of one group share an agent\'s places'),
  requires: skills.default([]).describe('Skills that an agent must have for its tickets'),
  prefers: skills.default([]).describe('Skills that are better, for a time'),
  policy: z.strictObject({ ...delays, silenceMs: silenceMs.optional() }).optional()
    .describe('Delays of this channel, where they differ from those of its style'),
})).refine((all) => Object.keys(all).length <= CHANNELS_MAX, `has more than ${CHANNELS_MAX} channels`);

const DECIDES = ['style', 'team', 'priority', 'requires', 'prefers'] as const;
export const rules = z.array(z.strictObject({
  channel: id.optional(), identified: z.boolean().optional(), contains: text(200).optional().describe('The first message holds this, without case'),
  style: style.optional(), team: id.optional(), priority: priority.optional(), requires: skills.optional(), prefers: skills.optional(),
}).refine((rule) => DECIDES.some((key) => rule[key] !== undefined), `decides nothing: name ${DECIDES.join(', ')}`)).max(100)
  .describe('Of the rules that fit a new ticket, the first that names one of these decides it');

interface Chosen {
  style: Style;
  channels: z.infer<typeof channels>;
  rules: z.infer<typeof rules>;
  policies: z.infer<typeof policies>;
  hours: z.infer<typeof hours>;
  teams: readonly { id: string }[];
}

/** What a conversation needs to know of its workspace. */
export function stylesOf({ style: base, channels: through, rules: list, policies: own, hours: open, teams }: Chosen): Styles {
  const whole = (name: Style): Policy => ({ ...POLICIES[name], hours: open, ...dropUndefined(own[name] ?? {}) });
  return {
    style: base, channels: through, rules: list, policies: { chat: whole('chat'), repeat: whole('repeat'), social: whole('social') },
    teams: teams.map((team) => team.id),
  };
}

function dropUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Partial<T>;
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
