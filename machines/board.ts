/**
 * How a desk stands, as edges show it: to one agent, and to whoever looks at all of it.
 */
import type { DeskState } from './floor.ts';
import { agentOf, endOf, lane, placesOf, within } from './lanes.ts';
import { lastDay } from './quarters.ts';
import type { Right } from './workspace.ts';

export interface DeskView {
  status: string;
  since: number;
  right: Right;
  lanes: [group: string, held: number, limit: number][];
  offers: {
    offer: number; conversation: string; until: number; team: string; channel: string; priority: number; contact: string;
    from: string; note: string;
  }[];
}

export interface BoardView {
  at: number;
  teams: { team: string; waiting: number; since: number; open: number }[];
  agents: { id: string; name: string; status: string; here: boolean; open: number; held: number; limit: number }[];
  hours: [from: number, waiting: number, answered: number, responseMs: number, opened: number, solved: number][];
}

const OFFERS_MAX = 100;
const AGENTS_MAX = 1_000;

export function rightOf({ roster }: DeskState, agent: string): Right {
  return roster.right(agent);
}

/** How one agent stands, the oldest offer first. An agent whom the desk has not met is online, and nowhere. */
export function deskView({ agents, tickets, roster, lanes }: DeskState, agent: string): DeskView {
  const known = agents.get(agent);
  const offers: DeskView['offers'] = [];
  for (const [key, id] of lanes.held.from(lane(agent))) {
    if (!key.startsWith(lane(agent))) break;
    const ticket = tickets.get(id);
    if (ticket?.seat.at !== 'offered') continue;
    const { seat: { offer, until }, team, standing: { channel, priority, contact }, from, note } = ticket;
    offers.push({ offer, conversation: id, until, team, channel, priority, contact, from, note });
  }
  return {
    status: known?.status ?? 'online', since: known?.since ?? 0, right: roster.right(agent),
    lanes: roster.groups.map((group) => [group, placesOf(lanes, agent, group), roster.limit(agent, group)]),
    offers: offers.sort((a, b) => a.offer - b.offer).slice(0, OFFERS_MAX),
  };
}

/** Teams in the order of the settings; members and whoever else is here or has something, by name. */
export function boardView(state: DeskState, at: number): BoardView {
  const { agents, roster, lanes, tickets, quarters } = state;
  const named = ([id, { name }]: readonly [string, { name: string }]): [string, string] => [id, name];
  const names = new Map([...holders(state), ...[...roster.members].map(named), ...[...agents].map(named)]);
  return {
    at,
    teams: roster.staff.teams.map(({ id: team }) => {
      const prefix = lane(team);
      const first = lanes.queue.next(prefix);
      const since = first?.[0].startsWith(prefix) === true ? tickets.get(first[1])?.standing.since ?? 0 : 0;
      return { team, waiting: within(lanes.queue, prefix), since, open: within(lanes.open, prefix) };
    }),
    agents: [...names].map(([id, name]) => {
      const known = agents.get(id);
      const groups = roster.groups.map((group) => [placesOf(lanes, id, group), roster.limit(id, group)] as const);
      return {
        id, name, status: known?.status ?? 'online',
        here: known !== undefined && (known.nodes.length > 0 || known.graceUntil > 0),
        open: within(lanes.held, lane(id)) - offersOf(lanes, tickets, id),
        held: groups.reduce((sum, [held]) => sum + held, 0), limit: groups.reduce((sum, [, limit]) => sum + limit, 0),
      };
    }).sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.id < b.id ? -1 : 1)).slice(0, AGENTS_MAX),
    hours: lastDay(quarters, at, lanes.queue.size)
      .map(({ from, waiting, answered, responseMs, opened, solved }) => [from, waiting, answered, responseMs, opened, solved]),
  };
}

/** Tickets of a team that wait for an agent or are on offer to one; '' for all teams. */
export function waitingIn({ lanes: { queue } }: DeskState, team: string): number {
  return team === '' ? queue.size : within(queue, lane(team));
}

/** Agents of a team, '' for any, who are given tickets and have a free place for one in some group of channels. */
export function availableIn({ lanes: { free } }: DeskState, team: string): number {
  const prefix = team === '' ? '' : lane(team);
  const agents = new Set<string>();
  for (const [key, agent] of free.from(prefix)) {
    if (!key.startsWith(prefix)) break;
    agents.add(agent);
  }
  return agents.size;
}

/** Ids of the agents whose `deskView` may differ between two states. */
export function touched(before: DeskState | undefined, after: DeskState): string[] {
  if (before === undefined || before.roster !== after.roster) return [...after.agents].map(([id]) => id);
  const ids = new Set<string>();
  for (const [id] of after.agents.since(before.agents)) ids.add(id);
  for (const [id, ticket] of after.tickets.since(before.tickets)) {
    const was = before.tickets.get(id);
    for (const one of [was, ticket]) {
      const agent = one === undefined ? undefined : agentOf(one);
      if (agent !== undefined) ids.add(agent);
    }
  }
  return [...ids];
}

/** Agents who have something, also such as the desk has not met: they took it by hand. */
function* holders({ lanes: { held }, tickets }: DeskState): Generator<readonly [id: string, name: string], undefined> {
  for (let entry = held.next(''); entry !== undefined;) {
    const [key, ticket] = entry;
    const agent = key.slice(0, key.indexOf('\0'));
    const seat = tickets.get(ticket)?.seat;
    yield [agent, seat?.at === 'held' ? seat.agent.name : agent];
    entry = held.next(endOf(lane(agent)));
  }
}

function offersOf(lanes: DeskState['lanes'], tickets: DeskState['tickets'], agent: string): number {
  let offers = 0;
  for (const [key, id] of lanes.held.from(lane(agent))) {
    if (!key.startsWith(lane(agent))) break;
    if (tickets.get(id)?.seat.at === 'offered') offers += 1;
  }
  return offers;
}
