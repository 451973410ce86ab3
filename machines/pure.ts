/**
 * Drives an XState machine purely: the next snapshot and what must happen come back as values, and nothing runs by
 * itself. Write ordinary XState with `after`; the delays come back as timers, to be kept with the snapshot.
 *
 * The only file that touches XState's internals. The exported `transition()` builds an inert actor for every call;
 * reusing one actor scope is four times faster and safe while machines have no children.
 */
import {
  createActor, type ActorScope, type AnyMachineSnapshot, type AnyStateMachine, type EventFromLogic, type InputFrom,
  type SnapshotFrom,
} from 'xstate';

export type Arm =
  | { op: 'set'; id: string; delayMs: number; event: string }
  | { op: 'cancel'; id: string };

/** A named action that a machine asks for, with its parameters resolved. */
export interface Act {
  type: string;
  params: Readonly<Record<string, unknown>>;
}

export interface Moved<M extends AnyStateMachine> {
  snapshot: SnapshotFrom<M>;
  acts: Act[];
  arms: Arm[];
}

/** A snapshot as it is kept: no actors, no internals. */
export interface Frozen {
  value: unknown;
  context: unknown;
}

export interface Pure<M extends AnyStateMachine> {
  readonly machine: M;
  start(input: InputFrom<M>): Moved<M>;
  /** An event that the state does not take returns the same snapshot object, no acts and no arms; a state that is
   * entered again may return the same snapshot with arms. */
  step(snapshot: SnapshotFrom<M>, event: EventFromLogic<M>): Moved<M>;
  /** As JSON; made once for each snapshot, since most steps leave it as it was. */
  freeze(snapshot: SnapshotFrom<M>): string;
  /** @throws when the value is not a state of this machine. */
  thaw(frozen: Frozen): SnapshotFrom<M>;
}

/** @param sample an input with which the machine can be started, for the inert actor behind the scope. */
export function pure<M extends AnyStateMachine>(machine: M, sample: InputFrom<M>): Pure<M> {
  let asked: { type: string; params?: unknown }[] = [];
  for (const node of Object.values(machine.root.states)) {
    const wild = [...node.transitions.keys()].find((type) => type.includes('*'));
    if (wild !== undefined) throw new Error(`${machine.id} listens to ${wild}: name each event`);
  }
  const inert = createActor(machine, {
    input: sample,
    clock: { setTimeout: () => 0, clearTimeout: () => undefined },
  } as Parameters<typeof createActor<M>>[1]);
  const frozen = new WeakMap<object, string>();
  const nothing = (): void => undefined;
  const scope = {
    self: inert, system: inert.system, id: machine.id, sessionId: machine.id,
    logger: nothing, defer: nothing, emit: nothing, stopChild: nothing,
    actionExecutor: (action: { type: string; params?: unknown }) => { asked.push(action); },
  } as unknown as ActorScope<AnyMachineSnapshot, EventFromLogic<M>>;

  function moved(snapshot: AnyMachineSnapshot): Moved<M> {
    const acts: Act[] = [];
    const arms: Arm[] = [];
    for (const action of asked) {
      const params = (action.params ?? {}) as Record<string, unknown>;
      if (action.type === 'xstate.raise') {
        // A raise without a delay has already happened inside the macrostep.
        if (typeof params.delay !== 'number') continue;
        if (!Number.isFinite(params.delay)) throw new Error(`${machine.id} has the delay ${params.delay} for ${String(params.id)}`);
        const event = (params.event as { type: string }).type;
        arms.push({ op: 'set', id: String(params.id ?? event), delayMs: params.delay, event });
      } else if (action.type === 'xstate.cancel') {
        arms.push({ op: 'cancel', id: String(params.sendId) });
      } else if (action.type.startsWith('xstate.')) {
        throw new Error(`${machine.id} uses ${action.type}, which cannot be replayed: ask for a named action instead`);
      } else {
        acts.push({ type: action.type, params });
      }
    }
    return { snapshot: snapshot as SnapshotFrom<M>, acts, arms };
  }

  return {
    machine,
    start(input) {
      asked = [];
      const snapshot = machine.getInitialSnapshot(scope, input);
      if (snapshot.status === 'error') throw snapshot.error;
      return moved(snapshot);
    },
    step(snapshot, event) {
      // Most events meet a state that does not take them; XState would find that out at length.
      if (!takes(snapshot, event.type)) return { snapshot, acts: [], arms: [] };
      asked = [];
      return moved(machine.transition(snapshot, event, scope));
    },
    freeze(snapshot) {
      let json = frozen.get(snapshot);
      if (json === undefined) {
        const { value, context } = snapshot as AnyMachineSnapshot;
        json = JSON.stringify({ value, context } satisfies Frozen);
        frozen.set(snapshot, json);
      }
      return json;
    },
    thaw({ value, context }) {
      const snapshot = machine.resolveState({ value, context } as never);
      if (JSON.stringify(snapshot.value) !== JSON.stringify(value)) {
        throw new Error(`${machine.id} has no state ${JSON.stringify(value)}`);
      }
      return snapshot as SnapshotFrom<M>;
    },
  };
}

/** Whether any active node names this event. Without wildcards, what nobody names changes nothing. */
function takes(snapshot: AnyMachineSnapshot, type: string): boolean {
  for (const node of snapshot._nodes) if (node.transitions.has(type)) return true;
  return false;
}
