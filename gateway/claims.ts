/** What the token of a workspace's own back end says of a customer beside who they are: it stands before all else that is known. */
import type { JWTPayload } from 'jose';
import type { ContactCommand } from '../machines/contact.ts';
import { fieldsOfLocale, type Fields } from '../machines/fields.ts';
import { contactOf } from './hear.ts';
import type { Host } from './host.ts';
import type { Identity } from './identity.ts';

/** By OpenID's names: `email` and `phone_number`, unless they are said not to be verified, and `locale`. */
export function claimsOf({ email, email_verified: isEmail, phone_number: phone, phone_number_verified: isPhone, locale }: JWTPayload): Fields {
  return {
    ...typeof email === 'string' && isEmail !== false ? { email } : {}, ...typeof phone === 'string' && isPhone !== false ? { phone } : {},
    ...typeof locale === 'string' ? fieldsOfLocale(locale) : {},
  };
}

/**
 * Resolves when the contact has them, so that whatever is asked next is asked of somebody who is known. One who cannot be
 * told now is told by the next connection.
 */
export function keepClaims(host: Host, { who, workspace, claims }: Identity): Promise<void> {
  if (Object.keys(claims).length === 0) return Promise.resolve();
  const { id, name, identified } = who;
  const command: ContactCommand = { type: 'set', who: { role: 'system', id, name, identified }, fields: claims, ifMissing: false };
  return new Promise((resolve) => { host.tell(contactOf(workspace, id), command, () => resolve()); });
}
