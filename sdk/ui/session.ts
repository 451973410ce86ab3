/**
 * Who the agent is: a token in this browser, got for a one-time code and renewed before it ends. The demo page hands
 * its own to the console beside it, in the storage of that tab alone.
 */
import { Unauthorized, type GetToken } from '../index.ts';

const KEPT = 'parley.console.token';

/** What an attempt to sign in came to. */
export type SignIn = 'in' | 'none' | 'used' | 'failed';

/** Takes the code out of the address, so that it is neither shown nor kept in the history, and spends it. */
export async function signIn(): Promise<SignIn> {
  const code = /^#code=([\w.~-]{1,200})$/u.exec(location.hash)?.[1];
  if (!code) return place() ? 'in' : 'none';
  history.replaceState(null, '', location.pathname + location.search);
  try {
    const token = await post('/auth/code', { code });
    if (token === null) return place() ? 'in' : 'used';
    forget();
    localStorage.setItem(KEPT, token);
    return 'in';
  } catch {
    return 'failed';
  }
}

/** The sign-in of this tab. */
export function adopt(token: string): void {
  sessionStorage.setItem(KEPT, token);
}

export const getToken: GetToken = async ({ reason }) => {
  const kept = place();
  const token = kept?.getItem(KEPT);
  if (!kept || !token) throw new Unauthorized('There is no sign-in.');
  if (reason === 'first') return token;
  const renewed = await post('/auth/renew', { token });
  if (renewed === null) throw new Unauthorized('The sign-in has ended.');
  kept.setItem(KEPT, renewed);
  return renewed;
};

export function forget(): void {
  sessionStorage.removeItem(KEPT);
  localStorage.removeItem(KEPT);
}

function place(): Storage | null {
  return [sessionStorage, localStorage].find((kept) => kept.getItem(KEPT) !== null) ?? null;
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
