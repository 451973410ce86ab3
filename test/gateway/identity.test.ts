/** Tokens as an attacker makes them: each is refused with its code, and the same token made well is accepted. */
import { createHmac, generateKeyPairSync, sign as signature, type KeyObject } from 'node:crypto';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CODES } from '../../sdk/protocol/codes.ts';
import { msgpack } from '../../sdk/protocol/codec.ts';
import { dial, openHouse, type House } from './house.ts';

const { tokenExpired: { code: EXPIRED }, tokenInvalid: { code: INVALID }, tokenDevice: { code: DEVICE }, badFrame: { code: BAD_FRAME } } = CODES;
const SECRET = 'the shop\'s own secret, long enough for HS512 too, which it is not for.';
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ed = generateKeyPairSync('ed25519');
const pem = ({ publicKey }: { publicKey: KeyObject }): string => String(publicKey.export({ type: 'spki', format: 'pem' }));

const base = { issuer: 'shop', audience: 'parley' };
const SETTINGS = {
  workspaces: {
    demo: {
      keys: [
        { ...base, kid: 'hs', algorithm: 'HS256', secret: SECRET, roles: ['customer'] },
        { ...base, kid: 'rs', algorithm: 'RS256', publicKey: pem(rsa), roles: ['customer', 'agent'] },
        { ...base, kid: 'es', algorithm: 'ES256', publicKey: pem(ec), roles: ['customer'] },
        { ...base, kid: 'ed', algorithm: 'EdDSA', publicKey: pem(ed), roles: ['agent'] },
      ],
    },
    other: { keys: [{ ...base, kid: 'theirs', algorithm: 'HS256', secret: SECRET, roles: ['customer', 'agent'] }] },
  },
};

let house: House;
const device = ulid();
beforeAll(async () => { house = await openHouse({ settings: SETTINGS }); });
afterAll(async () => { await house.close(); });

type Sign = (input: string) => Buffer;
const hmac = (secret: string | Buffer): Sign => (input) => createHmac('sha256', secret).update(input).digest();
const SIGN: Readonly<Record<string, Sign>> = {
  hs: hmac(SECRET),
  rs: (input) => signature('sha256', Buffer.from(input), rsa.privateKey),
  es: (input) => signature('sha256', Buffer.from(input), { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }),
  ed: (input) => signature(null, Buffer.from(input), ed.privateKey),
};
const ALG: Readonly<Record<string, string>> = { hs: 'HS256', rs: 'RS256', es: 'ES256', ed: 'EdDSA' };
const text = (part: object | string): string => Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)).toString('base64url');

/** Any header and claims, given as objects or as JSON text, under any signature. */
function token(header: object | string, claims: object | string, sign: Sign = SIGN.hs as Sign): string {
  const input = `${text(header)}.${text(claims)}`;
  return `${input}.${sign(input).toString('base64url')}`;
}

const now = (): number => Math.floor(house.clock.now() / 1000);
const good = (change: object = {}): Record<string, unknown> => ({ sub: '42', iss: 'shop', aud: 'parley', iat: now(), exp: now() + 3600, ...change });
const HS = { alg: 'HS256', kid: 'hs' };
/** The claims as JSON text with one more, which may stand twice or be no JSON. */
const and = (more: string, change: object = {}): string => `${JSON.stringify(good(change)).slice(0, -1)},${more}}`;

/** What the gateway says to a HELLO with this token: the code it closes with, or who it takes the bearer for. */
async function greeted(bearer: string, from = device): Promise<number | string> {
  const peer = await dial(house.gateway);
  // Written by hand, because the codec of a client would not send what is too long.
  const hello = msgpack.encodeSaid({ t: 'hello', version: 0, sdk: 'test', device: from, token: 'T', cursors: [], feed: null, language: null });
  const at = Buffer.from(hello).lastIndexOf(Buffer.from([0xa1, 0x54]));
  const size = Buffer.byteLength(bearer);
  const head = Buffer.from([0xda, size >> 8, size & 255]);
  peer.ws.send(Buffer.concat([hello.subarray(0, at), head, Buffer.from(bearer), hello.subarray(at + 2)]));
  const welcomed = peer.hear('welcome').then(({ me }) => `${me.workspace}/${me.role}/${me.id}`, () => '');
  const answer = await Promise.race([welcomed, peer.closed.then(({ code, reason }) => {
    expect(reason).not.toContain(bearer.slice(0, 20) || '?');
    return code;
  })]);
  peer.ws.terminate();
  return answer === '' ? (await peer.closed).code : answer;
}

describe('made well', () => {
  it.each([['hs', 'customer', 'u_42'], ['rs', 'agent', 'a_42'], ['es', 'customer', 'u_42'], ['ed', 'agent', 'a_42']])('%s opens as %s', async (kid, role, id) => {
    expect(await greeted(token({ alg: ALG[kid], kid }, good({ role }), SIGN[kid]))).toBe(`demo/${role}/${id}`);
  });

  it('an audience of several with ours among them, a token that was just now valid, and the own ones', async () => {
    expect(await greeted(token(HS, good({ aud: ['other', 'parley'] })))).toBe('demo/customer/u_42');
    expect(await greeted(token(HS, good({ exp: now() - 20 })))).not.toBe(INVALID);
    expect(await greeted(await house.gateway.identities.agent('demo', { id: 'ada', name: 'Ada' }))).toBe('demo/agent/a_ada');
    expect(await greeted(await house.gateway.identities.visitor('demo', device, undefined))).toMatch(/^demo\/customer\/v_/);
  });
});

const none: Sign = () => Buffer.alloc(0);
const jwk = ed.publicKey.export({ format: 'jwk' });
const TOKENS: Readonly<Record<string, [() => string, number]>> = {
  'nothing': [() => '', INVALID],
  'one part': [() => 'x', INVALID],
  'three parts of nothing': [() => '..', INVALID],
  'five parts, as encrypted ones have': [() => `${text({ alg: 'dir', enc: 'A256GCM', kid: 'hs' })}....`, INVALID],
  'alg none': [() => token({ alg: 'none', kid: 'hs' }, good(), none), INVALID],
  'alg None': [() => token({ alg: 'None', kid: 'hs' }, good(), none), INVALID],
  'alg nOnE': [() => token({ alg: 'nOnE', kid: 'hs' }, good(), none), INVALID],
  'no signature': [() => token(HS, good(), none), INVALID],
  'another\'s signature': [() => token(HS, good(), hmac('another secret of 32 characters....')), INVALID],
  'claims changed after signing': [() => token(HS, good()).replace(text(good()), text(good({ sub: '43' }))), INVALID],
  'HS256 under the public key of an RS256 key': [() => token({ alg: 'HS256', kid: 'rs' }, good(), hmac(pem(rsa))), INVALID],
  'HS256 under that key\'s DER': [() => token({ alg: 'HS256', kid: 'rs' }, good(), hmac(rsa.publicKey.export({ type: 'spki', format: 'der' }))), INVALID],
  'HS512 with a key for HS256': [() => token({ alg: 'HS512', kid: 'hs' }, good(), (input) => createHmac('sha512', SECRET).update(input).digest()), INVALID],
  'RS256 with a key for ES256': [() => token({ alg: 'RS256', kid: 'es' }, good(), SIGN.rs), INVALID],
  'ES256 of zeros': [() => token({ alg: 'ES256', kid: 'es' }, good(), () => Buffer.alloc(64)), INVALID],
  'no kid': [() => token({ alg: 'HS256' }, good()), INVALID],
  'a kid that is a path': [() => token({ alg: 'HS256', kid: '../../dev/null' }, good(), hmac('')), INVALID],
  'a kid that is SQL': [() => token({ alg: 'HS256', kid: '\' union select \'x' }, good(), hmac('x')), INVALID],
  'a kid of the prototype': [() => token({ alg: 'HS256', kid: 'constructor' }, good()), INVALID],
  'a kid that is a list': [() => token({ alg: 'HS256', kid: ['hs'] }, good()), INVALID],
  'a key in the header': [() => token({ alg: 'EdDSA', jwk }, good(), SIGN.ed), INVALID],
  'a key in the header beside a known kid': [() => token({ alg: 'EdDSA', kid: 'hs', jwk }, good(), SIGN.ed), INVALID],
  'an address of keys': [() => token({ alg: 'HS256', jku: 'http://127.0.0.1/keys' }, good()), INVALID],
  'an address of certificates': [() => token({ alg: 'RS256', x5u: 'http://127.0.0.1/cert' }, good(), SIGN.rs), INVALID],
  'something critical that nobody knows': [() => token({ ...HS, crit: ['exp2'], exp2: 1 }, good()), INVALID],
  'an unencoded payload': [() => token({ ...HS, crit: ['b64'], b64: false }, good()), INVALID],
  'a header that is no JSON': [() => token('{"alg":"HS256","kid":"hs"', good()), INVALID],
  'claims that are a list': [() => token(HS, '[]'), INVALID],
  'no exp': [() => token(HS, good({ exp: undefined })), INVALID],
  'exp a text': [() => token(HS, good({ exp: String(now() + 60) })), INVALID],
  'exp a fraction': [() => token(HS, good({ exp: now() + 60.5 })), INVALID],
  'exp NaN': [() => token(HS, and('"exp":NaN', { exp: undefined })), INVALID],
  'exp infinite': [() => token(HS, and('"exp":1e999', { exp: undefined })), INVALID],
  'exp beyond all time': [() => token(HS, good({ exp: 1e15 })), INVALID],
  'exp past': [() => token(HS, good({ exp: now() - 31 })), EXPIRED],
  'exp zero': [() => token(HS, good({ exp: 0 })), EXPIRED],
  'exp twice, the last one past': [() => token(HS, and(`"exp":${now() - 60}`)), EXPIRED],
  'not before later': [() => token(HS, good({ nbf: now() + 3600 })), INVALID],
  'no iat': [() => token(HS, good({ iat: undefined })), INVALID],
  'no iss': [() => token(HS, good({ iss: undefined })), INVALID],
  'another iss': [() => token(HS, good({ iss: 'evil' })), INVALID],
  'the gateway\'s iss': [() => token(HS, good({ iss: 'parley', aud: 'parley:demo' })), INVALID],
  'no aud': [() => token(HS, good({ aud: undefined })), INVALID],
  'another aud': [() => token(HS, good({ aud: 'payments' })), INVALID],
  'several others in aud': [() => token(HS, good({ aud: ['payments', 'mail'] })), INVALID],
  'aud twice, the last one another': [() => token(HS, and('"aud":"payments"')), INVALID],
  'no sub': [() => token(HS, good({ sub: undefined })), INVALID],
  'sub a number': [() => token(HS, good({ sub: 42 })), INVALID],
  'sub with slashes': [() => token(HS, good({ sub: '../other/42' })), INVALID],
  'sub with a new line': [() => token(HS, good({ sub: '42\n' })), INVALID],
  'sub too long': [() => token(HS, good({ sub: 'x'.repeat(61) })), INVALID],
  'sub empty': [() => token(HS, good({ sub: '' })), INVALID],
  'an agent, by a key for customers': [() => token(HS, good({ role: 'agent' })), INVALID],
  'a customer, by a key for agents': [() => token({ alg: 'EdDSA', kid: 'ed' }, good(), SIGN.ed), INVALID],
  'role twice, the last one agent': [() => token(HS, and('"role":"agent"', { role: 'customer' })), INVALID],
  'a role that there is not': [() => token(HS, good({ role: 'system' })), INVALID],
  'role null': [() => token(HS, good({ role: null })), INVALID],
  'own kid, another\'s secret': [() => token({ alg: 'HS256', kid: 'parley-demo' }, good({ iss: 'parley', aud: 'parley:demo', role: 'agent' })), INVALID],
  'longer than the wire takes': [() => token(HS, good({ more: 'x'.repeat(4_000) })), BAD_FRAME],
};

describe('made badly', () => {
  it.each(Object.entries(TOKENS))('%s', async (_, [make, code]) => {
    expect(await greeted(make())).toBe(code);
  });
});

describe('of somebody or somewhere else', () => {
  it('a visitor\'s token works on its own device only', async () => {
    const visitor = await house.gateway.identities.visitor('demo', device, undefined);
    expect(await greeted(visitor, ulid())).toBe(DEVICE);
  });

  it('a token opens its own workspace and no other, whatever it claims; the same person there is another', async () => {
    const theirs = token({ alg: 'HS256', kid: 'theirs' }, good({ workspace: 'demo' }));
    expect(await greeted(theirs)).toBe('other/customer/u_42');
    const agent = await house.gateway.identities.agent('other', { id: 'ada', name: 'Ada' });
    expect(await greeted(agent)).toBe('other/agent/a_ada');
    const moved = agent.replace(/^[^.]+/, text({ alg: 'HS256', kid: 'parley-demo' }));
    expect(await greeted(moved)).toBe(INVALID);
  });

  it('during a connection no token makes it another person\'s, or another workspace\'s', async () => {
    const rs = (claims: object): string => token({ alg: 'RS256', kid: 'rs' }, good(claims), SIGN.rs);
    const theirs = token({ alg: 'HS256', kid: 'theirs' }, good());
    for (const bearer of [rs({ sub: '43' }), rs({ role: 'agent' }), theirs, await house.gateway.identities.visitor('demo', device, undefined), 'x']) {
      const peer = await dial(house.gateway);
      peer.say({ t: 'hello', version: 0, sdk: 'test', device, token: rs({}), cursors: [], feed: null, language: null });
      expect((await peer.hear('welcome')).me.id).toBe('u_42');
      peer.say({ t: 'auth', token: bearer });
      expect((await peer.closed).code).toBe(INVALID);
    }
  });

  it('a name that half a character ends, or that is none, harms nobody', async () => {
    for (const name of [`${'n'.repeat(119)}\u{1F600}`, 'n'.repeat(5_00), '', 7]) {
      expect(await greeted(token(HS, good({ name })))).toBe('demo/customer/u_42');
    }
    expect(await greeted(token(HS, and('"name":"\\ud800half"')))).toBe('demo/customer/u_42');
  });
});

it('nothing that was tried is in a report', () => {
  expect(house.reports).toEqual([]);
});
