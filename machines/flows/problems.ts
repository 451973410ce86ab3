/** What is wrong with the form of a flow, as sentences for whoever wrote it: where, what, and what to do. */
import type { z } from 'zod';
import { noSuch } from '../nearest.ts';
import type { Problem } from './flow.ts';

/** So many are told at once; more nobody reads. */
const TOLD = 50;
/** Far more than any flow needs: lists and objects in each other, and values on one level. */
const DEEPEST = 100;
const WIDEST = 100_000;

/** @param error of a schema that was parsed with `sentence` */
export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.flatMap((issue) => told(issue, [])).slice(0, TOLD);
}

function told(issue: z.core.$ZodIssue, at: readonly PropertyKey[]): Problem[] {
  const path = [...at, ...issue.path];
  const one = (problem: string, ...more: PropertyKey[]): Problem => ({ path: [...path, ...more].map(String).join('.'), problem });
  switch (issue.code) {
    // Told in one, a line for each name.
    case 'unrecognized_keys': return issue.message.split('\n').map((line, i) => one(line, issue.keys[i] ?? ''));
    case 'invalid_key': return [one(issue.issues[0]?.message ?? issue.message)];
    case 'invalid_union': {
      // What it was most likely meant to be is what fits farthest.
      const best = issue.errors.map((errors) => ({ errors, far: Math.max(0, ...errors.map((error) => error.path.length)) }))
        .sort((a, b) => b.far - a.far || a.errors.length - b.errors.length)[0];
      return best === undefined || best.far === 0 ? [one(issue.message)] : best.errors.flatMap((error) => told(error, path));
    }
    default: return [one(issue.message)];
  }
}

/** What zod says, in our words. */
export function sentence(issue: z.core.$ZodRawIssue): string | undefined {
  const { input } = issue;
  switch (issue.code) {
    case 'unrecognized_keys': return issue.keys.map((key: string) => noSuch('', key, Object.keys(shapeOf(issue.inst)))).join('\n');
    case 'invalid_union': {
      const { discriminator, options } = issue as { discriminator?: string; options?: readonly unknown[] };
      return discriminator === undefined ? undefined : oneOf(fieldOf(input, discriminator), options ?? []);
    }
    case 'invalid_type': {
      const right = TYPES[issue.expected] ?? issue.expected;
      return input === undefined ? `is missing: give ${right}` : `must be ${right}, not ${kindOf(input)}`;
    }
    case 'invalid_value': return oneOf(input, issue.values);
    case 'too_small': return issue.origin === 'number' ? `must be at least ${issue.minimum}`
      : `must not be shorter than ${issue.minimum}: ${issue.origin === 'string' ? 'write something' : 'add one'}`;
    case 'too_big': return issue.origin === 'number' || issue.origin === 'int' ? `must be at most ${issue.maximum}`
      : `is too long: at most ${issue.maximum} ${issue.origin === 'string' ? 'characters' : 'of them'} may be`;
    default: return undefined;
  }
}

/** Of one that cannot be looked at safely: it has no end, or names the same parts again and again. */
export function tooDeep(definition: unknown): Problem | undefined {
  let level: unknown[] = [definition];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return { path: '', problem: `has lists and objects more than ${DEEPEST} deep in each other: no flow needs that` };
    if (level.length > WIDEST) return { path: '', problem: 'has very many values: put some steps into a flow of their own and "run" it' };
    level = level.flatMap((value) => (value !== null && typeof value === 'object' ? Object.values(value) : []));
  }
  return undefined;
}

export function tooLarge(definition: unknown, most: number): Problem | undefined {
  const kB = new TextEncoder().encode(JSON.stringify(definition) ?? '').length / 1_000;
  return kB <= most / 1_000 ? undefined
    : { path: '', problem: `is ${Math.ceil(kB)} kB, at most ${most / 1_000} kB may be: put some steps into a flow of their own and "run" it` };
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'a text', number: 'a number', int: 'a whole number', boolean: 'true or false', array: 'a list', object: 'an object',
  record: 'an object',
};

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' && !Number.isInteger(value)) return String(value);
  return TYPES[typeof value] ?? typeof value;
}

function oneOf(input: unknown, values: readonly unknown[]): string {
  const all = values.map(String);
  if (input === undefined) return `is missing: give ${all.join(', ')}`.replace(/, ([^,]+)$/, ' or $1');
  return typeof input === 'string' ? noSuch('', input, all) : `must be ${all.join(', ')}`.replace(/, ([^,]+)$/, ' or $1');
}

function fieldOf(input: unknown, name: string): unknown {
  return input !== null && typeof input === 'object' ? (input as Record<string, unknown>)[name] : undefined;
}

function shapeOf(schema: unknown): object {
  return (schema as { _zod?: { def?: { shape?: object } } } | undefined)?._zod?.def?.shape ?? {};
}
