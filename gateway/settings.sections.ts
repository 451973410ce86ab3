/**
 * The sections of a workspace's settings: what an administrator changes one at a time, each under its own revision. One
 * schema for the configuration file, the console's forms and every change.
 */
import { z } from 'zod';
import { PLACES } from '../machines/workspace.ts';
import { fields } from './settings.contacts.ts';
import { misfits } from './settings.fit.ts';
import { pathOf, sentences, spelled } from './settings.issues.ts';
import { agents, capacity, macros, routing, skills, statuses, tags, teams } from './settings.staff.ts';
import { channels, hours, policies, rules, style } from './settings.styles.ts';
import { text } from './settings.words.ts';

/** Every section has its default. */
export const SECTIONS = {
  name: text(120).default('Parley demo'),
  style: style.default('chat').describe('For channels and rules that name none'),
  policies: policies.default({}).describe('The delays of each style'),
  hours: hours.prefault({}),
  channels: channels.prefault({ web: {}, repeat: { style: 'repeat' }, social: { style: 'social' } }),
  rules: rules.default([]),
  allowedOrigins: z.array(z.string().refine(isOrigin, 'is not a web origin, for instance "https://shop.example.com"')).max(200).default([])
    .describe('Web origins that may embed the widget, besides the gateway\'s own'),
  teams: teams.prefault([{ id: 'support', name: 'Support' }]),
  agents: agents.prefault([{ id: 'ada', name: 'Ada', right: 'admin', teams: ['support'] }]),
  skills: skills.default([]),
  statuses: statuses.default([]),
  capacity: capacity.default({ messaging: PLACES }),
  routing: routing.prefault({}),
  macros: macros.default([]),
  fields: fields.default([]),
  tags: tags.default([]),
} as const;
export type Section = keyof typeof SECTIONS;
export type Sections = { [S in Section]: z.infer<(typeof SECTIONS)[S]> };

export const SECTION_NAMES = Object.keys(SECTIONS) as Section[];

export function isSection(name: string): name is Section {
  return Object.hasOwn(SECTIONS, name);
}

/** For forms: the JSON Schema of each section, as it is written. */
export function schemas(): Record<Section, unknown> {
  const all = SECTION_NAMES.map((name) => [name, z.toJSONSchema(SECTIONS[name], { io: 'input', unrepresentable: 'any' })]);
  return Object.fromEntries(all) as Record<Section, unknown>;
}

/** So much of what is wrong is said at once. */
const PROBLEMS_MAX = 5;

/** With its value when only other sections do not fit to it. */
type Checked = { value: unknown } | { problem: string; value?: unknown };

/**
 * Whether a section may become this, beside the others as they are: its whole value, or what is wrong and what to do, a
 * sentence for each fault. What was wrong before is not held against it.
 */
export function check(section: string, value: unknown, sections: Readonly<Record<string, unknown>>): Checked {
  if (!isSection(section)) return { problem: `there is no section "${section.slice(0, 40)}"; there are ${SECTION_NAMES.join(', ')}` };
  const schema: z.ZodType = SECTIONS[section];
  const parsed = schema.safeParse(value ?? null);
  if (!parsed.success) return { problem: sentences(parsed.error, schema, PROBLEMS_MAX, (path) => pathOf([section, ...path])).join('; ') };
  const known = new Set(misfits(sections as Sections).map(({ key }) => key));
  const fresh = misfits({ ...sections as Sections, [section]: parsed.data }).filter(({ key }) => !known.has(key));
  if (fresh.length === 0) return { value: parsed.data };
  return { problem: spelled(fresh, PROBLEMS_MAX, (misfit) => [misfit.say()]).join('; '), value: parsed.data };
}

/** As browsers say it, scheme, name and port; "null" is what they say for pages of nobody. */
function isOrigin(origin: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, origin: own, href } = new URL(origin);
  return /^https?:$/.test(protocol) && href === `${own}/` && !href.includes('*');
}
