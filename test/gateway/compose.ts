/** The files for Docker as whoever starts them gets them: parsed, merged, and with the variables of their `.env` put in. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const ROOT = join(import.meta.dirname, '..', '..');
export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export interface Service {
  image?: string;
  build?: string;
  environment?: Record<string, string>;
  volumes?: string[];
  networks?: string[];
  ports?: string[];
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[]; interval: string };
  stop_grace_period?: string;
  restart?: string;
  configs?: { source: string; target: string }[];
}
export interface Compose {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
  networks: Record<string, { internal?: boolean }>;
  configs: Record<string, { content: string }>;
}

/** Letters and digits: as the file asks for. The first begins with a digit, which a NATS configuration would read as a number. */
export const SECRETS: Readonly<Record<string, string>> = { NATS_PASSWORD: '1e5gateway', NATS_ROUTES_PASSWORD: '7routes' };

/** As Docker Compose reads it. @throws Error for a required variable that is not there */
export function compose(env: Readonly<Record<string, string>> = SECRETS): Compose {
  const put = (value: unknown): unknown => {
    if (typeof value === 'string') return interpolated(value, env);
    if (Array.isArray(value)) return value.map(put);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, put(each)]));
  };
  return put(parse(textOf('docker-compose.yml'), { merge: true })) as Compose;
}

function interpolated(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\{(\w+)(?:(:[?-])([^}]*))?\})/g, (whole, name?: string, how?: string, other = '') => {
    if (name === undefined) return whole.slice(1);
    const value = env[name] ?? '';
    if (value === '' && how === ':?') throw new Error(`${name} is missing: ${other}`);
    return value === '' && how === ':-' ? other : value;
  });
}
