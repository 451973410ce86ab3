/**
 * Names out of the settings: teams, agents, statuses, skills as the workspace calls them. The settings come as any JSON;
 * what is not as expected is left out, and a name that is not there is its id.
 */
import type { Settings } from '../agent.ts';
import { STRINGS } from './strings.ts';

export interface Named { readonly id: string; readonly name: string }

/** The things of a section that is a list of them, each with an id. */
export function named(settings: Settings | null, section: string): Named[] {
  const list = settings?.sections[section];
  return Array.isArray(list) ? list.filter(isNamed) : [];
}

export function nameOf(all: readonly Named[], id: string): string {
  return all.find((one) => one.id === id)?.name ?? id;
}

/** The four that are always there, in the reader's language, then the workspace's own. */
export function statusesOf(settings: Settings | null): Named[] {
  const always = Object.entries(STRINGS.agentStatuses).map(([id, name]) => ({ id, name }));
  return [...always, ...named(settings, 'statuses').filter(({ id }) => !Object.hasOwn(STRINGS.agentStatuses, id))];
}

function isNamed(value: unknown): value is Named {
  return typeof value === 'object' && value !== null && 'id' in value && typeof value.id === 'string'
    && 'name' in value && typeof value.name === 'string';
}
