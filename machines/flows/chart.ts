/** A flow as a picture: its steps, what leads from each to the next, and how it begins and ends. */
import { courseOf } from './course.ts';
import type { Flow, Step } from './flow.ts';

export interface Chart {
  nodes: {
    id: string;
    label: string;
    kind: Step['do'] | 'begin' | 'over' | 'broken';
    /** The step in one of whose lists it stands. */
    within: string | null;
  }[];
  edges: { from: string; to: string; label: string }[];
}

/** As the states of its machine are called, which no step is. */
const ENDS = { over: 'Over', broken: 'Broken' } as const;

/** @param flow as `parseFlow` gives it. That any step can fail to be carried out is not drawn. */
export function chartOf(flow: Flow): Chart {
  const { places, ways } = courseOf(flow);
  const idOf = (to: Step | keyof typeof ENDS): string => (typeof to === 'string' ? ENDS[to] : to.id);
  const edges = [
    { from: 'Begin', to: flow.steps[0]?.id ?? ENDS.over, label: '' },
    ...places.flatMap(({ step }) => (ways.get(step.id) ?? []).map(({ to, when }) => ({ from: step.id, to: idOf(to), label: when }))),
  ];
  const ends = (['over', 'broken'] as const).filter((end) => edges.some(({ to }) => to === ENDS[end]));
  return {
    nodes: [
      { id: 'Begin', label: 'Begin', kind: 'begin', within: null },
      ...places.map(({ step, within }) => ({ id: step.id, label: step.name ?? step.do, kind: step.do, within: within?.step.id ?? null })),
      ...ends.map((end) => ({ id: ENDS[end], label: ENDS[end], kind: end, within: null })),
    ],
    edges: merged(edges),
  };
}

/** Two ways to the same step are one arrow. */
function merged(edges: Chart['edges']): Chart['edges'] {
  const arrows = new Map<string, Chart['edges'][number]>();
  for (const edge of edges) {
    const key = `${edge.from} ${edge.to}`;
    const label = [arrows.get(key)?.label ?? '', edge.label].filter((part) => part !== '').join(', ');
    arrows.set(key, { ...edge, label });
  }
  return [...arrows.values()];
}
