/**
 * Plain JSON-like maps: what a command's arguments, a result and an entry's body are made of. Bounded, so that whatever
 * a sender puts into one stays small to check and to keep.
 */
import type { Reader } from './reader.ts';
import type { Trail } from './trail.ts';
import { wellFormed } from './utf8.ts';
import type { Writer } from './writer.ts';

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type Data = { [key: string]: Json };

/** Levels of maps and lists, the outermost included. */
const DEPTH = 6;
/** Values in one frame's data. */
export const DATA_VALUES = 512;
const TEXT = 8000;
const KEY = 64;

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function readData(from: Reader): Data {
  return readMap(from, 1);
}

export function writeData(to: Writer, value: Data): void {
  writeValue(to, checkData(value, to));
}

/** Refuses what is not plain, bounded data; returns it as it came. */
export function checkData(value: unknown, trail: Trail): Data {
  if (!isMap(value)) throw trail.refusal('badFrame', 'not a map');
  check(value, trail, 1);
  return value;
}

function check(value: unknown, trail: Trail, depth: number): asserts value is Data {
  spend(trail);
  if (value === null || typeof value === 'boolean') return;
  if (typeof value === 'string') return checkText(value, TEXT, trail);
  if (typeof value === 'number') return checkNumber(value, trail);
  if (typeof value !== 'object') throw trail.refusal('invalid', 'not plain data');
  if (depth > DEPTH) throw trail.refusal('invalid', `deeper than ${DEPTH} levels`);
  if (Array.isArray(value)) {
    for (const item of value) check(item, trail, depth + 1);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    checkKey(key, trail);
    check(item, trail, depth + 1);
  }
}

function spend(trail: Trail): void {
  if (--trail.budget < 0) throw trail.refusal('invalid', `more than ${DATA_VALUES} values`);
}

function checkText(text: string, max: number, trail: Trail): void {
  if (text.length > max) throw trail.refusal('tooLarge', `at most ${max} characters`);
  if (!wellFormed(text)) throw trail.refusal('invalid', 'a lone surrogate');
}

function checkKey(key: string, trail: Trail): void {
  if (key === '__proto__') throw trail.refusal('invalid', 'a key that is not allowed');
  checkText(key, KEY, trail);
}

function checkNumber(value: number, trail: Trail): void {
  const whole = Number.isInteger(value);
  if (!Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) {
    throw trail.refusal('invalid', 'a number that JSON cannot hold exactly');
  }
}

function writeValue(to: Writer, value: Json): void {
  if (value === null) to.nil();
  else if (typeof value === 'string') to.text(value);
  else if (typeof value === 'number') to.number(value);
  else if (typeof value === 'boolean') to.bool(value);
  else if (Array.isArray(value)) {
    to.array(value.length);
    for (const item of value) writeValue(to, item);
  } else {
    const keys = Object.keys(value);
    to.map(keys.length);
    for (const key of keys) {
      to.text(key);
      writeValue(to, value[key]!);
    }
  }
}

function readValue(from: Reader, depth: number): Json {
  const first = from.peek();
  if ((first & 0xf0) === 0x80 || first === 0xde || first === 0xdf) return readMap(from, depth);
  spend(from);
  if (first === 0xc0) {
    from.nil();
    return null;
  }
  if (first === 0xc2 || first === 0xc3) return from.bool();
  if ((first & 0xe0) === 0xa0 || (first >= 0xd9 && first <= 0xdb)) return from.text(TEXT);
  if ((first & 0xf0) !== 0x90 && first !== 0xdc && first !== 0xdd) {
    const value = from.number();
    checkNumber(value, from);
    return value;
  }
  if (depth > DEPTH) throw from.refusal('invalid', `deeper than ${DEPTH} levels`);
  const list: Json[] = [];
  for (let left = from.array(); left > 0; left--) list.push(readValue(from, depth + 1));
  return list;
}

function readMap(from: Reader, depth: number): Data {
  spend(from);
  const length = from.map();
  if (depth > DEPTH) throw from.refusal('invalid', `deeper than ${DEPTH} levels`);
  const map: Data = {};
  for (let left = length; left > 0; left--) {
    const key = from.text(KEY);
    if (key === '__proto__' || Object.hasOwn(map, key)) throw from.refusal('invalid', 'a key that is not allowed');
    map[key] = readValue(from, depth + 1);
  }
  return map;
}
