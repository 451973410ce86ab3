/** What can go wrong, told in two texts: what happened, and how to mend it. */
import { CAUSES, type Cause } from './causes.ts';
import type { CodeName } from './protocol/codes.ts';

/** What the SDK itself finds, beside what the server says. */
const OWN = {
  unanswered: [1090, 'The server did not answer in time.'],
  outboxFull: [1190, 'Too many messages wait to be sent.', 'Wait for the connection, or discard some.'],
  discarded: [1191, 'The message was discarded.', ''],
  unauthorized: [4190, 'getToken gave no token.', 'Sign in again, then call identify.'],
  unknown: [0, 'This version does not know the code.', 'Update the SDK.'],
} as const satisfies Record<string, Cause>;
const ALL: Readonly<Partial<Record<string, Cause>>> = { ...CAUSES, ...OWN };

export type ErrorName = CodeName | keyof typeof OWN;

export class ParleyError extends Error {
  declare readonly name: ErrorName;
  declare readonly code: number;
  /** What went wrong. */
  declare readonly what: string;
  /** What to do about it. */
  declare readonly mend: string;
  /** What this one time adds to it. */
  declare readonly detail: string;

  /** `cause`: what is told of it, where the core has no texts. */
  constructor(name: ErrorName, detail = '', code?: number, cause = ALL[name]!) {
    const [known, what = 'The server cannot take it now.', mend = 'Try again later.'] = cause;
    super(`${what} ${detail} ${mend}`);
    Object.assign(this, { name, code: code ?? known, what: `${what} ${detail}`.trim(), mend, detail });
  }
}

/** The name of a code, whatever its origin. */
export const nameOf = (code: number): ErrorName =>
  (Object.keys(ALL) as ErrorName[]).find((name) => ALL[name]![0] === code) ?? 'unknown';

export const errorOf = (code: number, detail: string): ParleyError => new ParleyError(nameOf(code), detail, code);

/** Thrown by `getToken` when this person may not sign in: final, where any other error is tried again. */
export class Unauthorized extends Error {
  override readonly name = 'Unauthorized';
}
