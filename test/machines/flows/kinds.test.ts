/** What people write, and the one form in which it is kept. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold, moment, normal, phoneCountry, type FieldKind, type Local } from '../../../machines/flows/kinds.ts';

describe.each<[FieldKind, right: [given: string, kept: string, local?: Local][], wrong: (string | [string, Local])[]]>([
  ['email', [[' Ada@Example.COM ', 'ada@example.com'], ['a.b+c@mail.example.co.uk', 'a.b+c@mail.example.co.uk'], ['jan@příklad.cz', 'jan@příklad.cz']],
    ['', 'ada', 'ada@', 'ada@example', '@example.com', 'a b@example.com', 'ada@exa mple.com', 'a@@b.co', '.a@b.co', 'a..b@c.co', 'a@-b.co', `${'a'.repeat(65)}@b.co`, 'a@b.co\nBcc: x@y.z', '"a"@b.co']],
  ['phone', [['+39 06 6982 0000', '+390669820000'], ['0039 06 69820000', '+390669820000'], ['06 6982 0000', '+390669820000', { country: 'IT' }], ['(212) 555-2368', '+12125552368', { country: 'us' }]],
    ['', '06 6982 0000', '12', '+39 1', 'call +39 06 6982 0000', ['06 6982 0000', { country: 'XX' }], '+1 212 555 2368 ext. 3']],
  ['number', [['12', '12'], ['-3.50', '-3.5'], ['−7', '-7'], ['1 234', '1234'], ['1,234.5', '1234.5'], ['1.234,5', '1234.5'], ['1,5', '1.5'], ['007', '7'], ['-0', '0'],
    ['1.500', '1.5', { language: 'en' }], ['1.500', '1500', { language: 'it' }], ['1,500', '1500', { language: 'en' }], ['1,500', '1.5', { language: 'pt-BR' }], ['1.234.567', '1234567']],
    ['', 'twelve', '12 items', '1e5', '0x10', '1,2,3', '1..2', '--1', '9'.repeat(30), 'NaN', 'Infinity']],
  ['date', [['2026-11-26', '2026-11-26'], ['26.11.2026', '2026-11-26'], ['1. 2. 2026', '2026-02-01'], ['1/2/2026', '2026-02-01'], ['01-02-2026', '2026-02-01'], ['2024-02-29', '2024-02-29'],
    ['2026-11-26T10:00:00+01:00', '2026-11-26T09:00:00.000Z'], ['2026-11-26 10:00', '2026-11-26T10:00:00.000Z'], ['2026-11-26T10:00:00.123456Z', '2026-11-26T10:00:00.123Z']],
    ['', '2026-02-29', '30.2.2026', '26.11.26', '11/26/2026', '2026-13-01', 'tomorrow', '26.11/2026', '2026-11-26T25:00', '2026']],
  ['url', [['https://a.example/x?y', 'https://a.example/x?y'], ['www.example.com', 'https://www.example.com/'], ['HTTP://A.example', 'http://a.example/']],
    ['', 'javascript:alert(1)', 'ftp://a.example', 'localhost', 'https://u:p@a.example', 'two words.example', 'https://']],
  ['language', [['EN', 'en'], ['pt_br', 'pt-BR'], ['zh-hant-tw', 'zh-Hant-TW']], ['', 'Italian', 'e', 'en-', 'en--US']],
  ['country', [['it', 'IT'], ['UK', 'GB'], [' cz ', 'CZ']], ['', 'Italy', 'XX', '39']],
  ['boolean', [['Sì', 'true'], ['YES', 'true'], ['não', 'false'], ['Ne', 'false'], ['0', 'false']], ['', 'maybe', '2']],
  ['choice', [[' GOLD ', 'Gold', { choices: ['Gold', 'Free'] }]], [['silver', { choices: ['Gold'] }], 'gold']],
  ['text', [['  hi ', 'hi'], ['x'.repeat(1_001), 'x'.repeat(1_000)], [`${'x'.repeat(999)}😀`, 'x'.repeat(999)]], ['', ' \n ']],
])('%s', (kind, right, wrong) => {
  it.each(right)('%j is kept as %j', (given, kept, local) => {
    expect(normal(kind, given, local)).toBe(kept);
  });

  it.each(wrong.map((given) => (typeof given === 'string' ? [given, {}] as const : given)))('%j is none', (given, local) => {
    expect(normal(kind, given, local)).toBeUndefined();
  });

  it('what is kept is kept as it is the next time', () => {
    for (const [given, , local] of right) {
      const kept = normal(kind, given, local) ?? '';
      // A number is kept with a point, whatever its language writes.
      expect(normal(kind, kept, kind === 'number' ? {} : local)).toBe(kept);
    }
  });

  it('takes any text without harm', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => (normal(kind, text)?.length ?? 0) <= 1_000));
  });
});

it('a phone number tells its country', () => {
  expect([phoneCountry('+390212345678'), phoneCountry('+420 224 372 434'), phoneCountry('06 6982')]).toEqual(['IT', 'CZ', undefined]);
});

it('a date is the moment that it begins', () => {
  expect([moment('26.11.2026'), moment('2026-11-26T01:00:00+01:00'), moment('x')]).toEqual([Date.UTC(2026, 10, 26), Date.UTC(2026, 10, 26), undefined]);
});

it('folding twice is folding once', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fold(fold(text)) === fold(text)));
});
