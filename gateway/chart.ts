/** The ticket machine as data, to be drawn: taken from the machine that runs, so a picture cannot differ from it. */
import { POLICIES, type Policy, type Style } from '../machines/style.ts';
import { ticketMachine } from '../machines/ticket.ts';

export interface Chart {
  id: string;
  initial: string;
  states: { key: string; label: string; final: boolean }[];
  transitions: { from: string; to: string; event: string; label: string; after?: string; guard?: string }[];
}

const LABELS: Readonly<Record<string, string>> = {
  new: 'New', open: 'Open', pending: 'Pending', onHold: 'On-hold', solved: 'Solved', closed: 'Closed',
  'customer.message': 'customer writes', 'agent.message': 'agent answers', 'agent.accept': 'accept', 'agent.open': 'open',
  'agent.pending': 'pending', 'agent.hold': 'hold', 'agent.solve': 'solve', 'desk.assign': 'desk assigns', requeue: 'back to the queue',
  'flow.solve': 'a flow solves', 'flow.close': 'a flow closes',
};

export function chartOf(style: Style, policy: Policy = POLICIES[style]): Chart {
  const transitions: Chart['transitions'] = [];
  const nodes = Object.values(ticketMachine.root.states);
  for (const node of nodes) {
    for (const list of node.transitions.values()) {
      for (const { eventType, target, guard } of list) {
        const delayed = eventType.startsWith('xstate.after.');
        // What a style's policy rules out is not in its picture: chat never waits, the others never close at once.
        if (delayed && policy.windowMs === 0) continue;
        for (const { key } of target ?? [node]) {
          const edge = { from: node.key, to: key, event: eventType, label: delayed ? `after ${words(policy)}` : LABELS[eventType] ?? eventType };
          transitions.push({ ...edge, ...(delayed ? { after: words(policy) } : {}), ...(typeof guard === 'string' ? { guard } : {}) });
        }
      }
    }
    if (policy.windowMs > 0) continue;
    for (const { target } of node.always ?? []) {
      for (const { key } of target ?? []) transitions.push({ from: node.key, to: key, event: 'always', label: 'at once', guard: 'closesAtOnce' });
    }
  }
  return {
    id: `${ticketMachine.id}, ${style}`, initial: 'new',
    states: nodes.map(({ key, type }) => ({ key, label: LABELS[key] ?? key, final: type === 'final' })),
    transitions: policy.windowMs > 0 ? transitions : transitions.filter(({ from, event }) => from !== 'solved' || event === 'always'),
  };
}

function words({ windowMs, clock }: Policy): string {
  const units = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'min'], [1_000, 's']] as const;
  const [size, unit] = units.find(([ms]) => windowMs % ms === 0) ?? [1, 'ms'];
  return `${windowMs / size} ${clock === 'business' ? 'business ' : ''}${unit}`;
}
