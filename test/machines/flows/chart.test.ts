/** The picture of a flow: every step once, and an arrow for every way that its machine can take. */
import { expect, it } from 'vitest';
import { chartOf } from '../../../machines/flows/chart.ts';
import type { Step } from '../../../machines/flows/flow.ts';
import { explore } from '../../../machines/flows/proof.ts';
import { TEMPLATES } from '../../../machines/flows/templates.ts';
import { flowOf } from './stage.ts';

const say = (id: string): Step => ({ id, do: 'say', text: 'x' });
const mail = { field: 'contact.email', is: 'exists' } as const;

it('draws each kind of step with its ways', () => {
  const { nodes, edges } = chartOf(flowOf([
    { id: 'b', name: 'Who is it?', do: 'branch', cases: [
      { name: 'known', when: { all: [mail] }, steps: [say('hi')] }, { when: { any: [mail, { field: 'vars.n', is: 'in', value: [1, 2] }] }, steps: [] },
    ] },
    { id: 'q', do: 'ask', text: '?', answer: 'number', save: 'vars.n', onTimeout: [{ id: 'out', do: 'end' }] },
    { id: 'w', do: 'wait', forMs: 1, untilReply: 'customer', onReply: [{ id: 'j', do: 'jump', to: 'q', times: 3 }] },
    { id: 'c', do: 'close' },
  ]));
  expect(nodes).toEqual([
    { id: 'Begin', label: 'Begin', kind: 'begin', within: null }, { id: 'b', label: 'Who is it?', kind: 'branch', within: null },
    { id: 'hi', label: 'say', kind: 'say', within: 'b' }, { id: 'q', label: 'ask', kind: 'ask', within: null },
    { id: 'out', label: 'end', kind: 'end', within: 'q' }, { id: 'w', label: 'wait', kind: 'wait', within: null },
    { id: 'j', label: 'jump', kind: 'jump', within: 'w' }, { id: 'c', label: 'close', kind: 'close', within: null },
    { id: 'Over', label: 'Over', kind: 'over', within: null }, { id: 'Broken', label: 'Broken', kind: 'broken', within: null },
  ]);
  expect(edges.map(({ from, to, label }) => `${from} → ${to}: ${label}`)).toEqual([
    'Begin → b: ', 'b → hi: known', 'b → q: contact.email is there or vars.n in 1, 2, else', 'hi → q: ', 'q → w: answered', 'q → Broken: not valid',
    'q → out: no answer in time', 'out → Over: ', 'w → c: ', 'w → j: replied', 'j → q: 3×', 'j → c: after that', 'c → Over: ',
  ]);
});

it.each(TEMPLATES.map((template) => [template.id, template] as const))('%s: has the arrows that its machine has transitions, save that any step may fail', (_, { make, parameters }) => {
  const flow = make(parameters.parse({}));
  const { transitions } = explore(flow);
  const step = (state: string): string => state.split('.')[0] ?? '';
  const inside = new Set(transitions.filter(({ on, when, from, to }) => on !== 'failed' && step(from) !== step(to) && when !== 'hasNoEnd').map(({ from, to }) => `${step(from)} ${step(to)}`));
  // A step that ends is drawn with its way there; in the machine it is an end itself.
  const drawn = chartOf(flow).edges.filter(({ from, to }) => !(to === 'Over' && flow.steps.length > 0 && transitions.every((one) => step(one.from) !== from)));
  expect([...new Set(drawn.map(({ from, to }) => `${from} ${to}`))].sort()).toEqual([...inside].sort());
});
