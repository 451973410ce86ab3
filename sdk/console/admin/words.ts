/**
 * The settings in the reader's words: names of fields, of what can be chosen, values with their units. What has no words
 * yet, because the gateway is newer, is said as the schema names it.
 */
import type { Settings } from '../../agent.ts';
import { named, nameOf } from '../staff.ts';
import { ADMIN, FIELDS, LANGUAGE } from '../strings.ts';
import { span } from '../../ui/span.ts';
import { ORDER, type Change, type Path } from './changes.ts';
import type { Problem } from './problems.ts';
import { fieldOf, solid, type Choice, type Schema } from './schema.ts';
import { idOf, isTree } from './tree.ts';

type Table = Readonly<Record<string, string>>;
const LABELS: Table = FIELDS.labels;
const HINTS: Table = FIELDS.hints;
const UNSET: Table = FIELDS.unset;
const CHOICES: Table = FIELDS.choices;

/** Sections whose things a field names by id. */
export const NAMES: Readonly<Record<string, string>> = {
  team: 'teams', teams: 'teams', skills: 'skills', requires: 'skills', prefers: 'skills', channel: 'channels',
};

/** Fields with only one right value: a chat has no window. */
const HIDDEN = ['policies.chat.windowMs', 'policies.chat.clock'];

export function isHidden(section: string, keys: Path): boolean {
  return HIDDEN.includes([section, ...keys].join('.'));
}

/**
 * Looks under the section and the whole path, then the section and the name, then the name alone.
 *
 * @param keys from the section down, without places in lists; none of a section itself
 */
function find(table: Table, section: string, keys: Path): string | undefined {
  const name = keys.at(-1);
  if (name === undefined) return table[`section.${section}`] ?? table[section];
  return table[[section, ...keys].join('.')] ?? table[`${section}.${name}`] ?? table[name];
}

/** `keys` empty: of the section itself. */
export function labelOf(section: string, keys: Path): string {
  return find(LABELS, section, keys) ?? humanized(keys.at(-1) ?? section);
}

/** What a section is called on its page. */
export function sectionName(section: string): string {
  const pages: Table = ADMIN.pages;
  return pages[section] ?? labelOf(section, []);
}

export function hintOf(section: string, keys: Path, schema: Schema): string {
  return find(HINTS, section, keys) ?? (find(LABELS, section, keys) === undefined ? schema.description ?? '' : '');
}

export function unsetWord(section: string, keys: Path): string {
  return find(UNSET, section, keys) ?? ADMIN.notSet;
}

export function choiceWord(key: string, choice: Choice): string {
  if (typeof choice === 'boolean') return choice ? ADMIN.yes : ADMIN.no;
  return CHOICES[`${key}.${choice}`] ?? String(choice);
}

/** What a thing is called: its name, else its id, else its key in a table. */
export function thingName(thing: unknown, key = ''): string {
  const tree = isTree(thing) ? thing : {};
  const name = typeof tree['name'] === 'string' ? tree['name'] : '';
  return name || idOf(thing) || key || ADMIN.unnamed;
}

/** A value as a reader takes it in at a glance. */
export function say(settings: Settings, section: string, keys: Path, schema: Schema, value: unknown): string {
  const key = keys.at(-1) ?? section;
  if (value === null || value === undefined || value === '') return unsetWord(section, keys);
  const refers = NAMES[key];
  const name = (id: unknown) => (refers === undefined ? String(id) : nameOf(thingsOf(settings, refers), String(id)));
  const field = fieldOf(key, solid(schema));
  switch (field.is) {
    case 'time': return span(Number(value), LANGUAGE);
    case 'number': return new Intl.NumberFormat(LANGUAGE).format(Number(value));
    case 'flag': return value === true ? ADMIN.yes : ADMIN.no;
    case 'choice': return choiceWord(key, isChoice(value) ? value : String(value));
    case 'text': return name(value);
    case 'hours': return ADMIN.changedHours;
    case 'list': return Array.isArray(value) && value.every((one) => !isTree(one))
      ? new Intl.ListFormat(LANGUAGE, { style: 'short', type: 'unit' }).format(value.map(name)) || ADMIN.nobodyElse : ADMIN.yes;
    case 'table': case 'group': {
      const parts = Object.entries(isTree(value) ? value : {}).filter(([, one]) => !isTree(one));
      const said = parts.map(([one, inner]) => say(settings, section, [...keys, one], inside(solid(schema), one), inner));
      return said.join(', ') || ADMIN.nobodyElse;
    }
    default: return ADMIN.yes;
  }
}

interface Described { readonly where: string; readonly from: string; readonly to: string }

/** Where a change is and what it says, for who has to decide. */
export function describe(settings: Settings, section: string, schema: Schema, { path, from, to }: Change): Described {
  let at = schema;
  const keys: string[] = [];
  const names: string[] = [];
  let things = settings.sections[section];
  for (const key of path) {
    if (key === ORDER) {
      names.push(ADMIN.order);
      const all = thingsOf(settings, section);
      const order = (list: unknown) => (Array.isArray(list) ? list.map((id) => nameOf(all, String(id))).join(', ') : '');
      return { where: names.join(' › '), from: order(from), to: order(to) };
    }
    const field = fieldOf(keys.at(-1) ?? section, solid(at));
    const thing = Array.isArray(things) ? things.find((one) => idOf(one) === key) : isTree(things) ? things[key] : undefined;
    const known = thing ?? to ?? from;
    if (field.is === 'list' || (field.is === 'table' && isTree(known))) names.push(thingName(known, key));
    else if (field.is === 'table') names.push(key);
    else {
      keys.push(key);
      names.push(labelOf(section, keys));
    }
    at = field.is === 'list' || field.is === 'table' ? field.item : inside(solid(at), key);
    things = thing;
  }
  // A whole thing that came or went is told by its name.
  const whole = (value: unknown, other: unknown) => (isTree(value) && idOf(value ?? other) !== null ? thingName(value)
    : say(settings, section, keys, at, value));
  return {
    where: names.join(' › ') || labelOf(section, []),
    from: whole(from, to),
    to: to === undefined ? ADMIN.removed : from === undefined && isTree(to) ? ADMIN.added : whole(to, from),
  };
}

/** All things of a section, from a list or from a table; a channel is called by its key. */
export function thingsOf(settings: Settings, section: string): { id: string; name: string }[] {
  const value = settings.sections[section];
  return isTree(value) ? Object.keys(value).map((id) => ({ id, name: id })) : named(settings, section);
}

function inside(schema: Schema, key: string): Schema {
  const more = schema.additionalProperties;
  return schema.properties?.[key] ?? (typeof more === 'object' ? more : {});
}

function isChoice(value: unknown): value is Choice {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

/** `autoAccept` → "Auto accept". */
function humanized(key: string): string {
  const words = key.replace(/Ms$/u, '').replace(/([a-z])([A-Z])/gu, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** What is wrong with a field. */
export function problemSaid(problem: Problem): string {
  const number = new Intl.NumberFormat(LANGUAGE);
  switch (problem.is) {
    case 'least': case 'most':
      return ADMIN.problems[problem.is](problem.time ? span(problem.limit, LANGUAGE) : number.format(problem.limit));
    case 'pattern': return ADMIN.problems.pattern[problem.of];
    case 'long': case 'short': case 'many': return ADMIN.problems[problem.is](problem.limit);
    default: return ADMIN.problems[problem.is];
  }
}
