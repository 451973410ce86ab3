/** What one does to a flow's steps, where problems belong, and sentences in several languages. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tree } from '../../sdk/console/admin/tree.ts';
import { duplicated, inserted, moved, neighbour, removed, slotBehind, turned, TURNS, type Slot } from '../../sdk/console/flows/edits.ts';
import { placed, saidAt } from '../../sdk/console/flows/places.ts';
import { allSteps, find, identified, idOfStep, put, valueAt } from '../../sdk/console/flows/steps.ts';
import { languagesIn, sentenceIn, withSentence } from '../../sdk/console/flows/texts.tsx';

const say = (id: string): Tree => ({ id, do: 'say', text: id });
const ask: Tree = { id: 'ask', do: 'ask', text: '?', answer: 'text', save: 'vars.a', onInvalid: [say('i')], onTimeout: [{ id: 'again', do: 'jump', to: 'i', times: 1 }] };
const branch: Tree = {
  id: 'branch', do: 'branch', cases: [{ when: { all: [] }, steps: [say('x'), say('y')] }, { when: { all: [] }, steps: [] }], else: [say('z')],
};
const flow: Tree = { name: 'F', steps: [say('a'), ask, branch, say('e')] };
/** The ids, each in its place: `a ask(i|again) …`. */
function drawing(steps: unknown): string {
  return (steps as Tree[]).map((step) => {
    const lists = [...(step['cases'] as Tree[] | undefined ?? []).map((one) => one['steps']), step['else'], step['onInvalid'], step['onTimeout']];
    const inside = lists.filter((list) => list !== undefined).map(drawing);
    return `${idOfStep(step)}${inside.length === 0 ? '' : `(${inside.join('|')})`}`;
  }).join(' ');
}
const drawn = (one: Tree): string => drawing(one['steps']);
const ids = allSteps(flow).map(({ step }) => idOfStep(step));

describe('steps', () => {
  it('are found wherever they stand, each before those inside it', () => {
    expect(ids).toEqual(['a', 'ask', 'i', 'again', 'branch', 'x', 'y', 'z', 'e']);
    expect(find(flow, 'y')?.way).toEqual(['steps', 2, 'cases', 0, 'steps', 1]);
  });

  it('come in between, and go with all that is inside', () => {
    expect(drawn(inserted(flow, { list: ['steps', 2, 'cases', 1, 'steps'], at: 0 }, say('n')))).toBe('a ask(i|again) branch(x y|n|z) e');
    expect(drawn(inserted(flow, slotBehind(flow, 'x'), say('n')))).toBe('a ask(i|again) branch(x n y||z) e');
    expect(drawn(removed(flow, 'branch'))).toBe('a ask(i|again) e');
    expect(['x', 'e', 'z'].map((id) => neighbour(flow, id))).toEqual(['y', 'branch', 'branch']);
  });

  it('go past each other, out of the step around them and into the one before', () => {
    const after = (id: string, turn: (typeof TURNS)[number]) => {
      const slot = turned(flow, id, turn);
      return slot === null ? null : drawn(moved(flow, id, slot));
    };
    expect(after('y', 'up')).toBe('a ask(i|again) branch(y x||z) e');
    expect(after('a', 'down')).toBe('ask(i|again) a branch(x y||z) e');
    expect(after('x', 'up')).toBe('a ask(i|again) x branch(y||z) e');
    expect(after('y', 'down')).toBe('a ask(i|again) branch(x||z) y e');
    expect(after('z', 'out')).toBe('a ask(i|again) branch(x y||) z e');
    expect(after('e', 'in')).toBe('a ask(i|again) branch(x y||z e)');
    expect([after('a', 'up'), after('e', 'down'), after('ask', 'in'), after('e', 'out')]).toEqual([null, null, null, null]);
  });

  it('are all still there once after any move, and a step never goes into itself', () => {
    const lists = allSteps(flow).flatMap(({ step, way }) => (['onInvalid', 'onTimeout', 'else'].filter((key) => step[key]).map((key) => [...way, key])));
    const slots: Slot[] = [['steps'], ...lists, ['steps', 2, 'cases', 0, 'steps'], ['steps', 2, 'cases', 1, 'steps']]
      .flatMap((list) => Array.from({ length: (valueAt(flow, list) as unknown[]).length + 1 }, (_, at) => ({ list, at })));
    fc.assert(fc.property(fc.constantFrom(...ids), fc.constantFrom(...slots), (id, slot) => {
      const result = moved(flow, id, slot);
      expect(allSteps(result).map(({ step }) => idOfStep(step)).sort()).toEqual([...ids].sort());
      if (slot.list.length === 1 && !(find(flow, id)?.way ?? []).includes('x')) expect(find(result, id)).not.toBeNull();
    }), { numRuns: 300 });
    expect(moved(flow, 'branch', { list: ['steps', 2, 'else'], at: 0 })).toBe(flow);
  });

  it('are copied under ids of their own, and jumps inside the copy stay in it', () => {
    const copy = duplicated(flow, 'ask', new Set([...ids, 'ask-2']));
    expect(copy.id).toBe('ask-3');
    expect(drawn(copy.flow)).toBe('a ask(i|again) ask-3(i-2|again-2) branch(x y||z) e');
    expect(find(copy.flow, 'again-2')?.step['to']).toBe('i-2');
  });

  it('of a draft that is wrong get what they need to be told apart', () => {
    const broken = identified({ steps: [say('a'), { ...say('a'), text: 2 }, 'nothing', { do: 'wait', onReply: [say('a')] }] });
    expect(allSteps(broken).map(({ step }) => idOfStep(step))).toEqual(['a', 'a-2', 'wait', 'a-3']);
    expect([identified(null), identified([1]), identified({ steps: 'x' })].map((one) => one['steps'])).toEqual([[], [], []]);
  });

  it('keep their other values when one is written or taken away', () => {
    expect(put(flow, ['steps', 2, 'cases', 0, 'name'], 'One')['name']).toBe('F');
    expect(valueAt(put(flow, ['steps', 2, 'cases', 0, 'name'], 'One'), ['steps', 2, 'cases', 0])).toEqual({ when: { all: [] }, steps: [say('x'), say('y')], name: 'One' });
    expect(Object.keys(valueAt(put(flow, ['steps', 1, 'onInvalid'], undefined), ['steps', 1]) as Tree)).not.toContain('onInvalid');
    expect(valueAt(put(flow, 'steps.2.cases.0.when.all.0'.split('.'), { field: 'now' }), ['steps', 2, 'cases', 0, 'when'])).toEqual({ all: [{ field: 'now' }] });
  });
});

describe('a problem', () => {
  const at = (path: string) => {
    const [{ step, field } = { step: '', field: '' }] = placed(flow, [{ path, problem: 'is wrong' }]);
    return [step, field];
  };

  it('belongs to the innermost step, at a field of its form', () => {
    expect(at('steps.2.cases.0.when.all.1.value')).toEqual(['branch', 'cases.0.when.all.1.value']);
    expect(at('steps.2.cases.0.steps.1.text')).toEqual(['y', 'text']);
    expect(at('steps.1.onTimeout.0.to')).toEqual(['again', 'to']);
    expect(at('steps.1.onTimeout')).toEqual(['ask', 'onTimeout']);
    expect(at('start.0.on')).toEqual([null, 'start.0.on']);
    expect(at('')).toEqual([null, '']);
    expect(at('steps.9.text')).toEqual([null, 'steps']);
  });

  it('is told by the field around it when it has none of its own', () => {
    const all = placed(flow, [{ path: 'steps.1.choices.0.label', problem: 'is missing' }, { path: 'steps.1.save', problem: 'is taken' }]);
    expect(saidAt(all, 'choices')).toEqual(['Is missing.']);
    expect(saidAt(all, 'choice')).toEqual([]);
  });
});

describe('a sentence', () => {
  it('stays one for all until another language is written', () => {
    expect(withSentence('Hi', 'en', 'en', 'Hello')).toBe('Hello');
    expect(withSentence('Hi', 'it', 'en', 'Ciao')).toEqual({ en: 'Hi', it: 'Ciao' });
    expect(withSentence('', 'it', 'en', 'Ciao')).toEqual({ it: 'Ciao' });
    expect(withSentence({ en: 'Hi', it: 'Ciao' }, 'it', 'en', '')).toEqual({ en: 'Hi' });
    expect(withSentence({ it: 'Ciao' }, 'it', 'en', '')).toBe('');
    expect(sentenceIn({ en: 'Hi', it: 'Ciao' }, 'cs', 'en')).toBe('Hi');
  });

  it('shows in which languages a flow speaks', () => {
    const spoken = { steps: [{ do: 'ask', text: { en: 'a', it: 'b' }, body: { de: 'no' }, choices: [{ value: 'x', label: { cs: 'c' } }] }] };
    expect(languagesIn(spoken).sort()).toEqual(['cs', 'en', 'it']);
  });
});
