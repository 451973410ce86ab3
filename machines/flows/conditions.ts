/**
 * Conditions of flows. Texts are compared without case and accents unless `exact`, numbers as numbers, dates as dates. Of
 * a field that is missing, only what denies holds.
 */
import type { Get } from './fields.ts';
import type { Condition, Kind, Test, Value } from './flow.ts';
import { fold, localOf, moment, normal } from './kinds.ts';

/** @param at what `now` is, in milliseconds since 1970 */
export function holds(condition: Condition, get: Get, at: number): boolean {
  return 'all' in condition
    ? condition.all.every((test) => passes(test, get, at))
    : condition.any.some((test) => passes(test, get, at));
}

function passes(test: Test, get: Get, at: number): boolean {
  const held = get(test.field);
  if (held === undefined || held === '') return ['missing', 'notEqual', 'containsNot', 'notIn'].includes(test.is);
  const { value = '', exact = false } = test;
  const values: readonly Value[] = isList(value) ? value : [value];
  const [first = ''] = values;
  switch (test.is) {
    case 'exists': return true;
    case 'missing': return false;
    case 'equal': return same(held, first, exact);
    case 'notEqual': return !same(held, first, exact);
    case 'in': return values.some((one) => same(held, one, exact));
    case 'notIn': return !values.some((one) => same(held, one, exact));
    case 'contains': return form(held, exact).includes(form(first, exact));
    case 'containsNot': return !form(held, exact).includes(form(first, exact));
    case 'startsWith': return form(held, exact).startsWith(form(first, exact));
    case 'greater': return (order(held, first) ?? 0) > 0;
    case 'less': return (order(held, first) ?? 0) < 0;
    case 'between': return (order(held, first) ?? -1) >= 0 && (order(held, values[1] ?? '') ?? 1) <= 0;
    case 'matches': return normal(String(first) as Kind, String(held), localOf(get)) !== undefined;
    case 'before': return (apart(held, first, at) ?? 0) < 0;
    case 'after': return (apart(held, first, at) ?? 0) > 0;
    default: return test.is satisfies never;
  }
}

function form(value: Value, exact: boolean): string {
  return exact ? String(value) : fold(String(value));
}

/** Two texts are never the same number: `01` and `1` are two postal codes. */
function same(a: Value, b: Value, exact: boolean): boolean {
  if (typeof a === 'number' || typeof b === 'number') {
    const [x, y] = [numeric(a), numeric(b)];
    if (x !== undefined && y !== undefined) return x === y;
  }
  if (form(a, exact) === form(b, exact)) return true;
  const [x, y] = [dated(a), dated(b)];
  return !exact && x !== undefined && x === y;
}

/** Below 0 when `a` is less, undefined when they cannot be compared. */
function order(a: Value, b: Value): number | undefined {
  const [x, y] = [numeric(a), numeric(b)];
  if (x !== undefined && y !== undefined) return x - y;
  const [from, to] = [dated(a), dated(b)];
  return from === undefined || to === undefined ? undefined : from - to;
}

/** Below 0 when `held` is earlier. */
function apart(held: Value, other: Value, at: number): number | undefined {
  const [from, to] = [dated(held), other === 'now' ? at : dated(other)];
  return from === undefined || to === undefined ? undefined : from - to;
}

function numeric(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : undefined;
}

function dated(value: Value): number | undefined {
  return typeof value === 'string' ? moment(value) : undefined;
}

function isList(value: Value | readonly Value[]): value is readonly Value[] {
  return Array.isArray(value);
}
