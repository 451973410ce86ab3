/**
 * Whether the customer is there: beside the ticket's status, and for agents only.
 */
import { setup } from 'xstate';
import { pure } from './pure.ts';

export type SessionState = 'active' | 'inactive' | 'ended';
export type SessionReason = 'silence' | 'left' | 'offline' | 'customer' | 'agent' | 'spoke';

/**
 * `spokeAt`: when the customer last spoke. The conversation knows it, so that a message need not wake an active session:
 * the silence timer looks when it fires.
 */
export type SessionEvent =
  | { type: 'customer.message'; at: number; spokeAt: number }
  /** The customer closed the page or lost the network, and the grace for coming back is over. */
  | { type: 'customer.gone'; at: number; spokeAt: number; reason: 'left' | 'offline' }
  | { type: 'session.end'; at: number; spokeAt: number; by: 'customer' | 'agent' }
  | { type: 'ticket.closed'; at: number; spokeAt: number };

export interface SessionContext {
  silenceMs: number;
}

export const sessionMachine = setup({
  types: {} as { context: SessionContext; events: SessionEvent; input: { silenceMs: number } },
  actions: {
    turned: (_, _params: { state: SessionState; reason: SessionReason }) => undefined,
  },
  guards: {
    spokeMeanwhile: ({ context, event }) => event.at - event.spokeAt < context.silenceMs,
  },
  // XState's own first event has no times; the session begins with a word of the customer.
  delays: { silence: ({ context: { silenceMs }, event: { at = 0, spokeAt = at } }) => Math.max(spokeAt + silenceMs - at, 0) },
}).createMachine({
  id: 'session',
  options: { maxIterations: 100 },
  context: ({ input }) => ({ silenceMs: input.silenceMs }),
  initial: 'active',
  states: {
    active: {
      on: {
        'customer.gone': {
          target: 'inactive',
          actions: { type: 'turned', params: ({ event }) => ({ state: 'inactive', reason: event.reason }) },
        },
        'session.end': {
          target: 'ended', actions: { type: 'turned', params: ({ event }) => ({ state: 'ended', reason: event.by }) },
        },
        'ticket.closed': 'ended',
      },
      after: {
        silence: [
          { guard: 'spokeMeanwhile', target: 'active', reenter: true },
          { target: 'inactive', actions: { type: 'turned', params: { state: 'inactive', reason: 'silence' } } },
        ],
      },
    },
    inactive: {
      on: {
        'customer.message': {
          target: 'active', actions: { type: 'turned', params: { state: 'active', reason: 'spoke' } },
        },
        'session.end': {
          target: 'ended', actions: { type: 'turned', params: ({ event }) => ({ state: 'ended', reason: event.by }) },
        },
        'ticket.closed': 'ended',
      },
    },
    ended: {
      on: {
        'customer.message': {
          target: 'active', actions: { type: 'turned', params: { state: 'active', reason: 'spoke' } },
        },
      },
    },
  },
});

export const session = pure(sessionMachine, { silenceMs: 600_000 });
