/**
 * Every setting, once: its unit, default and limits. From a JSON file; flags win over it. Unknown names are errors.
 */
import { createPublicKey } from 'node:crypto';
import { z } from 'zod';
import { LONGEST_WINDOW_MS, POLICIES, problemOf, type Policy, type Styles } from '../machines/style.ts';
import { nearest } from './nearest.ts';

const style = z.enum(['chat', 'repeat', 'social']);

const hours = z.strictObject({
  zone: z.string().refine(isZone, 'is not an IANA time zone, for instance "Europe/Rome"').default('UTC'),
  week: z.array(z.array(z.tuple([z.int().min(0).max(1440), z.int().min(0).max(1440)])).max(10)
    .refine((day) => day.every(([from, to], i) => from < to && from >= (day[i - 1]?.[1] ?? 0)),
      'has hours that end before they begin, or that are not in order')).length(7)
    .default(POLICIES.repeat.hours.week as [number, number][][])
    .describe('Sunday first; each day a list of [from, to] in minutes after midnight'),
});

const policy = z.strictObject({
  windowMs: z.int().min(0).max(LONGEST_WINDOW_MS, `is over the longest window of 28 days (${LONGEST_WINDOW_MS} ms)`).optional()
    .describe('From Solved to Closed, in milliseconds, at most 28 days. Defaults: repeat 1 hour, social 4 days'),
  clock: z.enum(['business', 'calendar']).optional().describe('Which time counts. Defaults: repeat business, social calendar'),
  silenceMs: z.int().min(1_000).max(LONGEST_WINDOW_MS).default(POLICIES.chat.silenceMs)
    .describe('A customer silent for this long is inactive. Default 10 min'),
});

const key = z.strictObject({
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

const workspace = z.strictObject({
  name: z.string().min(1).max(120).default('Parley demo'),
  style: style.default('chat').describe('For channels and rules that name none'),
  channels: z.record(z.string().regex(/^[a-z0-9-]{1,40}$/), z.strictObject({ style: style.optional() }))
    .default({ web: {}, repeat: { style: 'repeat' }, social: { style: 'social' } }),
  rules: z.array(z.strictObject({
    style, channel: z.string().optional(), identified: z.boolean().optional(), contains: z.string().min(1).max(200).optional(),
  })).max(100).default([]).describe('The first that fits a new ticket decides its style'),
  policies: z.strictObject({ chat: policy.optional(), repeat: policy.optional(), social: policy.optional() }).default({}),
  hours: hours.prefault({}),
  allowedOrigins: z.array(z.string().refine(isOrigin, 'is not a web origin, for instance "https://shop.example.com"')).max(200).default([])
    .describe('Web origins that may embed the widget, besides the gateway\'s own'),
  keys: z.array(key).max(20).default([]).describe('Keys of your own back end, for customers and agents'),
});

export const settings = z.strictObject({
  workspaces: z.record(z.string().regex(/^[a-z0-9-]{1,40}$/), workspace).default({}).describe('By id. "demo" is always there'),
  limits: z.strictObject({
    framesPerSecond: z.number().positive().default(50).describe('Of one connection, in the long run'),
    frameBurst: z.int().positive().default(200).describe('Of one connection, at once'),
    personFramesPerSecond: z.number().positive().default(100),
    personFrameBurst: z.int().positive().default(400),
    visitorsPerSecond: z.number().positive().default(20).describe('New visitors from one address'),
    visitorBurst: z.int().positive().default(300),
    connections: z.int().positive().default(15_000),
  }).prefault({}),
  heartbeatMs: z.int().min(1_000).max(300_000).default(25_000),
  idleMs: z.int().min(1_000).default(300_000).describe('An actor without work for this long leaves memory'),
  shards: z.int().min(1).max(1024).default(16).describe('Fixed when the data folder is created'),
});
export type Settings = z.infer<typeof settings>;
export type Workspace = z.infer<typeof workspace>;

export function parseSettings(json: unknown): Settings {
  const parsed = settings.safeParse(json);
  if (!parsed.success) {
    throw new Error(`The settings are not right:\n${parsed.error.issues.map(sentence).join('\n')}`);
  }
  const found = parsed.data;
  found.workspaces.demo ??= workspace.parse({});
  for (const [id, w] of Object.entries(found.workspaces)) {
    for (const policyOf of Object.values(stylesOf(w).policies)) {
      const problem = problemOf(policyOf);
      if (problem !== undefined) throw new Error(`The settings are not right:\n  workspaces.${id}.policies.${policyOf.style}: ${problem}`);
    }
    for (const rule of w.rules) {
      if (rule.channel !== undefined && !Object.hasOwn(w.channels, rule.channel)) {
        const there = Object.keys(w.channels).join(', ');
        throw new Error(`The settings are not right:\n  workspaces.${id}.rules: there is no channel "${rule.channel}"; there are ${there}`);
      }
    }
  }
  const kids = Object.values(found.workspaces).flatMap(({ keys }) => keys.map(({ kid }) => kid));
  const twice = kids.find((kid, i) => kids.indexOf(kid) !== i);
  if (twice !== undefined) throw new Error(`The settings are not right:\n  workspaces: two keys have the kid "${twice}"; each needs its own`);
  return found;
}

/** One line for the operator: where, and what is wrong; for a name that is unknown, which one may be meant. */
function sentence(issue: z.core.$ZodIssue): string {
  const where = issue.path.join('.') || 'settings';
  if (issue.code === 'invalid_key') return `  ${where}: a name has 1 to 40 of a-z, 0-9 and "-"`;
  if (issue.code !== 'unrecognized_keys') return `  ${where}: ${issue.message}`;
  const known = namesAt(issue.path);
  return issue.keys.map((key) => {
    const meant = nearest(key, known);
    return `  ${where}: there is no "${key}"; ${meant === undefined ? `there are ${known.join(', ')}` : `did you mean "${meant}"?`}`;
  }).join('\n');
}

interface Shape {
  properties?: Record<string, Shape>;
  additionalProperties?: Shape | boolean;
  items?: Shape;
}

function namesAt(path: readonly PropertyKey[]): string[] {
  let at: Shape | undefined = z.toJSONSchema(settings, { io: 'input' }) as Shape;
  for (const part of path) {
    const here: Shape = at ?? {};
    at = here.properties?.[String(part)] ?? (typeof here.additionalProperties === 'object' ? here.additionalProperties : here.items);
  }
  return Object.keys(at?.properties ?? {});
}

export function stylesOf({ style: base, channels, rules, policies, hours: open }: Workspace): Styles {
  const own = (name: Policy['style']): Policy => ({
    ...POLICIES[name], hours: open, ...dropUndefined(policies[name] ?? {}),
  });
  return { style: base, channels, rules, policies: { chat: own('chat'), repeat: own('repeat'), social: own('social') }, teams: [] };
}

function dropUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as Partial<T>;
}

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

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

/** As browsers say it, scheme, name and port; "null" is what they say for pages of nobody. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, origin, href } = new URL(text);
  return /^https?:$/.test(protocol) && href === `${origin}/` && !href.includes('*');
}
