/**
 * What a conversation tells of its ticket, and what the desk makes of it. The ticket is as its conversation says; only
 * whose it is waits for the answer to the desk's newest decision.
 */
import type { Floor } from './floor.ts';
import { agentOf, attends, teamOf, underWay, type Ticket } from './lanes.ts';
import { forget } from './presence.ts';
import { AFRESH, askedToo, awaitAgent, enqueue, give, withAgent } from './queue.ts';
import type { Standing, Stands } from './routing.ts';
import type { Agent } from './ticket.ts';

/** A ticket that the desk meets when it has an agent already is new if it is younger than this; else it has come back. */
const YOUNG_MS = 60_000;

/** Earlier versions knew of no flows that hold a ticket, or choose how its agent is found. */
export function whole(standing: Omit<Standing, 'held' | 'by'> & Partial<Standing>): Standing {
  return { ...standing, held: standing.held ?? false, by: standing.by ?? null };
}

export function hear(floor: Floor, { standing: said, heard, from, n }: Stands): void {
  const standing = whole(said);
  const id = from.slice(from.lastIndexOf('/') + 1);
  const old = floor.state.tickets.get(id);
  // A repeat, or of a ticket that has ended long ago.
  if (old !== undefined && (n <= old.told || standing.ticket < old.standing.ticket)) return;
  const told = { standing, heard, told: n };
  if (old !== undefined && standing.ticket === old.standing.ticket) return again(floor, { ...old, ...told }, old);
  // The earlier one has ended unheard.
  if (old !== undefined) leave(floor, old);
  if (isOver(standing)) return;
  const { at, roster } = floor;
  const young = standing.status === 'new' || at - standing.since < YOUNG_MS;
  if (young) floor.count({ opened: 1 });
  if (young && standing.answeredAt > 0) answered(floor, standing);
  const fresh: Ticket = { ...AFRESH, ...told, id, sent: 0, team: roster.teamFor(standing).id, seat: { at: 'queue' } };
  if (standing.agent === null) return enqueue(floor, fresh, fresh.team);
  hold(floor, fresh, standing.agent);
  if (!young && standing.status === 'open') comeBack(floor, id);
}

/** More of a ticket that the desk has. */
function again(floor: Floor, ticket: Ticket, old: Ticket): void {
  const { standing } = ticket;
  if (standing.answeredAt > 0 && old.standing.answeredAt === 0) answered(floor, standing);
  if (ticket.seat.at === 'queue' && asks(standing) !== asks(old.standing)) floor.looks.tickets.add(ticket.id);
  // What is held is on offer to nobody; and once it is not, its time in the queue begins anew.
  const turned = standing.held !== old.standing.held && ticket.seat.at !== 'held';
  // It does not know the newest decision yet: it will answer that too.
  if (underWay(ticket)) return turned ? enqueue(floor, ticket, ticket.team) : floor.putTicket(ticket.id, ticket);
  if (isOver(standing)) return leave(floor, old);
  const team = floor.roster.teamFor(standing).id;
  if (standing.agent === null) return free(floor, ticket, old, team, turned);
  const waited = old.standing.status !== 'new' && old.standing.status !== 'open';
  const back = waited && old.seat.at === 'held' && old.seat.agent.id === standing.agent.id;
  hold(floor, { ...ticket, team }, standing.agent);
  if (back && standing.status === 'open') comeBack(floor, ticket.id);
}

/** It is solved. If its customer comes back, the desk meets it anew. */
function leave(floor: Floor, ticket: Ticket): void {
  floor.count({ solved: 1 });
  floor.putTicket(ticket.id, null);
  forget(floor, agentOf(ticket) ?? '');
}

/** It has no agent. */
function free(floor: Floor, ticket: Ticket, old: Ticket, team: string, turned: boolean): void {
  const { seat } = ticket;
  if (seat.at === 'held') {
    // Let go by hand, or the desk's decision did not fit any more. Who lets it go does not get it back at once.
    const letGo = !underWay(old) && old.standing.agent?.id === seat.agent.id;
    const restUntil = letGo ? floor.at + teamOf(ticket, floor.roster).offerMs : ticket.restUntil;
    return enqueue(floor, { ...ticket, asked: letGo ? askedToo(ticket, seat.agent.id) : ticket.asked, restUntil }, team);
  }
  if (team !== ticket.team) return enqueue(floor, { ...ticket, asked: [], tried: [], restUntil: 0 }, team);
  if (turned) return enqueue(floor, ticket, team);
  floor.putTicket(ticket.id, ticket);
}

/** It has this agent: by the desk's decision, or because somebody took it. */
function hold(floor: Floor, ticket: Ticket, agent: Agent): void {
  const same = ticket.seat.at === 'held' && ticket.seat.agent.id === agent.id;
  if (!same) give(floor, agent.id);
  const { returnAt, place } = ticket;
  const waits = same && ticket.standing.status === 'open' ? { returnAt, place } : {};
  floor.putTicket(ticket.id, { ...withAgent(ticket, agent), ...waits });
}

/** Its customer has come back to its agent, who may be away. */
function comeBack(floor: Floor, id: string): void {
  const ticket = floor.state.tickets.get(id);
  if (ticket?.seat.at !== 'held') return;
  const { agent } = ticket.seat;
  if (!attends(floor.state.agents.get(agent.id), floor.roster)) awaitAgent(floor, ticket, agent);
}

function answered(floor: Floor, { since, answeredAt }: Standing): void {
  floor.count({ answered: 1, responseMs: Math.max(answeredAt - since, 0) });
}

const asks = ({ requires, prefers }: Standing): string => `${requires.join()} ${prefers.join()}`;
const isOver = ({ status }: Standing): boolean => status === 'solved' || status === 'closed';
