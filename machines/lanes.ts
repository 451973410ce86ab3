/**
 * The orders in which a desk looks for tickets and agents. All of them follow from its tickets, agents and settings, and
 * are kept beside them, so that the first in line is found without asking the others.
 */
import type { Standing } from './routing.ts';
import { own, padded, rankOf, type Roster } from './roster.ts';
import { holdsCapacity } from './style.ts';
import type { Agent } from './ticket.ts';
import { Tree } from './tree.ts';
import type { Method, Team } from './workspace.ts';

/** Where a ticket is. On offer and with an agent it may take one of their places. */
export type Seat =
  | { readonly at: 'queue' }
  | { readonly at: 'offered'; readonly agent: string; readonly offer: number; readonly until: number }
  | { readonly at: 'held'; readonly agent: Agent };

/** A ticket that is not solved, as the desk knows it. Moments are 0 when there is nothing to come. */
export interface Ticket {
  /** The conversation's. */
  readonly id: string;
  /** As its conversation has told last, by its effect `told`. `heard`: the newest effect of the desk that it knew then. */
  readonly standing: Standing;
  readonly told: number;
  readonly heard: number;
  /** The newest effect by which the desk gave it to somebody or took it back: while `heard` is older, that is under way. */
  readonly sent: number;
  readonly team: string;
  readonly seat: Seat;
  /** Agents who let it go by, the latest last; and until when none of them is asked again. */
  readonly asked: readonly string[];
  readonly restUntil: number;
  /** Teams that had it before and did not take it. */
  readonly tried: readonly string[];
  readonly preferUntil: number;
  readonly fallAt: number;
  /** What the customer has been told of their place, and when it may change because the office opens or closes. */
  readonly place: '' | 'waiting' | 'closed' | 'away';
  readonly officeAt: number;
  /** When its agent, who is away, has been waited for long enough. */
  readonly returnAt: number;
  /** Work that a step left for the next one. */
  readonly lookAt: number;
  /** Who handed it over to the team, and with which words. */
  readonly from: string;
  readonly note: string;
}

/** An agent whom the desk has met. */
export interface Desker {
  readonly id: string;
  readonly name: string;
  /** Their choice, and since when. */
  readonly status: string;
  readonly since: number;
  /** Where they have a socket. Without any they count as here until `graceUntil`. */
  readonly nodes: readonly string[];
  readonly graceUntil: number;
  /** When what they hold open goes back to its queue. */
  readonly keepAt: number;
  readonly lookAt: number;
  /** Offers in a row that lapsed. */
  readonly lapses: number;
  /** The desk's count when they last were given something, and in each team that asks in turn. */
  readonly last: number;
  readonly turns: Readonly<Record<string, number>>;
  /** Newest acts, by which a repeat is known. */
  readonly acts: readonly string[];
}

export interface Lanes {
  /** Tickets that wait: team, group, needed skills, then rank. */
  readonly waiting: Tree<string>;
  /** Agents who take tickets and have a place: team, group, then the order of the team's method. */
  readonly free: Tree<string>;
  /** Tickets with or on offer to an agent; and those of them that take a place: agent, group. */
  readonly held: Tree<string>;
  readonly places: Tree<string>;
  /** Tickets that wait or are on offer, by team and waiting time; and those with an agent, by team. */
  readonly queue: Tree<string>;
  readonly open: Tree<string>;
  /** What is to be done with a ticket (`t`) or agent (`a`), by its moment. */
  readonly due: Tree<string>;
}
export type TicketKeys = Partial<Record<keyof Lanes, string>>;

const SEP = '\0';
/** Behind every key that begins alike. */
const END = '\uffff';
const MOST_PLACES = 1_000_000;

export const lane = (...parts: readonly string[]): string => parts.join(SEP) + SEP;
export const endOf = (prefix: string): string => prefix + END;
export const within = (tree: Tree<string>, prefix: string): number => tree.rank(prefix + END) - tree.rank(prefix);

/** Skills that an agent needs for a ticket now. */
export function needsOf({ standing: { requires, prefers }, preferUntil }: Ticket): readonly string[] {
  return preferUntil > 0 ? [...requires, ...prefers] : requires;
}

/** Whether somebody is to be found for it: it is in a queue, and no flow has yet to say to whom it goes. */
export function waits(ticket: Ticket | undefined): ticket is Ticket {
  return ticket?.seat.at === 'queue' && !ticket.standing.held;
}

export function underWay(ticket: Ticket): boolean {
  return ticket.heard < ticket.sent;
}

/** The earliest moment at which something is to be done, 0 for never. */
export function dueOf(what: Ticket | Desker): number {
  if ('nodes' in what) return first(what.graceUntil, what.keepAt, what.lookAt);
  switch (what.seat.at) {
    // Its time in the queue begins when it is held no more.
    case 'queue': return what.standing.held ? 0 : first(what.lookAt, what.preferUntil, what.fallAt, what.restUntil, what.officeAt);
    case 'offered': return what.seat.until;
    case 'held': return what.returnAt;
  }
}

function first(...moments: readonly number[]): number {
  return moments.reduce((min, at) => (at > 0 && (min === 0 || at < min) ? at : min), 0);
}

/** Whom it is with, or on offer to. */
export function agentOf({ seat }: Ticket): string | undefined {
  return seat.at === 'held' ? seat.agent.id : seat.at === 'offered' ? seat.agent : undefined;
}

/** Whether a ticket that is with an agent takes one of their places. */
function holds(ticket: Ticket, roster: Roster): boolean {
  const { style, status, active } = ticket.standing;
  if (ticket.seat.at === 'offered' || underWay(ticket) || status === 'new') return true;
  return holdsCapacity(style, status) && (status !== 'open' || active || !roster.staff.routing.inactiveFrees);
}

export function teamOf(ticket: Ticket, roster: Roster): Team {
  return roster.team(ticket.team) ?? roster.first;
}

/** A ticket's keys are asked for when it comes and when it goes. */
const known = new WeakMap<Ticket, { roster: Roster; keys: TicketKeys }>();

export function keysOf(ticket: Ticket, roster: Roster): TicketKeys {
  const found = known.get(ticket);
  if (found?.roster === roster) return found.keys;
  const keys = keysFor(ticket, roster);
  known.set(ticket, { roster, keys });
  return keys;
}

function keysFor(ticket: Ticket, roster: Roster): TicketKeys {
  const { id, seat, standing: { priority, since, channel } } = ticket;
  const team = teamOf(ticket, roster);
  const group = roster.group(channel);
  const due = dueOf(ticket);
  const keys: TicketKeys = due > 0 ? { due: `${padded(due)}t${id}` } : {};
  const agent = agentOf(ticket);
  if (agent !== undefined) keys.held = lane(agent) + id;
  if (agent !== undefined && holds(ticket, roster)) keys.places = lane(agent, group) + id;
  if (seat.at === 'held') keys.open = lane(team.id) + id;
  else if (seat.at === 'offered' || waits(ticket)) keys.queue = `${lane(team.id)}${padded(since)}${id}`;
  if (waits(ticket)) {
    const needs = [...new Set(needsOf(ticket))].sort().join(',');
    keys.waiting = lane(team.id, group, needs) + rankOf(team, { priority, since, id });
  }
  return keys;
}

/** Places that an agent's tickets take in a group. */
export function placesOf({ places }: Pick<Lanes, 'places'>, agent: string, group: string): number {
  return within(places, lane(agent, group));
}

/** Whether an agent is given tickets from queues. One who is only awaited back is not. */
export function takesTickets(agent: Desker, roster: Roster): boolean {
  return agent.nodes.length > 0 && roster.takes(agent.status) === 'all';
}

/** Whether an agent is here for what they already have. */
export function attends(agent: Desker | undefined, roster: Roster): boolean {
  return agent !== undefined && (agent.nodes.length > 0 || agent.graceUntil > 0) && roster.takes(agent.status) !== 'nothing';
}

/** Where a free agent stands in line, in each of their teams and groups. */
export function freeKeys(agent: Desker, roster: Roster, lanes: Pick<Lanes, 'places'>): string[] {
  if (!takesTickets(agent, roster)) return [];
  const keys: string[] = [];
  for (const group of roster.groups) {
    const spare = roster.limit(agent.id, group) - placesOf(lanes, agent.id, group);
    if (spare <= 0) continue;
    for (const team of roster.teamsOf(agent.id)) keys.push(lane(team.id, group) + lineOf(agent, spare, team, team.method));
  }
  return keys;
}

/** An agent's place in a team's line by this method: the first in order is asked first. */
function lineOf(agent: Desker, spare: number, team: Team, method: Method): string {
  const turn = method === 'leastBusy' ? MOST_PLACES - spare : method === 'roundRobin' ? own(agent.turns, team.id) ?? 0 : 0;
  return `${padded(turn)}${padded(agent.last)}${agent.id}`;
}

/** The free agents of a team in a group, the first in line first. A method that is not the team's own is looked up, not kept. */
export function inLine(
  { lanes, agents, roster }: { lanes: Lanes; agents: Tree<Desker>; roster: Roster }, team: Team, group: string, by: Method | null,
): Iterable<string> {
  const free = freeIn(lanes, lane(team.id, group));
  if (by === null || by === team.method) return free;
  const line = [...free].flatMap((id) => {
    const agent = agents.get(id);
    if (agent === undefined) return [];
    return [[lineOf(agent, roster.limit(id, group) - placesOf(lanes, id, group), team, by), id] as [string, string]];
  });
  return sorted(line).map(([, id]) => id);
}

function* freeIn({ free }: Lanes, prefix: string): Generator<string, undefined> {
  for (const [key, agent] of free.from(prefix)) {
    if (!key.startsWith(prefix)) return;
    yield agent;
  }
}

/** All lanes anew: after a restart, and when settings have changed. */
export function lanesOf(tickets: Tree<Ticket>, agents: Tree<Desker>, roster: Roster): Lanes {
  const found: Record<keyof Lanes, [string, string][]> = { waiting: [], free: [], held: [], places: [], queue: [], open: [], due: [] };
  for (const [id, ticket] of tickets) {
    for (const [name, key] of Object.entries(keysOf(ticket, roster)) as [keyof Lanes, string][]) {
      found[name].push([key, name === 'due' ? `t${id}` : id]);
    }
  }
  const places = Tree.of(sorted(found.places));
  for (const [id, agent] of agents) {
    const due = dueOf(agent);
    if (due > 0) found.due.push([`${padded(due)}a${id}`, `a${id}`]);
    for (const key of freeKeys(agent, roster, { places })) found.free.push([key, id]);
  }
  return {
    places, waiting: Tree.of(sorted(found.waiting)), free: Tree.of(sorted(found.free)), held: Tree.of(sorted(found.held)),
    queue: Tree.of(sorted(found.queue)), open: Tree.of(sorted(found.open)), due: Tree.of(sorted(found.due)),
  };
}

const sorted = (entries: [string, string][]): [string, string][] => entries.sort(([a], [b]) => (a < b ? -1 : 1));
