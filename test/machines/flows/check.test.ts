/** What is refused, each with where it stands and what to do; and that what passes makes sense. */
import { describe, expect, it } from 'vitest';
import { check, type Known } from '../../../machines/flows/check.ts';
import type { Condition, Flow, Step } from '../../../machines/flows/flow.ts';
import type { Status } from '../../../machines/style.ts';
import { FIELDS_ALWAYS } from '../../../machines/world.ts';

const called: Flow = { name: 'Survey', start: [{ on: 'ended' }, { on: 'called' }], steps: [{ id: 'a', do: 'end' }] };
const KNOWN: Known = {
  flow: 'mine', teams: ['support', 'sales'], agents: ['ada'], skills: ['french'], secrets: ['crm'],
  fields: [...FIELDS_ALWAYS, { id: 'plan', name: 'Plan', type: 'choice', choices: ['free', 'paid'] }, { id: 'renewal', name: 'Renewal', type: 'date', choices: [] }],
  flows: [{ id: 'survey', flow: called }, { id: 'opener', flow: { ...called, start: [{ on: 'opened' }] } },
    { id: 'back', flow: { ...called, steps: [{ id: 'r', do: 'run', flow: 'mine' }] } }],
  path: (path) => (path.startsWith('$') ? undefined : 'is no JSONPath: begin it with "$"'),
};
const ALL: Flow = {
  name: 'All of it', start: [{ on: 'opened' }, { on: 'field', field: 'contact.country' }, { on: 'status', to: ['new'] }],
  when: { any: [{ field: 'hours.sales', is: 'equal', value: 'open' }, { field: 'queue', is: 'greater', value: 3 }] },
  steps: [
    { id: 'hello', do: 'say', text: { en: 'Hello {{contact.name}}', it: 'Ciao {{ contact.name }}' } },
    { id: 'team', do: 'ask', text: 'Team?', answer: 'choice', choices: [{ value: 'sales', label: 'Sales' }, { value: 'support', label: 'Help' }], save: 'vars.team' },
    { id: 'mail', do: 'ask', text: 'Mail?', answer: 'email', save: 'contact.email', onInvalid: [{ id: 'again', do: 'jump', to: 'mail', times: 2 }], onTimeout: [{ id: 'out', do: 'end' }] },
    {
      id: 'crm', do: 'http', method: 'POST', url: 'https://crm.example/{{contact.email}}?a={{vars.team}}', map: [{ path: '$.type', save: 'vars.type' }],
      headers: [{ name: 'Authorization', value: 'Bearer {{secrets.crm}}' }], body: { mail: '{{contact.email}}', all: ['{{now}}'] }, onFailure: [{ id: 'mark', do: 'tag', add: ['crm-failed'] }],
    },
    {
      id: 'who', do: 'branch',
      cases: [
        { when: { all: [{ field: 'vars.type', is: 'equal', value: 'VIP' }] }, steps: [{ id: 'vip', do: 'assign', team: 'sales', skills: ['french'] }] },
        { when: { all: [{ field: 'vars.team', is: 'in', value: ['sales'] }] }, steps: [{ id: 'ada', do: 'assign', agent: 'ada' }] },
      ],
      else: [{ id: 'rest', do: 'assign', team: 'support', by: 'roundRobin' }],
    },
    { id: 'open', do: 'wait', untilOpen: 'sales', untilDate: '{{contact.renewal}}', forMs: 1000 },
    { id: 'plan', do: 'set', field: 'contact.plan', value: 'paid', ifMissing: true },
    { id: 'more', do: 'run', flow: 'survey' },
    { id: 'shut', do: 'close' },
  ],
};
const problemsIn = (definition: unknown): { path: string; problem: string }[] => check(definition, KNOWN).problems;
const withSteps = (...steps: unknown[]): unknown => ({ name: 'x', start: [{ on: 'opened' }], steps });
const ask = (more: object): unknown => ({ id: 'q', do: 'ask', text: '?', answer: 'text', save: 'vars.x', ...more });
const http = (more: object): unknown => ({ id: 'h', do: 'http', method: 'POST', url: 'https://crm.example/', ...more });
const branch = (...tests: object[]): unknown => ({ id: 'b', do: 'branch', cases: tests.map((test) => ({ when: { all: [test] }, steps: [] })) });

it('a flow that names only what there is has no problems', () => {
  expect(check(ALL, KNOWN)).toEqual({ flow: ALL, problems: [] });
});

describe.each<[string, unknown[], string, RegExp]>([
  ['an unknown field in a text', [{ id: 'a', do: 'say', text: { en: 'Hi {{contact.nmae}}' } }], 'steps.0.text.en', /did you mean "contact.name"/],
  ['what looks like a field', [{ id: 'a', do: 'say', text: 'Hi {{ contact name }}' }], 'steps.0.text', /is no field/],
  ['what every object has', [{ id: 'a', do: 'say', text: 'Hi {{contact.__proto__}}' }], 'steps.0.text', /there is no field/],
  ['a variable that is never set', [ask({}), { id: 'a', do: 'note', text: '{{vars.y}}' }], 'steps.1.text', /no field "vars.y"; did you mean "vars.x"/],
  ['a variable when none is set', [branch({ field: 'vars.x', is: 'exists' })], 'steps.0.cases.0.when.all.0.field', /never set: ask for it/],
  ['an unknown field in a condition', [branch({ field: 'contact.langauge', is: 'exists' })], 'steps.0.cases.0.when.all.0.field', /"contact.language"/],
  ['a value that a field never has', [branch({ field: 'conversation.status', is: 'in', value: ['open', 'waiting'] })], 'steps.0.cases.0.when.all.0.value', /no value of conversation.status "waiting"/],
  ['a choice that a field never has', [branch({ field: 'contact.plan', is: 'in', value: ['Free', 'gold'] })], 'steps.0.cases.0.when.all.0.value', /no value of contact.plan "gold"; there are free, paid/],
  ['an answer that is no choice', [ask({ answer: 'choice', choices: [{ value: 'sales', label: 'S' }] }), branch({ field: 'vars.x', is: 'equal', value: 'slaes' })], 'steps.1.cases.0.when.all.0.value', /did you mean "sales"/],
  ['a size that is none', [branch({ field: 'queue', is: 'greater', value: 'many' })], 'steps.0.cases.0.when.all.0.value', /no number and no date/],
  ['a range that is turned round', [branch({ field: 'queue', is: 'between', value: [5, 1] })], 'steps.0.cases.0.when.all.0.value', /turn them round/],
  ['an unknown team', [{ id: 'a', do: 'assign', team: 'slaes' }], 'steps.0.team', /did you mean "sales"/],
  ['an unknown agent', [{ id: 'a', do: 'assign', agent: 'adam' }], 'steps.0.agent', /did you mean "ada"/],
  ['an unknown skill', [{ id: 'a', do: 'assign', skills: ['frensh'] }], 'steps.0.skills.0', /did you mean "french"/],
  ['hours of an unknown team', [{ id: 'a', do: 'wait', untilOpen: 'nobody' }], 'steps.0.untilOpen', /there are support, sales/],
  ['a date that is none', [{ id: 'a', do: 'wait', untilDate: 'tomorrow' }], 'steps.0.untilDate', /is no date/],
  ['an unknown secret', [http({ headers: [{ name: 'X', value: '{{secrets.crn}}' }] })], 'steps.0.headers.0.value', /did you mean "crm"/],
  ['a secret in a text', [{ id: 'a', do: 'say', text: '{{secrets.crm}}' }], 'steps.0.text', /headers of "http" only/],
  ['a secret in a URL', [http({ url: 'https://crm.example/{{secrets.crm}}' })], 'steps.0.url', /headers of "http" only/],
  ['a secret in a body', [http({ body: { deep: ['{{secrets.crm}}'] } })], 'steps.0.body.deep.0', /headers of "http" only/],
  ['a field in a host that hides', [http({ url: 'https:///{{contact.name}}/x' })], 'steps.0.url', /field in its host/],
  ['a field in the host', [http({ url: 'https://{{contact.name}}.example/' })], 'steps.0.url', /field in its host/],
  ['a URL that is none', [http({ url: 'ftp://crm.example/' })], 'steps.0.url', /no web address/],
  ['a password in a URL', [http({ url: 'https://a:b@crm.example/' })], 'steps.0.url', /as secrets/],
  ['a header of the caller', [http({ headers: [{ name: 'Host', value: 'x' }] })], 'steps.0.headers.0.name', /leave it out/],
  ['a header twice', [http({ headers: [{ name: 'A', value: 'x' }, { name: 'a', value: 'y' }] })], 'steps.0.headers.1.name', /twice/],
  ['a body of GET', [http({ method: 'GET', body: {} })], 'steps.0.body', /use POST/],
  ['a path that is none', [http({ map: [{ path: 'type', save: 'vars.t' }] })], 'steps.0.map.0.path', /no JSONPath/],
  ['an unknown field to keep in', [http({ map: [{ path: '$', save: 'contact.plam' }] })], 'steps.0.map.0.save', /"contact.plan"/],
  ['a choice without choices', [ask({ answer: 'choice' })], 'steps.0.choices', /are missing/],
  ['choices of no choice', [ask({ choices: [{ value: 'a', label: 'A' }] })], 'steps.0.choices', /"answer": "choice" only/],
  ['choices that nobody can tell apart', [ask({ answer: 'choice', choices: [{ value: 'a', label: 'Sí' }, { value: 'b', label: { en: 'si' } }] })], 'steps.0.choices.1', /also called "si"/],
  ['a choice that the field does not take', [ask({ answer: 'choice', save: 'contact.plan', choices: [{ value: 'gold', label: 'G' }] })], 'steps.0.choices.0.value', /one of free, paid/],
  ['an answer that the field does not take', [ask({ save: 'contact.renewal' })], 'steps.0.answer', /ask for "date"/],
  ['a value that the field does not take', [{ id: 'a', do: 'set', field: 'contact.language', value: 'Italian' }], 'steps.0.value', /is not a language/],
  ['the same id twice', [{ id: 'a', do: 'end' }, { id: 'a', do: 'end' }], 'steps.1.id', /an id of its own/],
  ['a jump to nowhere', [ask({}), { id: 'a', do: 'jump', to: 'qq', times: 1 }], 'steps.1.to', /did you mean "q"/],
  ['a circle without a rest', [{ id: 'a', do: 'note', text: 'x' }, { id: 'w', do: 'wait', untilOpen: '' }, { id: 'j', do: 'jump', to: 'a', times: 20 }], 'steps.2.to', /without a rest/],
  ['too much at once', Array.from({ length: 95 }, (_, i) => ({ id: `n${i}`, do: 'note', text: 'x' })), 'steps.0', /more than 90 things/],
  ['a step behind the end', [{ id: 'a', do: 'close' }, { id: 'b', do: 'note', text: 'x' }, { id: 'c', do: 'note', text: 'x' }], 'steps.1', /never reached/],
  ['a step behind cases that all end', [{ id: 'b', do: 'branch', cases: [{ when: { all: [{ field: 'now', is: 'exists' }] }, steps: [{ id: 'c', do: 'end' }] }], else: [{ id: 'd', do: 'close' }] }, { id: 'e', do: 'end' }], 'steps.1', /never reached/],
  ['a case in the shadow of another', [branch({ field: 'queue', is: 'greater', value: 1 }, { field: 'queue', is: 'greater', value: 1, exact: false })], 'steps.0.cases.1', /cases.0 holds whenever it does/],
  ['an unknown flow', [{ id: 'a', do: 'run', flow: 'survye' }], 'steps.0.flow', /did you mean "survey"/],
  ['a flow that cannot be called', [{ id: 'a', do: 'run', flow: 'opener' }], 'steps.0.flow', /"on": "called"/],
  ['itself', [{ id: 'a', do: 'run', flow: 'mine' }], 'steps.0.flow', /this flow itself/],
  ['a flow that runs it in turn', [{ id: 'a', do: 'run', flow: 'back' }], 'steps.0.flow', /runs this flow again/],
])('%s', (_, steps, path, problem) => {
  it('is refused, with where it stands and what to do', () => {
    expect(problemsIn(withSteps(...steps))).toEqual([{ path, problem: expect.stringMatching(problem) as string }]);
  });
});

describe.each<[string, Partial<Flow>, string, RegExp]>([
  ['a variable before it begins', { when: { all: [{ field: 'vars.team', is: 'exists' }] } }, 'when.all.0.field', /before the flow begins/],
  ['a start on no field of the contact', { start: [{ on: 'field', field: 'queue' }] }, 'start.0.field', /only fields of the contact/],
  ['a start on what it changes itself', { start: [{ on: 'field', field: 'contact.plan' }] }, 'start.0.field', /again and again/],
])('%s', (_, more, path, problem) => {
  it('is refused', () => {
    expect(problemsIn({ ...ALL, ...more })).toEqual([{ path, problem: expect.stringMatching(problem) as string }]);
  });
});

it('a status that it sets itself does not start it', () => {
  const step: Step = { id: 's', do: 'status', status: 'solved' };
  expect(problemsIn({ name: 'x', start: [{ on: 'status' }], steps: [step] })).toEqual([{ path: 'start.0', problem: expect.stringMatching(/step "s"/) as string }]);
  expect(problemsIn({ name: 'x', start: [{ on: 'status', to: ['open'] }], steps: [step] })).toEqual([]);
});

it('a closed ticket starts nothing, so nothing may start on that alone', () => {
  const flow = (...to: Status[]): Flow => ({ name: 'x', start: [{ on: 'status', to }], steps: [{ id: 'n', do: 'note', text: 'x' }] });
  expect(problemsIn(flow('closed'))).toEqual([{ path: 'start.0.to', problem: expect.stringMatching(/starts nothing/) as string }]);
  expect(problemsIn(flow('solved', 'closed'))).toEqual([]);
});

it('an agent whom it assigns itself does not start it, unless it has looked whether it should', () => {
  const to: Step = { id: 'to', do: 'assign', agent: 'ada' };
  const flow = (...steps: Step[]): Flow => ({ name: 'x', start: [{ on: 'assigned' }], steps });
  expect(problemsIn(flow({ id: 'w', do: 'wait', forMs: 1 }, to))).toEqual([{ path: 'start.0', problem: expect.stringMatching(/step "to"/) as string }]);
  const when: Condition = { all: [{ field: 'conversation.agent', is: 'notEqual', value: 'ada' }] };
  expect(problemsIn(flow({ id: 'b', do: 'branch', cases: [{ when, steps: [to] }] }))).toEqual([]);
  expect(problemsIn({ ...flow(to), when })).toEqual([]);
});

it('a loop that rests may come round', () => {
  for (const rest of [ask({ answer: 'email' }), http({ id: 'q' }), { id: 'q', do: 'wait', forMs: 1 }, { id: 'q', do: 'wait', untilReply: 'agent' }]) {
    expect(problemsIn(withSteps(rest, { id: 'j', do: 'jump', to: 'q', times: 20 }))).toEqual([]);
  }
});

it('a variable that is not only chosen can be anything', () => {
  const choice = ask({ answer: 'choice', choices: [{ value: 'sales', label: 'S' }] });
  expect(problemsIn(withSteps(choice, { id: 's', do: 'set', field: 'vars.x', value: 'late' }, branch({ field: 'vars.x', is: 'equal', value: 'late' })))).toEqual([]);
});

it.each<[string, first: object, second: object, shadowed: boolean]>([
  ['all of less', { all: ['a'] }, { all: ['a', 'b'] }, true], ['all of more', { all: ['a', 'b'] }, { all: ['a'] }, false],
  ['any of one that all have', { any: ['a', 'c'] }, { all: ['a', 'b'] }, true], ['any of others', { any: ['c', 'd'] }, { all: ['a', 'b'] }, false],
  ['any of more', { any: ['a', 'b', 'c'] }, { any: ['a', 'b'] }, true], ['any of less', { any: ['a'] }, { any: ['a', 'b'] }, false],
  ['all of one', { all: ['a'] }, { any: ['a'] }, true], ['all of two', { all: ['a', 'b'] }, { any: ['a', 'b'] }, false],
])('a case stands in the shadow of one with %s: %j, %j: %s', (_, first, second, shadowed) => {
  const condition = (of: object): object => Object.fromEntries(Object.entries(of).map(([word, letters]) => [
    word, (letters as string[]).map((letter) => ({ field: 'message.text', is: 'contains', value: letter })),
  ]));
  const cases = [first, second].map((of) => ({ when: condition(of), steps: [] }));
  expect(problemsIn(withSteps({ id: 'b', do: 'branch', cases })).map(({ path }) => path)).toEqual(shadowed ? ['steps.0.cases.1'] : []);
});

it('says at most 50 things at once, and takes a moment for the largest of wrong definitions', () => {
  const steps = Array.from({ length: 24 }, (_, i) => ({ id: `s${i}`, do: 'note', text: Array.from({ length: 200 }, (_, j) => `{{contact.x${i}y${j}}}`).join('') }));
  const began = performance.now();
  expect(problemsIn(withSteps(...steps))).toHaveLength(50);
  expect(performance.now() - began).toBeLessThan(2_000);
});
