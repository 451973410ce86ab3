/**
 * What the desk has decided, as far as it still fits: the conversation alone says who has its ticket.
 */
import type { Line } from './actor.ts';
import type { Decision, Ground } from './routing.ts';
import { agentOf, statusOf, SYSTEM, type ConversationState } from './state.ts';
import type { Step } from './step.ts';
import type { Agent } from './ticket.ts';

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/**
 * Every decision, once, is answered by how the ticket stands afterwards; a step that has heard one always says so. What
 * somebody wrote with it stands in any case: they were told that it is kept. Returns whether it was heard the first time.
 */
export function decide(step: Step, decision: Decision, at: number): boolean {
  const { state } = step;
  if ((state.taken[decision.from] ?? 0) >= decision.n) return false;
  step.set({ taken: { ...state.taken, [decision.from]: decision.n } });
  if (decision.type === 'place') {
    const { ground, state: place, agent, team, opensAt } = decision;
    if (holds(ground, state)) step.place({ state: place, agent, team, opensAt });
    return true;
  }
  const { by, note, act } = decision;
  const who: Line['author'] = by === null ? SYSTEM : { role: 'agent', ...by };
  if (note !== '') step.note(who, note, ULID.test(act) ? act : null);
  if (!holds(decision.ground, state)) return true;
  if (decision.type === 'requeue') requeue(step, decision.team, who, at);
  else assign(step, decision.agent, who, at);
  return true;
}

function holds({ ticket, agent }: Ground, state: ConversationState): boolean {
  const status = statusOf(state);
  return state.number === ticket && (agentOf(state)?.id ?? null) === agent && status !== 'solved' && status !== 'closed';
}

function assign(step: Step, agent: Agent, who: Line['author'], at: number): void {
  const had = agentOf(step.state);
  // An accepted offer, or one that needs no acceptance: an agent takes over.
  if (step.ticket({ type: 'desk.assign', at, agent }, who)) step.happened.push({ type: 'taken', by: agent, why: `${agent.name} has the ticket` });
  if (who.role === 'agent' && had !== null && had.id !== agent.id) handedOver(step, agent, who);
}

/** Back to a queue: without its agent, and to another team if one is named. By a person it is a hand-over to that team. */
export function requeue(step: Step, team: string | null, who: Line['author'], at: number, cmid: string | null = null): void {
  const had = agentOf(step.state);
  if (team !== null && team !== step.state.team) {
    // How its agent is chosen was said for the team that it had.
    step.set({ team, by: null });
    step.write('team', 'agents', who, { team, ticket: step.state.number }, cmid);
  }
  step.ticket({ type: 'requeue', at }, who, cmid);
  if (team !== null && had !== null && who.role === 'agent') handedOver(step, null, who);
}

function handedOver(step: Step, agent: Agent | null, who: Line['author']): void {
  step.place({ state: 'handedOver', agent, team: step.state.team, opensAt: 0 }, who);
}
