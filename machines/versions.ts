/**
 * A run between two steps: a value, which its version wakes and goes on with.
 */
import type { Flow } from './flows/flow.ts';
import type { Compiled, FlowSnapshot, Run, Shelf } from './flows/run.ts';
import type { Frozen } from './pure.ts';
import type { ConversationState } from './state.ts';

/** Whether all that a step may need is there. */
export function isReady({ runs }: ConversationState, shelf: Shelf): boolean {
  return runs.every(({ flow, version }) => shelf.at(flow, version) !== undefined);
}

const OWNER = 'flow:';
/** Of its timers. */
export const ownerOf = ({ id }: Pick<Run, 'id'>): string => `${OWNER}${id}`;

/** The run that a timer belongs to. */
export function runOf({ owner }: { owner: string }): number | undefined {
  return owner.startsWith(OWNER) ? Number(owner.slice(OWNER.length)) : undefined;
}

/** What an agent who steps in does to it. */
export function onAgent({ flow, routes }: Compiled): NonNullable<Flow['onAgent']> {
  return flow.onAgent ?? (routes ? 'end' : 'goOn');
}

const awake = new WeakMap<Frozen, FlowSnapshot>();

export function wake({ machine }: Compiled, { snapshot }: Run): FlowSnapshot {
  const known = awake.get(snapshot) ?? machine.thaw(snapshot);
  awake.set(snapshot, known);
  return known;
}

export function asleep(snapshot: FlowSnapshot): Frozen {
  const { value, context } = snapshot;
  const kept = { value, context };
  awake.set(kept, snapshot);
  return kept;
}

const beginnings = new WeakMap<Compiled, Frozen>();

/** How each run of it begins. */
export function unbegun(compiled: Compiled): Frozen {
  const known = beginnings.get(compiled) ?? asleep(compiled.machine.start(undefined).snapshot);
  beginnings.set(compiled, known);
  return known;
}

/** @throws Error when it is not there; see `isReady` */
export function versionOf({ flow, version }: Run, shelf: Shelf): Compiled {
  const compiled = shelf.at(flow, version);
  if (compiled === undefined) throw new Error(`${flow} has no version ${version}`);
  return compiled;
}

/** To the version that has taken its version's place, where it stands; its timers stay. */
export function goneOver(run: Run, shelf: Shelf): Run {
  const version = shelf.successor(run.flow, run.version);
  const next = version === undefined ? undefined : shelf.at(run.flow, version);
  if (version === undefined || next === undefined) return run;
  const old = versionOf(run, shelf);
  const stands = old.standsAt(wake(old, run));
  if (stands === undefined || next.steps.get(stands.id)?.do !== stands.do) return run;
  return { ...run, version, snapshot: { ...run.snapshot }, routed: run.routed || !next.routes };
}
