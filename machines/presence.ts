/**
 * Which agents are here, and what they have chosen to take. Sockets come and go on nodes; an agent without any counts as
 * here for a grace time.
 */
import type { Floor } from './floor.ts';
import { attends, lane, takesTickets, type Desker, type Ticket } from './lanes.ts';
import { passOn, requeue } from './queue.ts';
import type { Roster } from './roster.ts';
import type { Agent } from './ticket.ts';

const ONLINE = 'online';
const OFFLINE = 'offline';
const AWAY = 'away';

/** An agent as the desk knows them, or as somebody whom it has not met. */
export function met(floor: Floor, { id, name }: Agent): Desker {
  return floor.state.agents.get(id) ?? {
    id, name, status: ONLINE, since: floor.at, nodes: [], graceUntil: 0, keepAt: 0, lookAt: 0, lapses: 0, last: 0, turns: {},
    acts: [],
  };
}

/** The first socket of an agent on a node. */
export function here(floor: Floor, agent: Agent, node: string): void {
  const old = met(floor, agent);
  if (old.nodes.includes(node) && old.name === agent.name) return;
  become(floor, old, { name: agent.name, nodes: [...old.nodes.filter((n) => n !== node), node], graceUntil: 0 });
}

/** The last socket of an agent on a node. */
export function gone(floor: Floor, agent: string, node: string): void {
  const old = floor.state.agents.get(agent);
  if (old !== undefined) leave(floor, old, (n) => n === node);
}

/** The sockets of nodes that are dead, or have just begun, are gone: their agents expire together. */
export function nodesGone(floor: Floor, lost: (node: string) => boolean): void {
  for (const [, agent] of floor.state.agents) leave(floor, agent, lost);
}

export function setStatus(floor: Floor, agent: Desker, status: string): void {
  become(floor, agent, { status, since: floor.at, lapses: 0 });
}

/** The grace is over. */
export function expire(floor: Floor, agent: Desker): void {
  become(floor, agent, { graceUntil: 0 });
  forget(floor, agent.id);
}

/** Whom the settings do not know, and who is neither here nor has anything, is not remembered. */
export function forget(floor: Floor, id: string): void {
  const agent = floor.state.agents.get(id);
  if (agent === undefined || isHere(agent) || floor.roster.member(id) !== undefined) return;
  if (ticketsOf(floor, id).length === 0) floor.putAgent(id, null);
}

/** What an agent who is gone has kept open goes back to its queue. */
export function letGo(floor: Floor, agent: Desker): void {
  floor.putAgent(agent.id, { ...agent, keepAt: 0 });
  for (const ticket of ticketsOf(floor, agent.id)) {
    // One that is New will be Open when its conversation has heard whose it is.
    const open = ticket.standing.status === 'open' || ticket.standing.status === 'new';
    if (ticket.seat.at === 'held' && open) requeue(floor, ticket, null, null, '', '');
  }
  forget(floor, agent.id);
}

/** The setting has changed: for those who are gone already, the time begins now. */
export function keeping(floor: Floor): void {
  const { keepMs } = floor.roster.staff.routing;
  for (const [id, agent] of floor.state.agents) {
    const keepAt = keepMs !== null && isOff(agent) ? floor.at + keepMs : 0;
    if (keepAt !== agent.keepAt) floor.putAgent(id, { ...agent, keepAt });
  }
}

/** An offer that nobody has answered in time. Who lets many lapse is not there, whatever their status says. */
export function lapse(floor: Floor, ticket: Ticket, agent: Desker): void {
  passOn(floor, ticket, agent.id, ticket.restUntil);
  const most = floor.roster.staff.routing.lapses;
  const lapsed = { ...agent, lapses: agent.lapses + 1 };
  if (most > 0 && lapsed.lapses >= most) setStatus(floor, lapsed, AWAY);
  else floor.putAgent(agent.id, lapsed);
}

/** All that is with an agent or on offer to them. */
export function ticketsOf(floor: Floor, agent: string): Ticket[] {
  const prefix = lane(agent);
  const found: Ticket[] = [];
  for (const [key, id] of floor.state.lanes.held.from(prefix)) {
    if (!key.startsWith(prefix)) break;
    const ticket = floor.state.tickets.get(id);
    if (ticket !== undefined) found.push(ticket);
  }
  return found;
}

function leave(floor: Floor, agent: Desker, lost: (node: string) => boolean): void {
  const nodes = agent.nodes.filter((node) => !lost(node));
  if (nodes.length === agent.nodes.length) return;
  const { graceMs } = floor.roster.staff.routing;
  become(floor, agent, { nodes, graceUntil: nodes.length > 0 ? 0 : floor.at + graceMs });
}

/** What follows from another status, or from coming and going. */
function become(floor: Floor, old: Desker, change: Partial<Desker>): void {
  const { at, roster } = floor;
  const changed: Desker = { ...old, ...change };
  const off = isOff(changed);
  const { keepMs } = roster.staff.routing;
  const next: Desker = {
    ...changed,
    keepAt: off === isOff(old) ? old.keepAt : off && keepMs !== null ? at + keepMs : 0,
    // Somebody who comes has been idle only from now on.
    last: serves(changed, roster) && !serves(old, roster) ? floor.turn() : old.last,
  };
  floor.putAgent(next.id, next);
  if (takesTickets(next, roster) && !takesTickets(old, roster)) floor.looks.agents.add(next.id);
  const welcome = attends(next, roster) && !attends(old, roster);
  const parting = serves(old, roster) && !serves(next, roster);
  if (!welcome && !parting) return;
  for (const ticket of ticketsOf(floor, next.id)) {
    if (parting && ticket.seat.at === 'offered') passOn(floor, ticket, next.id, ticket.restUntil);
    else if (welcome && ticket.returnAt > 0) floor.putTicket(ticket.id, { ...ticket, returnAt: 0, place: '' });
  }
}

const isHere = (agent: Desker): boolean => agent.nodes.length > 0 || agent.graceUntil > 0;
const isOff = (agent: Desker): boolean => !isHere(agent) || agent.status === OFFLINE;
/** Whether what is on offer to them stays so. */
const serves = (agent: Desker, roster: Roster): boolean => isHere(agent) && roster.takes(agent.status) === 'all';
