/** The workspace's settings: read by every agent, changed by administrators, each section under its revision. */
import { ParleyError } from '../error.ts';
import type { House } from '../house.ts';
import { cell, type Value } from '../value.ts';
import type { Ask } from './http.ts';

/** By name of the section, as the settings file has them: teams, agents, skills, statuses, capacity, channels, … */
export interface Settings {
  readonly sections: Readonly<Record<string, unknown>>;
  readonly revs: Readonly<Record<string, number>>;
  /** Sections that the configuration file sets: they are changed there. */
  readonly locked: readonly string[];
  /** Name of the agent who changed each section last, '' when none has. */
  readonly by: Readonly<Record<string, string>>;
  /** JSON Schema of each section. */
  readonly schema: Readonly<Record<string, unknown>>;
}
export type Section = string;

export interface SettingsDoor {
  /** Null until they have come, after somebody has subscribed; fetched again whenever they change. */
  readonly value: Value<Settings | null>;
  /** Rejects with `conflict` when somebody changed the section after `rev`, `invalid` or `inUse` with what is wrong. */
  change(section: Section, value: unknown, rev: number): Promise<void>;
  /** A link that signs this agent in, once, within ten minutes. */
  invite(agent: string): Promise<string>;
}

export interface SettingsPart extends SettingsDoor {
  /** They have changed, or may have while nobody was connected. */
  refresh(): void;
  forget(): void;
}

const AGAIN_MS = 5_000;

export function createSettings({ after, wire }: House, ask: Ask): SettingsPart {
  const value = cell<Settings | null>(null);
  let wanted = false;
  let fetching: Promise<void> | null = null;
  /** They have changed since the question was asked. */
  let stale = false;

  async function fetchAll(): Promise<void> {
    do {
      stale = false;
      value.set((await ask('GET', '/api/settings')) as Settings);
    } while (stale);
  }

  function refresh(): Promise<void> {
    stale = true;
    fetching ??= fetchAll().catch(again).finally(() => (fetching = null));
    return fetching;
  }

  /** What was not answered is asked for again, if need be on the next connection. */
  function again(error: unknown): void {
    const passes = error instanceof ParleyError && error.name === 'unanswered';
    if (passes && wire.connection.get().status === 'live') after(AGAIN_MS, () => void refresh());
  }

  return {
    value: {
      get: value.get,
      subscribe(listener) {
        if (!wanted) void refresh();
        wanted = true;
        return value.subscribe(listener);
      },
    },
    async change(section, next, rev) {
      await ask('PUT', `/api/settings/${encodeURIComponent(section)}`, { rev, value: next });
      if (wanted) await refresh();
    },
    async invite(agent) {
      const { url } = (await ask('POST', `/api/agents/${encodeURIComponent(agent)}/link`, {})) as { url: string };
      return url;
    },
    refresh: () => void (wanted && refresh()),
    forget: () => value.set(null),
  };
}
