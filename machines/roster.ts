/**
 * Who is who in a workspace, as its settings say: teams and their members, rights, skills, places and statuses.
 */
import type { Priority } from './routing.ts';
import {
  PLACES, STATUSES_ALWAYS, type AgentStatus, type Member, type Right, type Staff, type Takes, type Team,
} from './workspace.ts';

/** The gateway's prefix of agents' ids. */
const AGENT = 'a_';
const GROUP = 'messaging';

const ROUTING: Staff['routing'] = { graceMs: 20_000, keepMs: null, returnMs: 300_000, lapses: 0, inactiveFrees: false };
/** Where tickets wait while no team is set up: so that none is lost. */
const NO_TEAM: Team = {
  id: 'support', name: 'Support', priority: 5, method: 'leastBusy', offerMs: 30_000, autoAccept: false, preferMs: 60_000,
  fallback: null, hours: null,
};

/** The same for all agents who are not in the settings: they work in the first team. */
interface Post {
  readonly member: Member | undefined;
  /** Most urgent first. */
  readonly teams: readonly Team[];
  readonly skills: ReadonlySet<string>;
}

export class Roster {
  readonly staff: Staff;
  readonly first: Team;
  /** Channel groups, each with its own count of places. */
  readonly groups: readonly string[];
  readonly #teams: ReadonlyMap<string, Team>;
  readonly #posts: ReadonlyMap<string, Post>;
  readonly #stranger: Post;
  readonly #statuses: ReadonlyMap<string, AgentStatus>;

  /** @param sections as the gateway's schema has made them whole. */
  constructor(sections: Readonly<Record<string, unknown>>) {
    const set = sections as Partial<Staff>;
    this.staff = {
      teams: set.teams ?? [], agents: set.agents ?? [], skills: set.skills ?? [], statuses: set.statuses ?? [],
      capacity: set.capacity ?? {}, channels: set.channels ?? {}, routing: { ...ROUTING, ...set.routing },
      hours: set.hours ?? { zone: 'UTC', week: [] },
    };
    const { teams, agents, statuses, channels } = this.staff;
    this.first = teams[0] ?? NO_TEAM;
    this.#teams = new Map([this.first, ...teams].map((team) => [team.id, team]));
    this.groups = [...new Set([GROUP, ...Object.values(channels).map(({ group }) => group)])].sort();
    this.#statuses = new Map([...STATUSES_ALWAYS, ...statuses].map((status) => [status.id, status]));
    this.#stranger = { member: undefined, teams: [this.first], skills: new Set() };
    this.#posts = new Map(agents.map((member) => [AGENT + member.id, {
      member, skills: new Set(member.skills),
      teams: member.teams.flatMap((id) => this.#teams.get(id) ?? []).sort((a, b) => a.priority - b.priority),
    }]));
  }

  /** The members, by their ids as agents. */
  get members(): Iterable<readonly [id: string, Member]> {
    return this.staff.agents.map((member) => [AGENT + member.id, member]);
  }

  get statuses(): Iterable<string> {
    return this.#statuses.keys();
  }

  member(agent: string): Member | undefined {
    return this.#post(agent).member;
  }

  right(agent: string): Right {
    return this.#post(agent).member?.right ?? 'agent';
  }

  /** Their teams, the most urgent first. */
  teamsOf(agent: string): readonly Team[] {
    return this.#post(agent).teams;
  }

  fits(agent: string, needs: readonly string[]): boolean {
    return needs.length === 0 || needs.every((skill) => this.#post(agent).skills.has(skill));
  }

  limit(agent: string, group: string): number {
    return own(this.#post(agent).member?.capacity ?? {}, group) ?? own(this.staff.capacity, group) ?? PLACES;
  }

  /** A status that has been deleted takes nothing, until its agent chooses another. */
  takes(status: string): Takes {
    return this.#statuses.get(status)?.takes ?? 'nothing';
  }

  team(id: string): Team | undefined {
    return this.#teams.get(id);
  }

  /** The team of a ticket: the one it names, its channel's, or the first. */
  teamFor(standing: { team: string; channel: string }): Team {
    const byChannel = own(this.staff.channels, standing.channel)?.team ?? '';
    return this.#teams.get(standing.team) ?? this.#teams.get(byChannel) ?? this.first;
  }

  group(channel: string): string {
    return own(this.staff.channels, channel)?.group ?? GROUP;
  }

  #post(agent: string): Post {
    return this.#posts.get(agent) ?? this.#stranger;
  }
}

/** Names come from outside: one like "constructor" is not there unless somebody has set it. */
export function own<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Of two tickets the one with the smaller rank goes first: by its team's priority, its own, and how long it has waited. */
export function rankOf(team: Team, { priority, since, id }: { priority: Priority; since: number; id: string }): string {
  return `${team.priority}${priority}${padded(since)}${id}`;
}

/** Numbers that sort as text: moments and counts up to 10^15. */
export function padded(n: number): string {
  return String(n).padStart(15, '0');
}
