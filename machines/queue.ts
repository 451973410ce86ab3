/**
 * How a ticket gets into its queue and out of it again, and what its conversation and its customer are told of that.
 */
import type { Floor } from './floor.ts';
import { officeAt, type Hours } from './hours.ts';
import { teamOf, type Ticket } from './lanes.ts';
import type { By, Decision, Ground } from './routing.ts';
import type { Agent } from './ticket.ts';

/** Of the agents who let a ticket go by, so many are remembered. */
const ASKED_MAX = 200;

/** A ticket of which nobody has been asked, and nothing told. */
export const AFRESH = {
  asked: [], tried: [], restUntil: 0, preferUntil: 0, fallAt: 0, officeAt: 0, returnAt: 0, lookAt: 0, place: '', from: '', note: '',
} as const satisfies Partial<Ticket>;

/** Into a team's queue, by its first waiting time; a team that is not there is the first. One that is held waits apart. */
export function enqueue(floor: Floor, ticket: Ticket, team: string): void {
  const { at, roster } = floor;
  const { requires, prefers } = ticket.standing;
  const { id, preferMs, fallback } = roster.team(team) ?? roster.first;
  const picky = preferMs > 0 && prefers.some((skill) => !requires.includes(skill));
  floor.putTicket(ticket.id, {
    ...ticket, team: id, seat: { at: 'queue' }, place: '', officeAt: 0, returnAt: 0, lookAt: 0,
    restUntil: ticket.restUntil > at ? ticket.restUntil : 0,
    preferUntil: picky ? at + preferMs : 0, fallAt: fallback === null ? 0 : at + fallback.afterMs,
  });
  floor.looks.tickets.add(ticket.id);
}

/** This agent has let it go by: on to the next. Until `restUntil` nobody is asked twice. */
export function passOn(floor: Floor, ticket: Ticket, agent: string, restUntil: number): void {
  mature(floor, { ...ticket, asked: askedToo(ticket, agent), restUntil, seat: { at: 'queue' } });
}

/** What time has done to a ticket in its queue: preferences are dropped, all may be asked again, or another team. */
export function mature(floor: Floor, ticket: Ticket): void {
  const { at, roster } = floor;
  const toCome = (moment: number): number => (moment > at ? moment : 0);
  const next: Ticket = {
    ...ticket, lookAt: 0, preferUntil: toCome(ticket.preferUntil), fallAt: toCome(ticket.fallAt),
    restUntil: toCome(ticket.restUntil), officeAt: toCome(ticket.officeAt),
  };
  const fallen = ticket.fallAt > 0 && next.fallAt === 0 ? roster.team(ticket.team)?.fallback?.team ?? '' : '';
  if (roster.team(fallen) !== undefined && fallen !== ticket.team && !ticket.tried.includes(fallen)) {
    return requeue(floor, { ...next, tried: [...ticket.tried, ticket.team] }, fallen, null, '', '');
  }
  floor.putTicket(ticket.id, next);
  floor.looks.tickets.add(ticket.id);
}

export function askedToo({ asked }: Ticket, agent: string): string[] {
  return [...asked.filter((id) => id !== agent), agent].slice(-ASKED_MAX);
}

/** Decides that this agent has it now. */
export function assign(floor: Floor, ticket: Ticket, { id, name }: Agent, by: By | null, note: string, act: string): void {
  const sent = decide(floor, ticket, { type: 'assign', ground: groundOf(ticket), agent: { id, name }, by, note, act });
  floor.putTicket(ticket.id, withAgent({ ...ticket, sent }, { id, name }));
}

/** As it is while an agent has it: what concerned its queue is over. */
export function withAgent(ticket: Ticket, agent: Agent): Ticket {
  return { ...ticket, ...AFRESH, seat: { at: 'held', agent } };
}

/** Decides that it goes back to a queue; `team` null leaves it where it is. */
export function requeue(floor: Floor, ticket: Ticket, team: string | null, by: By | null, note: string, act: string): void {
  const sent = decide(floor, ticket, { type: 'requeue', ground: groundOf(ticket), team, by, note, act });
  enqueue(floor, { ...ticket, sent }, team ?? ticket.team);
}

/** Tells a waiting customer, once, that they wait; or that nobody is there until the office opens. */
export function tellPlace(floor: Floor, ticket: Ticket): void {
  const team = teamOf(ticket, floor.roster);
  const { open, until } = team.hours === null ? { open: true, until: 0 } : office(team.hours, floor.at);
  const state = open ? 'waiting' : 'closed';
  const opensAt = open ? 0 : until;
  if (state !== ticket.place) {
    decide(floor, ticket, { type: 'place', ground: groundOf(ticket), state, agent: null, team: team.id, opensAt });
  }
  floor.putTicket(ticket.id, { ...ticket, place: state, officeAt: until, lookAt: 0 });
}

/** A customer comes back to an agent who is away: they are told, and waited for. */
export function awaitAgent(floor: Floor, ticket: Ticket, agent: Agent): void {
  const { returnMs } = floor.roster.staff.routing;
  if (returnMs === 0) return requeue(floor, ticket, null, null, '', '');
  decide(floor, ticket, { type: 'place', ground: groundOf(ticket), state: 'away', agent, team: ticket.team, opensAt: 0 });
  floor.putTicket(ticket.id, { ...ticket, place: 'away', returnAt: returnMs === null ? 0 : floor.at + returnMs });
}

/** An agent has just been given something, in a team's turn or otherwise: others are before them now. */
export function give(floor: Floor, id: string, team?: string): void {
  const agent = floor.state.agents.get(id);
  if (agent === undefined) return;
  const last = floor.turn();
  floor.putAgent(id, { ...agent, last, turns: team === undefined ? agent.turns : { ...agent.turns, [team]: last } });
}

/** What the conversation will find when it hears of a decision: decisions arrive in order. */
function groundOf({ seat, standing: { ticket } }: Ticket): Ground {
  return { ticket, agent: seat.at === 'held' ? seat.agent.id : null };
}

/** Who it comes from, and its number, the host adds. */
type Decided = Decision extends infer D ? D extends Decision ? Omit<D, 'from' | 'n'> : never : never;

function decide(floor: Floor, ticket: Ticket, decision: Decided): number {
  return floor.effect(ticket.id, decision);
}

/** Looking into a time zone takes longer than all the rest of a step, and the answer stands for hours. */
const offices = new WeakMap<Hours, { from: number; open: boolean; until: number }>();

function office(hours: Hours, at: number): { open: boolean; until: number } {
  const known = offices.get(hours);
  if (known !== undefined && known.from <= at && (at < known.until || known.until === 0)) return known;
  const now = { from: at, ...officeAt(hours, at) };
  offices.set(hours, now);
  return now;
}
