/** A thing of a section in a few words, for its line in the list. */
import type { Settings } from '../../agent.ts';
import { fieldOf, solid, type Schema } from './schema.ts';
import { isTree } from './tree.ts';
import { labelOf, say } from './words.ts';

/** What tells the things of a section apart at a glance; of any other section, nothing but the name does. */
const TELLING: Readonly<Record<string, readonly string[]>> = {
  teams: ['method', 'autoAccept'], agents: ['right', 'teams', 'skills'], statuses: ['takes'],
  channels: ['team', 'style', 'requires'],
  macros: ['text'], fields: ['type', 'choices'], rules: ['channel', 'identified', 'contains', 'style', 'team', 'priority', 'requires', 'prefers'],
};

export function summary(settings: Settings, section: string, item: Schema, value: unknown): string {
  const own = solid(item);
  const tree = isTree(value) ? value : {};
  return (TELLING[section] ?? []).flatMap((key) => {
    const schema = own.properties?.[key];
    const there = tree[key];
    if (!schema || isNothing(there)) return [];
    if (fieldOf(key, solid(schema)).is === 'flag' && there === true) return [labelOf(section, [key])];
    const said = say(settings, section, [key], schema, there);
    return [section === 'rules' ? `${labelOf(section, [key])}: ${said}` : said];
  }).join(' · ');
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || value === false || (Array.isArray(value) && value.length === 0);
}
