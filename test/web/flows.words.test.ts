/** The forms of flows know everything that a flow can be: each kind of step, each field of it, each parameter of a template. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Step } from '../../machines/flows/flow.ts';
import { parseFlow } from '../../machines/flows/schema.ts';
import { TEMPLATES } from '../../machines/flows/templates.ts';
import { fieldOf, solid, type Schema } from '../../sdk/console/admin/schema.ts';
import { isSentence, known } from '../../sdk/console/flows/parameters.tsx';
import { namesOf } from '../../sdk/console/flows/names.ts';
import { stepName } from '../../sdk/console/flows/said.ts';
import { allSteps, blankFlow, blankStep, identified, KIND_IDS, type Kind } from '../../sdk/console/flows/steps.ts';
import { enParameters } from '../../sdk/console/languages/en.parameters.ts';

const kinds: Readonly<Record<Step['do'], true>> = {
  say: true, ask: true, branch: true, http: true, assign: true, wait: true, set: true, tag: true, note: true, priority: true, status: true,
  jump: true, run: true, close: true, end: true,
};

describe('a step', () => {
  it('of every kind that the engine has can be added', () => {
    expect([...KIND_IDS].sort()).toEqual(Object.keys(kinds).sort());
  });

  it.each(KIND_IDS)('of kind %s begins as what its form fills in, and nothing strange', (kind) => {
    const step = blankStep(kind, 'one', 'support');
    const flow = { ...blankFlow('A flow', 'en'), start: [{ on: 'opened' }], steps: [step] };
    const result = parseFlow(flow);
    // What is left to fill in is told at the step's own fields; no key is unknown.
    const problems = 'problems' in result ? result.problems : [];
    expect(problems.filter(({ path, problem }) => !path.startsWith('steps.0.') || /unknown|unrecognized/iu.test(problem))).toEqual([]);
  });
});

describe.each(TEMPLATES.map((template) => [template.id, template] as const))('the template %s', (id, template) => {
  const schema = z.toJSONSchema(template.parameters, { io: 'input' }) as Schema;

  function* parameters(of: Schema): Generator<[string, Schema]> {
    for (const [name, one] of Object.entries(of.properties ?? {})) {
      yield [name, one];
      const field = fieldOf(name, solid(one));
      if (field.is === 'list' && Object.keys(field.item.properties ?? {}).join() !== 'name,value') yield* parameters(field.item);
    }
  }

  it('has a name and an editor for each of its parameters', () => {
    const labels: Readonly<Record<string, string>> = enParameters.parameters;
    const all = [...parameters(schema)];
    expect(all.length).toBeGreaterThan(2);
    expect(all.filter(([name]) => (labels[`${id}.${name}`] ?? labels[name]) === undefined).map(([name]) => name)).toEqual([]);
    const strange = all.filter(([name, one]) => fieldOf(name, solid(one)).is === 'unknown' && !isSentence(one)
      && !(one.anyOf ?? []).some(({ type }) => type === 'string'));
    expect(strange.map(([name]) => name)).toEqual([]);
  });

  it('makes a flow whose every step the editor knows', () => {
    const made = identified(template.make({}));
    expect(allSteps(made).map(({ step }) => step['do']).filter((kind) => !KIND_IDS.includes(kind as Kind))).toEqual([]);
    expect(made).toEqual(template.make({}));
  });

  it('asks for teams that the workspace has not, instead of naming them', () => {
    const settings = { sections: { teams: [{ id: 'support', name: 'Support' }], agents: [] }, revs: {}, locked: [], by: {}, schema: {} };
    const preset = template.parameters.parse({});
    const asked = JSON.stringify(known(preset, namesOf(settings, [], '', {}, stepName)));
    expect(asked).not.toMatch(/"\w*[tT]eam":"(?!support|"|\w*\{)/u);
  });
});
