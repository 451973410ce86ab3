/** The device's id and the token to show: from the app, or from the gateway for an anonymous visitor. */
import type { TokenReason } from './connection.ts';
import { ParleyError, Unauthorized } from './error.ts';
import type { House } from './house.ts';

export type GetToken = (why: { reason: TokenReason }) => Promise<string>;

export class Credentials {
  /** A ULID that stays with this storage. Another one until that has answered. */
  device: string;
  readonly #house: House;
  #getToken: GetToken | undefined;

  constructor(house: House) {
    this.#house = house;
    this.#getToken = house.options.getToken;
    this.device = house.ids.next();
  }

  async load(): Promise<void> {
    const { storage } = this.#house;
    const known = await storage.get('device').catch(() => {});
    if (known) this.device = known;
    else await this.#house.keep('device', this.device);
  }

  /** @throws ParleyError when there will never be one; any other error may pass. */
  async token(reason: TokenReason): Promise<string> {
    await this.#house.loaded;
    try {
      return await (this.#getToken ? this.#getToken({ reason }) : this.#visitor(reason));
    } catch (error) {
      throw error instanceof Unauthorized ? new ParleyError('unauthorized', error.message) : error;
    }
  }

  /** From now on the app says who this is. */
  identified(getToken: GetToken): void {
    this.#getToken = getToken;
    void this.#house.keep('token', null);
  }

  async forget(): Promise<void> {
    for (const key of ['token', 'device', 'me']) await this.#house.keep(key, null);
  }

  async #visitor(reason: TokenReason): Promise<string> {
    const { storage, base } = this.#house;
    const known = await storage.get('token').catch(() => {});
    if (known && reason === 'first') return known;
    const body = JSON.stringify({ device: this.device, token: known });
    const response = await fetch(`${base}/auth/visitor`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    if (response.status === 403) throw new ParleyError('originRefused');
    const { token } = (await response.json()) as { token?: unknown };
    if (typeof token !== 'string') throw new Error(`HTTP ${response.status}`);
    await this.#house.keep('token', token);
    return token;
  }
}
