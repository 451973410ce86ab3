/** What the plain rules know of a desk, and whom they would choose: lists that are searched from end to end. */
import type { Standing } from '../../machines/routing.ts';
import { holdsCapacity } from '../../machines/style.ts';
import type { Agent } from '../../machines/ticket.ts';
import type { Staff, Team } from '../../machines/workspace.ts';

/** A decision; `n` is Infinity until the desk's own has been found to be the same. */
export interface Said { id: string; type: 'assign' | 'requeue' | 'place'; what: string; n: number }

export interface Case {
  id: string; standing: Standing; told: number; heard: number; sent: Said | null; team: string;
  with: Agent | null; offer: { agent: string; n: number; until: number } | null;
  asked: string[]; rest: number; prefer: number; fall: number; tried: string[]; place: string; office: number; comeBack: number; news: boolean;
}
export interface Colleague {
  id: string; name: string; status: string; nodes: string[]; grace: number; keep: number; lapses: number; last: number; turns: Record<string, number>;
}

const TAKES: Record<string, string> = { online: 'all', away: 'nothing', transfers: 'transfers', offline: 'nothing' };

export class Choice {
  cases: Case[] = [];
  agents: Colleague[] = [];
  staff: Staff;
  at = 0;

  constructor(staff: Staff) {
    this.staff = staff;
  }

  takes = (a: Colleague): string => TAKES[a.status] ?? this.staff.statuses.find((s) => s.id === a.status)?.takes ?? 'nothing';
  present = (a: Colleague): boolean => a.nodes.length > 0 || a.grace > 0;
  attends = (id: string): boolean => this.agents.some((a) => a.id === id && this.present(a) && this.takes(a) !== 'nothing');

  nameOf = (id: string): string | undefined => this.agents.find((a) => a.id === id)?.name ?? this.staff.agents.find((m) => `a_${m.id}` === id)?.name;

  team = (id: string): Team => this.staff.teams.find((t) => t.id === id) ?? this.staff.teams[0] as Team;
  teamFor = (s: Standing): string => [s.team, this.staff.channels[s.channel]?.team].find((id) => this.staff.teams.some((t) => t.id === id)) ?? this.team('').id;

  /** Whether the conversation has answered the desk's newest decision. */
  settled = (c: Case): boolean => c.sent === null || c.heard >= c.sent.n;

  readonly groups = ['messaging', 'voice'];
  group = (c: Case): string => this.staff.channels[c.standing.channel]?.group ?? 'messaging';
  limit = (id: string, group: string): number => this.staff.agents.find((m) => `a_${m.id}` === id)?.capacity[group] ?? this.staff.capacity[group] ?? 5;
  spare = (id: string, group: string): number => this.limit(id, group) - this.places(id, group);
  places = (id: string, group: string): number => this.cases.filter((c) => this.group(c) === group && this.#placeOf(c) === id).length;

  #placeOf(c: Case): string | undefined {
    if (c.offer !== null) return c.offer.agent;
    const { style, status, active } = c.standing;
    const frees = this.staff.routing.inactiveFrees && status === 'open' && !active;
    return !this.settled(c) || status === 'new' || (holdsCapacity(style, status) && !frees) ? c.with?.id : undefined;
  }

  /** Whether this agent, were they asked, could take the ticket now. */
  eligible(c: Case, a: Colleague): boolean {
    const member = this.staff.agents.find(({ id }) => `a_${id}` === a.id);
    const teams = member?.teams ?? [this.team('').id];
    const needs = [...c.standing.requires, ...c.prefer > 0 ? c.standing.prefers : []];
    return a.nodes.length > 0 && this.takes(a) === 'all' && teams.includes(c.team) && needs.every((skill) => member?.skills.includes(skill))
      && this.spare(a.id, this.group(c)) > 0;
  }

  /** Whom of those to ask, in the order of the ticket's own method or else its team's; a new round when all were asked and the ticket has rested. */
  askable(c: Case): Colleague | undefined {
    const { id, method: usual } = this.team(c.team);
    const method = c.standing.by ?? usual;
    const turn = (a: Colleague): number => (method === 'leastBusy' ? -this.spare(a.id, this.group(c)) : method === 'roundRobin' ? a.turns[id] ?? 0 : 0);
    const able = this.agents.filter((a) => this.eligible(c, a)).sort((a, b) => turn(a) - turn(b) || a.last - b.last || (a.id < b.id ? -1 : 1));
    const unasked = able.find((a) => !c.asked.includes(a.id));
    if (unasked !== undefined || c.rest > this.at) return unasked;
    return able.find((a) => a.id !== c.asked.at(-1)) ?? able[0];
  }

  /** Those who wait; a ticket of which a flow has yet to say where it goes does not. */
  ranked(): Case[] {
    const rank = (c: Case): number[] => [this.team(c.team).priority, c.standing.priority, c.standing.since];
    return this.cases.filter((c) => c.with === null && c.offer === null && !c.standing.held)
      .sort((a, b) => rank(a).map((n, i) => n - (rank(b)[i] ?? 0)).find((d) => d !== 0) ?? (a.id < b.id ? -1 : 1));
  }
}
