/** What stands between two versions is told as a person would: what came, went, moved, and what says something else now. */
import { describe, expect, it } from 'vitest';
import { TEMPLATES } from '../../machines/flows/templates.ts';
import { difference, isNone, type Difference } from '../../sdk/console/flows/difference.ts';
import { duplicated, inserted, moved, removed } from '../../sdk/console/flows/edits.ts';
import { allSteps, find, idOfStep, put } from '../../sdk/console/flows/steps.ts';

const say = (id: string, text: unknown = id) => ({ id, do: 'say', text });
const test = (value: string) => ({ all: [{ field: 'vars.kind', is: 'equal', value }] });
const FLOW = { name: 'One', start: [{ on: 'opened' }], steps: [
  say('a'), say('b', { en: 'Hello', it: 'Ciao' }),
  { id: 'fork', do: 'branch', cases: [
    { name: 'VIP', when: test('vip'), steps: [say('vip-1'), say('vip-2')] }, { when: test('new'), steps: [say('new-1')] },
  ], else: [say('other')] },
  { id: 'ask', do: 'ask', text: 'Who?', answer: 'text', save: 'vars.who', onTimeout: [say('late')] },
  say('z'),
] };

const brief = ({ own, steps }: Difference) => [
  ...own.map(({ field, from, to }) => [field, from, to]),
  ...steps.map(({ id, what, fields }) => [what, id, ...fields.map(({ field, language, at }) => [field, language ?? (at || '')].join(' ').trim())]),
];
const between = (next: object) => brief(difference(FLOW, { ...next }));
const at = (id: string, key: string, to: unknown) => put(FLOW, [...(find(FLOW, id)?.way ?? []), key], to);

describe('the difference between two versions', () => {
  it('is none where they say the same, whatever the order of keys', () => {
    const turned = { steps: FLOW.steps.map((step) => Object.fromEntries(Object.entries(step).reverse())), start: FLOW.start, name: 'One' };
    expect(isNone(difference(FLOW, turned))).toBe(true);
  });

  it('names steps that came and went, also within others, and where they stand', () => {
    expect(between(inserted(FLOW, { list: ['steps', 3, 'onTimeout'], at: 1 }, say('later')))).toEqual([['added', 'later']]);
    const [change] = difference(FLOW, inserted(FLOW, { list: ['steps', 2, 'cases', 1, 'steps'], at: 0 }, say('first'))).steps;
    expect(change?.to).toEqual({ inside: { step: 'fork', list: 'case', at: 1 }, behind: null });
    expect(between(removed(FLOW, 'z'))).toEqual([['removed', 'z']]);
    expect(between(removed(FLOW, 'fork'))).toEqual(['fork', 'vip-1', 'vip-2', 'new-1', 'other'].map((id) => ['removed', id]));
  });

  it('says of one that was moved that it has moved, and nothing of those that it has passed', () => {
    expect(between(moved(FLOW, 'z', { list: ['steps'], at: 0 }))).toEqual([['moved', 'z']]);
    expect(between(moved(FLOW, 'a', { list: ['steps'], at: 5 }))).toEqual([['moved', 'a']]);
    expect(between(moved(FLOW, 'vip-2', { list: ['steps', 2, 'cases', 1, 'steps'], at: 0 }))).toEqual([['moved', 'vip-2']]);
  });

  it('tells texts language by language', () => {
    expect(between(at('b', 'text', { en: 'Hello', it: 'Salve', cs: 'Ahoj' }))).toEqual([['changed', 'b', 'text it', 'text cs']]);
    expect(between(at('a', 'text', { en: 'a', pt: 'Olá' }))).toEqual([['changed', 'a', 'text', 'text en', 'text pt']]);
  });

  it('tells fields of the flow itself and of a step with what they said before and say now', () => {
    expect(between({ ...FLOW, name: 'Two', onAgent: 'end' })).toEqual([['name', 'One', 'Two'], ['onAgent', undefined, 'end']]);
    expect(difference(FLOW, at('ask', 'forMs', 60_000)).steps[0]?.fields).toEqual([{ field: 'forMs', language: null, at: 0, from: undefined, to: 60_000 }]);
  });

  it('says that a way of its own came or went, since then something else happens', () => {
    expect(between(at('ask', 'onTimeout', undefined))).toEqual([['changed', 'ask', 'onTimeout'], ['removed', 'late']]);
    expect(between(at('ask', 'onInvalid', []))).toEqual([['changed', 'ask', 'onInvalid']]);
  });

  it('knows cases again by what is in them: a new one before the others moves nothing', () => {
    const cases = [{ when: test('late'), steps: [say('hurry')] }, ...(find(FLOW, 'fork')?.step['cases'] as object[])];
    expect(between(at('fork', 'cases', cases))).toEqual([['changed', 'fork', 'case 1'], ['added', 'hurry']]);
    const [vip, fresh] = find(FLOW, 'fork')?.step['cases'] as object[];
    expect(between(at('fork', 'cases', [fresh, vip]))).toEqual([['changed', 'fork', 'caseOrder']]);
    expect(between(at('fork', 'cases', [{ ...vip, when: test('gold') }, fresh]))).toEqual([['changed', 'fork', 'case 1']]);
    expect(between(at('fork', 'cases', [{ when: test('late'), steps: [] }, { ...vip, when: test('gold') }, fresh]))).toEqual([['changed', 'fork', 'case 2', 'case 1']]);
    expect(between(at('fork', 'cases', [vip]))).toEqual([['changed', 'fork', 'case 2'], ['removed', 'new-1']]);
  });

  it.each(TEMPLATES.map((template) => [template.id, template.make({}) as unknown as Record<string, unknown>]))('of %s with each of its steps copied, and removed, tells exactly that', (_id, flow) => {
    expect(isNone(difference(flow, structuredClone(flow)))).toBe(true);
    const taken = new Set(allSteps(flow).map(({ step }) => idOfStep(step)));
    for (const { step } of allSteps(flow)) {
      const id = idOfStep(step);
      const inside = allSteps({ steps: [step] }).length;
      const less = difference(flow, removed(flow, id)).steps.filter(({ what }) => what !== 'changed');
      expect(less.map(({ what }) => what), id).toEqual(Array(inside).fill('removed'));
      const more = difference(flow, duplicated(flow, id, taken).flow).steps;
      expect(more.map(({ what }) => what), id).toEqual(Array(inside).fill('added'));
    }
  });
});
