/** Why settings may not become what somebody wants: what still depends on them, and what to do first. */
import type { DeskState } from './floor.ts';
import { agentOf, lane, placesOf, within } from './lanes.ts';
import type { Roster } from './roster.ts';
import type { TicketRule } from './workspace.ts';

type Values = Readonly<Record<string, unknown>>;

/** One sentence; undefined when nothing hinders. */
export function hindrance(state: DeskState, next: Roster, values: Values): string | undefined {
  return teamGone(state, next) ?? agentGone(state, next) ?? placesGone(state, next) ?? skillGone(state, next, values)
    ?? statusGone(state, next) ?? adminGone(state, next);
}

function teamGone({ roster, lanes }: DeskState, next: Roster): string | undefined {
  for (const { id, name } of roster.staff.teams) {
    if (next.team(id) !== undefined) continue;
    const waiting = within(lanes.queue, lane(id));
    const open = within(lanes.open, lane(id));
    if (waiting + open > 0) {
      return `${name} has ${count(waiting, 'waiting conversation')} and ${open} with agents: `
        + 'finish them or move them to another team first';
    }
    const members = next.staff.agents.filter(({ teams }) => teams.includes(id)).map((member) => member.name);
    if (members.length > 0) return `${name} has the members ${list(members)}: take them out of the team first`;
  }
  return undefined;
}

function agentGone({ roster, lanes }: DeskState, next: Roster): string | undefined {
  for (const [id, { name }] of roster.members) {
    const held = next.member(id) === undefined ? within(lanes.held, lane(id)) : 0;
    if (held > 0) return `${name} has ${count(held, 'conversation')}: hand them over or solve them first`;
  }
  return undefined;
}

function placesGone({ roster, lanes, tickets }: DeskState, next: Roster): string | undefined {
  // A channel that moves to another group takes its conversations along.
  const places = new Map<string, number>();
  for (const [, id] of lanes.places) {
    const ticket = tickets.get(id);
    const key = ticket === undefined ? '' : lane(agentOf(ticket) ?? '', next.group(ticket.standing.channel));
    places.set(key, (places.get(key) ?? 0) + 1);
  }
  for (const [id, { name }] of next.members) {
    for (const group of next.groups) {
      const limit = next.limit(id, group);
      const held = places.get(lane(id, group)) ?? 0;
      const worse = limit < roster.limit(id, group) || held > placesOf(lanes, id, group);
      if (!worse || held <= limit) continue;
      return `${name} holds ${count(held, 'conversation')} in ${group}, more than ${limit}: hand some over first, or leave the capacity at ${held}`;
    }
  }
  return undefined;
}

function skillGone({ roster, tickets }: DeskState, next: Roster, { rules }: Values): string | undefined {
  const { agents, channels, skills } = next.staff;
  for (const { id, name } of roster.staff.skills) {
    if (skills.some((kept) => kept.id === id)) continue;
    const uses = ({ requires = [], prefers = [] }: Pick<TicketRule, 'requires' | 'prefers'>): boolean =>
      requires.includes(id) || prefers.includes(id);
    const having = agents.filter((agent) => agent.skills.includes(id)).map((agent) => agent.name);
    if (having.length > 0) return `${list(having)} ${having.length === 1 ? 'has' : 'have'} the skill ${name}: take it from them first`;
    const channel = Object.entries(channels).find(([, settings]) => uses(settings))?.[0];
    if (channel !== undefined) return `the channel ${channel} asks for the skill ${name}: change the channel first`;
    if (Array.isArray(rules) && (rules as TicketRule[]).some(uses)) return `a rule asks for the skill ${name}: change the rule first`;
    let waiting = 0;
    for (const [, { standing, seat }] of tickets) if (seat.at !== 'held' && standing.requires.includes(id)) waiting += 1;
    if (waiting === 1) return `1 waiting conversation asks for the skill ${name}: take it first`;
    if (waiting > 1) return `${waiting} waiting conversations ask for the skill ${name}: take them first`;
  }
  return undefined;
}

function statusGone({ roster, agents }: DeskState, next: Roster): string | undefined {
  const kept = new Set(next.statuses);
  for (const { id, name } of roster.staff.statuses) {
    if (kept.has(id)) continue;
    const having = [...agents].flatMap(([, agent]) => (agent.status === id ? [agent.name] : []));
    if (having.length > 0) return `${list(having)} ${having.length === 1 ? 'is' : 'are'} in the status ${name}: set another first`;
  }
  return undefined;
}

function adminGone({ roster }: DeskState, next: Roster): string | undefined {
  const admins = (of: Roster): number => of.staff.agents.filter(({ right }) => right === 'admin').length;
  if (admins(roster) === 0 || admins(next) > 0) return undefined;
  return 'nobody would be left who may change the settings: make somebody else an administrator first';
}

const LISTED = 5;
const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
const list = (names: readonly string[]): string =>
  (names.length > LISTED ? `${names.slice(0, LISTED).join(', ')} and ${names.length - LISTED} more` : names.join(', '));
