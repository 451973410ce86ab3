/** Which states and transitions a flow's machine has, and which it takes while somebody steps it: as XState itself tells. */
import type { AnyMachineSnapshot, AnyTransitionDefinition, StateNode } from 'xstate';
import type { Compiled } from '../../../machines/flows/run.ts';

type Machine = Compiled['machine']['machine'];

export class Taken {
  /** Leaves, as `step` or `step.asked`. */
  readonly states = new Set<string>(['Begin']);
  /** As `from, event, guard → to`. */
  readonly transitions = new Set<string>();
  /** After the newest of them. */
  snapshot: AnyMachineSnapshot | undefined;

  /** Hears of every transition from now on, whoever steps the machine. */
  watch({ machine: { machine } }: Compiled): void {
    const transition = machine.transition.bind(machine);
    let heard = false;
    machine.transition = (snapshot, event, scope) => {
      if (!heard) scope.system.inspect((inspected) => {
        if (inspected.type !== '@xstate.microstep') return;
        for (const taken of inspected._transitions) this.transitions.add(nameOf(taken));
        this.snapshot = inspected.snapshot as AnyMachineSnapshot;
        for (const leaf of this.snapshot._nodes) if (leaf.type === 'atomic' || leaf.type === 'final') this.states.add(leaf.path.join('.'));
      });
      heard = true;
      return transition(snapshot, event, scope);
    };
  }

  clear(): void {
    this.states.clear();
    this.transitions.clear();
    this.snapshot = undefined;
  }
}

/** All that it could take. */
export function wholeOf({ machine: { machine } }: Compiled): { states: string[]; transitions: string[] } {
  const nodes = within(machine.root);
  const transitions = nodes.flatMap((node) => [...node.transitions.values(), node.always ?? []].flat());
  const targets = new Set(transitions.flatMap(({ target = [] }) => target));
  const leaves = nodes.filter(({ type, path }) => (type === 'atomic' || type === 'final') && path.length > 0);
  return {
    // Not every flow comes to every end.
    states: leaves.filter((leaf) => leaf.key === 'Begin' || leaf.path.length > 1 || targets.has(leaf)).map(({ path }) => path.join('.')),
    transitions: transitions.map(nameOf),
  };
}

function within(node: Machine['root']): Machine['root'][] {
  return [node, ...Object.values(node.states as Record<string, Machine['root']>).flatMap(within)];
}

function nameOf({ source, eventType, guard, target = [] }: AnyTransitionDefinition): string {
  const on = eventType.startsWith('xstate.after.') ? 'time' : eventType;
  const { type, params: { index } } = (guard ?? { type: '', params: {} }) as { type: string; params: { index?: number } };
  const when = index === undefined ? type : `${type} ${index}`;
  return wordsOf(pathOf(source), on, when, target.map(pathOf).join(' '));
}

export function wordsOf(from: string, on: string, when: string, to: string): string {
  return `${[from, on, when].filter((part) => part !== '').join(', ')} → ${to}`;
}

function pathOf({ path }: StateNode): string {
  return path.join('.');
}
