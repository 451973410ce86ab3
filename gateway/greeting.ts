/** How a connection begins: what the upgrade agreed on, whom HELLO's token lets in, and what WELCOME says. */
import type { WebSocket } from 'ws';
import type { Codec } from '../sdk/protocol/codec.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Said, Told } from '../sdk/protocol/frames.ts';
import type { Buckets } from './bucket.ts';
import { keepClaims } from './claims.ts';
import type { Clock } from './clock.ts';
import type { Desks } from './desks.ts';
import { contactOf } from './hear.ts';
import type { Host } from './host.ts';
import { employed, type Identities, type Identity } from './identity.ts';
import { hasBecome } from './renewal.ts';
import { tellMe } from './tell.ts';

/** The socket, and what is known of it before it says a word. */
export interface Upgraded {
  ws: WebSocket;
  codec: Codec;
  /** The foreign page that opened it; undefined for the gateway's own pages and for apps. */
  origin: string | undefined;
  /** What the device prefers to read, '' when it does not say. */
  language: string;
}

export const FRAME_BYTES = 65_536;
export const TYPING_MS = 6_000;
const SETTINGS = { frameBytes: FRAME_BYTES, window: 16, typingMs: TYPING_MS, backoffMs: 500, backoffMaxMs: 20_000 };

/** @throws Refusal of the token, of the origin that is not of the token's workspace, or of a visitor who has signed in. */
export async function admit(
  { token, device, language }: Extract<Said, { t: 'hello' }>, { origin, language: preferred }: Pick<Upgraded, 'origin' | 'language'>,
  { host, identities, desks }: { host: Host; identities: Identities; desks: Desks },
): Promise<Identity> {
  const identity = await identities.verify(token, device);
  const { who, workspace } = identity;
  if (!desks.allows(workspace, origin)) throw new Refusal('originRefused');
  employed(identity, (of, agent) => desks.employs(of, agent));
  await stillVisits(host, identity);
  await keepClaims(host, identity);
  if (who.role === 'customer') who.language = language ?? preferred;
  return identity;
}

/** An agent who asks over HTTP. @throws Refusal of the token, of the origin, or of one who asks too much */
export async function admitAgent(
  token: string, origin: string | undefined,
  { identities, desks, persons, clock }: { identities: Identities; desks: Desks; persons: Buckets; clock: Clock },
): Promise<Identity> {
  const identity = await identities.verify(token, null);
  const { who, workspace } = identity;
  if (who.role !== 'agent') throw new Refusal('forbidden', 'this is for agents');
  if (!desks.allows(workspace, origin)) throw new Refusal('originRefused');
  employed(identity, (of, agent) => desks.employs(of, agent));
  unhurried(identity, persons, clock);
  return identity;
}

/** A customer who asks over HTTP. @throws Refusal as for agents, and of a visitor who has signed in */
export async function admitCustomer(
  token: string, origin: string | undefined,
  { host, identities, desks, persons, clock }: { host: Host; identities: Identities; desks: Desks; persons: Buckets; clock: Clock },
): Promise<Identity> {
  const identity = await identities.verify(token, undefined);
  const { who, workspace } = identity;
  if (who.role !== 'customer') throw new Refusal('forbidden', 'this is for customers');
  if (!desks.allows(workspace, origin)) throw new Refusal('originRefused');
  await stillVisits(host, identity);
  unhurried(identity, persons, clock);
  return identity;
}

/** @throws Refusal `tokenInvalid` of a visitor who has signed in */
async function stillVisits(host: Host, { who, workspace }: Identity): Promise<void> {
  if (who.identified || !await hasBecome(host, workspace, who.id)) return;
  throw new Refusal('tokenInvalid', 'this visitor has signed in: ask for another visitor\'s token');
}

/** @throws Refusal `rateLimited` */
function unhurried({ who, workspace }: Identity, persons: Buckets, clock: Clock): void {
  const now = clock.now();
  const wait = persons.of(contactOf(workspace, who.id), now).take(now);
  if (wait > 0) throw new Refusal('rateLimited', '', wait);
}

export function welcome(
  { connection, now, heartbeatMs, epoch }: { connection: string; now: number; heartbeatMs: number; epoch: string }, identity: Identity,
): Extract<Told, { t: 'welcome' }> {
  const settings = { ...SETTINGS, heartbeatMs };
  return { t: 'welcome', version: 0, connection, settings, now, tokenExpires: identity.expires, me: tellMe(identity), epoch };
}
