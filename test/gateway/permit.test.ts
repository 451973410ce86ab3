/**
 * Who may do what to whose conversation: every frame, by everyone, to each. A frame without a row here fails, and no
 * conversation's words ever reach whom they are not for.
 */
import { SignJWT } from 'jose';
import { ulid } from 'ulid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json } from '../../sdk/protocol/codec.ts';
import { CODES, type CodeName } from '../../sdk/protocol/codes.ts';
import { AGENT_CLIENT } from '../../sdk/protocol/desk.ts';
import { CLIENT, SIGNALS, type Said, type Told } from '../../sdk/protocol/frames.ts';
import type { ActorState } from '../../machines/actor.ts';
import { PERMITS } from '../../gateway/permit.ts';
import { dial, nextId, openHouse, type House, type Peer } from './house.ts';

const SECRET = 'a secret of two workspaces, both 32 +';
const keyOf = (kid: string): object => ({ kid, algorithm: 'HS256', secret: SECRET, issuer: 'shop', audience: 'parley', roles: ['customer', 'agent'] });
const MANY = { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 };
const SETTINGS = { workspaces: { demo: { keys: [keyOf('demo')] }, other: { keys: [keyOf('other')] } }, limits: MANY };

/** Everyone who tries. `owns`: the conversation that is theirs, or that they as an agent work on. */
const PEOPLE = {
  'the visitor': { workspace: 'demo', role: 'customer', sub: '', owns: 'shared' },
  'another visitor': { workspace: 'demo', role: 'customer', sub: '', owns: 'another visitor' },
  'a customer': { workspace: 'demo', role: 'customer', sub: '1', owns: 'a customer' },
  'another customer': { workspace: 'demo', role: 'customer', sub: '2', owns: 'another customer' },
  'the same customer elsewhere': { workspace: 'other', role: 'customer', sub: '1', owns: 'shared elsewhere' },
  'a stranger elsewhere': { workspace: 'other', role: 'customer', sub: '9', owns: 'only elsewhere' },
  'an agent': { workspace: 'demo', role: 'agent', sub: 'ada', owns: 'shared' },
  'an agent elsewhere': { workspace: 'other', role: 'agent', sub: 'ada', owns: 'shared elsewhere' },
} as const;
type Person = keyof typeof PEOPLE;
const people = Object.keys(PEOPLE) as Person[];

/** Two workspaces have a conversation of one id, so that an id can never be mistaken for authority. */
const SHARED = ulid();
const CONVERSATIONS: Readonly<Record<string, { workspace: string; id: string; owner: Person }>> = {
  'shared': { workspace: 'demo', id: SHARED, owner: 'the visitor' },
  'shared elsewhere': { workspace: 'other', id: SHARED, owner: 'the same customer elsewhere' },
  'another visitor': { workspace: 'demo', id: ulid(), owner: 'another visitor' },
  'a customer': { workspace: 'demo', id: ulid(), owner: 'a customer' },
  'another customer': { workspace: 'demo', id: ulid(), owner: 'another customer' },
  'only elsewhere': { workspace: 'other', id: ulid(), owner: 'a stranger elsewhere' },
};
const canary = (name: string): string => `canary<${name}>`;

type Outcome = CodeName | 'ack' | 'subscribed' | 'page' | 'result' | 'pong' | 'welcome' | 'listed' | 'silence' | 'bye';
type To = 'own' | 'foreign' | 'missing';
interface Row {
  frame(conversation: string, person: Person): Said | Promise<Said>;
  customer: Readonly<Record<To, Outcome>>;
  agent: Readonly<Record<To, Outcome>>;
}
const every = (outcome: Outcome): Row['customer'] => ({ own: outcome, foreign: outcome, missing: outcome });
const own = (outcome: Outcome, else_: Outcome = 'notFound'): Row['customer'] => ({ own: outcome, foreign: else_, missing: else_ });
const command = (name: string, args: Extract<Said, { t: 'command' }>['args'] = {}) => (conversation: string): Said => ({ t: 'command', id: nextId(), conversation, name, args });
type Args = Extract<Said, { t: 'act' }>['args'];
const act = (name: string, args: (conversation: string) => Args) => (conversation: string): Said => ({ t: 'act', id: nextId(), name, args: args(conversation) });
const signal = (kind: (typeof SIGNALS)[number]) => (conversation: string): Said => ({ t: 'signal', conversation, kind, value: '1' });

const ROWS: Readonly<Record<string, Row>> = {
  hello: { frame: async (_, person) => ({ ...HELLO, device: deviceOf(person), token: await tokenOf(person) }), customer: every('outOfOrder'), agent: every('outOfOrder') },
  subscribe: { frame: (conversation) => ({ t: 'subscribe', rid: 7, conversation, epoch: 0, seq: 0 }), customer: own('subscribed'), agent: own('subscribed') },
  unsubscribe: { frame: (conversation) => ({ t: 'unsubscribe', conversation }), customer: every('silence'), agent: every('silence') },
  // A customer's word begins a conversation; an agent's does not.
  'send.message': {
    frame: (conversation, person) => ({ t: 'send', cmid: nextId(), conversation, kind: 'message', text: `${canary(PEOPLE[person].owns)} by ${person}`, channel: null, seen: null }),
    customer: { own: 'ack', foreign: 'notFound', missing: 'ack' }, agent: own('ack'),
  },
  'send.note': { frame: (conversation) => ({ t: 'send', cmid: nextId(), conversation, kind: 'note', text: canary('a note'), channel: null, seen: null }), customer: every('forbidden'), agent: own('ack') },
  history: { frame: (conversation) => ({ t: 'history', rid: 7, conversation, after: 0, before: 0, limit: 200, newest: true }), customer: own('page'), agent: own('page') },
  delivered: { frame: (conversation) => ({ t: 'delivered', marks: [[conversation, 1_000]] }), customer: every('silence'), agent: every('silence') },
  read: { frame: (conversation) => ({ t: 'read', conversation, seq: 1_000, n: 1_000 }), customer: every('silence'), agent: every('silence') },
  'signal.typing': { frame: signal('typing'), customer: own('silence', 'unknownAlias'), agent: own('silence', 'unknownAlias') },
  'signal.viewing': { frame: signal('viewing'), customer: every('forbidden'), agent: own('silence', 'unknownAlias') },
  'signal.online': { frame: signal('online'), customer: every('forbidden'), agent: every('forbidden') },
  'signal.draft': { frame: signal('draft'), customer: own('silence', 'unknownAlias'), agent: every('forbidden') },
  'command.accept': { frame: command('accept'), customer: every('forbidden'), agent: own('result') },
  'command.status': { frame: command('status', { status: 'pending' }), customer: every('forbidden'), agent: own('result') },
  'command.unassign': { frame: command('unassign'), customer: every('forbidden'), agent: own('result') },
  'command.team': { frame: command('team', { team: 'nowhere' }), customer: every('forbidden'), agent: own('invalid') },
  'command.priority': { frame: command('priority', { priority: 1 }), customer: every('forbidden'), agent: own('result') },
  'command.tags': { frame: command('tags', { tags: [canary('a tag')] }), customer: every('forbidden'), agent: own('result') },
  'command.snooze': { frame: command('snooze', { until: 0 }), customer: every('forbidden'), agent: own('result') },
  // Nothing is live here, and nothing runs.
  'command.run': { frame: command('run', { flow: 'nudge' }), customer: every('forbidden'), agent: own('conflict') },
  'command.stopRun': { frame: command('stopRun', { run: 1 }), customer: every('forbidden'), agent: own('conflict') },
  'command.end': { frame: command('end'), customer: own('result'), agent: own('result') },
  'command of no name': { frame: command('constructor'), customer: every('unknownCommand'), agent: every('unknownCommand') },
  'act.status': { frame: act('status', () => ({ status: 'transfers' })), customer: every('forbidden'), agent: every('result') },
  'act.accept': { frame: act('accept', (conversation) => ({ conversation, offer: 1e6 })), customer: every('forbidden'), agent: every('offerGone') },
  'act.decline': { frame: act('decline', (conversation) => ({ conversation, offer: 1e6 })), customer: every('forbidden'), agent: every('offerGone') },
  'act.handOver': { frame: act('handOver', (conversation) => ({ conversation, team: 'nowhere' })), customer: every('forbidden'), agent: own('invalid') },
  'act.board': { frame: act('board', () => ({ on: true })), customer: every('forbidden'), agent: every('result') },
  'act of no name': { frame: act('constructor', () => ({})), customer: every('unknownCommand'), agent: every('unknownCommand') },
  watch: { frame: () => ({ t: 'watch', wid: 7, list: 'open', sort: 'newest', limit: 50, since: null }), customer: every('forbidden'), agent: every('listed') },
  ping: { frame: () => ({ t: 'ping', at: 7 }), customer: every('pong'), agent: every('pong') },
  pong: { frame: () => ({ t: 'pong', at: 7 }), customer: every('silence'), agent: every('silence') },
  auth: { frame: async (_, person) => ({ t: 'auth', token: await tokenOf(person) }), customer: every('welcome'), agent: every('welcome') },
  bye: { frame: () => ({ t: 'bye', reason: 'left' }), customer: every('bye'), agent: every('bye') },
};

const HELLO: Omit<Extract<Said, { t: 'hello' }>, 'device' | 'token'> = { t: 'hello', version: 0, sdk: 'test', cursors: [], feed: { store: '', n: 0 }, language: null };
let house: House;
const devices = new Map<Person, string>();
const deviceOf = (person: Person): string => devices.get(person) ?? (devices.set(person, ulid()), deviceOf(person));
const visitors = new Map<Person, string>();
/** Everything that anybody ever received, for the search at the end. */
const received = new Map<Person, string[]>(people.map((person) => [person, []]));

async function tokenOf(person: Person): Promise<string> {
  const { workspace, role, sub } = PEOPLE[person];
  if (sub === '') {
    const token = await house.gateway.identities.visitor(workspace, deviceOf(person), visitors.get(person));
    visitors.set(person, token);
    return token;
  }
  const now = Math.floor(house.clock.now() / 1000);
  return new SignJWT({ sub, role }).setProtectedHeader({ alg: 'HS256', kid: workspace }).setIssuer('shop').setAudience('parley')
    .setIssuedAt(now).setExpirationTime(now + 3600).sign(new TextEncoder().encode(SECRET));
}

async function enter(person: Person): Promise<Peer> {
  const peer = await dial(house.gateway, json);
  peer.ws.on('message', (data: Buffer) => received.get(person)?.push(data.toString()));
  peer.say({ ...HELLO, device: deviceOf(person), token: await tokenOf(person) });
  await peer.hear('welcome');
  return peer;
}

const stateOf = (conversation: string): Promise<ActorState | undefined> => new Promise((resolve) => {
  const { workspace, id } = CONVERSATIONS[conversation] ?? { workspace: '', id: '' };
  house.gateway.host.peek(`c/${workspace}/${id}`, resolve);
});

beforeAll(async () => {
  house = await openHouse({ settings: SETTINGS });
  for (const [name, { id, owner }] of Object.entries(CONVERSATIONS)) {
    const peer = await enter(owner);
    peer.say({ t: 'send', cmid: nextId(), conversation: id, kind: 'message', text: canary(name), channel: null, seen: null });
    await peer.hear('ack');
    peer.ws.terminate();
  }
  for (const agent of ['an agent', 'an agent elsewhere'] as const) {
    const peer = await enter(agent);
    const id = nextId();
    peer.say({ t: 'command', id, conversation: SHARED, name: 'accept', args: {} });
    await peer.hear('result');
    peer.ws.terminate();
  }
});
afterAll(async () => { await house.close(); });

/** What became of the frame: its answer, or nothing by the time that something asked later was answered. */
async function outcome(peer: Peer, frame: Said): Promise<Outcome> {
  const ref = frame.t === 'send' ? frame.cmid : frame.t === 'command' || frame.t === 'act' ? frame.id : frame.t === 'subscribe' || frame.t === 'history' ? frame.rid : frame.t === 'watch' ? frame.wid : 0;
  const answers = (told: Told): Outcome | undefined => {
    if (told.t === 'nack') return told.ref === ref ? (Object.keys(CODES) as CodeName[]).find((name) => CODES[name].code === told.code) : undefined;
    if (told.t === 'subscribed' || told.t === 'page') return told.rid === ref ? told.t : undefined;
    return told.t === 'ack' || told.t === 'result' || told.t === 'pong' || told.t === 'welcome' || told.t === 'listed' ? told.t : undefined;
  };
  const FENCE = 999;
  peer.say(frame, { t: 'subscribe', rid: FENCE, conversation: ulid(), epoch: 0, seq: 0 });
  const silent = ['unsubscribe', 'delivered', 'read', 'signal', 'pong'].includes(frame.t);
  const gone = peer.closed.then(({ code }): Outcome => (code === 1000 ? 'bye' : (Object.keys(CODES) as CodeName[]).find((name) => CODES[name].code === code) ?? 'silence'));
  const answered = new Promise<Outcome>((resolve) => {
    const look = (): void => {
      const answer = peer.frames.map(answers).find((found) => found !== undefined);
      if (answer !== undefined) resolve(answer);
      else if (silent && peer.frames.some((told) => told.t === 'nack' && told.ref === FENCE)) resolve('silence');
    };
    peer.ws.on('message', look);
  });
  return Promise.race([answered, gone]);
}

describe.each(Object.entries(ROWS))('%s', (_, row) => {
  it.each(people)('by %s', async (person) => {
    const { role, owns, workspace } = PEOPLE[person];
    // For an agent all of the workspace is theirs; what is elsewhere is not there. Customers try a neighbour's.
    const neighbours = Object.keys(CONVERSATIONS).filter((name) => (CONVERSATIONS[name]?.workspace === workspace) === (role === 'customer') && name !== owns);
    const foreign = neighbours.find((name) => CONVERSATIONS[name]?.id !== SHARED || role === 'customer');
    const targets: [To, string | undefined][] = [['own', owns], ['foreign', foreign], ['missing', undefined]];
    for (const [to, name] of targets) {
      const target = name === undefined ? ulid() : CONVERSATIONS[name]?.id ?? '';
      const peer = await enter(person);
      const mine = CONVERSATIONS[owns]?.id ?? '';
      peer.say({ t: 'subscribe', rid: 1, conversation: mine, epoch: 0, seq: 0 });
      await peer.hear('page');
      const before = await Promise.all(Object.keys(CONVERSATIONS).map(stateOf));
      peer.frames.length = 0;
      expect(await outcome(peer, await row.frame(target, person)), `${person}, ${to}`).toBe(row[role][to]);
      const after = await Promise.all(Object.keys(CONVERSATIONS).map(stateOf));
      const changed = Object.keys(CONVERSATIONS).filter((_name, i) => before[i] !== after[i]);
      expect(changed.filter((one) => to !== 'own' || one !== owns), `${person}, ${to}: changed what was not theirs`).toEqual([]);
      peer.ws.terminate();
      await peer.closed;
    }
  });
});

it('every frame of the protocol, with each of its kinds, has a row; nothing else is permitted', () => {
  const kinds = (shape: unknown): readonly string[] => (shape as { of: { kind: { values: readonly string[] } } }).of.kind.values;
  const variants = Object.entries({ ...CLIENT, ...AGENT_CLIENT }).flatMap(([name, [, { shape }]]) => {
    if (name === 'command' || name === 'act') return Object.keys(PERMITS).filter((key) => key.startsWith(`${name}.`));
    return name === 'send' || name === 'signal' ? kinds(shape).map((kind) => `${name}.${kind}`) : [name];
  });
  expect(Object.keys(ROWS).filter((name) => !name.endsWith(' of no name')).sort()).toEqual(variants.sort());
  expect(Object.keys(PERMITS).filter((key) => !variants.includes(key))).toEqual([]);
});

it('no canary was ever received by whom it is not for', () => {
  for (const person of people) {
    const { role, workspace, owns } = PEOPLE[person];
    const all = (received.get(person) ?? []).join('\n');
    expect(all).toContain(canary(owns));
    for (const [name, conversation] of Object.entries(CONVERSATIONS)) {
      const theirs = conversation.workspace === workspace && (role === 'agent' || conversation.owner === person);
      if (!theirs) expect(all, `${person} received ${canary(name)}`).not.toContain(canary(name));
    }
    if (role === 'agent') continue;
    for (const secret of ['a note', 'a tag']) expect(all, `${person} received ${secret}`).not.toContain(canary(secret));
  }
  expect(house.reports).toEqual([]);
});

it('a visitor who signs in goes on in what they follow, and another tab of the visitor that they were does not', async () => {
  const conversation = ulid();
  const [first, tab] = [await enter('another visitor'), await enter('another visitor')];
  first.say({ t: 'send', cmid: nextId(), conversation, kind: 'message', text: 'as a visitor', channel: null, seen: null });
  await first.hear('ack');
  for (const peer of [first, tab]) peer.say({ t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
  const { alias } = await first.hear('subscribed');
  await tab.hear('page');
  first.say({ t: 'auth', token: await tokenOf('a customer') });
  expect((await first.hear('welcome')).me).toMatchObject({ id: 'u_1', identified: true });
  first.say({ t: 'send', cmid: nextId(), conversation: alias, kind: 'message', text: 'secret since', channel: null, seen: null });
  expect(await first.hear('ack')).toMatchObject({ n: 2 });
  expect((await first.hear('event', ({ entry }) => entry.kind === 'message')).entry.body).toEqual({ text: 'secret since' });
  expect(await tab.hear('nack')).toMatchObject({ ref: conversation, code: CODES.notFound.code });
  // The old name opens nothing any more: the tab is sent for a new token.
  expect((await tab.closed).code).toBe(CODES.tokenInvalid.code);
  expect(JSON.stringify(tab.frames)).not.toContain('secret since');
  for (const peer of [first, tab]) peer.ws.terminate();
});
