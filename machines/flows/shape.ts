/** How the steps of a flow lie in each other: where each stands, what comes behind it, and what is wrong with that alone. */
import { noSuch } from '../nearest.ts';
import { listsIn, type Flow, type Problem, type Step } from './flow.ts';

export interface Placed {
  step: Step;
  /** Where it stands, for instance `steps.2.cases.0.steps.1`. */
  path: string;
  /** What comes behind it when it goes well and does not branch; undefined at the end. */
  behind: Step | undefined;
  /** The step in one of whose lists it stands, and in which one (`else`, `cases.0.steps`). */
  within: { step: Step; at: string } | undefined;
  /** 1 for a step in no other. */
  depth: number;
}

/** Every step of a flow, each before those inside it. */
export function placed(flow: Pick<Flow, 'steps'>): Placed[] {
  return inList(flow.steps, { path: 'steps', behind: undefined, within: undefined, depth: 1 });
}

function inList(steps: readonly Step[], list: Omit<Placed, 'step'>): Placed[] {
  return steps.flatMap((step, i) => {
    const place = { ...list, step, path: `${list.path}.${i}`, behind: steps[i + 1] ?? list.behind };
    const inside = listsIn(step).flatMap(({ at, steps: own }) =>
      inList(own, { path: `${place.path}.${at}`, behind: place.behind, within: { step, at }, depth: list.depth + 1 }));
    return [place, ...inside];
  });
}

export function nestedTooDeep(flow: Flow, { steps, nesting }: { steps: number; nesting: number }): Problem[] {
  const all = placed(flow);
  const deep = all.find(({ depth }) => depth > nesting);
  return [
    ...(all.length <= steps ? []
      : [{ path: 'steps', problem: `are ${all.length}, at most ${steps} may be: put some into a flow of their own and "run" it` }]),
    ...(deep === undefined ? []
      : [{ path: deep.path, problem: `lies deeper than ${nesting} in each other: "jump" to a step outside, or "run" another flow` }]),
  ];
}

export function twice(flow: Flow): Problem[] {
  const seen = new Map<string, string>();
  return placed(flow).flatMap(({ step: { id }, path }) => {
    const first = seen.get(id);
    seen.set(id, first ?? path);
    return first === undefined ? [] : [{ path: `${path}.id`, problem: `is "${id}" like that of ${first}: give each step an id of its own` }];
  });
}

export function jumpsToNowhere(flow: Flow): Problem[] {
  const all = placed(flow);
  const ids = all.map(({ step }) => step.id);
  return all.flatMap(({ step, path }) => (step.do !== 'jump' || ids.includes(step.to) ? []
    : [{ path: `${path}.to`, problem: noSuch('step', step.to, ids) }]));
}
