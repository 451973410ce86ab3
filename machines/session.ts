/**
 * Whether the customer is there: beside the ticket's status, and for agents only.
 */
import { assign, setup } from 'xstate';
import { pure } from './pure.ts';

export type SessionState = 'active' | 'inactive' | 'ended';
export type SessionReason = 'silence' | 'left' | 'offline' | 'customer' | 'agent' | 'spoke';

export type SessionEvent =
  | { type: 'customer.message'; at: number }
  /** The customer closed the page or lost the network, and the grace for coming back is over. */
  | { type: 'customer.gone'; at: number; reason: 'left' | 'offline' }
  | { type: 'session.end'; at: number; by: 'customer' | 'agent' }
  | { type: 'ticket.closed'; at: number };

export interface SessionContext {
  silenceMs: number;
  /** When the customer last spoke. The silence timer looks at it when it fires, so that a message need not re-arm it. */
  spokeAt: number;
}

const spoke = assign<SessionContext, SessionEvent, undefined, SessionEvent, never>({ spokeAt: ({ event }) => event.at });

export const sessionMachine = setup({
  types: {} as { context: SessionContext; events: SessionEvent; input: { at: number; silenceMs: number } },
  actions: {
    spoke,
    turned: (_, _params: { state: SessionState; reason: SessionReason }) => undefined,
  },
  guards: {
    spokeMeanwhile: ({ context, event }) => event.at - context.spokeAt < context.silenceMs,
  },
  // XState's own first event has no time; the session begins with a word of the customer.
  delays: { silence: ({ context: { spokeAt, silenceMs }, event: { at = spokeAt } }) => Math.max(spokeAt + silenceMs - at, 0) },
}).createMachine({
  id: 'session',
  options: { maxIterations: 100 },
  context: ({ input }) => ({ silenceMs: input.silenceMs, spokeAt: input.at }),
  initial: 'active',
  states: {
    active: {
      on: {
        'customer.message': { actions: 'spoke' },
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
          target: 'active', actions: ['spoke', { type: 'turned', params: { state: 'active', reason: 'spoke' } }],
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
          target: 'active', actions: ['spoke', { type: 'turned', params: { state: 'active', reason: 'spoke' } }],
        },
      },
    },
  },
});

export const session = pure(sessionMachine, { at: 0, silenceMs: 600_000 });
