/** Which data are flows: the limits at their edge, and a sentence with a path for whatever is wrong. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../machines/flows/compile.ts';
import type { Step } from '../../../machines/flows/flow.ts';
import { flowJsonSchema, parseFlow } from '../../../machines/flows/schema.ts';

const flow = (steps: readonly unknown[], more: object = {}): object => ({ name: 'x', start: [{ on: 'opened' }], ...more, steps });
const say = (id: string, text: unknown = 'x'): object => ({ id, do: 'say', text });
const many = (n: number): object[] => Array.from({ length: n }, (_, i) => say(`s${i}`));
const nested = (depth: number): object => Array.from({ length: depth - 1 }).reduce<object>((inner, _, i) => ({
  id: `b${i}`, do: 'branch', cases: [{ when: { any: [{ field: 'now', is: 'exists' }] }, steps: [inner] }],
}), say('inmost'));
const problemsOf = (definition: unknown): unknown[] => { const parsed = parseFlow(definition); return 'problems' in parsed ? parsed.problems : []; };
const first = (definition: unknown): string => { const [one] = problemsOf(definition) as { path: string; problem: string }[]; return one === undefined ? '' : `${one.path}: ${one.problem}`; };

describe.each<[string, most: unknown, over: unknown, problem: RegExp]>([
  ['200 steps', flow(many(200)), flow(many(201)), /^steps: are 201, at most 200/],
  ['8 steps in each other', flow([nested(8)]), flow([nested(9)]), /deeper than 8/],
  ['4,000 characters of text', flow([say('a', 'x'.repeat(4_000))]), flow([say('a', 'x'.repeat(4_001))]), /^steps.0.text: is too long: at most 4000/],
  ['4,000 characters in a language', flow([say('a', { en: 'x'.repeat(4_000) })]), flow([say('a', { en: 'x'.repeat(4_001) })]), /^steps.0.text.en: is too long: at most 4000 characters/],
  ['100 kB', flow(many(24).map((step) => ({ ...step, text: 'x'.repeat(4_000) }))), flow(many(25).map((step) => ({ ...step, text: 'é'.repeat(2_200) }))), /^: is 1\d\d kB, at most 100 kB/],
  ['28 days', flow([{ id: 'w', do: 'wait', forMs: 28 * 86_400_000 }]), flow([{ id: 'w', do: 'wait', forMs: 28 * 86_400_000 + 1 }]), /^steps.0.forMs: must be at most 2419200000/],
  ['20 jumps', flow([say('a'), { id: 'j', do: 'jump', to: 'a', times: 20 }]), flow([say('a'), { id: 'j', do: 'jump', to: 'a', times: 21 }]), /^steps.1.times: must be at most 20/],
])('at most %s', (_, most, over, problem) => {
  it('and not one more', () => {
    expect(problemsOf(most)).toEqual([]);
    expect(first(over)).toMatch(problem);
  });
});

it.each<[string, unknown, RegExp]>([
  ['nothing', null, /^: must be an object, not null/],
  ['no name', { start: [{ on: 'opened' }], steps: [say('a')] }, /^name: is missing: give a text/],
  ['no start', flow([say('a')], { start: [] }), /^start: must not be shorter than 1: add one/],
  ['no step', flow([]), /^steps: must not be shorter than 1/],
  ['an unknown setting', flow([say('a')], { agian: 'restart' }), /^agian: there is no "agian"; did you mean "again"/],
  ['an unknown setting of a step', flow([{ ...say('a'), txt: 'x' }]), /^steps.0.txt: there is no "txt"; did you mean "text"/],
  ['an unknown kind of step', flow([{ id: 'a', do: 'sya' }]), /^steps.0.do: there is no "sya"; did you mean "say"/],
  ['a step deep inside', flow([{ ...nested(2), else: [{ id: 'w', do: 'wait' }] }]), /^steps.0.else.0: says not what it waits for/],
  ['an unknown trigger', flow([say('a')], { start: [{ on: 'open' }] }), /^start.0.on: there is no "open"; did you mean "opened"/],
  ['a condition that is none', flow([say('a')], { when: {} }), /^when(\.all)?: /],
  ['a test in a condition', flow([say('a')], { when: { all: [{ field: 'now', is: 'befor', value: 'now' }] } }), /^when.all.0.is: there is no "befor"; did you mean "before"/],
  ['a list that is missing', flow([say('a')], { when: { any: [{ field: 'now', is: 'in', value: 'x' }] } }), /^when.any.0.value: must be a list for "in"/],
  ['a value too many', flow([say('a')], { when: { any: [{ field: 'now', is: 'exists', value: 'x' }] } }), /^when.any.0.value: goes with no value/],
  ['two of three', flow([say('a')], { when: { any: [{ field: 'now', is: 'between', value: [1, 2, 3] }] } }), /list of two/],
  ['an unknown kind', flow([say('a')], { when: { any: [{ field: 'now', is: 'matches', value: 'mail' }] } }), /must be a kind for "matches": email/],
  ['no date', flow([say('a')], { when: { any: [{ field: 'now', is: 'after', value: 'later' }] } }), /must be a date for "after"/],
  ['two whom to assign to', flow([{ id: 'a', do: 'assign', team: 'x', agent: 'y' }]), /exactly one of/],
  ['an agent and how to choose one', flow([{ id: 'a', do: 'assign', agent: 'x', by: 'leastBusy' }]), /nobody is chosen/],
  ['a test without its value', flow([say('a')], { when: { any: [{ field: 'now', is: 'equal' }] } }), /^when.any.0.value: is missing: give what "equal" compares with/],
  ['a list for one', flow([say('a')], { when: { any: [{ field: 'now', is: 'equal', value: ['a'] }] } }), /for a list use "in"/],
  ['a reply that nobody waits for', flow([{ id: 'w', do: 'wait', forMs: 1, onReply: [] }]), /waits for no reply/],
  ['a tag step without tags', flow([{ id: 't', do: 'tag' }]), /names no tag/],
  ['half a character', flow([say('a', { en: '\ud800' })]), /^steps.0.text.en: holds half a character/],
  ['a place where nothing can be kept', flow([{ id: 'a', do: 'set', field: 'conversation.team', value: 'x' }]), /^steps.0.field: nothing can be kept there/],
  ['a header in two lines', flow([{ id: 'a', do: 'http', method: 'GET', url: 'x', headers: [{ name: 'A', value: 'b\r\nC: d' }] }]), /^steps.0.headers.0.value: .*one line/],
  ['a name of JavaScript', flow([say('constructor')]), /^steps.0.id: is no id/],
  ['__proto__', JSON.parse('{"name":"x","start":[{"on":"opened"}],"steps":[{"id":"a","do":"end"}],"__proto__":{"about":"x"}}'), /^__proto__: there is no/],
])('%s is refused', (_, definition, problem) => {
  expect(first(definition)).toMatch(problem);
});

it('what never ends, or is one thing again and again, is refused before it is looked at', () => {
  const endless: Record<string, unknown> = flow([]) as Record<string, unknown>;
  endless.steps = [endless];
  expect(first(endless)).toMatch(/more than 100 deep/);
  let wide: unknown = 'x';
  for (let i = 0; i < 30; i++) wide = [wide, wide];
  expect(first(flow([{ id: 'a', do: 'http', method: 'POST', url: 'x', body: wide }]))).toMatch(/very many values/);
});

it('never throws, and what it lets through can be compiled', () => {
  const id = fc.constantFrom('a', 'b', 'c', '1', '__proto__');
  const { step } = fc.letrec<{ step: unknown; steps: unknown }>((tie) => ({
    steps: fc.array(tie('step'), { maxLength: 3 }),
    step: fc.oneof({ depthSize: 'small' }, fc.record({ id, do: fc.constantFrom('end', 'close') }), fc.record({ id, do: fc.constant('jump'), to: id, times: fc.integer({ min: 0, max: 3 }) }),
      fc.record({ id, do: fc.constant('say'), text: fc.oneof(fc.string(), fc.dictionary(fc.constantFrom('en', 'it', 'x'), fc.string())) }),
      fc.record({ id, do: fc.constant('wait'), forMs: fc.integer(), untilReply: fc.constantFrom('customer', 'nobody') }),
      fc.record({ id, do: fc.constant('ask'), text: fc.string(), answer: fc.constant('text'), save: fc.constantFrom('vars.a', 'contact.b', 'x'), onTimeout: tie('steps') }),
      fc.record({ id, do: fc.constant('http'), method: fc.constant('GET'), url: fc.string(), onFailure: tie('steps') }), fc.jsonValue()),
  }));
  fc.assert(fc.property(fc.oneof(fc.array(step, { maxLength: 4 }).map((steps) => flow(steps)), fc.jsonValue(), fc.anything()), (definition) => {
    const parsed = parseFlow(definition);
    if ('problems' in parsed) expect(parsed.problems[0]?.problem).toMatch(/\S/);
    else expect(compile(parsed.flow).steps.size).toBeGreaterThan(0);
  }), { numRuns: 400 });
});

it('keeps what it is given', () => {
  const step: Step = { id: 'h', do: 'http', method: 'POST', url: 'https://a.example', body: { a: [1, null, { b: 'x' }] }, map: [{ path: '$.a', save: 'vars.a' }] };
  expect(parseFlow(flow([step]))).toEqual({ flow: flow([step]) });
});

it('takes every setting of every step', () => {
  const when = { any: [
    { field: 'hours.sales', is: 'equal', value: true, exact: true }, { field: 'vars.x', is: 'before', value: 'now' }, { field: 'vars.x', is: 'after', value: '26.11.2026' },
    { field: 'vars.x', is: 'in', value: ['a', 1] }, { field: 'vars.x', is: 'between', value: [1, 2] }, { field: 'vars.x', is: 'matches', value: 'url' }, { field: 'vars.x', is: 'missing' },
  ] };
  const all = flow([
    { id: 'a', name: 'A', do: 'ask', text: { en: '?' }, answer: 'choice', choices: [{ value: 'x', label: { 'pt-BR': 'X' } }], save: 'contact.x', retry: '??', retries: 0, forMs: 1_000, onInvalid: [], onTimeout: [] },
    { id: 'b', do: 'branch', cases: [{ name: 'case', when, steps: [] }], else: [] },
    { id: 'h', do: 'http', method: 'PUT', url: 'https://a.example', headers: [{ name: 'X-A', value: '' }], body: null, map: [], timeoutMs: 100, retries: 5, onFailure: [] },
    { id: 't', do: 'assign', team: 'x', skills: ['y'], by: 'longestIdle' }, { id: 'n', do: 'assign', nobody: true }, { id: 'g', do: 'assign', agent: 'ada' },
    { id: 'w', do: 'wait', forMs: 1, untilDate: '2026-01-01', untilOpen: '', untilReply: 'anybody', onReply: [] },
    { id: 's', do: 'set', field: 'vars.x', value: '', ifMissing: true }, { id: 'k', do: 'tag', add: ['a'], remove: ['b'] }, { id: 'p', do: 'priority', priority: 3 },
    { id: 'o', do: 'status', status: 'onHold' }, { id: 'j', do: 'jump', to: 'a', times: 1 }, { id: 'r', do: 'run', flow: 'x' },
  ], {
    about: 'x', sender: 'Mira', language: 'pt-BR', when, inboundOnly: true, again: 'beside', onAgent: 'goOn',
    start: [{ on: 'message', from: 'agent' }, { on: 'status', to: ['closed'] }, { on: 'idle', reasons: ['left'] }, { on: 'ended' }, { on: 'assigned' }, { on: 'field', field: 'contact.x' }, { on: 'called' }],
  });
  expect(parseFlow(all)).toEqual({ flow: all });
});

it('is a JSON Schema for editors, which knows every step', () => {
  const { $defs } = flowJsonSchema() as { $defs: { Step: { oneOf: { properties: { do: { const: string } } }[] } } };
  expect($defs.Step.oneOf.map((one) => one.properties.do.const)).toEqual([
    'say', 'ask', 'branch', 'http', 'assign', 'wait', 'set', 'tag', 'note', 'priority', 'status', 'jump', 'run', 'close', 'end',
  ]);
});
