/**
 * What a field of the protocol can be. Each kind knows both encodings and checks in both directions, so that nothing
 * which a reader would refuse is ever written.
 */
import { checkData, readData, writeData, type Data, type Json } from './data.ts';
import type { Reader } from './reader.ts';
import type { Trail } from './trail.ts';
import { canonical } from './ulid.ts';
import { wellFormed } from './utf8.ts';
import type { Writer } from './writer.ts';

export interface Field<T> {
  /** What it is, for documentation and for generated test data. */
  readonly shape: Shape;
  /** May be missing at the end of its struct. */
  readonly optional: boolean;
  /** All four throw Refusal: `badFrame` for another kind of value, `invalid` or `tooLarge` for one not allowed. */
  write(to: Writer, value: T): void;
  read(from: Reader): T;
  toJson(value: T, trail: Trail): Json;
  fromJson(json: unknown, trail: Trail): T;
}
export type Infer<F> = F extends Field<infer T> ? T : never;

export type Shape =
  | { is: 'uint' | 'ulid' | 'id' | 'either' | 'data' }
  | { is: 'text'; max: number }
  | { is: 'literal'; values: readonly string[] }
  | { is: 'maybe'; of: Shape }
  | { is: 'list'; of: Shape; max: number }
  | { is: 'tuple'; of: readonly Shape[] }
  | { is: 'struct'; of: Readonly<Record<string, Shape>> };

/** A field whose JSON is its value: one check serves everywhere. */
function plain<T extends Json>(
  shape: Shape,
  check: (value: unknown, trail: Trail) => T,
  put: (to: Writer, value: T) => void,
  read: (from: Reader) => T,
): Field<T> {
  return {
    shape,
    optional: false,
    write: (to, value) => put(to, check(value, to)),
    read,
    toJson: check,
    fromJson: check,
  };
}

function checkUint(value: unknown, trail: Trail): number {
  if (typeof value !== 'number') throw trail.refusal('badFrame', 'not a number');
  if (!Number.isSafeInteger(value) || value < 0) throw trail.refusal('invalid', 'not an integer from 0 to 2^53 - 1');
  return value + 0;
}

function checkUlid(value: unknown, trail: Trail): string {
  const ulid = typeof value === 'string' ? canonical(value) : undefined;
  if (ulid === undefined) throw trail.refusal('badFrame', 'not a ULID');
  return ulid;
}

/** An integer from 0 to 2^53 - 1. */
export const uint: Field<number> = /* @__PURE__ */ plain(
  { is: 'uint' },
  checkUint,
  (to, value) => to.uint(value),
  (from) => checkUint(from.number(), from),
);

/** A text of at most `max` UTF-16 units, without lone surrogates. */
export function text(max: number): Field<string> {
  const check = (value: unknown, trail: Trail): string => {
    if (typeof value !== 'string') throw trail.refusal('badFrame', 'not a text');
    if (value.length > max) throw trail.refusal('tooLarge', `at most ${max} characters`);
    if (!wellFormed(value)) throw trail.refusal('invalid', 'a lone surrogate');
    return value;
  };
  return plain({ is: 'text', max }, check, (to, value) => to.text(value), (from) => from.text(max));
}

/** 26 upper-case characters; lower case is accepted and made upper. In MessagePack a binary of 16 bytes. */
export const ulid: Field<string> = {
  shape: { is: 'ulid' },
  optional: false,
  write(to, value) {
    if (!to.ulid(value)) throw to.refusal('badFrame', 'not a ULID');
  },
  read: (from) => from.ulid(),
  toJson: checkUlid,
  fromJson: checkUlid,
};

const checkId = (value: unknown, trail: Trail): string | number =>
  typeof value === 'number' ? checkUint(value, trail) : checkUlid(value, trail);

/** A ULID, or the small number that stands for one on this connection. */
export const id: Field<string | number> = {
  shape: { is: 'id' },
  optional: false,
  write: (to, value) => (typeof value === 'number' ? uint.write(to, value) : ulid.write(to, value)),
  read: (from) => (from.peek() === 0xc4 ? from.ulid() : uint.read(from)),
  toJson: checkId,
  fromJson: checkId,
};

export const either: Field<boolean> = /* @__PURE__ */ plain(
  { is: 'either' },
  (value, trail) => {
    if (typeof value !== 'boolean') throw trail.refusal('badFrame', 'not a boolean');
    return value;
  },
  (to, value) => to.bool(value),
  (from) => from.bool(),
);

/** One of a list of words: its index in MessagePack, the word in JSON. Words are only ever added at the end. */
export function literal<const V extends readonly string[]>(values: V): Field<V[number]> {
  const at = (index: number, trail: Trail): V[number] => {
    const value = values[index];
    if (value === undefined) throw trail.refusal('invalid', 'not one of the values of this field');
    return value;
  };
  const check = (value: unknown, trail: Trail): V[number] => at(values.findIndex((known) => known === value), trail);
  return plain(
    { is: 'literal', values },
    check,
    (to, value) => to.uint(values.indexOf(value)),
    (from) => at(checkUint(from.number(), from), from),
  );
}

/** Null, or a value. */
export function maybe<T>(of: Field<T>): Field<T | null> {
  return {
    shape: { is: 'maybe', of: of.shape },
    optional: true,
    write: (to, value) => (value === null ? to.nil() : of.write(to, value)),
    read: (from) => (from.nil() ? null : of.read(from)),
    toJson: (value, trail) => (value === null ? null : of.toJson(value, trail)),
    fromJson: (json, trail) => (json === null ? null : of.fromJson(json, trail)),
  };
}

export function list<T>(of: Field<T>, max: number): Field<T[]> {
  const bounded = (length: number, trail: Trail): number => {
    if (length > max) throw trail.refusal('invalid', `at most ${max} items`);
    return length;
  };
  return {
    shape: { is: 'list', of: of.shape, max },
    optional: false,
    write(to, value) {
      to.array(bounded(value.length, to));
      for (const item of value) of.write(to, item);
    },
    read(from) {
      const items: T[] = [];
      for (let left = bounded(from.array(), from); left > 0; left--) items.push(of.read(from));
      return items;
    },
    toJson(value, trail) {
      bounded(value.length, trail);
      return value.map((item) => of.toJson(item, trail));
    },
    fromJson(json, trail) {
      const items = arrayOf(json, trail);
      bounded(items.length, trail);
      return items.map((item) => of.fromJson(item, trail));
    },
  };
}

export function arrayOf(json: unknown, trail: Trail): readonly unknown[] {
  if (!Array.isArray(json)) throw trail.refusal('badFrame', 'not an array');
  return json;
}

/** A plain map: string keys; text, finite numbers, booleans, null, lists and maps as values. */
export const data: Field<Data> = {
  shape: { is: 'data' },
  optional: false,
  write: writeData,
  read: readData,
  toJson: checkData,
  fromJson: checkData,
};

type Places<F extends readonly Field<unknown>[]> = { -readonly [K in keyof F]: Infer<F[K]> };

/** A short array whose places have different kinds. */
export function tuple<const F extends readonly Field<unknown>[]>(...of: F): Field<Places<F>> {
  const enough = (length: number, trail: Trail): void => {
    if (length < of.length) throw trail.refusal('badFrame', 'too short');
  };
  return {
    shape: { is: 'tuple', of: of.map((field) => field.shape) },
    optional: false,
    write(to, value) {
      to.array(of.length);
      of.forEach((field, place) => field.write(to, value[place]));
    },
    read(from) {
      const length = from.array();
      enough(length, from);
      const places = of.map((field) => field.read(from));
      from.skip(length - of.length);
      return places as Places<F>;
    },
    toJson: (value, trail) => of.map((field, place) => field.toJson(value[place], trail)),
    fromJson(json, trail) {
      const items = arrayOf(json, trail);
      enough(items.length, trail);
      return of.map((field, place) => field.fromJson(items[place], trail)) as Places<F>;
    },
  };
}
