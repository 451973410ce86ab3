/** What can go wrong, told in two texts: what happened, and how to mend it. */
import { CODES, type CodeName } from './protocol/codes.ts';

/** Codes that the SDK itself gives, beside those of the server. */
const OWN = {
  unauthorized: { code: 4190, what: 'getToken refused to give a token.', mend: 'Sign in again, then call identify.' },
  unanswered: { code: 1090, what: 'The server did not answer in time.', mend: 'Look at the connection, then try again.' },
  outboxFull: { code: 1190, what: 'Too many messages wait to be sent.', mend: 'Wait until the connection is back, or discard some.' },
  discarded: { code: 1191, what: 'The message was discarded before it was sent.', mend: 'Nothing to mend: it was taken back here.' },
  closed: { code: 1192, what: 'This client was signed out.', mend: 'Make a new client.' },
} as const;
export type ErrorName = CodeName | keyof typeof OWN | 'unknown';

export class ParleyError extends Error {
  override readonly name: ErrorName;
  readonly code: number;
  /** What went wrong. */
  readonly what: string;
  /** What to do about it. */
  readonly mend: string;
  /** What this one time adds to it. */
  readonly detail: string;

  constructor(name: ErrorName, detail = '', code?: number) {
    const known = name === 'unknown' ? UNKNOWN : name in OWN ? OWN[name as keyof typeof OWN] : CODES[name as CodeName];
    const what = detail === '' ? known.what : `${known.what} ${detail}`;
    super(`${what} ${known.mend}`);
    this.name = name;
    this.code = code ?? known.code;
    this.what = what;
    this.mend = known.mend;
    this.detail = detail;
  }
}

const UNKNOWN = { code: 0, what: 'The server gave a code that this version does not know.', mend: 'Update the SDK.' };

/** The name of a code, whatever its origin. */
export function nameOf(code: number): ErrorName {
  for (const [name, known] of Object.entries({ ...CODES, ...OWN })) if (known.code === code) return name as ErrorName;
  return 'unknown';
}

export const errorOf = (code: number, detail = ''): ParleyError => new ParleyError(nameOf(code), detail, code);

/** Thrown by `getToken` when this person may not sign in: final, where any other error is tried again. */
export class Unauthorized extends Error {
  override readonly name = 'Unauthorized';
}
