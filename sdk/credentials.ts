/** The device's id and the token to show: from the app, or from the gateway for an anonymous visitor. */
import type { TokenReason } from './connection.ts';
import { ParleyError, Unauthorized } from './error.ts';
import type { House } from './house.ts';
import { ask } from './http.ts';
import { read } from './storage.ts';

export type GetToken = (why: { reason: TokenReason }) => Promise<string>;

export interface Credentials {
  /** A ULID that stays with this storage; another one until that has answered. */
  device(): string;
  load(): Promise<void>;
  /** @throws ParleyError when there will never be one; any other error may pass. */
  token(reason: TokenReason): Promise<string>;
  /** From now on the app says who this is. */
  identified(getToken: GetToken): void;
}

export function createCredentials(house: House): Credentials {
  const { storage, keep, ids, options, base } = house;
  const { workspace } = options;
  let { getToken } = options;
  let device = ids.next();

  async function visitor(reason: TokenReason): Promise<string> {
    const known = await read(storage, 'token');
    if (typeof known === 'string' && reason === 'first') return known;
    const { status, said: { token } } = await ask('POST', `${base}/auth/visitor`, { device, token: known, workspace });
    if (status === 403) throw new ParleyError('originRefused');
    if (typeof token !== 'string') throw new Error(`HTTP ${status}`);
    await keep('token', token);
    return token;
  }

  return {
    device: () => device,
    async load() {
      const known = await read(storage, 'device');
      if (typeof known === 'string') device = known;
      else await keep('device', device);
    },
    async token(reason) {
      await house.loaded;
      try {
        return await (getToken ? getToken({ reason }) : visitor(reason));
      } catch (error) {
        throw error instanceof Unauthorized ? new ParleyError('unauthorized', error.message) : error;
      }
    },
    identified: (get) => void (getToken = get),
  };
}
