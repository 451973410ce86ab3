/**
 * The workspace's settings as the console works with them: names for the ids that conversations carry. They come from
 * the gateway, which has checked them; whatever a section lacks is empty here.
 */
import type { Settings } from '../agent.ts';

export interface Team {
  readonly id: string;
  readonly name: string;
  /** An offer of this team moves on after so many milliseconds. */
  readonly offerMs: number;
}

export interface Colleague {
  /** As conversations and people carry it, with the gateway's prefix. */
  readonly id: string;
  /** As settings and mentions have it. */
  readonly handle: string;
  readonly name: string;
  readonly teams: readonly string[];
}

export interface Macro {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly status: 'open' | 'pending' | 'onHold' | 'solved' | null;
  readonly priority: Priority | null;
  readonly tags: readonly string[];
}
export type Priority = 0 | 1 | 2 | 3;
export const PRIORITIES: readonly Priority[] = [0, 1, 2, 3];

/** Normal, where it is none that we know. */
export function priorityOf(priority: number): Priority {
  return PRIORITIES.find((one) => one === priority) ?? 2;
}

export interface Workspace {
  readonly teams: readonly Team[];
  readonly agents: readonly Colleague[];
  /** Ids and names of the workspace's own, beside the four that are always there. */
  readonly statuses: readonly { readonly id: string; readonly name: string }[];
  readonly macros: readonly Macro[];
  /** Suggested; any other may be written too. */
  readonly tags: readonly string[];
  /** Channel groups by channel: channels of one group share an agent's places. */
  readonly groups: Readonly<Record<string, string>>;
}

/** How long an offer lasts where its team is not known. */
export const OFFER_MS = 30_000;
const AGENT = 'a_';
const GROUP = 'messaging';
const SETTABLE = ['open', 'pending', 'onHold', 'solved'] as const;

const NOBODYS: Workspace = { teams: [], agents: [], statuses: [], macros: [], tags: [], groups: {} };

export function workspaceOf(settings: Pick<Settings, 'sections'> | null): Workspace {
  if (settings === null) return NOBODYS;
  const { sections } = settings;
  return {
    teams: records(sections['teams']).map(({ id, name, offerMs }) => (
      { id: word(id), name: word(name), offerMs: typeof offerMs === 'number' ? offerMs : OFFER_MS })),
    agents: records(sections['agents']).map(({ id, name, teams }) => (
      { id: AGENT + word(id), handle: word(id), name: word(name), teams: words(teams) })),
    statuses: records(sections['statuses']).map(({ id, name }) => ({ id: word(id), name: word(name) })),
    macros: records(sections['macros']).map(({ id, name, text, status, priority, tags }) => ({
      id: word(id), name: word(name), text: word(text), tags: words(tags),
      status: SETTABLE.find((one) => one === status) ?? null,
      priority: PRIORITIES.find((one) => one === priority) ?? null,
    })),
    tags: words(sections['tags']),
    groups: isRecord(sections['channels']) ? Object.fromEntries(Object.entries(sections['channels'])
      .map(([channel, set]) => [channel, isRecord(set) ? word(set['group']) || GROUP : GROUP])) : {},
  };
}

export function handleOf(agent: string): string {
  return agent.startsWith(AGENT) ? agent.slice(AGENT.length) : agent;
}

export function groupOf({ groups }: Workspace, channel: string): string {
  return groups[channel] ?? GROUP;
}

/** Its id where nobody has named it, so that what was deleted can still be told apart. */
export function teamName({ teams }: Workspace, id: string): string {
  return teams.find((team) => team.id === id)?.name ?? id;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
const records = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const word = (value: unknown): string => (typeof value === 'string' ? value : '');
const words = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []);
