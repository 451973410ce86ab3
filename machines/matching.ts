/**
 * Who gets what: the best ticket for an agent, the best agent for a ticket, and the pairs of a step.
 *
 * Between two steps no ticket waits that a free agent could have been asked to take. So after a change only those whom it
 * concerns are looked at, and for each it is enough to compare the firsts of the lanes that fit.
 */
import type { Floor } from './floor.ts';
import { endOf, inLine, lane, needsOf, placesOf, takesTickets, teamOf, waits, type Ticket } from './lanes.ts';
import { assign, give, tellPlace } from './queue.ts';
import { rankOf } from './roster.ts';

/** Finds pairs until nobody is left to be looked at, or the step has worked enough. The first in rank goes first. */
export function match(floor: Floor): void {
  const { tickets, agents } = floor.looks;
  const bests = new Map<string, Ticket | undefined>();
  for (;;) {
    let next: Ticket | undefined;
    for (const id of agents) {
      // What was best stays so until somebody has got it: tickets only leave the queues here.
      let best = bests.get(id);
      if (best === undefined || floor.state.tickets.get(best.id) !== best) {
        best = bestTicket(floor, id);
        bests.set(id, best);
      }
      if (best === undefined) agents.delete(id);
      else next = sooner(floor, next, best);
    }
    for (const id of tickets) {
      const ticket = floor.state.tickets.get(id);
      if (waits(ticket)) next = sooner(floor, next, ticket);
      else tickets.delete(id);
    }
    if (next === undefined || !floor.work()) return;
    const agent = bestAgent(floor, next);
    if (agent === undefined) {
      tickets.delete(next.id);
      tellPlace(floor, next);
    } else if (bests.get(agent) === next) {
      offer(floor, next, agent);
      bests.delete(agent);
    } else bests.delete(settle(floor, next, agent));
  }
}

/** What earlier steps have left may fit even better: each pair is one in which neither finds anything better. */
function settle(floor: Floor, ticket: Ticket, agent: string): string {
  const better = bestTicket(floor, agent);
  if (better !== undefined && better.id !== ticket.id) return settle(floor, better, bestAgent(floor, better) ?? agent);
  offer(floor, ticket, agent);
  return agent;
}

/** To be accepted within the team's time, or at once theirs, as the team wants it. */
function offer(floor: Floor, ticket: Ticket, agent: string): void {
  const { id, autoAccept, offerMs } = teamOf(ticket, floor.roster);
  give(floor, agent, id);
  // Somebody who is asked a second time begins a new round.
  const asked = ticket.asked.includes(agent) ? [] : ticket.asked;
  const name = floor.state.agents.get(agent)?.name ?? '';
  if (autoAccept) return assign(floor, ticket, { id: agent, name }, null, '', '');
  const offers = floor.state.offers + 1;
  floor.set({ offers });
  const seat = { at: 'offered', agent, offer: offers, until: floor.at + offerMs } as const;
  floor.putTicket(ticket.id, { ...ticket, asked, lookAt: 0, seat });
}

function sooner(floor: Floor, a: Ticket | undefined, b: Ticket): Ticket {
  return a === undefined || rank(floor, b) < rank(floor, a) ? b : a;
}

function rank(floor: Floor, ticket: Ticket): string {
  const { priority, since } = ticket.standing;
  return rankOf(teamOf(ticket, floor.roster), { priority, since, id: ticket.id });
}

/** Whoever let a ticket go by is not asked again while it rests. */
function rests(floor: Floor, ticket: Ticket, agent: string): boolean {
  return ticket.restUntil > floor.at && ticket.asked.includes(agent);
}

/** The first in rank of the tickets that this agent can take now. */
export function bestTicket(floor: Floor, agent: string): Ticket | undefined {
  const { roster, state: { lanes, agents } } = floor;
  const here = agents.get(agent);
  if (here === undefined || !takesTickets(here, roster)) return undefined;
  const groups = roster.groups.filter((group) => placesOf(lanes, agent, group) < roster.limit(agent, group));
  let best: Ticket | undefined;
  for (const team of roster.teamsOf(agent)) {
    if (best !== undefined && teamOf(best, roster).priority < team.priority) break;
    for (const group of groups) {
      for (const ticket of firsts(floor, lane(team.id, group), agent)) best = sooner(floor, best, ticket);
    }
  }
  return best;
}

/** Of each set of needed skills that somebody waits with and this agent has, the first ticket. */
function* firsts(floor: Floor, prefix: string, agent: string): Generator<Ticket, undefined> {
  const { roster, state: { lanes: { waiting }, tickets } } = floor;
  for (let entry = waiting.next(prefix); entry?.[0].startsWith(prefix) === true;) {
    const [key] = entry;
    const skills = key.slice(prefix.length, key.indexOf('\0', prefix.length));
    const same = prefix + lane(skills);
    if (roster.fits(agent, skills === '' ? [] : skills.split(','))) {
      for (const [at, id] of waiting.from(same)) {
        if (!at.startsWith(same)) break;
        const ticket = tickets.get(id);
        if (ticket === undefined || rests(floor, ticket, agent)) continue;
        yield ticket;
        break;
      }
    }
    entry = waiting.next(endOf(same));
  }
}

/**
 * The first in line of the agents who can take this ticket now and have not been asked. When all have been, a new round
 * begins, with the one who was asked last at its end.
 */
export function bestAgent(floor: Floor, ticket: Ticket): string | undefined {
  const { roster, state } = floor;
  const { channel, by } = ticket.standing;
  const needs = needsOf(ticket);
  const last = ticket.asked.at(-1);
  let again: string | undefined;
  for (const agent of inLine(state, teamOf(ticket, roster), roster.group(channel), by)) {
    if (!roster.fits(agent, needs)) continue;
    if (!ticket.asked.includes(agent)) return agent;
    if (ticket.restUntil <= floor.at && (again === undefined || again === last)) again = agent;
  }
  return again;
}
