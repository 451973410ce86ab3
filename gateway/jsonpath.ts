/**
 * What a flow keeps of an answer: JSONPath as RFC 9535 has it, without its two functions for regular expressions, which
 * would run on texts of strangers. The library evaluates nothing and looks at own properties only; what a path may cost is
 * counted here, since `$..*..*` on a large answer has no end worth waiting for.
 */
import { JSONPathEnvironment, JSONPathError } from 'json-p3';
import type { Json, Value } from '../machines/flows/flow.ts';
import { wellFormed } from '../sdk/protocol/utf8.ts';
import { Unanswered } from './unanswered.ts';

const PATH_CHARS = 200;
const TEXT_CHARS = 1_000;
/** Looks into one answer, by all paths together: some tenth of a second. */
const LOOKS_MAX = 100_000;
const REGULAR = ['match', 'search'];

const rfc9535 = new JSONPathEnvironment();
for (const name of REGULAR) rfc9535.functionRegister.delete(name);

/** What is wrong with a path, and what to do; undefined for nothing. */
export function pathProblem(path: string): string | undefined {
  if (path.length > PATH_CHARS) return `is longer than ${PATH_CHARS} characters`;
  try {
    rfc9535.compile(path);
    return undefined;
  } catch (error) {
    const regular = REGULAR.find((name) => new RegExp(`\\b${name}\\s*\\(`).test(path));
    if (regular !== undefined) return `uses ${regular}(), which is not offered: compare with == or choose with an index`;
    if (!path.startsWith('$')) return 'is no JSONPath: it begins with "$", for instance "$.customer.type"';
    return `is no JSONPath (RFC 9535)${error instanceof JSONPathError ? `: ${error.message}` : ''}`;
  }
}

/**
 * Of each path the first thing that it finds, if that is a text of at most 1,000 characters, a number or a boolean.
 * @throws Unanswered when a path takes too much work on this answer
 */
export function found(map: readonly { path: string; save: string }[], answer: Json): Record<string, Value> {
  const values: Record<string, Value> = {};
  const looks = { left: LOOKS_MAX };
  for (const { path, save } of map) {
    // A path with many selectors looks as often at whatever it comes to.
    const seen = watched(answer, looks, path.split(',').length);
    const value = firstOf(path, seen);
    if (isValue(value)) values[save] = value;
  }
  return values;
}

function firstOf(path: string, answer: unknown): unknown {
  try {
    return rfc9535.compile(path).match(answer as never)?.value;
  } catch {
    throw new Unanswered(`the answer is too large or too deep for the path ${path}`);
  }
}

function isValue(value: unknown): value is Value {
  if (typeof value === 'string') return value.length <= TEXT_CHARS && wellFormed(value);
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

/** The same value, of which every look into it is counted. */
function watched(root: unknown, looks: { left: number }, weight: number): unknown {
  const look = (): void => {
    looks.left -= weight;
    if (looks.left < 0) throw new Error('too many looks');
  };
  const wrap = (value: unknown): unknown => (typeof value === 'object' && value !== null ? new Proxy(value, handler) : value);
  const handler: ProxyHandler<object> = {
    get(target, key) { look(); return wrap(Reflect.get(target, key)); },
    has(target, key) { look(); return Reflect.has(target, key); },
    ownKeys(target) { look(); return Reflect.ownKeys(target); },
    getOwnPropertyDescriptor(target, key) { look(); return Reflect.getOwnPropertyDescriptor(target, key); },
  };
  return wrap(root);
}
