/** Texts survive on every platform the SDK runs on, and invalid UTF-8 is refused on all of them alike. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { utf8On, wellFormed } from '../../sdk/protocol/utf8.ts';
import { characters } from './arbitrary.ts';

const platforms = {
  'Node': { Buffer },
  'a browser': { TextDecoder, TextEncoder },
  'React Native without either': {},
};
const sizes = [1, 20, 300];

describe.each(Object.entries(platforms))('on %s', (_, platform) => {
  const utf8 = utf8On(platform);

  it('writes and reads any text', () => {
    const units = fc.string({ unit: characters, maxLength: 30 });
    fc.assert(fc.property(units, fc.constantFrom(...sizes), (unit, times) => {
      const text = unit.repeat(times).slice(0, 900);
      fc.pre(wellFormed(text));
      const bytes = new Uint8Array(text.length * 3 + 7);
      const end = utf8.encode(text, bytes, 5);
      expect(Buffer.compare(bytes.subarray(5, end), Buffer.from(text))).toBe(0);
      expect(utf8.decode(bytes, 5, end)).toBe(text);
    }));
  });

  const odd = ['\ufeffwith a byte order mark', 'a\ufffdb', '\0nul', 'שלום \u202egnp.exe', '👩‍👩‍👧 and 𝔘'];
  it.each(odd)('keeps %j', (text) => {
    for (const whole of [text, text.repeat(40)]) {
      const bytes = Buffer.from(whole);
      expect(utf8.decode(bytes, 0, bytes.length)).toBe(whole);
    }
  });

  it.each([
    ['a lone byte of the middle', '80'], ['an overlong slash', 'c0af'], ['an overlong euro', 'f08282ac'],
    ['a surrogate', 'eda080'], ['beyond Unicode', 'f4908080'], ['a first byte that is none', 'ff'],
    ['five bytes', 'f888808080'], ['cut short', 'e282'],
    ['followed by ASCII', 'e28241'], ['an overlong NUL', 'c080'],
  ])('refuses %s', (_name, hex) => {
    for (const [before, after] of [[0, 0], [0, 60], [60, 0], [60, 60]] as const) {
      const bytes = Buffer.concat([Buffer.alloc(before, 'a'), Buffer.from(hex, 'hex'), Buffer.alloc(after, 'a')]);
      expect(utf8.decode(bytes, 0, bytes.length)).toBeUndefined();
    }
  });

  it('agrees with the standard on any bytes', () => {
    const standard = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    const expected = (bytes: Uint8Array): string | undefined => {
      try {
        return standard.decode(bytes);
      } catch {
        return undefined;
      }
    };
    const texts = fc.string({ unit: characters, maxLength: 12 });
    fc.assert(fc.property(fc.uint8Array({ maxLength: 6 }), texts, (raw, text) => {
      const bytes = Buffer.concat([Buffer.from(text), raw]);
      expect(utf8.decode(bytes, 0, bytes.length)).toBe(expected(bytes));
    }), { numRuns: 2000 });
  });
});

it('knows a lone surrogate', () => {
  const broken = ['\ud83d', 'a\udce6', '\udce6\ud83d', 'x'.repeat(100) + '\ud83d'];
  for (const text of broken) expect(wellFormed(text)).toBe(false);
  for (const text of ['', '📦', 'é\0']) expect(wellFormed(text)).toBe(true);
});
