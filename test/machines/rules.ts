/** The rules of the three styles as the product states them, written by hand and apart from the machine: status, move, status. */
import type { Style } from '../../machines/style.ts';

type Rules = Readonly<Record<string, Readonly<Record<string, string>>>>;

const accepted = { 'agent.accept': 'open', 'agent.message': 'open', 'desk.assign': 'open' };
/** What somebody has can go back to the queue. */
const held = { requeue: 'new' };
const resumed = { 'customer.message': 'open', 'agent.accept': 'open', 'agent.open': 'open' };
const working = { 'agent.pending': 'pending', 'agent.hold': 'onHold' };

const lasting: Rules = {
  new: accepted,
  open: { ...working, ...held, 'agent.accept': 'open', 'desk.assign': 'open', 'agent.solve': 'solved' },
  pending: { ...held, ...resumed, 'desk.assign': 'pending', 'agent.hold': 'onHold', 'agent.solve': 'solved' },
  onHold: { ...held, ...resumed, 'desk.assign': 'onHold', 'agent.pending': 'pending', 'agent.solve': 'solved' },
  solved: { ...resumed, ...working, window: 'closed' },
  closed: {},
};

/** Chat has no Solved to rest in: solving closes. */
const atOnce: Rules = {
  new: accepted,
  open: { ...lasting.open, 'agent.solve': 'closed' },
  pending: { ...lasting.pending, 'agent.solve': 'closed' },
  onHold: { ...lasting.onHold, 'agent.solve': 'closed' },
  closed: {},
};

export const RULES: Readonly<Record<Style, Rules>> = { chat: atOnce, repeat: lasting, social: lasting };
