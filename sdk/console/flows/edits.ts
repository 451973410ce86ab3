/** What one does to the steps of a flow: each edit gives a new flow and the id of the step that it was about. Pure. */
import { isTree, type Tree } from '../admin/tree.ts';
import { allSteps, find, freshId, idOfStep, kindOf, listsIn, put, stepsOf, valueAt, type Way } from './steps.ts';

/** Between two steps of a list, or at an end of it. */
export interface Slot {
  readonly list: Way;
  readonly at: number;
}

export function inserted(flow: Tree, { list, at }: Slot, step: Tree): Tree {
  const steps = stepsOf(valueAt(flow, list));
  return put(flow, list, [...steps.slice(0, at), step, ...steps.slice(at)]);
}

export function removed(flow: Tree, id: string): Tree {
  const found = find(flow, id);
  if (found === null) return flow;
  const [list, at] = parted(found.way);
  return put(flow, list, stepsOf(valueAt(flow, list)).filter((_, i) => i !== at));
}

/** The step that has the eye when this one is gone: the one behind it, before it, or around it; null for none. */
export function neighbour(flow: Tree, id: string): string | null {
  const found = find(flow, id);
  if (found === null) return null;
  const [list, at] = parted(found.way);
  const steps = stepsOf(valueAt(flow, list));
  const next = steps[at + 1] ?? steps[at - 1] ?? around(flow, found.way);
  return next ? idOfStep(next) : null;
}

/** A copy behind it, whose steps have ids of their own; jumps within it stay within it. */
export function duplicated(flow: Tree, id: string, taken: ReadonlySet<string>): { flow: Tree; id: string } {
  const found = find(flow, id);
  if (found === null) return { flow, id };
  const used = new Set(taken);
  const names = new Map<string, string>();
  for (const { step } of allSteps({ steps: [found.step] })) {
    const own = idOfStep(step);
    const fresh = freshId(own.replace(/-\d+$/u, '') || (kindOf(step) ?? 'step'), used);
    used.add(fresh);
    names.set(own, fresh);
  }
  const renamed = (step: Tree): Tree => {
    const to = typeof step['to'] === 'string' ? names.get(step['to']) : undefined;
    const jump = step['do'] === 'jump' && to !== undefined ? { to } : {};
    const own: Tree = { ...step, id: names.get(idOfStep(step)), ...jump };
    return listsIn(own).reduce((made, { way, steps }) => put(made, way, steps.map(renamed)), own);
  };
  const copy = renamed(found.step);
  const [list, at] = parted(found.way);
  return { flow: inserted(flow, { list, at: at + 1 }, copy), id: idOfStep(copy) };
}

/** To another place; as it was where that place lies inside the step itself. */
export function moved(flow: Tree, id: string, slot: Slot): Tree {
  const found = find(flow, id);
  if (found === null || found.way.every((key, i) => slot.list[i] === key)) return flow;
  const [list, at] = parted(found.way);
  // Its place is held while it is put elsewhere, so that no other step's place changes meanwhile.
  const held: Tree = {};
  const both = inserted(put(flow, found.way, held), slot, found.step);
  const own = list.join('.') === slot.list.join('.') && slot.at <= at ? at + 1 : at;
  const depth = slot.list.length;
  const behind = list.length > depth && slot.list.every((key, i) => list[i] === key) && Number(list[depth]) >= slot.at;
  const shifted = behind ? list.map((key, i) => (i === depth ? Number(key) + 1 : key)) : list;
  return put(both, shifted, stepsOf(valueAt(both, shifted)).filter((_, i) => i !== own));
}

export const TURNS = ['up', 'down', 'out', 'in'] as const;
export type Turn = (typeof TURNS)[number];

/**
 * Where a step goes by the arrows: past its neighbour, at an end of its list out of it; `out` behind the step around it,
 * `in` to the end of the last list of the step before it. Null where there is no such place.
 */
export function turned(flow: Tree, id: string, turn: Turn): Slot | null {
  const found = find(flow, id);
  if (found === null) return null;
  const [list, at] = parted(found.way);
  const steps = stepsOf(valueAt(flow, list));
  const outer = outside(flow, found.way);
  const beyond = (behind: 0 | 1): Slot | null => {
    const [around, place] = parted(outer ?? []);
    return outer === null ? null : { list: around, at: place + behind };
  };
  switch (turn) {
    case 'up': return at > 0 ? { list, at: at - 1 } : beyond(0);
    case 'down': return at < steps.length - 1 ? { list, at: at + 2 } : beyond(1);
    case 'out': return beyond(1);
    case 'in': {
      const before = steps[at - 1];
      const inner = before ? listsIn(before).at(-1) : undefined;
      return inner ? { list: [...list, at - 1, ...inner.way], at: inner.steps.length } : null;
    }
    default: return turn satisfies never;
  }
}

/** Behind a step, or at the end of the flow. */
export function slotBehind(flow: Tree, id: string | null): Slot {
  const found = id === null ? null : find(flow, id);
  if (found === null) return { list: ['steps'], at: stepsOf(flow['steps']).length };
  const [list, at] = parted(found.way);
  return { list, at: at + 1 };
}

/** A list and the place in it. */
function parted(way: Way): [list: Way, at: number] {
  return [way.slice(0, -1), Number(way.at(-1))];
}

/** The way of the step around a step. */
function outside(flow: Tree, way: Way): Way | null {
  for (let length = way.length - 1; length > 1; length--) {
    const one = way.slice(0, length);
    const value = valueAt(flow, one);
    if (isTree(value) && typeof value['do'] === 'string') return one;
  }
  return null;
}

function around(flow: Tree, way: Way): Tree | null {
  const outer = outside(flow, way);
  const step = outer === null ? null : valueAt(flow, outer);
  return isTree(step) ? step : null;
}
