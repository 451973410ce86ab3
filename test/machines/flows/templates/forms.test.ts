/** The forms of the templates: what they are made of, and that an untouched one is a flow with every sentence in four languages. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { stepsOf, type Flow, type Text } from '../../../../machines/flows/flow.ts';
import { LANGUAGES } from '../../../../machines/flows/templates/template.ts';
import { TEMPLATES } from '../../../../machines/flows/templates.ts';

/** Every sentence that a customer may read. */
function sentences({ steps }: Flow): Text[] {
  return stepsOf(steps).flatMap((step) => {
    switch (step.do) {
      case 'say': return [step.text];
      case 'ask': return [step.text, ...step.retry === undefined ? [] : [step.retry], ...(step.choices ?? []).map(({ label }) => label)];
      default: return [];
    }
  });
}

describe.each(TEMPLATES.map((template) => [template.id, template] as const))('%s', (id, template) => {
  it('says every sentence in four languages, and none of them twice', () => {
    for (const text of sentences(template.make({}))) {
      // Numbers are the same in all.
      if (typeof text === 'string') { expect(text).toMatch(/^\d/); continue; }
      expect(Object.keys(text).sort()).toEqual([...LANGUAGES].sort());
      const said = Object.values(text).filter((words) => words.length > 12);
      expect(new Set(said).size).toBe(said.length);
    }
  });

  it('has a name and a sentence about it in four languages', () => {
    for (const text of [template.name, template.about]) expect(Object.keys(text).sort()).toEqual([...LANGUAGES].sort());
  });

  it('is a form: each parameter has a sentence and a default', () => {
    const { properties } = z.toJSONSchema(template.parameters, { io: 'input', unrepresentable: 'any' }) as {
      properties: Record<string, { description?: string; default?: unknown }>;
    };
    for (const [name, { description, default: preset }] of Object.entries(properties)) {
      expect([name, description]).toEqual([name, expect.stringMatching(/^[A-Z]/)]);
      expect(preset, name).toBeDefined();
    }
    expect(template.parameters.parse({})).toMatchObject({ sender: 'Assistant' });
  });

  it('refuses a parameter that it does not have', () => {
    expect(() => template.make({ nmae: id })).toThrow(/nmae/);
  });

  it('takes each sentence and name from its form', () => {
    const preset = template.parameters.parse({}) as Record<string, unknown>;
    const mine = Object.fromEntries(Object.entries(preset).map(([name, value]) => [name, isText(value) ? { en: `My ${name}` } : value]));
    const flow = template.make({ ...mine, name: 'Mine', sender: 'Robin' });
    expect(flow).toMatchObject({ name: 'Mine', sender: 'Robin' });
    const said = sentences(flow).map((text) => (typeof text === 'string' ? text : text['en'] ?? '')).filter((text) => !/^\d/.test(text));
    if (id !== 'team-by-answer') expect(said.filter((text) => !text.startsWith('My '))).toEqual([]);
  });
});

function isText(value: unknown): boolean {
  return value !== null && typeof value === 'object' && 'en' in value;
}
