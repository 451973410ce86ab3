/** Keys of a workspace's own back end, with which it signs its customers and agents in. They stand in the file alone. */
import { createPublicKey } from 'node:crypto';
import { z } from 'zod';

export const key = z.strictObject({
  kid: z.string().min(1).max(100).refine((kid) => !kid.startsWith('parley-'), 'begins with "parley-", which is for the gateway\'s own keys')
    .describe('Names the key in a token\'s header'),
  algorithm: z.enum(['HS256', 'RS256', 'ES256', 'EdDSA']).describe('The only algorithm this key is used with'),
  secret: z.string().min(32, 'is shorter than 32 characters: use at least 256 random bits').optional(),
  publicKey: z.string().max(10_000).optional().describe('PEM (SPKI), for all but HS256'),
  issuer: z.string().min(1).describe('Required in tokens: iss'),
  audience: z.string().min(1).describe('Required in tokens: aud'),
  roles: z.array(z.enum(['customer', 'agent'])).min(1).describe('Whom it may sign in'),
}).refine((k) => (k.algorithm === 'HS256') === (k.secret !== undefined), 'HS256 needs a secret, the others a publicKey')
  .refine((k) => k.algorithm === 'HS256' || (k.secret === undefined && fits(k.publicKey ?? '', k.algorithm)), {
    path: ['publicKey'], message: 'is not the PEM of a public key ("-----BEGIN PUBLIC KEY-----") for this algorithm; RSA has at least 2048 bits',
  });

/** Whether this is a public key that may verify this algorithm, and nothing more secret. */
function fits(pem: string, algorithm: 'RS256' | 'ES256' | 'EdDSA'): boolean {
  if (!pem.includes('-----BEGIN PUBLIC KEY-----')) return false;
  try {
    const { asymmetricKeyType: type, asymmetricKeyDetails: details } = createPublicKey(pem);
    switch (algorithm) {
      case 'RS256': return type === 'rsa' && (details?.modulusLength ?? 0) >= 2048;
      case 'ES256': return type === 'ec' && details?.namedCurve === 'prime256v1';
      case 'EdDSA': return type === 'ed25519';
    }
  } catch {
    return false;
  }
}
