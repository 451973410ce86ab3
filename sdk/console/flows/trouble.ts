/** What went wrong with a flow, in the reader's words: what is not there is a flow here, and no conversation. */
import { ParleyError } from '../../index.ts';
import { troubleOf } from '../trouble.ts';
import { FLOWS } from './words.ts';

export function flowTrouble(error: unknown): { readonly what: string; readonly mend: string } {
  const gone = error instanceof ParleyError && error.name === 'notFound';
  return gone ? { what: FLOWS.gone, mend: '' } : troubleOf(error);
}
