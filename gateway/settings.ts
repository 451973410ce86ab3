/**
 * Every setting once, with its unit, default and limits, for the configuration file, flags and the environment alike.
 * Unknown names are errors. Of a workspace, what the file names is set there; everything else the console may change,
 * section by section.
 */
import { z } from 'zod';
import { misfits } from './settings.fit.ts';
import { http, secrets } from './settings.http.ts';
import { pathOf, sentences, spelled } from './settings.issues.ts';
import { key } from './settings.keys.ts';
import { listening, metrics, nats, node } from './settings.node.ts';
import type { Spoken } from './settings.options.ts';
import { SECTION_NAMES, SECTIONS, type Section, type Sections } from './settings.sections.ts';
import { id } from './settings.words.ts';

const workspace = z.strictObject({
  ...SECTIONS,
  keys: z.array(key).max(20).default([]).describe('Keys of your own back end, for customers and agents'),
  secrets: secrets.default({}).describe('By name, for headers of flows\' HTTP requests: {{secrets.name}}'),
  http: http.prefault({}),
});

export const settings = z.strictObject({
  ...listening,
  node,
  nats,
  metrics,
  limits: z.strictObject({
    framesPerSecond: z.number().positive().default(50).describe('Of one connection, in the long run'),
    frameBurst: z.int().positive().default(200).describe('Of one connection, at once'),
    personFramesPerSecond: z.number().positive().default(100).describe('Of all connections of one person, in the long run'),
    personFrameBurst: z.int().positive().default(400).describe('Of all connections of one person, at once'),
    visitorsPerSecond: z.number().positive().default(20).describe('New visitors from one address'),
    visitorBurst: z.int().positive().default(300).describe('New visitors from one address, at once'),
    connections: z.int().positive().default(15_000).describe('At one time'),
  }).prefault({}).describe('Limits of this node'),
  heartbeatMs: z.int().min(1_000).max(300_000).default(25_000).meta({ unit: 'ms' })
    .describe('A client that says nothing for twice as long is gone'),
  idleMs: z.int().min(1_000).default(300_000).meta({ unit: 'ms' }).describe('An actor without work for this long leaves memory'),
  shards: z.int().min(1).max(1024).default(16).describe('On one machine. Fixed when the data folder is created'),
  workspaces: z.record(id, workspace).default({}).describe('By id. "demo" is always there'),
});
type Parsed = z.infer<typeof settings>;

export interface Settings extends Omit<Parsed, 'workspaces'> {
  workspaces: Record<string, Workspace>;
}
export interface Workspace {
  keys: Parsed['workspaces'][string]['keys'];
  /** Nobody is ever told of these more than the secrets' names. */
  secrets: Parsed['workspaces'][string]['secrets'];
  http: Parsed['workspaces'][string]['http'];
  /** What the file says, and what stands for everything else until somebody changes it. */
  file: Partial<Sections>;
  defaults: Partial<Sections>;
  /** Both together. */
  sections: Sections;
}

const ALWAYS = 'demo';
const NOTHING_SPOKEN: Pick<Spoken, 'faults' | 'nameOf'> = { faults: [], nameOf: () => undefined };
/** Whoever reads them corrects these first. */
const FAULTS_MAX = 50;

/**
 * @param spoken what flags and the environment say besides, which is in the JSON already
 * @throws Error with a line for each fault
 */
export function parseSettings(json: unknown, spoken: Pick<Spoken, 'faults' | 'nameOf'> = NOTHING_SPOKEN): Settings {
  const parsed = settings.safeParse(json);
  const said = parsed.success ? [] : sentences(parsed.error, settings, FAULTS_MAX, (path) => spoken.nameOf(path) ?? pathOf(path));
  if (!parsed.success || spoken.faults.length > 0) throw wrong([...spoken.faults, ...said]);
  const { workspaces: found, ...rest } = parsed.data;
  found[ALWAYS] ??= workspace.parse({});
  const given = (json as { workspaces?: Record<string, object> }).workspaces ?? {};
  const workspaces = Object.fromEntries(Object.entries(found).map(([name, { keys, secrets, http, ...sections }]) =>
    [name, { keys, secrets, http, ...apart(name, sections, Object.keys(given[name] ?? {})) }]));
  const faults = Object.entries(workspaces).flatMap(([name, { sections }]) =>
    spelled(misfits(sections), FAULTS_MAX, (misfit) => [`workspaces.${name}.${misfit.say()}`]));
  const kids = Object.values(workspaces).flatMap(({ keys }) => keys.map(({ kid }) => kid));
  const twice = kids.find((kid, i) => kids.indexOf(kid) !== i);
  if (twice !== undefined) faults.push(`workspaces: two keys have the kid "${twice}"; each needs its own`);
  if (faults.length > 0) throw wrong(faults);
  return { ...rest, workspaces };
}

function wrong(lines: readonly string[]): Error {
  return new Error(`The settings are not right:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}

/** What the file names, and what it leaves open. A default that would not fit what is named makes way for it. */
function apart(name: string, parsed: Sections, given: readonly string[]): Omit<Workspace, 'keys' | 'secrets' | 'http'> {
  const isNamed = (section: Section): boolean => given.includes(section);
  const sections = { ...parsed };
  const [team] = parsed.teams;
  if (!isNamed('agents') && team !== undefined) sections.agents = parsed.agents.map((agent) => ({ ...agent, teams: [team.id] }));
  if (!isNamed('name') && name !== ALWAYS) sections.name = name;
  const pick = (wanted: boolean): Partial<Sections> =>
    Object.fromEntries(SECTION_NAMES.filter((section) => isNamed(section) === wanted).map((section) => [section, sections[section]]));
  return { file: pick(true), defaults: pick(false), sections };
}
