/** The device's id and the token to show: from the app, or from the gateway for an anonymous visitor. */
import type { TokenReason } from './connection.ts';
import { ParleyError, Unauthorized } from './error.ts';
import type { Ids } from './ids.ts';
import type { Storage } from './storage.ts';

export type GetToken = (why: { reason: TokenReason }) => Promise<string>;

export interface CredentialsOptions {
  /** Where the gateway answers HTTP. */
  base: string;
  storage: Storage;
  ids: Ids;
  getToken: GetToken | undefined;
}

export class Credentials {
  readonly #options: CredentialsOptions;
  #getToken: GetToken | undefined;
  #device = '';

  constructor(options: CredentialsOptions) {
    this.#options = options;
    this.#getToken = options.getToken;
  }

  /** A ULID that stays with this storage. Known after `load`. */
  get device(): string {
    return this.#device;
  }

  async load(): Promise<void> {
    const { storage, ids } = this.#options;
    const known = await storage.get('device').catch(() => undefined);
    this.#device = known ?? ids.next();
    if (known === undefined) await storage.set('device', this.#device).catch(() => {});
  }

  /** @throws ParleyError when there will never be one; any other error may pass. */
  async token(reason: TokenReason): Promise<string> {
    if (this.#getToken === undefined) return this.#visitor(reason);
    try {
      return await this.#getToken({ reason });
    } catch (error) {
      throw error instanceof Unauthorized ? new ParleyError('unauthorized', error.message) : error;
    }
  }

  /** From now on the app says who this is; the visitor's token has served its time once that is accepted. */
  identified(getToken: GetToken): void {
    this.#getToken = getToken;
    void this.#options.storage.delete('token').catch(() => {});
  }

  async forget(): Promise<void> {
    const { storage } = this.#options;
    for (const key of ['token', 'device', 'me']) await storage.delete(key);
  }

  async #visitor(reason: TokenReason): Promise<string> {
    const { storage, base } = this.#options;
    const known = reason === 'refused' ? undefined : await storage.get('token').catch(() => undefined);
    if (reason === 'first' && known !== undefined) return known;
    const response = await fetch(`${base}/auth/visitor`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ device: this.#device, token: known }),
    });
    if (response.status === 403) throw new ParleyError('originRefused');
    if (!response.ok) throw new Error(`The gateway gave no visitor's token: HTTP ${response.status}.`);
    const { token } = (await response.json()) as { token: string };
    await storage.set('token', token).catch(() => {});
    return token;
  }
}
