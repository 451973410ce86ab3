/**
 * What a conversation may know of its workspace at the moment of a step. It is looked up, never kept: a record says what
 * came of it, so nothing is decided again from what was true then.
 */
import type { Kind as ValueKind } from './flows/flow.ts';
import { NO_FLOWS, type Shelf } from './flows/run.ts';
import type { Hours } from './hours.ts';
import type { Styles } from './style.ts';

/** A field of contacts. `email`, `phone`, `language` and `country` are always there. */
export interface FieldType {
  id: string;
  name: string;
  type: 'text' | ValueKind | 'choice' | 'boolean' | 'language' | 'country';
  /** Of a choice. */
  choices: readonly string[];
}

export interface World {
  styles: Styles;
  shelf: Shelf;
  /** Team '' for the workspace's own. Null: always open. */
  hours(team: string): Hours | null;
  /** Tickets of a team that wait for an agent; '' for all teams. */
  waiting(team: string): number;
  /** Agents of a team, '' for any, who could take a ticket now. */
  available(team: string): number;
  /** Name of an agent by the id in the settings; undefined for one who is not there. */
  agent(id: string): string | undefined;
  fields: readonly FieldType[];
}

export const FIELDS_ALWAYS: readonly FieldType[] = [
  { id: 'email', name: 'E-mail', type: 'email', choices: [] }, { id: 'phone', name: 'Phone', type: 'phone', choices: [] },
  { id: 'language', name: 'Language', type: 'language', choices: [] }, { id: 'country', name: 'Country', type: 'country', choices: [] },
];

/** A workspace in which nothing but its styles is set up. */
export function plain(styles: Styles): World {
  return {
    styles, shelf: NO_FLOWS, hours: () => null, waiting: () => 0, available: () => 0, agent: () => undefined, fields: FIELDS_ALWAYS,
  };
}
