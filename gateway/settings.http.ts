/**
 * Where flows may send HTTP requests besides the public internet, and the secrets that go with them. They stand in the file
 * alone: whoever writes flows names a secret, and never sees it.
 */
import { z } from 'zod';
import { hostOf, type Host } from './reach.ts';
import { id } from './settings.words.ts';

const host = z.string().max(300).refine((text) => hostOf(text) !== undefined,
  'is no host: write a name or an address, with a port if it is not 80 or 443, for instance "crm.example.com" or "127.0.0.1:9000"');

export const http = z.strictObject({
  allow: z.array(host).max(100).default([]).describe('Hosts that flows may call although they are private, or at another port than 80 and 443'),
});

export const secrets = z.record(id, z.strictObject({
  value: z.string().min(1).max(8_000).refine(isSendable, 'has characters that no header can hold: it has visible ones of ASCII, and spaces inside'),
  hosts: z.array(host).min(1, 'names no host: a secret is sent only to those named here').max(20)
    .describe('The only hosts it is ever sent to'),
})).refine((all) => Object.keys(all).length <= 100, 'has more than 100 secrets');

/** What calls of a workspace's flows may reach and say. */
export interface Outside {
  allow: readonly Host[];
  secrets: ReadonlyMap<string, { value: string; hosts: readonly Host[] }>;
}

/** Public hosts, and no secrets. */
export const NOTHING_OUTSIDE: Outside = { allow: [], secrets: new Map() };

export function outsideFor(own: { http: z.infer<typeof http>; secrets: z.infer<typeof secrets> }): Outside {
  const hosts = (texts: readonly string[]): Host[] => texts.flatMap((text) => hostOf(text) ?? []);
  const all = Object.entries(own.secrets).map(([name, secret]) => [name, { value: secret.value, hosts: hosts(secret.hosts) }] as const);
  return { allow: hosts(own.http.allow), secrets: new Map(all) };
}

function isSendable(value: string): boolean {
  return /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value);
}
