/**
 * The messages of a conversation: what each changes in it, by who says it. Texts are for the log; of the newest one its
 * beginning is kept for lists, and of the customer's as much as flows may look at.
 */
import type { Who } from './actor.ts';
import { beginning } from './flows/kinds.ts';
import { SYSTEM, type ConversationState } from './state.ts';
import type { Step } from './step.ts';

const PREVIEW_CHARS = 120;
const SAID_CHARS = 1_000;

/** Where it stands in the log, and which it is of its side. */
interface Said {
  seq: number;
  n: number;
}

/** @param looked whether some flow may look at it. */
export function fromCustomer(step: Step, who: Who, text: string, cmid: string, at: number, looked: boolean): Said {
  const seq = step.state.seq + 1;
  const n = step.state.customerMessages + 1;
  const preview = beginning(text, PREVIEW_CHARS);
  const said = looked ? beginning(text, SAID_CHARS) : '';
  step.set({ customerMessages: n, at, preview, spokeAt: at, waitingSince: step.state.waitingSince || at, said, unprompted: 0 });
  step.write('message', 'everyone', who, { text }, cmid, n);
  step.wake();
  step.ticket({ type: 'customer.message', at }, who);
  step.session({ type: 'customer.message', at, spokeAt: at });
  // Until the contact's fields are known it starts nothing; then the newest does.
  if (!step.state.opening) step.happened.push({ type: 'message', from: 'customer', text });
  return { seq, n };
}

export function fromAgent(step: Step, who: Who, text: string, cmid: string, at: number): Said {
  const agent = { id: who.id, name: who.name };
  const seq = step.state.seq + 1;
  const n = step.state.agentMessages + 1;
  const answeredAt = step.state.answeredAt || at;
  const preview = beginning(text, PREVIEW_CHARS);
  step.set({ agentMessages: n, at, preview, waitingSince: 0, answeredAt, lastReply: { seq, at, agent }, unprompted: 0 });
  step.write('message', 'everyone', who, { text }, cmid, n);
  step.ticket({ type: 'agent.message', at, agent }, who);
  step.happened.push({ type: 'taken', by: agent, why: `${who.name} answered` }, { type: 'message', from: 'agent', text });
  return { seq, n };
}

/** Counted with the agents' messages, but no answer: whoever waits goes on waiting. */
export function fromFlow(step: Step, name: string, body: { text: string; choices?: readonly string[] }, at: number): void {
  const n = step.state.agentMessages + 1;
  step.set({ agentMessages: n, at, preview: beginning(body.text, PREVIEW_CHARS) });
  step.write('message', 'everyone', { ...SYSTEM, name }, body, null, n);
}

/** Which colleague answered after what this agent saw, in words for them. */
export function overtakenBy(state: ConversationState | undefined, who: Who, seen: number | null, at: number): string | undefined {
  const last = state?.lastReply ?? null;
  if (seen === null || last === null || last.agent.id === who.id || last.seq <= seen) return undefined;
  return `${last.agent.name} answered ${Math.max(Math.round((at - last.at) / 1000), 0)} s ago`;
}
