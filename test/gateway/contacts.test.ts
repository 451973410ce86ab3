/** Contacts over the gateway: who sets which of their fields, what tokens and devices say of them, and who writes to whom first. */
import { SignJWT } from 'jose';
import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContactState } from '../../machines/contact.ts';
import type { ConversationState } from '../../machines/state.ts';
import { msgpack } from '../../sdk/protocol/codec.ts';
import { dial, message, openHouse, type House, type Peer } from './house.ts';

const MANY = { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 };
const SHOP = 'https://shop.example.com';
const SECRET = 'the shop\'s own secret, of more than 32 characters';
const ROME = '+390669883145';
const fields = [{ id: 'plan', name: 'Plan', type: 'choice', choices: ['Silver', 'Gold'] }];
const keys = [{ kid: 'shop', algorithm: 'HS256', secret: SECRET, issuer: 'shop', audience: 'parley', roles: ['customer', 'agent'] }];

let house: House;
const open = async (limits: object = MANY): Promise<void> => {
  house = await openHouse({ settings: { workspaces: { demo: { fields, keys, allowedOrigins: [SHOP] }, bank: { allowedOrigins: ['https://bank.example.com'] } }, limits } });
};
beforeEach(async () => { await open(); });
afterEach(async () => { await house.close(); });

interface Answer { status: number; body: Record<string, unknown> }
async function ask(method: string, path: string, body?: unknown, token?: string, headers: Record<string, string> = {}): Promise<Answer> {
  const authorization = `Bearer ${token ?? await house.token('ada')}`;
  const response = await fetch(house.gateway.url + path, { method, headers: { authorization, ...headers }, ...body === undefined ? {} : { body: JSON.stringify(body) } });
  return { status: response.status, body: await response.json() as Answer['body'] };
}
/** From the shop's own back end. */
function shopper(claims: object = {}, sub = 'cleo'): Promise<string> {
  const now = Math.floor(house.clock.now() / 1_000);
  return new SignJWT({ sub, name: 'Cleo', ...claims }).setProtectedHeader({ alg: 'HS256', kid: 'shop' }).setIssuer('shop').setAudience('parley')
    .setIssuedAt(now).setExpirationTime(now + 3_600).sign(new TextEncoder().encode(SECRET));
}
interface Visitor { device: string; token: string; id: string }
async function visitor(): Promise<Visitor> {
  const device = ulid();
  const token = await house.gateway.identities.visitor('demo', device, undefined);
  return { device, token, id: (await house.gateway.identities.verify(token, device)).who.id };
}
async function enter({ token, device = ulid() }: { token: string; device?: string }, language: string | null = null, accepted?: string): Promise<Peer> {
  const peer = await dial(house.gateway, msgpack, accepted === undefined ? {} : { 'accept-language': accepted });
  peer.say({ t: 'hello', version: 0, sdk: 'test', device, token, cursors: [], feed: null, language });
  await peer.hear('welcome');
  return peer;
}
async function says(peer: Peer, conversation = ulid()): Promise<string> {
  peer.say(message(conversation, 'hello'));
  await peer.hear('ack');
  await quiet();
  return conversation;
}
/** Resolves when what actors have to say to each other has been heard. */
async function quiet(): Promise<void> {
  await new Promise((resolve) => { setImmediate(resolve); });
  await house.store.settled();
  for (const actor of await house.store.pending()) await house.gateway.host.quiet(actor);
}
const peek = <S>(actor: string): Promise<S> => new Promise((resolve) => { house.gateway.host.peek(actor, (state) => resolve(state as S)); });
const fieldsOf = async (id: string): Promise<unknown> => (await peek<ContactState | undefined>(`p/demo/${id}`))?.fields;

describe('agents', () => {
  it('read a contact with the types of the fields, set them, and remove them', async () => {
    const one = await visitor();
    await says(await enter(one));
    const path = `/api/contacts/${one.id}`;
    expect(await ask('PUT', `${path}/fields/plan`, { value: 'gold' }, await house.token('new'))).toEqual({ status: 200, body: {} });
    await ask('PUT', `${path}/fields/city`, { value: 'Brno' });
    await ask('PUT', `${path}/fields/phone`, { value: '+39 06 6988 3145' });
    await ask('PUT', `${path}/fields/city`, { value: '' });
    const { status, body } = await ask('GET', path);
    expect([status, body]).toEqual([200, {
      id: one.id, name: expect.any(String), identified: false, since: house.clock.now(), fields: { plan: 'Gold', phone: ROME }, verified: [], types: expect.any(Array),
    }]);
    expect((body.types as { id: string; type: string }[]).map(({ id, type }) => `${id} ${type}`)).toEqual(['email email', 'phone phone', 'language language', 'country country', 'plan choice']);
  });

  it.each([
    ['plan', 'lead', 'plan: "lead" is not one of Silver, Gold'], ['email', 'cleo', 'email: "cleo" is not an e-mail address, for instance ada@example.com'],
    ['Plan', 'x', 'a field\'s name has 1 to 40 of a-z'], ['city', 7, 'value is a text'], ['city', 'x'.repeat(1_001), 'city: a field\'s value has at most 1000 characters'],
  ])('hear what is wrong with %s %s', async (field, value, words) => {
    const one = await visitor();
    await says(await enter(one));
    expect(await ask('PUT', `/api/contacts/${one.id}/fields/${field}`, { value })).toMatchObject({ status: 400, body: { name: 'invalid', detail: expect.stringContaining(words) } });
    expect(await fieldsOf(one.id)).toEqual({});
  });

  it('find no contact that is none, or that is of another workspace', async () => {
    const one = await visitor();
    await says(await enter(one));
    const elsewhere = await house.token('ada', 'bank');
    for (const path of [`/api/contacts/${one.id}`, '/api/contacts/v_nobody', '/api/contacts/..%2Fdemo%2Fx', '/api/contacts/u_x%23t']) {
      for (const [method, more, body] of [['GET', '', undefined], ['PUT', '/fields/plan', { value: 'Gold' }], ['POST', '/conversations', { text: 'hello' }]] as const) {
        expect(await ask(method, path + more, body, elsewhere)).toMatchObject({ status: 404, body: { name: 'notFound' } });
      }
    }
  });
});

describe('a customer', () => {
  it('sets their own fields, before a word is said and from the page that shows the widget', async () => {
    const { id, token } = await visitor();
    expect(await ask('PUT', '/api/me', { fields: { email: 'Cleo@Example.com', plan: 'silver' } }, token, { origin: SHOP })).toEqual({ status: 200, body: {} });
    expect(await fieldsOf(id)).toEqual({ email: 'cleo@example.com', plan: 'Silver' });
    await ask('PUT', '/api/me', { fields: { plan: '' } }, token);
    expect((await ask('GET', `/api/contacts/${id}`)).body.fields).toEqual({ email: 'cleo@example.com' });
  });

  it('hears what is wrong, and then nothing of it is kept', async () => {
    const { id, token } = await visitor();
    const wrong: [unknown, string][] = [
      [{ email: 'cleo', plan: 'Gold' }, 'email: "cleo" is not an e-mail address'], [{ shoe: '42' }, 'there is no field "shoe": an administrator adds it'],
      [undefined, 'fields has a text for each field'], [['Gold'], 'fields has a text for each field'], [{ plan: 1 }, 'fields has a text for each field'],
    ];
    for (const [given, words] of wrong) {
      expect(await ask('PUT', '/api/me', { fields: given }, token)).toMatchObject({ status: 400, body: { name: 'invalid', detail: expect.stringContaining(words) } });
    }
    expect(await fieldsOf(id)).toBeUndefined();
  });

  it('is asked for a token of theirs, from a page of the workspace, and to take their time', async () => {
    const { token } = await visitor();
    const me = (bearer: string, origin?: string): Promise<Answer> => ask('PUT', '/api/me', { fields: { plan: 'Gold' } }, bearer, origin === undefined ? {} : { origin });
    expect(await me('x')).toMatchObject({ status: 401, body: { name: 'tokenInvalid' } });
    expect(await me(await house.token('ada'))).toMatchObject({ status: 403, body: { name: 'forbidden', detail: 'this is for customers' } });
    expect(await me(token, 'https://bank.example.com')).toMatchObject({ status: 403, body: { name: 'originRefused' } });
    await house.close();
    await open({ personFramesPerSecond: 1, personFrameBurst: 5 });
    const other = await visitor();
    const answers = await Promise.all(Array.from({ length: 8 }, () => me(other.token)));
    expect(answers.filter(({ status }) => status === 429).length).toBe(3);
  });

  it('who has signed in meanwhile sets nothing as the visitor', async () => {
    const one = await visitor();
    const peer = await enter(one);
    peer.say({ t: 'auth', token: await shopper() });
    await peer.hear('welcome', ({ me }) => me.identified);
    expect(await ask('PUT', '/api/me', { fields: { plan: 'Gold' } }, one.token)).toMatchObject({ status: 401, body: { name: 'tokenInvalid' } });
    expect((await ask('PUT', '/api/me', { fields: { plan: 'Gold' } }, await shopper())).status).toBe(200);
    expect(await fieldsOf('u_cleo')).toEqual({ plan: 'Gold' });
  });
});

describe('a token', () => {
  const CLAIMS = { email: 'Cleo@Example.com', phone_number: '+39 06 6988 3145', locale: 'it-IT' };

  it('says e-mail, phone and locale of its customer, which stand before all else', async () => {
    await ask('PUT', '/api/me', { fields: { email: 'old@example.com' } }, await shopper());
    await enter({ token: await shopper(CLAIMS) });
    const known = { email: 'cleo@example.com', phone: ROME, language: 'it', country: 'IT' };
    expect(await fieldsOf('u_cleo')).toEqual(known);
    expect(await ask('PUT', '/api/me', { fields: { email: 'boss@example.com' } }, await shopper())).toMatchObject({ status: 403, body: { name: 'forbidden', detail: expect.stringContaining('"email" is as the sign-in says') } });
    expect((await ask('GET', '/api/contacts/u_cleo')).body).toMatchObject({ fields: known, verified: ['language', 'country', 'email', 'phone'] });
  });

  it('says nothing by a claim that is none, or that its own back end has not verified; nor do those of agents and visitors', async () => {
    await enter({ token: await shopper({ email: 'cleo', phone_number: 7, locale: { it: 1 } }) });
    await enter({ token: await shopper({ ...CLAIMS, email_verified: false, phone_number_verified: false, locale: undefined }) });
    expect(await fieldsOf('u_cleo') ?? {}).toEqual({});
    await enter({ token: await shopper({ ...CLAIMS, role: 'agent' }) });
    expect([await peek('p/demo/a_cleo'), house.reports]).toEqual([undefined, []]);
  });

  it('that a visitor signs in with, or that comes anew, is heard too: what it says stands, what they said comes along', async () => {
    const one = await visitor();
    await ask('PUT', '/api/me', { fields: { email: 'typo@example.com', plan: 'Gold' } }, one.token);
    const peer = await enter(one);
    const conversation = await says(peer);
    peer.say({ t: 'auth', token: await shopper({ email: 'cleo@example.com' }) });
    await peer.hear('welcome', ({ me }) => me.identified);
    await quiet();
    expect(await fieldsOf('u_cleo')).toEqual({ email: 'cleo@example.com', plan: 'Gold' });
    peer.say({ t: 'auth', token: await shopper({ email: 'new@example.com' }) });
    await peer.hear('welcome');
    await quiet();
    expect((await peek<ConversationState>(`c/demo/${conversation}`)).fields).toEqual({ email: 'new@example.com', plan: 'Gold' });
  });
});

describe('the language of a device', () => {
  it.each<[string | null, string | undefined, object]>([
    ['pt-BR', 'en-GB', { language: 'pt', country: 'BR' }], [null, 'en;q=0.5, cs-CZ, de;q=0.9', { language: 'cs', country: 'CZ' }],
    [null, 'de;q=0.5,it;q=0.8', { language: 'it' }], [null, '*', {}], [null, undefined, {}], [null, ';;;,q=,\t', {}],
  ])('HELLO says %j, the browser %j: with the first word the contact has it', async (language, accepted, kept) => {
    const one = await visitor();
    const conversation = await says(await enter(one, language, accepted));
    expect(await fieldsOf(one.id)).toEqual(kept);
    expect((await peek<ConversationState>(`c/demo/${conversation}`)).fields).toEqual(kept);
  });

  it('is kept nowhere before a word is said, and what is known already stays', async () => {
    const one = await visitor();
    const peer = await enter(one, 'pt-BR');
    expect(await fieldsOf(one.id)).toBeUndefined();
    await ask('PUT', '/api/me', { fields: { language: 'it' } }, one.token);
    await says(peer);
    expect(await fieldsOf(one.id)).toEqual({ language: 'it', country: 'BR' });
  });
});

describe('an agent writes first', () => {
  const path = (id: string): string => `/api/contacts/${id}/conversations`;

  it('and the customer finds it among their conversations, from that agent, who has the ticket', async () => {
    const one = await visitor();
    await says(await enter(one));
    const { status, body: { conversation } } = await ask('POST', path(one.id), { text: 'Your parcel is here.' });
    expect([status, conversation]).toEqual([200, expect.stringMatching(/^[0-9A-Z]{26}$/)]);
    const state = await peek<ConversationState>(`c/demo/${String(conversation)}`);
    expect(state).toMatchObject({ inbound: false, channel: 'web', contact: { id: one.id }, ticket: { value: 'open', context: { agent: { id: 'a_ada' } } } });
    const peer = await enter(one);
    peer.say({ t: 'subscribe', rid: 1, conversation: String(conversation), epoch: 0, seq: 0 });
    const { entries } = await peer.hear('page', ({ entries: all }) => all.length > 0);
    expect(entries.map(({ kind, body }) => (kind === 'message' ? (body as { text: string }).text : kind))).toContain('Your parcel is here.');
    await quiet();
    expect((await peek<ContactState>(`p/demo/${one.id}`)).conversations).toHaveLength(2);
  });

  it('once, however often it is asked under the same id', async () => {
    const one = await visitor();
    await says(await enter(one));
    const id = ulid();
    for (let i = 0; i < 3; i++) expect(await ask('POST', path(one.id), { text: 'Hello', id, channel: 'social' })).toEqual({ status: 200, body: { conversation: id } });
    const state = await peek<ConversationState>(`c/demo/${id}`);
    expect([state.agentMessages, state.channel]).toEqual([1, 'social']);
    expect(await ask('POST', path(one.id), { text: 'Hello', id }, await house.token('ben'))).toMatchObject({ status: 400, body: { name: 'idReused' } });
  });

  it.each<[string, object, string]>([
    ['without a text', {}, 'text is the first message'], ['with spaces', { text: '  ' }, 'text is the first message'], ['with too much', { text: 'x'.repeat(8_001) }, 'of 1 to 8000 characters'],
    ['with half a character', { text: 'a\ud800' }, 'text is the first message'], ['on no channel', { text: 'hi', channel: 'socal' }, 'there is no channel "socal"; did you mean "social"?'],
    ['under no id', { text: 'hi', id: 'x' }, 'id is a ULID'],
  ])('%s: it is said what is wrong', async (_, body, words) => {
    const one = await visitor();
    await says(await enter(one));
    expect(await ask('POST', path(one.id), body)).toMatchObject({ status: 400, body: { name: 'invalid', detail: expect.stringContaining(words) } });
  });

  it('to nobody, or to a visitor who has signed in: it is said to whom instead', async () => {
    expect(await ask('POST', path('v_nobody'), { text: 'hi' })).toMatchObject({ status: 404, body: { name: 'notFound' } });
    const one = await visitor();
    const peer = await enter(one);
    await says(peer);
    peer.say({ t: 'auth', token: await shopper() });
    await peer.hear('welcome', ({ me }) => me.identified);
    expect(await ask('POST', path(one.id), { text: 'hi' })).toMatchObject({ status: 409, body: { name: 'conflict', detail: 'this visitor has signed in as Cleo: write to u_cleo' } });
    await quiet();
    expect((await ask('POST', path('u_cleo'), { text: 'hi' })).status).toBe(200);
  });
});
