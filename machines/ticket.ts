/**
 * One matter of a conversation, from New to Closed. The three styles are three policies of this one machine.
 */
import { assign, setup } from 'xstate';
import { pure } from './pure.ts';
import { windowFrom, type Policy, type Status } from './style.ts';
import { POLICIES } from './style.ts';

export interface Agent {
  id: string;
  name: string;
}

export type TicketEvent =
  | { type: 'customer.message'; at: number }
  | { type: 'agent.message'; at: number; agent: Agent }
  | { type: 'agent.accept'; at: number; agent: Agent }
  | { type: 'agent.open'; at: number; agent: Agent }
  | { type: 'agent.pending'; at: number; agent: Agent }
  | { type: 'agent.hold'; at: number; agent: Agent }
  | { type: 'agent.solve'; at: number; agent: Agent }
  /** Routing, or a colleague's hand-over, has given it to this agent. */
  | { type: 'desk.assign'; at: number; agent: Agent }
  /** Back to the queue, without its agent. */
  | { type: 'requeue'; at: number }
  /** A flow has ended the matter: also one that nobody accepted. */
  | { type: 'flow.solve'; at: number }
  | { type: 'flow.close'; at: number };

export interface TicketContext {
  policy: Policy;
  /** Who works on it; kept through Solved so that a returning customer meets the same person. Null in New, and behind it when a
   * flow ended it there. */
  agent: Agent | null;
}

const take = assign<TicketContext, TicketEvent & { agent: Agent }, undefined, TicketEvent, never>({
  agent: ({ event }) => event.agent,
});
const release = assign<TicketContext, TicketEvent, undefined, TicketEvent, never>({ agent: null });

export const ticketMachine = setup({
  types: {} as { context: TicketContext; events: TicketEvent; input: { policy: Policy } },
  // Asked for by name and carried out by the conversation: each becomes a line of its log.
  actions: { became: (_, _params: { status: Status }) => undefined, assigned: () => undefined },
  guards: {
    isSomebodys: ({ context }) => context.agent !== null,
    closesAtOnce: ({ context }) => context.policy.windowMs === 0,
    byAnother: ({ context, event }) => 'agent' in event && event.agent.id !== context.agent?.id,
  },
  delays: { window: ({ context, event }) => windowFrom(context.policy, event.at) },
}).createMachine({
  id: 'ticket',
  options: { maxIterations: 100 },
  context: ({ input }) => ({ policy: input.policy, agent: null }),
  initial: 'new',
  states: {
    new: {
      // Where a ticket begins, which is nobody's news, and where it comes back to.
      entry: { type: 'became', params: { status: 'new' } },
      on: {
        'agent.accept': { target: 'open', actions: [take, 'assigned'] },
        // Whoever answers a waiting customer has taken the ticket.
        'agent.message': { target: 'open', actions: [take, 'assigned'] },
        'desk.assign': { target: 'open', actions: [take, 'assigned'] },
        'flow.solve': 'solved',
        'flow.close': 'closed',
      },
    },
    open: {
      entry: { type: 'became', params: { status: 'open' } },
      on: {
        'agent.accept': { guard: 'byAnother', actions: [take, 'assigned'] },
        'desk.assign': { guard: 'byAnother', actions: [take, 'assigned'] },
        requeue: { target: 'new', actions: [release, 'assigned'] },
        'agent.pending': 'pending',
        'agent.hold': 'onHold',
        'agent.solve': 'solved',
        'flow.solve': 'solved',
        'flow.close': 'closed',
      },
    },
    pending: {
      entry: { type: 'became', params: { status: 'pending' } },
      on: {
        'customer.message': 'open',
        'agent.accept': { target: 'open', actions: [take, 'assigned'] },
        // Whoever gets it goes on waiting.
        'desk.assign': { guard: 'byAnother', actions: [take, 'assigned'] },
        requeue: { target: 'new', actions: [release, 'assigned'] },
        'agent.open': 'open',
        'agent.hold': 'onHold',
        'agent.solve': 'solved',
        'flow.solve': 'solved',
        'flow.close': 'closed',
      },
    },
    onHold: {
      entry: { type: 'became', params: { status: 'onHold' } },
      on: {
        'customer.message': 'open',
        'agent.accept': { target: 'open', actions: [take, 'assigned'] },
        'desk.assign': { guard: 'byAnother', actions: [take, 'assigned'] },
        requeue: { target: 'new', actions: [release, 'assigned'] },
        'agent.open': 'open',
        'agent.pending': 'pending',
        'agent.solve': 'solved',
        'flow.solve': 'solved',
        'flow.close': 'closed',
      },
    },
    solved: {
      entry: { type: 'became', params: { status: 'solved' } },
      always: { guard: 'closesAtOnce', target: 'closed' },
      after: { window: 'closed' },
      on: {
        'customer.message': [{ guard: 'isSomebodys', target: 'open' }, { target: 'new' }],
        'agent.accept': { target: 'open', actions: [take, 'assigned'] },
        // One that nobody had is now whose hand it was.
        'agent.open': [{ guard: 'isSomebodys', target: 'open' }, { target: 'open', actions: [take, 'assigned'] }],
        'agent.pending': [{ guard: 'isSomebodys', target: 'pending' }, { target: 'pending', actions: [take, 'assigned'] }],
        'agent.hold': [{ guard: 'isSomebodys', target: 'onHold' }, { target: 'onHold', actions: [take, 'assigned'] }],
        'flow.close': 'closed',
      },
    },
    closed: { type: 'final', entry: { type: 'became', params: { status: 'closed' } } },
  },
});

export const ticket = pure(ticketMachine, { policy: POLICIES.chat });
