/**
 * What machines ask of a node, on the port that it serves on: whether it lives, whether it should be sent clients, and what
 * it counts. The first two are open to everybody, since balancers have no token and learn nothing from them but that.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Figures, Metrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';
import { Reply, type Asked, type Routes } from './routes.ts';
import type { Settings } from './settings.ts';

export interface OperationsParts {
  node: string;
  readiness: Readiness;
  metrics: Metrics;
  figures(): Figures;
  settings: Pick<Settings, 'metrics'>;
}

export function operationRoutes({ node, readiness, metrics, figures, settings: { metrics: { allow, token } } }: OperationsParts): Routes {
  const ranges = allow.map(rangeOf);
  const may = ({ address, token: shown, forwarded }: Asked): boolean => {
    if (token !== undefined) return shown !== undefined && same(shown, token);
    // What comes through a proxy has the proxy's address, which says nothing of who asks.
    return !forwarded && isWithin(address, ranges);
  };
  return {
    'GET /healthz': async () => ({ ok: true }),
    'GET /readyz': async () => {
      const { reasons } = readiness;
      return new Reply(reasons.length === 0 ? 200 : 503, 'application/json', `${JSON.stringify({ ready: reasons.length === 0, reasons, node })}\n`);
    },
    'GET /metrics': async (asked) => {
      if (!may(asked)) {
        throw new Refusal('forbidden', token === undefined ? 'metrics.allow names the addresses that may read this' : 'metrics.token is what opens this');
      }
      return new Reply(200, metrics.type, await metrics.text(figures()));
    },
  };
}

type Ranges = readonly [ipaddr.IPv4 | ipaddr.IPv6, number][];

function rangeOf(text: string): [ipaddr.IPv4 | ipaddr.IPv6, number] {
  if (text.includes('/')) return ipaddr.parseCIDR(text);
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}

function isWithin(text: string, ranges: Ranges): boolean {
  if (!ipaddr.isValid(text)) return false;
  // A socket that listens for both kinds writes the older one as ::ffff:127.0.0.1.
  const address = ipaddr.process(text);
  return ranges.some((range) => range[0].kind() === address.kind() && address.match(range));
}

/** In the same time, whatever stands there. */
function same(shown: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(shown), digest(token));
}
