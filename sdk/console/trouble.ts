/**
 * What went wrong in the reader's language. English is what the gateway itself says; it also stands in for what has no
 * words yet.
 */
import { ParleyError, type ErrorName } from '../index.ts';
import { SPOKEN } from './languages/choice.ts';
import { csTrouble } from './languages/cs.trouble.ts';
import { itTrouble } from './languages/it.trouble.ts';
import { ptTrouble } from './languages/pt.trouble.ts';

/** What agents may meet in their work. */
type Met = Extract<ErrorName,
  | 'forbidden' | 'notFound' | 'invalid' | 'tooLarge' | 'ticketClosed' | 'wrongStatus' | 'quarantined' | 'damaged'
  | 'superseded' | 'conflict' | 'noCapacity' | 'offerGone' | 'inUse' | 'rateLimited' | 'overloaded' | 'storeUnavailable'
  | 'unanswered' | 'outboxFull'>;
export type Troubles = Readonly<Record<Met, readonly [what: string, mend: string]>>;

const TROUBLES: Readonly<Partial<Record<ErrorName, readonly [what: string, mend: string]>>> =
  { en: {}, it: itTrouble, pt: ptTrouble, cs: csTrouble }[SPOKEN.language];

export function troubleOf(error: unknown): { readonly what: string; readonly mend: string } {
  if (!(error instanceof ParleyError)) return { what: error instanceof Error ? error.message : String(error), mend: '' };
  const [what, mend] = TROUBLES[error.name] ?? [error.what, error.mend];
  return { what, mend };
}
