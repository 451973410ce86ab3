/**
 * What a page asks before it has a socket: a token for a visitor, or for an agent with a link; also whether the node lives,
 * and the ticket machine as a picture.
 */
import { Refusal } from '../sdk/protocol/codes.ts';
import { canonical } from '../sdk/protocol/ulid.ts';
import { Buckets } from './bucket.ts';
import { chartOf } from './chart.ts';
import type { Clock } from './clock.ts';
import type { Desks } from './desks.ts';
import type { Host } from './host.ts';
import type { Identities } from './identity.ts';
import { hasBecome } from './renewal.ts';
import type { Routes } from './routes.ts';
import type { Settings } from './settings.ts';

export interface AuthParts {
  host: Host;
  desks: Desks;
  identities: Identities;
  settings: Settings;
  clock: Clock;
  /** Whether readers of the demo page are signed in as an agent. */
  demo: boolean;
}

const DEMO = 'demo';

export function authRoutes({ host, desks, identities, settings, clock, demo }: AuthParts): Routes {
  const visitors = new Buckets(settings.limits.visitorsPerSecond, settings.limits.visitorBurst);
  const all: Routes = {
    'POST /auth/visitor': async ({ body: { device, token, workspace = DEMO }, address, origin }) => {
      const own = typeof device === 'string' ? canonical(device) : undefined;
      if (own === undefined) throw new Refusal('invalid', 'device is a ULID that the client keeps');
      if (typeof workspace !== 'string' || desks.of(workspace) === undefined) throw new Refusal('invalid', 'there is no such workspace');
      if (!desks.allows(workspace, origin)) throw new Refusal('originRefused');
      const wait = visitors.of(address, clock.now()).take(clock.now());
      if (wait > 0) throw new Refusal('rateLimited', '', wait);
      const earlier = typeof token === 'string' ? token : undefined;
      return { token: await identities.visitor(workspace, own, earlier, (id) => hasBecome(host, workspace, id)) };
    },
    'POST /auth/code': async ({ body: { code } }) => {
      if (typeof code !== 'string') throw new Refusal('invalid', 'code is the part of the link after #code=');
      return { token: await identities.redeem(code) };
    },
    'POST /auth/renew': async ({ body: { token } }) => {
      if (typeof token !== 'string') throw new Refusal('invalid', 'token is the one to renew');
      return { token: await identities.renew(token, (workspace, agent) => desks.employs(workspace, agent)) };
    },
    'GET /machines/ticket': ({ query }) => {
      const style = query.get('style') ?? 'chat';
      if (style !== 'chat' && style !== 'repeat' && style !== 'social') throw new Refusal('invalid', 'style is chat, repeat or social');
      return Promise.resolve(chartOf(style, desks.worldOf(DEMO).styles.policies[style]));
    },
  };
  if (!demo) return all;
  return {
    ...all,
    // A page elsewhere may have given its own name to this address, and a proxy may pass on what strangers ask.
    'GET /demo/agent': async ({ local }) => {
      if (!local) throw new Refusal('forbidden', 'the demo signs in readers on this machine only: open it as localhost');
      const admin = desks.of(DEMO)?.admin;
      if (admin === undefined) throw new Refusal('notFound', 'the demo has no agent');
      return { token: await identities.agent(DEMO, admin) };
    },
  };
}
