/** Walks through the ticket machine by xstate/graph: for each style, sequences that together take every event in every state. */
import { __unsafe_getAllOwnEventDescriptors as eventsOf, type SnapshotFrom } from 'xstate';
import { TestModel } from 'xstate/graph';
import { POLICIES, type Policy, type Style } from '../../machines/style.ts';
import { ticketMachine, type TicketEvent } from '../../machines/ticket.ts';

/** `window`: the durable timer of Solved falls due. */
export type Move = TicketEvent['type'] | 'window';
export const MOVES: readonly Move[] = [
  'customer.message', 'agent.message', 'agent.accept', 'agent.open', 'agent.pending', 'agent.hold', 'agent.solve', 'desk.assign',
  'requeue', 'flow.solve', 'flow.close', 'window',
];
/** Who takes a ticket by hand, and to whom the desk gives it. */
export const WALKER = { id: 'a_ada', name: 'Ada' };
export const OTHER = { id: 'a_ben', name: 'Ben' };
const AFTER = 'xstate.after.window.ticket.solved';

/** Calendar time and round numbers, so that a walk's clock is easy to follow. */
export function policyOf(style: Style): Policy {
  return { ...POLICIES[style], clock: 'calendar' };
}

/** The transitions that the machine's own graph takes, as `from move to`, and paths that take every move in every state. */
export function walks(style: Style): { paths: Move[][]; taken: Set<string>; states: Set<string> } {
  const model = new TestModel(ticketMachine, {
    input: { policy: policyOf(style) },
    // In a function, because a list would silently leave the delayed events out.
    events: (state) => [...new Set([...eventsOf(state), ...MOVES.filter((m) => m !== 'window')])]
      .map((type) => ({ type, at: 0, agent: type === 'desk.assign' ? OTHER : WALKER }) as unknown as TicketEvent),
    serializeState: (state) => JSON.stringify([state.value, state.context.agent?.id ?? null]),
    limit: 1_000,
  });
  const taken = new Set<string>();
  const states = new Set<string>();
  const paths: Move[][] = [];
  const arrivals = new Map(model.getShortestPaths({ allowDuplicatePaths: true }).map((path) => [
    path.state, path.steps.map(({ event }) => moveOf(event.type)).filter((move) => move !== undefined),
  ]));
  for (const { state: from, transitions } of Object.values(model.getAdjacencyMap())) {
    states.add(statusOf(from));
    for (const { event, state: to } of Object.values(transitions as Record<string, { event: { type: string }; state: Ticket }>)) {
      const move = moveOf(event.type);
      if (move === undefined) continue;
      if (to.value !== from.value || to.context.agent !== from.context.agent) taken.add(`${statusOf(from)} ${move} ${statusOf(to)}`);
      const arrival = [...arrivals].find(([state]) => same(state, from))?.[1] ?? [];
      paths.push([...arrival, move]);
    }
  }
  return { paths: distinct(paths), taken, states };
}

type Ticket = SnapshotFrom<typeof ticketMachine>;

function same(a: Ticket, b: Ticket): boolean {
  return a.value === b.value && a.context.agent?.id === b.context.agent?.id;
}

/** As the rules call it: `unmet` is Solved without an agent. */
function statusOf({ value, context }: Ticket): string {
  return value === 'solved' && context.agent === null ? 'unmet' : String(value);
}

function moveOf(type: string): Move | undefined {
  if (type === AFTER) return 'window';
  return MOVES.find((move) => move === type);
}

/** A path that another one begins with is walked along with it. */
function distinct(paths: Move[][]): Move[][] {
  const keys = paths.map((path) => path.join(' '));
  return paths.filter((_, i) => keys.indexOf(keys[i] ?? '') === i && !keys.some((key) => key.startsWith(`${keys[i] ?? ''} `)));
}
