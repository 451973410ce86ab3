/** Where the gateway's problems belong: at which step of the flow, and at which of its fields. Pure. */
import { isTree, type Tree } from '../admin/tree.ts';
import type { Problem } from '../../agent.ts';
import { idOfStep, listsIn, stepsOf } from './steps.ts';

export interface Placed {
  /** Null: it is about the flow itself. */
  readonly step: string | null;
  /** From the step, or the flow, down: `when.all.1.value`; '' for the whole. */
  readonly field: string;
  readonly problem: string;
}

export function placed(flow: Tree, problems: readonly Problem[]): Placed[] {
  return problems.map(({ path, problem }) => (
    { ...placeOf(flow, path), problem: `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.` }));
}

function placeOf(flow: Tree, path: string): Omit<Placed, 'problem'> {
  let keys = path === '' ? [] : path.split('.');
  let step: Tree | null = null;
  let list = keys[0] === 'steps' ? stepsOf(flow['steps']) : null;
  if (list !== null) keys = keys.slice(1);
  while (list !== null) {
    const next = list[Number(keys[0])];
    if (keys.length === 0 || !isTree(next)) {
      return step === null ? { step, field: 'steps' } : { step: idOfStep(step), field: keys.join('.') };
    }
    step = next;
    const rest = keys.slice(1);
    const inner = listsIn(step)
      .find(({ way }) => way.length < rest.length && way.every((key, i) => String(key) === rest[i]));
    list = inner?.steps ?? null;
    keys = inner ? rest.slice(inner.way.length) : rest;
  }
  return { step: step === null ? null : idOfStep(step), field: keys.join('.') };
}

/** What is said at a field: of it, and of what has no field of its own inside it. */
export function saidAt(all: readonly Placed[], field: string): string[] {
  return all.filter((one) => one.field === field || one.field.startsWith(`${field}.`)).map(({ problem }) => problem);
}
