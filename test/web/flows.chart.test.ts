/** Flows as people see them: the statechart on its paper, steps in a few words, bodies as rows. */
import { describe, expect, it } from 'vitest';
import { chartOf } from '../../machines/flows/chart.ts';
import type { Condition, Flow, Test } from '../../machines/flows/flow.ts';
import { TEMPLATES } from '../../machines/flows/templates.ts';
import { drawn } from '../../sdk/console/flows/chart-layout.ts';
import { inWords } from '../../sdk/console/flows/chart-words.ts';
import { namesOf } from '../../sdk/console/flows/names.ts';
import { conditionSaid, stepName, stepSaid } from '../../sdk/console/flows/said.ts';
import { rowsOf } from '../../sdk/console/flows/step-form.http.tsx';

const settings = {
  sections: { teams: [{ id: 'vip', name: 'VIP desk' }], agents: [{ id: 'ada', name: 'Ada', teams: [] }] }, revs: {}, locked: [], by: {}, schema: {},
};
const flow = { steps: [{ id: 'ask', do: 'ask', name: 'Which fruit?', save: 'vars.fruit' }, { id: 'http', do: 'http', map: [{ path: '$', save: 'vars.kind' }] }] };
const names = namesOf(settings, [], 'this', flow, stepName);

describe.each(TEMPLATES.map((template) => [template.id, template] as const))('the statechart of %s', (_, template) => {
  const chart = chartOf(template.make({}));
  const picture = drawn(chart);

  it('has every state once, on the paper and none on another', () => {
    expect(picture.nodes.map(({ id }) => id)).toEqual(chart.nodes.map(({ id }) => id));
    for (const { x, y, width, height } of picture.nodes) {
      expect(x - width / 2).toBeGreaterThanOrEqual(0);
      expect(x + width / 2).toBeLessThanOrEqual(picture.width);
      expect([y - height / 2 >= 0, y + height / 2 <= picture.height]).toEqual([true, true]);
    }
    const apart = picture.nodes.flatMap((a, i) => picture.nodes.slice(i + 1).map((b) =>
      Math.abs(a.x - b.x) >= (a.width + b.width) / 2 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2));
    expect(apart.every(Boolean)).toBe(true);
  });

  it('draws every way, and says when it is taken', () => {
    expect(picture.ways.length).toBe(new Set(chart.edges.map(({ from, to }) => `${from} ${to}`)).size);
    for (const { path } of picture.ways) expect(path).toMatch(/^M[-\d.]+ [-\d.]+[QL][-\d. QL]+$/u);
    for (const { label, full } of picture.ways) expect(full.startsWith(label.replace('…', ''))).toBe(true);
  });
});

describe('the words of a statechart', () => {
  const tests: Test[] = [
    { field: 'contact.email', is: 'exists' }, { field: 'contact.email', is: 'missing' }, { field: 'vars.fruit', is: 'equal', value: 'apple' },
    { field: 'vars.fruit', is: 'notEqual', value: '$&' }, { field: 'vars.fruit', is: 'contains', value: 'a' }, { field: 'vars.fruit', is: 'containsNot', value: 'a' },
    { field: 'vars.fruit', is: 'startsWith', value: 'a' }, { field: 'vars.fruit', is: 'in', value: ['a', 'b'] }, { field: 'vars.fruit', is: 'notIn', value: ['a', 'b'] },
    { field: 'queue', is: 'greater', value: 1 }, { field: 'queue', is: 'less', value: 1 }, { field: 'queue', is: 'between', value: [1, 2] },
    { field: 'contact.email', is: 'matches', value: 'email' }, { field: 'now', is: 'before', value: '2026-12-01' }, { field: 'now', is: 'after', value: '2026-12-01' },
  ];

  it.each(tests.map((test) => [test.is, test] as const))('say %s as the forms do, not as the gateway does', (_, test) => {
    const branch = (when: Condition): Flow => ({
      name: 'F', start: [{ on: 'opened' }], steps: [{ id: 'b', do: 'branch', cases: [{ when, steps: [{ id: 's', do: 'say', text: 'x' }] }] }],
    });
    for (const when of [{ all: [test] }, { any: [test, { field: 'contact.phone', is: 'exists' }] }] satisfies Condition[]) {
      const flow = branch(when);
      const shown = inWords(chartOf(flow), { ...flow }, names);
      expect(shown.edges.find(({ to }) => to === 's')?.label).toBe(conditionSaid(when, names));
    }
  });

  it('name steps without a name by their kind, and ways as the reader reads them', () => {
    const flow: Flow = { name: 'F', start: [{ on: 'opened' }], steps: [{ id: 'a', do: 'ask', text: '?', answer: 'text', save: 'vars.a' }, { id: 'e', do: 'end' }] };
    const shown = inWords(chartOf(flow), { ...flow }, names);
    expect(shown.nodes.map(({ label }) => label)).toEqual(['Begin', 'Ask', 'End', 'Over', 'Breaks off']);
    expect(shown.edges.filter(({ from }) => from === 'a').map(({ label }) => label)).toEqual(['answered', 'not valid, no answer in time']);
  });
});

describe('in a few words', () => {
  const said = (step: object) => stepSaid({ id: 'x', ...step }, names, 'it', 'en');

  it('a step says what it does, in the language that is asked for', () => {
    expect(said({ do: 'say', text: { en: 'Hello', it: 'Ciao' } })).toBe('Ciao');
    expect(said({ do: 'wait', forMs: 5_400_000, untilReply: 'customer', untilOpen: 'vip' })).toBe('1 hr 30 min, opening of VIP desk, or a reply of the customer');
    expect(said({ do: 'assign', team: 'vip' })).toBe('VIP desk');
    expect(said({ do: 'assign', agent: 'ada' })).toBe('Ada');
    expect(said({ do: 'assign', nobody: true })).toBe('Back to the queue');
    expect(said({ do: 'jump', to: 'ask', times: 2 })).toBe('to “Which fruit?”');
    expect(said({ do: 'set', field: 'contact.language', value: 'it' })).toBe('Language = it');
    expect(said({ do: 'tag', add: ['late'], remove: ['new'] })).toBe('+late −new');
    expect(said({ do: 'http', method: 'GET', url: 'https://crm.example.com/x' })).toBe('GET crm.example.com/x');
    expect(said({ do: 'priority', priority: 0 })).toBe('Urgent');
  });

  it('a condition names fields, values and teams as the workspace does', () => {
    const test = (field: string, is: string, value?: unknown) => ({ field, is, value });
    expect(conditionSaid({ all: [test('contact.email', 'exists'), test('vars.fruit', 'equal', 'apple')] }, names)).toBe('E-mail is known and fruit is apple');
    expect(conditionSaid({ any: [test('conversation.status', 'in', ['new', 'onHold']), test('hours.vip', 'equal', 'closed')] }, names))
      .toBe('Status is one of New, On-hold or VIP desk is closed');
    expect(conditionSaid({ all: [test('contact.identified', 'equal', false)] }, names)).toBe('Signed in is no');
    expect(conditionSaid({ all: [test('queue', 'between', [1, 5])] }, names)).toBe('Waiting, all teams is between 1–5');
  });

  it('a step that nobody named is called by its kind, one that nobody knows as unknown', () => {
    expect([{ do: 'say' }, { do: 'say', name: 'Greet' }, { do: 'dance' }].map(stepName)).toEqual(['Say', 'Greet', 'Unknown step']);
  });

  it('variables are found where a flow keeps something', () => {
    expect(names.vars).toEqual(['fruit', 'kind']);
  });
});

it('a body of plain texts is rows, any other JSON', () => {
  expect(rowsOf(undefined)).toEqual([]);
  expect(rowsOf({ email: '{{contact.email}}', a: '' })).toEqual([['email', '{{contact.email}}'], ['a', '']]);
  expect([rowsOf({ a: 1 }), rowsOf(['a']), rowsOf('text'), rowsOf({ a: { b: 'c' } })]).toEqual([null, null, null, null]);
});
