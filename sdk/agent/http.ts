/** Questions that are asked over HTTP, with the token of this agent. */
import { ParleyError } from '../error.ts';
import type { House } from '../house.ts';
import { refusedBy, type Refused } from './errors.ts';

/** Resolves with the answer's JSON. Rejects with `ParleyError`: what the server says, or `unanswered`. */
export type Ask = (method: 'GET' | 'PUT' | 'POST', path: string, body?: unknown) => Promise<unknown>;

const DEADLINE_MS = 30_000;

export function createAsk({ base, wire, credentials, after }: House): Ask {
  async function say(token: string, method: string, path: string, body: unknown): Promise<Response> {
    const ending = new AbortController();
    const cancel = after(DEADLINE_MS, () => ending.abort());
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const sent = body === undefined ? null : JSON.stringify(body);
    try {
      return await fetch(base + path, { method, headers, body: sent, cache: 'no-store', signal: ending.signal });
    } catch {
      throw new ParleyError('unanswered');
    } finally {
      cancel();
    }
  }

  return async (method, path, body) => {
    let response = await say(wire.token() ?? (await credentials.token('first')), method, path, body);
    // The token has ended before the connection heard of it.
    if (response.status === 401) response = await say(await credentials.token('expired'), method, path, body);
    const said: unknown = await response.json().catch(() => ({}));
    if (!response.ok) throw refusedBy(said as Refused, response.status);
    return said;
  };
}
