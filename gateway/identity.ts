/**
 * Who somebody is: tokens in, a proven person out. Algorithms are pinned by key; issuer, audience and expiry are
 * required; a token says nothing about which conversations it opens.
 */
import { importSPKI, jwtVerify, SignJWT, errors, decodeProtectedHeader, type CryptoKey } from 'jose';
import { ulid } from 'ulid';
import type { Who } from '../machines/actor.ts';
import { Refusal } from '../sdk/protocol/codes.ts';
import type { Fields } from '../machines/fields.ts';
import { claimsOf } from './claims.ts';
import type { Clock } from './clock.ts';
import type { Invitations } from './invitations.ts';
import type { Settings } from './settings.ts';

export interface Identity {
  who: Who;
  workspace: string;
  /** Milliseconds since 1970. */
  expires: number;
  /** Of a customer, what their own back end says of them. */
  claims: Fields;
  /** An agent whom this gateway itself signed in: only for as long as the settings name them. */
  vouched: boolean;
}

interface Key {
  key: CryptoKey | Uint8Array;
  algorithm: string;
  issuer: string;
  audience: string;
  roles: readonly string[];
  workspace: string;
  own: boolean;
}

const OWN = 'parley';
const VISITOR_SECONDS = 30 * 24 * 3600;
const AGENT_SECONDS = 12 * 3600;
const TOLERANCE_SECONDS = 30;
/** The year 9999. */
const EXPIRES_MAX_SECONDS = 253_402_300_799;
const NAME_CHARS = 120;
/** What a token's `sub` may be made of. */
export const SUBJECT = /^[A-Za-z0-9_.@:+-]{1,60}$/;

export class Identities {
  readonly #clock: Clock;
  readonly #secret: Uint8Array;
  readonly #invitations: Invitations;
  readonly #keys = new Map<string, Key>();

  private constructor(clock: Clock, secret: Uint8Array, invitations: Invitations) {
    this.#clock = clock;
    this.#secret = secret;
    this.#invitations = invitations;
  }

  /** @param secret the gateway's own key, at least 32 random bytes: signs visitors, and agents of a development set-up. */
  static async open(settings: Settings, secret: Uint8Array, clock: Clock, invitations: Invitations): Promise<Identities> {
    const identities = new Identities(clock, secret, invitations);
    for (const [workspace, { keys }] of Object.entries(settings.workspaces)) {
      identities.#keys.set(`${OWN}-${workspace}`, {
        key: secret, algorithm: 'HS256', issuer: OWN, audience: `${OWN}:${workspace}`, roles: ['customer', 'agent'], workspace, own: true,
      });
      for (const { kid, algorithm, secret: shared, publicKey, issuer, audience, roles } of keys) {
        const key = shared !== undefined ? new TextEncoder().encode(shared) : await importSPKI(publicKey ?? '', algorithm);
        identities.#keys.set(kid, { key, algorithm, issuer, audience, roles, workspace, own: false });
      }
    }
    return identities;
  }

  /**
   * @param device that a visitor's token must be of, null for none; undefined where nobody says theirs, as over HTTP
   * @throws Refusal `tokenExpired`, `tokenInvalid`, `tokenDevice`
   */
  async verify(token: string, device: string | null | undefined): Promise<Identity> {
    try {
      const kid = decodeProtectedHeader(token).kid;
      const known = kid === undefined ? undefined : this.#keys.get(kid);
      if (known === undefined) throw new Refusal('tokenInvalid', 'header kid names no key of this gateway');
      const { payload } = await jwtVerify(token, known.key, {
        algorithms: [known.algorithm], issuer: known.issuer, audience: known.audience, requiredClaims: ['sub', 'exp', 'iat'],
        clockTolerance: TOLERANCE_SECONDS, currentDate: new Date(this.#clock.now()),
      });
      const { sub, role = 'customer', name, exp = 0, device: bound } = payload;
      if (!Number.isInteger(exp) || exp > EXPIRES_MAX_SECONDS) throw new Refusal('tokenInvalid', 'claim exp: whole seconds since 1970');
      if (typeof sub !== 'string' || !SUBJECT.test(sub)) throw new Refusal('tokenInvalid', 'claim sub: 1 to 60 letters, digits or _.@:+-');
      if (role !== 'customer' && role !== 'agent') throw new Refusal('tokenInvalid', 'claim role is customer or agent');
      if (!known.roles.includes(role)) throw new Refusal('tokenInvalid', `this key may not sign in the role ${role}`);
      const visitor = known.own && role === 'customer';
      if (visitor && device !== undefined && bound !== device) throw new Refusal('tokenDevice');
      return {
        who: {
          role, id: visitor ? sub : `${role === 'agent' ? 'a' : 'u'}_${sub}`, identified: !visitor,
          name: typeof name === 'string' && name.length > 0 ? wellFormed(name) : visitor ? `Visitor ${sub.slice(-4)}` : sub,
        },
        workspace: known.workspace, expires: exp * 1000, vouched: known.own && role === 'agent',
        claims: role === 'customer' && !known.own ? claimsOf(payload) : {},
      };
    } catch (error) {
      if (error instanceof Refusal) throw error;
      if (error instanceof errors.JWTExpired) throw new Refusal('tokenExpired');
      // What the library found goes to nobody: it may quote the token.
      throw new Refusal('tokenInvalid', error instanceof errors.JOSEError ? error.code : '');
    }
  }

  /**
   * A visitor's token, bound to their device; with a valid earlier one the visitor stays the same.
   *
   * @param gone whether a visitor has signed in meanwhile: then their old name opens nothing, and a new one begins.
   */
  async visitor(workspace: string, device: string, earlier?: string, gone: (id: string) => Promise<boolean> = () => Promise.resolve(false)): Promise<string> {
    let sub = `v_${ulid()}`;
    if (earlier !== undefined) {
      const same = await this.verify(earlier, device).catch(() => undefined);
      if (same?.workspace === workspace && !same.who.identified && !await gone(same.who.id)) sub = same.who.id;
    }
    return this.#sign(workspace, { sub, role: 'customer', device }, VISITOR_SECONDS);
  }

  /** An agent's token under the gateway's own key. */
  agent(workspace: string, agent: { id: string; name: string }): Promise<string> {
    return this.#sign(workspace, { sub: agent.id, role: 'agent', name: agent.name }, AGENT_SECONDS);
  }

  /** A code that signs one agent in, once, within ten minutes, at any node. */
  code(workspace: string, agent: { id: string; name: string }): string {
    return this.#invitations.make({ workspace, agent });
  }

  /** @throws Refusal `tokenInvalid` for a code that was used, has expired or never was. */
  async redeem(code: string): Promise<string> {
    const known = await this.#invitations.use(code);
    if (known === undefined) {
      throw new Refusal('tokenInvalid', 'the link was used or is older than ten minutes: start the gateway again, or ask for another');
    }
    return this.agent(known.workspace, known.agent);
  }

  /** A fresh token for an agent whose own-key token is still valid. @throws Refusal `tokenInvalid` */
  async renew(token: string, employs: (workspace: string, agent: string) => boolean): Promise<string> {
    const identity = await this.verify(token, null);
    const { who, workspace, vouched } = identity;
    if (!vouched) throw new Refusal('tokenInvalid');
    employed(identity, employs);
    return this.agent(workspace, { id: who.id.slice(2), name: who.name });
  }

  #sign(workspace: string, claims: Record<string, unknown>, seconds: number): Promise<string> {
    const now = Math.floor(this.#clock.now() / 1000);
    return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: `${OWN}-${workspace}` }).setIssuer(OWN)
      .setAudience(`${OWN}:${workspace}`).setIssuedAt(now).setExpirationTime(now + seconds).sign(this.#secret);
  }
}

/** @throws Refusal `tokenInvalid` for whom this gateway has vouched, and who does not work there any more */
export function employed({ who: { id }, workspace, vouched }: Identity, employs: (workspace: string, agent: string) => boolean): void {
  if (vouched && !employs(workspace, id)) throw new Refusal('tokenInvalid', 'this agent is not in the settings any more: ask an administrator');
}

/** A name that the wire can say: half characters are replaced, and its end is not cut through one. */
function wellFormed(name: string): string {
  return name.slice(0, NAME_CHARS).replace(/[\ud800-\udbff]$/, '').replace(/[\ud800-\udfff]/gu, '\ufffd');
}
