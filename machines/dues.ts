/**
 * What the desk does by itself when its moment has come. All of it lies in one order, by time; the host's timer is only
 * ever for the first.
 */
import type { Floor } from './floor.ts';
import { expire, lapse, letGo, met } from './presence.ts';
import { mature, requeue } from './queue.ts';
import { padded } from './roster.ts';

/** Does what is due, the earliest first, as far as one step may. */
export function ring(floor: Floor): void {
  for (let next = floor.state.lanes.due.next(''); next !== undefined; next = floor.state.lanes.due.next('')) {
    const [key, what] = next;
    if (key >= padded(floor.at + 1) || !floor.work()) break;
    const id = what.slice(1);
    if (what.startsWith('a')) agentDue(floor, id);
    else ticketDue(floor, id);
  }
}

function agentDue(floor: Floor, id: string): void {
  const agent = floor.state.agents.get(id);
  if (agent === undefined) return;
  const { at } = floor;
  const past = (moment: number): boolean => moment > 0 && moment <= at;
  if (past(agent.graceUntil)) return expire(floor, agent);
  if (past(agent.keepAt)) return letGo(floor, agent);
  floor.putAgent(id, { ...agent, lookAt: 0 });
  floor.looks.agents.add(id);
}

function ticketDue(floor: Floor, id: string): void {
  const ticket = floor.state.tickets.get(id);
  switch (ticket?.seat.at) {
    case 'offered': return lapse(floor, ticket, met(floor, { id: ticket.seat.agent, name: '' }));
    case 'queue': return mature(floor, ticket);
    // The agent for whom the customer has waited is still away.
    case 'held': return requeue(floor, ticket, null, null, '', '');
  }
}
