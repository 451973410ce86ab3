/** The workspace's settings: read by every agent, changed by administrators, each section under its revision. */
import type { Value } from '../value.ts';

/** By name of the section, as the settings file has them: teams, agents, skills, statuses, capacity, channels, … */
export interface Settings {
  readonly sections: Readonly<Record<string, unknown>>;
  readonly revs: Readonly<Record<string, number>>;
  /** Sections that the configuration file sets: they are changed there. */
  readonly locked: readonly string[];
  /** JSON Schema of each section. */
  readonly schema: Readonly<Record<string, unknown>>;
}
export type Section = string;

export interface SettingsDoor {
  /** Null until they have come; fetched again whenever they change. */
  readonly value: Value<Settings | null>;
  /** Rejects with `conflict` when somebody changed the section after `rev`, `invalid` or `inUse` with what is wrong. */
  change(section: Section, value: unknown, rev: number): Promise<void>;
  /** A link that signs this agent in, once, within ten minutes. */
  invite(agent: string): Promise<string>;
}
