/** Who the agent is: a token in this browser, got for a one-time code and renewed before it ends. */
import { Unauthorized, type ClientOptions } from '../index.ts';
import { keep, kept } from '../ui/keep.ts';

type GetToken = NonNullable<ClientOptions['getToken']>;
const KEPT = 'parley.console.token';

/** What an attempt to sign in came to. */
export type SignIn = 'in' | 'none' | 'used' | 'failed';

/** Takes the code out of the address, so that it is neither shown nor kept in the history, and spends it. */
export async function signIn(): Promise<SignIn> {
  const code = /^#code=([\w.~-]{1,200})$/u.exec(location.hash)?.[1];
  if (!code) return kept(KEPT) ? 'in' : 'none';
  history.replaceState(null, '', location.pathname + location.search);
  try {
    const token = await post('/auth/code', { code });
    if (token === null) return kept(KEPT) ? 'in' : 'used';
    keep(KEPT, token);
    return 'in';
  } catch {
    return 'failed';
  }
}

export const getToken: GetToken = async ({ reason }) => {
  const token = kept(KEPT);
  if (token === null) throw new Unauthorized('There is no sign-in.');
  if (reason === 'first') return token;
  const renewed = await post('/auth/renew', { token });
  if (renewed === null) throw new Unauthorized('The sign-in has ended.');
  keep(KEPT, renewed);
  return renewed;
};

export function forget(): void {
  keep(KEPT, null);
}

/** The token of the answer; null when the gateway refuses. Anything else is trouble on the way, and throws. */
async function post(path: string, body: Record<string, string>): Promise<string | null> {
  const answer = await fetch(path, {
    method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), cache: 'no-store',
  });
  if (answer.status >= 400 && answer.status < 500 && answer.status !== 429) return null;
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
  const said: unknown = await answer.json();
  if (typeof said === 'object' && said !== null && 'token' in said && typeof said.token === 'string') return said.token;
  throw new Error(`${path} answered without a token`);
}
