/** The rules of the three styles as the product states them, written by hand and apart from the machine: status, move, status. */
import type { Style } from '../../machines/style.ts';

type Rules = Readonly<Record<string, Readonly<Record<string, string>>>>;

const accepted = { 'agent.accept': 'open', 'agent.message': 'open', 'desk.assign': 'open' };
/** A flow may end what it likes. */
const ended = { 'agent.solve': 'solved', 'flow.solve': 'solved', 'flow.close': 'closed' };
const endedAtOnce = { 'agent.solve': 'closed', 'flow.solve': 'closed', 'flow.close': 'closed' };
/** What somebody has can go back to the queue. */
const held = { requeue: 'new' };
const resumed = { 'customer.message': 'open', 'agent.accept': 'open', 'agent.open': 'open' };
const working = { 'agent.pending': 'pending', 'agent.hold': 'onHold' };

const lasting: Rules = {
  new: { ...accepted, 'flow.solve': 'unmet', 'flow.close': 'closed' },
  open: { ...working, ...held, ...ended, 'agent.accept': 'open', 'desk.assign': 'open' },
  pending: { ...held, ...resumed, ...ended, 'desk.assign': 'pending', 'agent.hold': 'onHold' },
  onHold: { ...held, ...resumed, ...ended, 'desk.assign': 'onHold', 'agent.pending': 'pending' },
  solved: { ...resumed, ...working, window: 'closed', 'flow.close': 'closed' },
  // Solved by a flow before anybody accepted it: it is nobody's, so its customer's word puts it into the queue.
  unmet: { ...resumed, ...working, 'customer.message': 'new', window: 'closed', 'flow.close': 'closed' },
  closed: {},
};

/** Chat has no Solved to rest in: solving closes. */
const atOnce: Rules = {
  new: { ...lasting.new, 'flow.solve': 'closed' },
  open: { ...lasting.open, ...endedAtOnce },
  pending: { ...lasting.pending, ...endedAtOnce },
  onHold: { ...lasting.onHold, ...endedAtOnce },
  closed: {},
};

export const RULES: Readonly<Record<Style, Rules>> = { chat: atOnce, repeat: lasting, social: lasting };
