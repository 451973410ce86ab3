/** Every template fits a workspace that has the teams it names, whatever is switched on or off in its form. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { check, type Known } from '../../../../machines/flows/check.ts';
import { stepsOf, type Flow } from '../../../../machines/flows/flow.ts';
import { explore } from '../../../../machines/flows/proof.ts';
import type { Template } from '../../../../machines/flows/templates/template.ts';
import { TEMPLATES } from '../../../../machines/flows/templates.ts';
import { FIELDS_ALWAYS } from '../../../../machines/world.ts';
import { TEAMS } from './stage.ts';

const KNOWN: Known = { flow: '', teams: TEAMS, agents: ['mia'], skills: [], secrets: ['crm'], fields: FIELDS_ALWAYS, flows: [] };
const problemsOf = (template: Template, form: unknown, known: Partial<Known> = {}): unknown =>
  check(template.make(form), { ...KNOWN, flow: template.id, ...known }).problems;

/** All that is not a sentence: what a form can be switched to. */
const FORMS: Readonly<Record<string, fc.Arbitrary<object>>> = {
  nudge: fc.record({
    trigger: fc.constantFrom('customer', 'agent'), followUp: fc.boolean(), outsideHours: fc.boolean(), hoursOf: fc.constantFrom('', 'support'),
    alsoWhenOurTurn: fc.boolean(), remindAfterMs: fc.constantFrom(1_000, 28 * 86_400_000), answerMs: fc.constantFrom(1_000, 28 * 86_400_000),
  }),
  vip: fc.record({
    retries: fc.integer({ min: 0, max: 10 }), person: fc.constantFrom('', 'mia'),
    headers: fc.constantFrom([], [{ name: 'Authorization', value: 'Bearer {{secrets.crm}}' }]),
    path: fc.constantFrom('$.customerType', '$.data[0].kind'), form: fc.constantFrom(
      { method: 'GET' }, { method: 'POST' }, { method: 'PUT', body: [{ name: 'email', value: '{{contact.email}}' }] },
    ),
  }).map(({ form, ...more }) => ({ ...more, ...form })),
  'team-by-answer': fc.record({
    retries: fc.integer({ min: 0, max: 10 }), answerMs: fc.constantFrom(1_000, 28 * 86_400_000), choices: fc.constantFrom(
      [{ value: 'one', label: 'One', team: 'vip' }],
      [{ value: 'one', label: { en: 'First', it: 'Primo' }, team: 'sales' }, { value: 'two', label: { en: 'Second', it: 'Secondo' }, team: 'sales' }],
    ),
  }),
  'team-by-data': fc.record({
    fills: fc.constantFrom([], [{ field: 'contact.country', from: 'contact.phoneCountry' }, { field: 'contact.language', from: 'conversation.channel' }]),
    routes: fc.constantFrom(
      [{ name: 'Any', field: 'contact.email', is: 'exists', team: 'vip' }],
      [{ name: 'Many', field: 'queue.support', is: 'greater', values: ['10'], team: 'sales' }, { name: 'Shop', field: 'conversation.channel', is: 'in', values: ['a', 'b'], team: 'vip' }],
    ),
  }),
  operator: fc.record({
    customers: fc.constantFrom('team', 'elsewhere'), channel: fc.constantFrom('email', 'page', 'phone'), solve: fc.boolean(), crm: fc.boolean(),
    details: fc.subarray(['email', 'phone']), qualify: fc.subarray(['email', 'company', 'size', 'need']), tag: fc.constantFrom('', 'prospect'),
    salesTeam: fc.constantFrom('', 'sales'), customerAgent: fc.constantFrom('', 'mia'), retries: fc.integer({ min: 0, max: 10 }),
  }),
};

describe.each(TEMPLATES.map((template) => [template.id, template] as const))('%s', (id, template) => {
  it('has no problem as its form stands', () => {
    expect(problemsOf(template, {})).toEqual([]);
  });

  it('has none however its form is filled in', () => {
    fc.assert(fc.property(FORMS[id] ?? fc.constant({}), (form) => { expect(problemsOf(template, form)).toEqual([]); }), { numRuns: 60 });
  });

  it('every state and every transition of its machine can come about, however its form is filled in', () => {
    const proved = (flow: Flow): void => {
      const { unreached, complete } = explore(flow);
      expect([unreached, complete]).toEqual([{ states: [], transitions: [] }, true]);
    };
    proved(template.make({}));
    fc.assert(fc.property(FORMS[id] ?? fc.constant({}), (form) => proved(template.make(form))), { numRuns: 10 });
  });

  it('says which team a workspace has not', () => {
    const named = stepsOf(template.make({}).steps).some((step) => step.do === 'assign');
    if (named) expect(JSON.stringify(problemsOf(template, {}, { teams: ['lobby'] }))).toMatch(/team/);
    else expect(problemsOf(template, {}, { teams: [] })).toEqual([]);
  });
});
