/** A statechart in the reader's words: the gateway names kinds, ways and conditions as an engineer does. Pure. */
import type { FlowChart } from '../../agent.ts';
import type { Tree } from '../admin/tree.ts';
import { isStep } from './chart-layout.ts';
import { testsIn } from './condition.tsx';
import type { Names } from './names.ts';
import { conditionSaid } from './said.ts';
import { allSteps, casesOf, idOfStep } from './steps.ts';
import { FLOWS } from './words.ts';

/** As the gateway writes operators into a chart. */
const OPERATORS: Readonly<Record<string, string>> = {
  equal: '=', notEqual: '≠', contains: 'contains', containsNot: 'does not contain', startsWith: 'starts with', in: 'in',
  notIn: 'not in', exists: 'is there', missing: 'is missing', greater: '>', less: '<', between: 'between', matches: 'is a',
  before: 'before', after: 'after',
};

export function inWords({ nodes, edges }: FlowChart, flow: Tree, names: Names): FlowChart {
  const kinds: Readonly<Record<string, string>> = { ...FLOWS.kinds, broken: FLOWS.breaksOff };
  const ways: Readonly<Record<string, string>> = FLOWS.ways;
  const conditions = conditionsIn(flow, names);
  return {
    nodes: nodes.map((node) => {
      const own = node.label !== node.kind && isStep(node.kind);
      return own ? node : { ...node, label: kinds[node.kind] ?? node.label };
    }),
    edges: edges.map((edge) => {
      const known = [...conditions.get(edge.from) ?? []].reduce((label, [from, to]) => label.replace(from, () => to), edge.label);
      return { ...edge, label: known.split(', ').map((part) => ways[part] ?? part).join(', ') };
    }),
  };
}

/** By branch: what stands in the chart for each of its cases without a name, and what the reader calls it. */
function conditionsIn(flow: Tree, names: Names): Map<string, Map<string, string>> {
  return new Map(allSteps(flow).map(({ step }) => [idOfStep(step), new Map(casesOf(step).flatMap((one) => (
    one['name'] === undefined ? [[written(one['when']), conditionSaid(one['when'], names)] as const] : [])))] as const));
}

function written(condition: unknown): string {
  const { joint, tests } = testsIn(condition);
  return tests.map(({ field, is, value }) => {
    const values = value === undefined ? '' : ` ${[value].flat().join(', ')}`;
    return `${String(field)} ${OPERATORS[String(is)] ?? ''}${values}`;
  }).join(joint === 'all' ? ' and ' : ' or ');
}
