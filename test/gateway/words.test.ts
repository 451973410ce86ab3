import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { found, termsOf, wordsOf } from '../../gateway/words.ts';

const words = (text: string): string[] => wordsOf(text).map(({ word }) => word);
const finds = (query: string, text: string, author = ''): string[] | undefined => found(termsOf(query), text, author);

describe('a text falls into words', () => {
  it.each([
    ['Where is my parcel?', 'where is my parcel'],
    ['Perché l’ordine n. 4711 è in ritardo', 'perche l ordine n 4711 e in ritardo'],
    ['Příliš žluťoučký kůň', 'prilis zlutoucky kun'],
    ['Não há devoluções', 'nao ha devolucoes'],
    ['ΣΊΣΥΦΟΣ σίσυφος', 'σισυφοσ σισυφοσ'],
    ['İstanbul', 'istanbul'],
    ['返金をABC', '返 金 を abc'],
    ['e-mail: a_b@c.de', 'e mail a b c de'],
    ['👍🏽 ok…', 'ok'],
    ['x'.repeat(100), 'x'.repeat(64)],
  ])('%s', (text, wanted) => expect(words(text).join(' ')).toBe(wanted));

  test('which stand where they are said to stand, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      let end = 0;
      for (const { word, from, to } of wordsOf(text)) {
        expect(from).toBeGreaterThanOrEqual(end);
        expect(words(text.slice(from, to))).toEqual([word]);
        end = to;
      }
      expect(end).toBeLessThanOrEqual(text.length);
    }), { numRuns: 500 });
  });
});

describe('somebody looks for', () => {
  it('all words, in any order, the last one perhaps only begun', () => {
    expect(finds('parcel where', 'Where is my Parcel?')).toBeDefined();
    expect(finds('where par', 'Where is my Parcel?')).toBeDefined();
    expect(finds('par where', 'Where is my Parcel?')).toBeUndefined();
    expect(finds('where par ', 'Where is my Parcel?')).toBeUndefined();
    expect(finds('where p', 'Where is my Parcel?')).toBeUndefined();
    expect(finds('where x', 'Where is x?')).toBeDefined();
  });

  it('words in quotes as they follow each other, also ones that only look like one', () => {
    expect(finds('"my parcel"', 'Where is my, parcel?')).toBeDefined();
    expect(finds('"parcel my"', 'Where is my parcel?')).toBeUndefined();
    expect(finds('"my par"', 'Where is my parcel?')).toBeUndefined();
    expect(finds('"my par', 'Where is my parcel?')).toBeDefined();
    expect(finds('e-ma', 'my e-mail')).toBeDefined();
    expect(finds('e-ma', 'mail e')).toBeUndefined();
    expect(finds('金を', '返金をお願いします')).toBeDefined();
  });

  it('whom somebody is, too, and is shown the text', () => {
    expect(finds('maria parcel', 'Where is my parcel?', 'Maria Rossi')).toEqual(['Where is my ', 'parcel', '?']);
    expect(finds('maria', 'Hello', 'Maria Rossi')).toEqual(['Hello']);
    expect(finds('maria', 'Hello', 'Mario Rossi')).toBeUndefined();
  });

  it('nothing: then there is nothing to look for', () => {
    for (const nothing of ['', '  ', '"', '""', '-', '* (:', '👍']) expect(termsOf(nothing)).toEqual([]);
  });
});

describe('what was found is shown', () => {
  it('in pieces, every second of which was looked for', () => {
    expect(finds('Éte', 'un été, deux étés')).toEqual(['un ', 'été', ', deux ', 'étés', '']);
    expect(finds('"a b" b', 'a b b')).toEqual(['', 'a b', ' ', 'b', '']);
  });

  it('with some words around, from the beginning of one, in a long text', () => {
    const text = `${'lorem ipsum '.repeat(30)}needle ${'dolor sit '.repeat(30)}`;
    const pieces = finds('needle', text) ?? [];
    expect(pieces[1]).toBe('needle');
    expect(pieces[0]).toMatch(/^…(lorem|ipsum) [a-z ]{20,40}$/);
    expect(pieces[2]).toMatch(/ dolor.*…$/);
    expect(pieces.join('').length).toBeLessThan(170);
  });

  test('as parts of the text, whatever it is; no character is halved', () => {
    const text = fc.array(fc.constantFrom('needle', 'été', ' ', ', ', '👍🏽', '返金', 'x'.repeat(50), '\n'), { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(fc.property(text, fc.constantFrom('needle', 'ete', '金', '"needle ete"'), (from, query) => {
      const pieces = finds(query, from);
      if (pieces === undefined) return;
      expect(pieces.length % 2).toBe(1);
      expect(pieces.length).toBeGreaterThan(1);
      const shown = pieces.join('').replace(/^…/, '').replace(/…$/, '');
      expect(from).toContain(shown);
      expect(Buffer.from(shown).toString()).toBe(shown);
    }), { numRuns: 2000 });
  });
});
