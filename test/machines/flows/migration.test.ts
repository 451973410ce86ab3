/** When runs may go over to another version, and that one which does goes on as if it had been there from the beginning. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../../machines/flows/compile.ts';
import type { Ask, Step } from '../../../machines/flows/flow.ts';
import { migration } from '../../../machines/flows/migration.ts';
import { flowOf, Stage } from './stage.ts';

const HOUR = 3_600_000;
const note = (id: string, text = 'x'): Step => ({ id, do: 'note', text });
const team: Ask = { id: 'team', do: 'ask', text: '?', answer: 'choice', save: 'vars.team', choices: [{ value: 'sales', label: { en: 'Sales', it: 'Vendite' } }, { value: 'help', label: 'Help' }] };
const crm: Step = { id: 'crm', do: 'http', method: 'GET', url: 'https://a.example', map: [{ path: '$.a', save: 'vars.type' }] };
const pause: Step = { id: 'pause', do: 'wait', forMs: HOUR };
const OLD: Step[] = [note('hello'), team, crm, pause, note('bye', '{{vars.team}}')];
const problems = (next: Step[], old = OLD): unknown => migration(flowOf(old), flowOf(next));
const refused = (path: string, why: RegExp): unknown => [{ path, problem: expect.stringMatching(why) as string }];

describe('is clean', () => {
  it.each<[string, Step[]]>([
    ['when nothing changes', OLD],
    ['with other texts, times and steps where nobody rests', [note('hi'), { ...team, text: 'Which?', forMs: HOUR }, crm, { ...pause, forMs: 2 * HOUR }, note('other'), note('bye', '{{vars.team}}')]],
    ['with steps that rest before, between and behind', [{ ...pause, id: 'first' }, ...OLD, { ...pause, id: 'last' }]],
    ['with more choices, and more languages', [OLD[0] as Step, { ...team, choices: [...team.choices ?? [], { value: 'x', label: 'X' }].map((choice) => (choice.value === 'help' ? { ...choice, label: { en: 'Help', it: 'Aiuto' } } : choice)) }, crm, pause]],
    ['when steps move into another', [{ id: 'b', do: 'branch', cases: [{ when: { all: [{ field: 'now', is: 'exists' }] }, steps: [team, crm, pause] }] }]],
  ])('%s', (_, next) => {
    expect(problems(next)).toEqual([]);
  });
});

describe('is not', () => {
  it.each<[string, Step[], string, RegExp]>([
    ['without a step where runs rest', [note('hello'), team, crm, note('bye')], 'steps', /no "pause" any more/],
    ['with a step of another kind in its place', [team, crm, { ...team, id: 'pause' }], 'steps.2.do', /is "ask", but runs may stand at "pause" as "wait"/],
    ['when another kind of answer is asked for', [{ ...team, answer: 'email', choices: undefined }, crm, pause], 'steps.0.answer', /may be answering "choice"/],
    ['when a choice is gone that customers see', [{ ...team, choices: team.choices?.slice(1) }, crm, pause], 'steps.0.choices', /no longer have "sales"/],
    ['when the label of a choice changes', [{ ...team, choices: [{ value: 'sales', label: { en: 'Sales' } }, { value: 'help', label: 'Help' }] }, crm, pause], 'steps.0.choices', /no longer have "sales" as it was/],
    ['when answers under way do not bring what is kept', [team, { ...crm, map: [{ path: '$.a', save: 'vars.kind' }] } as Step, pause], 'steps.1.map.0.save', /"vars.kind", which answers/],
    ['when a later step counts on what such runs never had', [team, { id: 's', do: 'set', field: 'vars.fresh', value: 'x' }, crm, pause, note('bye', '{{vars.fresh}}')], 'steps.2', /no "vars.fresh" yet, which step "bye"/],
  ])('%s', (_, next, path, why) => {
    expect((problems(next) as unknown[]).slice(0, 1)).toEqual(refused(path, why));
  });
});

it('a run that goes over keeps its timer and its variables, and goes on in the new version', () => {
  const run = new Stage(flowOf(OLD)).begin().say('Vendite').tell({ type: 'answered', values: { 'vars.type': 'VIP' } }).pass(HOUR / 2);
  const next = flowOf([note('hi'), team, crm, { ...pause, forMs: 9 * HOUR }, note('new'), note('bye', '{{vars.team}}')]);
  expect(migration(flowOf(OLD), next)).toEqual([]);
  const over = new Stage(next);
  over.snapshot = over.compiled.machine.thaw(JSON.parse(run.compiled.machine.freeze(run.snapshot)) as { value: unknown; context: unknown });
  Object.assign(over, { timers: run.timers, at: run.at });
  expect([over.step, over.vars]).toEqual(['pause', { team: 'sales', type: 'VIP' }]);
  expect(over.pass(HOUR / 2 - 1).step).toBe('pause');
  expect(over.pass(1).asked).toEqual(['perform new', 'perform bye']);
});

it('every state in which a run may rest is one of any version to which it may go over', () => {
  const pool: Step[] = [note('hello'), team, crm, pause, { ...team, id: 'q', answer: 'text', choices: undefined, save: 'contact.x', onTimeout: [{ ...pause, id: 'inner' }] }, { ...pause, id: 'crm' }];
  const some = fc.shuffledSubarray(pool, { minLength: 1 }).filter((steps) => new Set(steps.map(({ id }) => id)).size === steps.length);
  fc.assert(fc.property(some, some, (from, to) => {
    const [old, next] = [flowOf(from), flowOf(to)];
    const rests = compile(old).steps.size > 0 ? [...compile(old).steps.values()].filter((step) => ['ask', 'http', 'wait'].includes(step.do)) : [];
    const fits = rests.every(({ id, do: kind }) => {
      const value = kind === 'wait' ? id : { [id]: kind === 'ask' ? 'asked' : 'called' };
      try { compile(next).machine.thaw({ value, context: { vars: {}, tries: {}, jumps: {} } }); return true; } catch { return false; }
    });
    if (migration(old, next).length === 0) expect(fits).toBe(true);
    else expect(rests.length).toBeGreaterThan(0);
  }), { numRuns: 200 });
});

it('takes a moment for the largest of flows', () => {
  const asks = Array.from({ length: 100 }, (_, i): Step => ({ id: `q${i}`, do: 'ask', text: '?', answer: 'text', save: `vars.v${i % 50}`, onInvalid: [], onTimeout: [] }));
  const says = Array.from({ length: 80 }, (_, i) => note(`s${i}`, Array.from({ length: 50 }, (_, j) => `{{vars.v${j}}}`).join('')));
  const flow = flowOf([...asks.slice(0, 50), ...says, ...asks.slice(50)]);
  const began = performance.now();
  expect(migration(flow, flow)).toEqual([]);
  expect(performance.now() - began).toBeLessThan(1_000);
});
