/** What agents are told of refusals: the whole table of codes, where the core keeps only what customers meet. */
import { errorOf as coreErrorOf, ParleyError, type ErrorName } from '../error.ts';
import { CODES, type CodeName } from '../protocol/codes.ts';

const names = Object.keys(CODES) as CodeName[];

export function errorOf(code: number, detail: string): ParleyError {
  const name = names.find((known) => CODES[known].code === code);
  if (name === undefined) return coreErrorOf(code, detail);
  const { what, mend } = CODES[name];
  return new ParleyError(name, detail, code, [code, what, mend]);
}

/** What a gateway answers over HTTP instead of what was asked for. */
export interface Refused {
  readonly code?: number;
  readonly name?: string;
  readonly error?: string;
  readonly mend?: string;
  readonly detail?: string;
}

/** `status`: of an answer that names no code, for instance a proxy's. */
export function refusedBy({ code = 0, error = '', mend = '', detail = '' }: Refused, status: number): ParleyError {
  if (names.some((known) => CODES[known].code === code)) return errorOf(code, detail);
  const name: ErrorName = status >= 500 ? 'unanswered' : 'unknown';
  const what = error || `The server answered ${status}.`;
  return new ParleyError(name, detail, code, [code, what, mend || 'Try again later.']);
}
