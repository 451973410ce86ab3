/**
 * What agents do at the desk: choose a status, accept or decline what is on offer to them, hand over.
 */
import type { Refusal, Refused, Who } from './actor.ts';
import type { Floor } from './floor.ts';
import { agentOf, attends, placesOf, teamOf, type Desker, type Ticket } from './lanes.ts';
import { met, setStatus } from './presence.ts';
import { assign, give, passOn, requeue } from './queue.ts';

export interface Act {
  who: Who;
  id: string;
  name: string;
  args: Readonly<Record<string, unknown>>;
}

/** Acts of one agent that are remembered: more than their clients have under way. */
const ACTS_MAX = 16;
const NOTE_CHARS = 8_000;

const refuse = (refused: Refused, detail: string): Refusal => ({ refused, detail });
const nobody = (agent: unknown): Refusal => refuse('invalid', `there is no agent "${String(agent)}": take an id from the list of agents`);

/** Whether this act has been carried out already. */
export function done(floor: Floor, { who, id }: Act): boolean {
  return floor.state.agents.get(who.id)?.acts.includes(id) ?? false;
}

export function perform(floor: Floor, act: Act): Refusal | undefined {
  const { who, id, name } = act;
  if (who.role !== 'agent') return refuse('forbidden', 'the desk is for agents');
  const refused = carryOut(floor, act, name);
  if (refused !== undefined) return refused;
  const agent = met(floor, who);
  floor.putAgent(who.id, { ...agent, acts: [...agent.acts, id].slice(-ACTS_MAX) });
  return undefined;
}

function carryOut(floor: Floor, act: Act, name: string): Refusal | undefined {
  switch (name) {
    case 'status': return chooseStatus(floor, act);
    case 'accept': return accept(floor, act);
    case 'decline': return decline(floor, act);
    case 'handOver': return handOver(floor, act);
    default: return refuse('unknownCommand', 'there are status, accept, decline, handOver');
  }
}

function chooseStatus(floor: Floor, { who, args: { status, agent = who.id } }: Act): Refusal | undefined {
  const { roster } = floor;
  const known = [...roster.statuses];
  if (typeof status !== 'string' || !known.includes(status)) {
    return refuse('invalid', `args.status is one of ${known.join(', ')}`);
  }
  if (agent !== who.id && roster.right(who.id) === 'agent') {
    return refuse('forbidden', 'another agent\'s status is set by a supervisor: ask one');
  }
  const whose = typeof agent === 'string' ? person(floor, agent, who) : undefined;
  if (whose === undefined) return nobody(agent);
  if (whose.status !== status) setStatus(floor, whose, status);
  return undefined;
}

function accept(floor: Floor, act: Act): Refusal | undefined {
  const ticket = offered(floor, act);
  if (ticket === undefined) return gone(floor, act);
  const { who: { id, name } } = act;
  assign(floor, ticket, { id, name }, { id, name }, '', act.id);
  floor.putAgent(id, { ...met(floor, act.who), lapses: 0 });
  return undefined;
}

function decline(floor: Floor, act: Act): Refusal | undefined {
  const ticket = offered(floor, act);
  if (ticket === undefined) return gone(floor, act);
  passOn(floor, ticket, act.who.id, floor.at + teamOf(ticket, floor.roster).offerMs);
  floor.putAgent(act.who.id, { ...met(floor, act.who), lapses: 0 });
  return undefined;
}

/** The ticket, while this very offer of it to this agent stands. */
function offered(floor: Floor, { who, args: { conversation, offer } }: Act): Ticket | undefined {
  const ticket = typeof conversation === 'string' ? floor.state.tickets.get(conversation) : undefined;
  return ticket?.seat.at === 'offered' && ticket.seat.agent === who.id && ticket.seat.offer === offer ? ticket : undefined;
}

function gone(floor: Floor, { who, args: { conversation, offer } }: Act): Refusal {
  if (typeof conversation !== 'string' || typeof offer !== 'number') {
    return refuse('invalid', 'args are the conversation and the number of its offer');
  }
  const seat = floor.state.tickets.get(conversation)?.seat;
  if (seat?.at !== 'held') return refuse('offerGone', 'it has moved on: wait for the next offer, or take it from the list');
  return refuse('offerGone', seat.agent.id === who.id ? 'you have it already' : `${seat.agent.name} has it now`);
}

function handOver(floor: Floor, act: Act): Refusal | undefined {
  const { who, args: { conversation, agent, team, note = '', over = false } } = act;
  if ((typeof agent === 'string') === (typeof team === 'string')) {
    return refuse('invalid', 'args name either an agent or a team');
  }
  if (typeof note !== 'string' || note.length > NOTE_CHARS) {
    return refuse('invalid', `args.note is text of at most ${NOTE_CHARS} characters`);
  }
  const ticket = typeof conversation === 'string' ? floor.state.tickets.get(conversation) : undefined;
  if (ticket === undefined) return refuse('notFound', 'the desk has no open ticket of this conversation: reopen it first');
  if (typeof team === 'string') return toTeam(floor, ticket, team, note, act);
  const to = person(floor, String(agent), who);
  if (to === undefined) return nobody(agent);
  if (ticket.seat.at === 'held' && ticket.seat.agent.id === to.id) return refuse('invalid', `${to.name} has it already`);
  const hindered = over === true ? undefined : hindrance(floor, ticket, to);
  if (hindered !== undefined) return refuse('noCapacity', `${hindered}: choose somebody else, or hand over all the same`);
  give(floor, to.id);
  assign(floor, ticket, to, { id: who.id, name: who.name }, note, act.id);
  return undefined;
}

function toTeam(floor: Floor, ticket: Ticket, team: string, note: string, { who, id }: Act): Refusal | undefined {
  const { roster, at } = floor;
  const to = roster.team(team);
  if (to === undefined) {
    const teams = roster.staff.teams.map((known) => known.id).join(', ');
    return refuse('invalid', `there is no team "${team}"; there are ${teams}`);
  }
  // Who hands it over does not get it back at once.
  const handed: Ticket = { ...ticket, asked: [who.id], restUntil: at + to.offerMs, tried: [], from: who.name, note };
  requeue(floor, handed, team, { id: who.id, name: who.name }, note, id);
  return undefined;
}

/** Why an agent cannot be given this ticket without further ado. */
function hindrance(floor: Floor, ticket: Ticket, to: Desker): string | undefined {
  const { roster, state: { lanes, agents } } = floor;
  const here = agents.get(to.id);
  if (!attends(here, roster)) return `${to.name} is not here`;
  const group = roster.group(ticket.standing.channel);
  const limit = roster.limit(to.id, group);
  const held = placesOf(lanes, to.id, group) - (ticket.seat.at === 'offered' && agentOf(ticket) === to.id ? 1 : 0);
  return held < limit ? undefined : `${to.name} holds ${held} of ${limit} in ${group}`;
}

/** An agent whom the desk has met or the settings name. */
function person(floor: Floor, id: string, who: Who): Desker | undefined {
  const name = id === who.id ? who.name : floor.state.agents.get(id)?.name ?? floor.roster.member(id)?.name;
  return name === undefined ? undefined : met(floor, { id, name });
}
