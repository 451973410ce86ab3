/** Fields in texts: each place has its own escape, and no value, whatever it is, gets out of its place. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labelsOf, spoken } from '../../../machines/flows/answer.ts';
import type { Get } from '../../../machines/flows/fields.ts';
import { fill, FILLED_CHARS, fillHeader, fillJson, fillUrl, textIn } from '../../../machines/flows/fill.ts';
import type { Ask, Json, Value } from '../../../machines/flows/flow.ts';

const from = (values: Record<string, Value>): Get => (field) => values[field];
const get = from({ 'contact.name': 'Ada', 'vars.n': 3, 'vars.yes': true, 'vars.evil': '{{contact.name}}' });
const anything = fc.string({ unit: 'binary', maxLength: 40 });
const holding = (value: Value): Get => () => value;

describe('a text', () => {
  it('has its fields filled in, once; what is not known leaves nothing', () => {
    expect(fill('Hi {{contact.name}}{{ vars.n }}, {{vars.evil}} {{vars.none}}!', get)).toBe('Hi Ada3, {{contact.name}} !');
  });

  it('knows no secret and nothing that every object has', () => {
    const asked: string[] = [];
    const nosy: Get = (field) => { asked.push(field); return 'x'; };
    expect(fill('{{secrets.crm}}{{contact.__proto__}}{{vars.constructor}}{{vars.prototype}}{{__proto__}}{{vars.a.b}}{{{vars.a}}}', nosy)).toBe('{x}');
    expect(asked).toEqual(['vars.a']);
  });

  it('is never longer than a message may be', () => {
    expect(fill('{{vars.x}}'.repeat(100), holding('x'.repeat(1_000))).length).toBe(FILLED_CHARS);
  });

  it('shows any value as it is', () => {
    fc.assert(fc.property(anything, (value) => fill('<{{vars.x}}>', holding(value)) === `<${value}>`));
  });
});

describe('a URL', () => {
  it('keeps its path and its query, whatever is filled in', () => {
    fc.assert(fc.property(anything, (value) => {
      const url = new URL(fillUrl('https://crm.example/a/{{vars.x}}/b?q={{vars.x}}#end', holding(value)));
      expect([url.origin, url.pathname.split('/').length, url.hash, [...url.searchParams.keys()]]).toEqual(['https://crm.example', 4, '#end', ['q']]);
      if (!/^\.+$/.test(value)) expect(decodeURIComponent(url.pathname.split('/')[2] ?? '')).toBe(value.replace(/\p{Cs}/gu, '\ufffd'));
    }));
  });

  it.each(['..', '.', '/../', '%2e%2e', '?x=', '#', '@evil.example', '\\..\\'])('%s leads nowhere else', (value) => {
    expect(new URL(fillUrl('https://crm.example/a/{{vars.x}}/b', holding(value))).pathname).toMatch(/^\/a\/[^/]*\/b$/);
  });
});

describe('a header', () => {
  it('is one line of Latin-1, whatever is filled in', () => {
    fc.assert(fc.property(anything, (value) => {
      const parts = fillHeader('a {{vars.x}} b', holding(value));
      expect(parts.every((part) => typeof part === 'string' && /^[\x20-\x7e\xa0-\xff]*$/.test(part))).toBe(true);
      expect(new Headers({ x: parts.join('') }).get('x')).toMatch(/^a .*b$/);
    }));
    expect(fillHeader('{{vars.x}}', holding('a\r\nSet-Cookie: b'))).toEqual(['a Set-Cookie: b']);
    expect(fillHeader('{{vars.x}}', holding('Příliš é'))).toEqual(['P%C5%99%C3%ADli%C5%A1 é'.replace('%C3%AD', 'í')]);
  });

  it('names its secrets, and fills in none', () => {
    expect(fillHeader('Bearer {{secrets.crm}}; {{contact.name}}{{secrets.b}}', get)).toEqual(['Bearer ', { secret: 'crm' }, '; Ada', { secret: 'b' }]);
    expect(fillHeader('{{vars.x}}', holding('{{secrets.crm}}'))).toEqual(['{{secrets.crm}}']);
  });
});

describe('a body', () => {
  it('keeps the type of a field that stands alone', () => {
    expect(fillJson({ a: '{{vars.n}}', b: ['{{ vars.yes }}', 'x{{vars.n}}', '{{vars.none}}'], c: null, d: 1 }, get))
      .toEqual({ a: 3, b: [true, 'x3', null], c: null, d: 1 });
  });

  it('has the same form, whatever is filled in', () => {
    const shape = (tree: unknown): unknown => (Array.isArray(tree) ? tree.map(shape)
      : tree !== null && typeof tree === 'object' ? Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, shape(value)])) : typeof tree);
    const body: Json = { name: '{{vars.x}}', list: ['a {{vars.x}} b', { deep: '{{vars.x}}' }], 'a"b': 1 };
    fc.assert(fc.property(anything, (value) => {
      const rendered = JSON.parse(JSON.stringify(fillJson(body, holding(value)))) as Json;
      expect(shape(rendered)).toEqual(shape(body));
      expect((rendered as { name: string }).name).toBe(value.replace(/\p{Cs}/gu, '\ufffd'));
    }));
  });

  it('gives what is called __proto__ no power', () => {
    const body = JSON.parse('{"__proto__": {"admin": "{{vars.yes}}"}}') as Json;
    const filled = fillJson(body, get) as Record<string, unknown>;
    expect(JSON.stringify(filled)).toBe('{"__proto__":{"admin":true}}');
    expect(filled.admin).toBeUndefined();
  });
});

describe('a sentence in several languages', () => {
  const text = { en: 'Hello', pt: 'Olá', 'pt-BR': 'Oi', it: 'Ciao' };

  it.each([['pt-BR', 'Oi'], ['pt-br', 'Oi'], ['pt_BR', 'Oi'], ['pt-AO', 'Olá'], ['it', 'Ciao'], ['it-CH', 'Ciao'], ['cs', 'Hello'], [undefined, 'Hello'], ['__proto__', 'Hello']])('%s: %s', (language, said) => {
    expect(textIn(text, language, 'en')).toBe(said);
  });

  it('is said in the flow\'s language, else in any', () => {
    expect([textIn(text, 'cs', 'it'), textIn(text, 'cs', 'de'), textIn('Hi', 'it', 'en'), textIn({ cs: 'Ahoj' }, 'constructor', 'en')]).toEqual(['Ciao', 'Hello', 'Hi', 'Ahoj']);
    expect(spoken({ en: 'Hi {{contact.name}}', it: 'Ciao {{contact.name}}' }, { language: 'en' }, from({ 'contact.language': 'it-IT', 'contact.name': 'Ada' }))).toBe('Ciao Ada');
  });

  it('has the labels of its choices', () => {
    const ask: Ask = { id: 'q', do: 'ask', text: '?', answer: 'choice', save: 'vars.x', choices: [{ value: 'a', label: { en: 'Yes', it: 'Sì' } }, { value: 'b', label: 'No, {{contact.name}}' }] };
    expect(labelsOf(ask, {}, from({ 'contact.language': 'it', 'contact.name': 'Ada' }))).toEqual(['Sì', 'No, Ada']);
    expect(labelsOf({ ...ask, answer: 'text' }, {}, get)).toEqual([]);
  });
});
