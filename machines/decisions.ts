/**
 * What the desk has decided, as far as it still fits: the conversation alone says who has its ticket.
 */
import type { Line, Stepped } from './actor.ts';
import type { Decision, Ground } from './routing.ts';
import { agentOf, statusOf, Step, SYSTEM, type ConversationState } from './step.ts';

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** Every decision, once, is answered by how the ticket stands afterwards; a step that has heard one always says so. */
export function decide(id: string, state: ConversationState, decision: Decision, at: number): Stepped<ConversationState> {
  const step = new Step(id, state, at);
  if ((state.taken[decision.from] ?? 0) >= decision.n) return step.done({ repeated: true });
  step.set({ taken: { ...state.taken, [decision.from]: decision.n } });
  if (holds(decision.ground, state)) carryOut(step, decision, at);
  return step.done();
}

function holds({ ticket, agent }: Ground, state: ConversationState): boolean {
  const status = statusOf(state);
  return state.number === ticket && (agentOf(state)?.id ?? null) === agent && status !== 'solved' && status !== 'closed';
}

function carryOut(step: Step, decision: Decision, at: number): void {
  if (decision.type === 'place') {
    const { state, agent, team, opensAt } = decision;
    return step.place({ state, agent, team, opensAt });
  }
  const { by, note, act } = decision;
  const who: Line['author'] = by === null ? SYSTEM : { role: 'agent', ...by };
  if (note !== '') step.note(who, note, ULID.test(act) ? act : null);
  if (decision.type === 'requeue') return requeue(step, decision.team, who, at);
  const had = agentOf(step.state);
  step.ticket({ type: 'desk.assign', at, agent: decision.agent }, who);
  if (by !== null && had !== null && had.id !== decision.agent.id) handedOver(step, decision.agent, who);
}

/** Back to a queue: without its agent, and to another team if one is named. By a person it is a hand-over to that team. */
export function requeue(step: Step, team: string | null, who: Line['author'], at: number, cmid: string | null = null): void {
  const had = agentOf(step.state);
  if (team !== null && team !== step.state.team) {
    step.set({ team });
    step.write('team', 'agents', who, { team, ticket: step.state.number }, cmid);
  }
  step.ticket({ type: 'requeue', at }, who, cmid);
  if (team !== null && had !== null && who.role === 'agent') handedOver(step, null, who);
}

function handedOver(step: Step, agent: { id: string; name: string } | null, who: Line['author']): void {
  step.place({ state: 'handedOver', agent, team: step.state.team, opensAt: 0 }, who);
}
