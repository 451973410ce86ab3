/** Any value that a field of the protocol allows, made from the field itself. */
import fc from 'fast-check';
import { CLIENT, SERVER, type Said, type Told } from '../../sdk/protocol/frames.ts';
import type { Json } from '../../sdk/protocol/data.ts';
import type { Bodies, Kind } from '../../sdk/protocol/entry.ts';
import { entry as entryField } from '../../sdk/protocol/entry.ts';
import type { Field, Infer, Shape } from '../../sdk/protocol/fields.ts';
import { entries } from './samples.ts';

const ALPHABET = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
export const ulids = fc
  .tuple(fc.constantFrom(...'01234567'), fc.array(fc.constantFrom(...ALPHABET), { minLength: 25, maxLength: 25 }))
  .map(([first, rest]) => first + rest.join(''));

/** Around every border between two widths of integer. */
const uints = fc.oneof(
  fc.maxSafeNat(),
  fc.constantFrom(0, 127, 128, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 40 + 3, Number.MAX_SAFE_INTEGER),
);

/** Any character but the surrogates. fast-check's own unit takes seconds to set up. */
export const characters = fc
  .oneof(fc.integer({ min: 0, max: 0x7f }), fc.integer({ min: 0, max: 0xf7ff }), fc.integer({ min: 0, max: 0x10f7ff }))
  .map((code) => String.fromCodePoint(code < 0xd800 ? code : code + 0x800));

/** Texts by whole characters: NUL, right-to-left, joined, astral; sometimes as long as they may be. */
const short = (max: number): fc.Arbitrary<string> =>
  fc.string({ unit: characters, maxLength: Math.min(max, 60) }).filter((text) => text.length <= max);
const texts = (max: number): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 8, arbitrary: short(max) },
    { weight: 1, arbitrary: fc.constantFrom('', '\0', '\ufeffbom', 'שלום\u202eabc', '👩‍👩‍👧', '\ufffd') },
    { weight: 1, arbitrary: fc.constantFrom('a', 'é', '語').map((unit) => unit.repeat(max)) },
  );

const keys = fc.string({ unit: characters, maxLength: 20 }).filter((key) => key !== '__proto__');
const numbers = fc.oneof(uints, fc.integer(), fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }))
  .filter((value) => !Number.isInteger(value) || Number.isSafeInteger(value)).map((value) => value + 0);
const json = fc.letrec<{ value: Json; map: Record<string, Json> }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.constant(null), fc.boolean(), numbers, texts(40), fc.array(tie('value'), { maxLength: 4 }), tie('map'),
  ),
  map: fc.dictionary(keys, tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

export function valueOf(shape: Shape): fc.Arbitrary<unknown> {
  if (shape === entryField.shape) return anyEntry(shape);
  switch (shape.is) {
    case 'uint': return uints;
    case 'ulid': return ulids;
    case 'id': return fc.oneof(ulids, uints);
    case 'either': return fc.boolean();
    case 'data': return json.map;
    case 'text': return texts(shape.max);
    case 'literal': return fc.constantFrom(...shape.values);
    case 'maybe': return fc.option(valueOf(shape.of));
    case 'list': return fc.array(valueOf(shape.of), { maxLength: Math.min(shape.max, 6) });
    case 'tuple': return fc.tuple(...shape.of.map(valueOf));
    case 'struct': return recordOf(shape.of);
  }
}

const recordOf = (fields: Readonly<Record<string, Shape>>): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(Object.entries(fields).map(([key, of]) => [key, valueOf(of)])));

/** Bodies come from the samples, since an entry's body must be what its kind says. */
function anyEntry(shape: Shape): fc.Arbitrary<unknown> {
  const bodies: { readonly [K in Kind]: { body: Bodies[K] } } = entries;
  return recordOf(shape.is === 'struct' ? shape.of : {})
    .chain((value) => json.map.map((more) => ({ ...value, body: { ...more, ...bodies[value['kind'] as Kind].body } })));
}

type Table = Readonly<Record<string, readonly [number, Field<unknown>]>>;
const framesOf = <F>(table: Table): Record<string, fc.Arbitrary<F>> =>
  Object.fromEntries(
    Object.entries(table).map(([name, [, body]]) => [
      name,
      valueOf(body.shape).map((value) => ({ t: name, ...(value as Infer<typeof body> & object) }) as F),
    ]),
  );
export const saidOf = framesOf<Said>(CLIENT);
export const toldOf = framesOf<Told>(SERVER);
