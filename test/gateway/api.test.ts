/** What agents ask over HTTP: settings, links, search; who may, and what is answered to everybody else. */
import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryLog } from '../../gateway/log.memory.ts';
import { CODES, type CodeName } from '../../sdk/protocol/codes.ts';
import { dial, message, openHouse, type House, type Peer } from './house.ts';

const MANY = { framesPerSecond: 1e6, frameBurst: 1e6, personFramesPerSecond: 1e6, personFrameBurst: 1e6 };
const agent = (id: string, more: object = {}) => ({ id, name: id.toUpperCase(), right: 'agent', teams: ['support'], ...more });
const SHOP = 'https://shop.example.com';

let house: House;
const open = async (demo: object = {}, log = memoryLog({ shards: 4 })): Promise<void> => {
  house = await openHouse({ log, settings: { workspaces: { demo, bank: { allowedOrigins: ['https://bank.example.com'] } }, limits: MANY } });
};
beforeEach(async () => { await open(); });
afterEach(async () => { await house.close(); });

interface Answer { status: number; body: Record<string, unknown> & { name?: CodeName; detail?: string } }

const tokenOf = (id = 'ada', workspace = 'demo'): Promise<string> => house.token(id, workspace);
async function ask(method: string, path: string, body?: unknown, token?: string, headers: Record<string, string> = {}): Promise<Answer> {
  const auth: Record<string, string> = token === '' ? {} : { authorization: `Bearer ${token ?? await tokenOf()}` };
  const response = await fetch(house.gateway.url + path, { method, headers: { ...auth, ...headers }, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
  return { status: response.status, body: await response.json() as Answer['body'] };
}
interface Settings { sections: Record<string, unknown>; revs: Record<string, number>; locked: string[]; schema: Record<string, unknown> }
const settings = async (token?: string): Promise<Settings> => (await ask('GET', '/api/settings', undefined, token)).body as unknown as Settings;
const put = async (section: string, value: unknown, { rev, token }: { rev?: number; token?: string } = {}): Promise<Answer> =>
  ask('PUT', `/api/settings/${section}`, { rev: rev ?? (await settings()).revs[section], value }, token);
const refused = (name: CodeName, status: number, detail: unknown = expect.any(String)) =>
  ({ status, body: { code: CODES[name].code, name, error: CODES[name].what, mend: CODES[name].mend, detail } });

describe('settings', () => {
  it('are read by every agent, whole, with a schema for each section', async () => {
    const { sections, revs, locked, schema } = await settings(await tokenOf('new'));
    expect(sections.teams).toMatchObject([{ id: 'support', name: 'Support', method: 'leastBusy', offerMs: 30_000 }]);
    expect(Object.keys(schema).sort()).toEqual(Object.keys(sections).sort());
    expect([Object.keys(revs).sort(), locked]).toEqual([Object.keys(sections).sort(), []]);
    expect(JSON.stringify(sections)).not.toContain('keys');
  });

  it('are changed by an administrator, section by section; every agent hears of it, and what is left out has its default', async () => {
    const ben = await house.agent('ben');
    const { revs } = await settings();
    const answer = await put('skills', [{ id: 'it', name: 'Italiano' }]);
    expect(answer).toMatchObject({ status: 200, body: { rev: expect.any(Number) } });
    const { rev } = await ben.hear('configured');
    const now = await settings();
    expect([now.sections.skills, now.revs.skills, rev]).toEqual([[{ id: 'it', name: 'Italiano' }], answer.body.rev, answer.body.rev]);
    expect({ ...now.revs, skills: 0 }).toEqual({ ...revs, skills: 0 });
    await put('agents', [agent('ada', { right: 'admin' }), { id: 'ben', name: 'Ben', skills: ['it'] }]);
    expect((await settings()).sections.agents).toMatchObject([{}, { id: 'ben', right: 'agent', teams: [], skills: ['it'], capacity: {} }]);
  });

  it('of two who change the same section the slower one hears of the faster, and overwrites nothing', async () => {
    await put('agents', [agent('ada', { right: 'admin' }), agent('ben', { right: 'admin' })]);
    const { revs } = await settings();
    expect((await put('tags', ['fast'], { rev: revs.tags ?? 0, token: await tokenOf('ben') })).status).toBe(200);
    expect(await put('tags', ['slow'], { rev: revs.tags ?? 0 })).toEqual(refused('conflict', 409, expect.stringContaining('ben changed it')));
    expect((await settings()).sections.tags).toEqual(['fast']);
  });

  it.each<[string, string, unknown, CodeName, number, string]>([
    ['a team that is none', 'agents', [agent('ada', { right: 'admin', teams: ['sales'] })], 'invalid', 400, 'agents.0.teams.0: there is no team "sales"'],
    ['the last admin', 'agents', [agent('ada')], 'invalid', 400, 'nobody could change settings any more'],
    ['a number that is none', 'routing', { graceMs: 'soon' }, 'invalid', 400, 'routing.graceMs: '],
    ['a section that nobody knows', 'keys', [], 'invalid', 400, 'there is no section "keys"; there are'],
    ['a section named as JavaScript\'s own', '__proto__', {}, 'invalid', 400, 'there is no section'],
  ])('%s is refused with what is wrong and what to do', async (_, section, value, name, status, words) => {
    expect(await ask('PUT', `/api/settings/${section}`, { rev: Number((await settings()).revs[section]) || 1, value })).toEqual(refused(name, status, expect.stringContaining(words)));
  });

  it('what is still in use stays: the answer says by what', async () => {
    const customer = await house.customer();
    await put('teams', [{ id: 'support', name: 'Support' }, { id: 'sales', name: 'Sales' }]);
    await put('channels', { web: { team: 'sales' } });
    customer.say(message(ulid(), 'hello'));
    await customer.hear('ack');
    await quiet();
    await put('channels', { web: {} });
    expect(await put('teams', [{ id: 'support', name: 'Support' }])).toEqual(refused('inUse', 409, expect.stringMatching(/sales.*1/i)));
  });

  it('what the file names is changed there, also after the console has changed it; the console\'s own stays', async () => {
    const log = memoryLog({ shards: 4 });
    await house.close();
    await open({}, log.share());
    await put('tags', ['from the console']);
    await put('name', 'From the console');
    await house.close();
    await open({ tags: ['from the file'], teams: [{ id: 'support', name: 'Support' }] }, log.share());
    const { sections, locked } = await settings();
    expect([sections.tags, sections.name, locked]).toEqual([['from the file'], 'From the console', ['tags', 'teams']]);
    expect(await put('tags', ['again'])).toEqual(refused('forbidden', 403, expect.stringContaining('the configuration file sets "tags"')));
    await house.close();
    await open({}, log.share());
    expect((await put('tags', ['again'])).status).toBe(200);
  });

  it('that do not fit together any more, since the file has changed, are reported at the start', async () => {
    const log = memoryLog({ shards: 4 });
    await house.close();
    await open({}, log.share());
    await put('teams', [{ id: 'support', name: 'Support' }, { id: 'sales', name: 'Sales' }]);
    await put('rules', [{ contains: 'buy', team: 'sales' }]);
    await house.close();
    await open({ teams: [{ id: 'support', name: 'Support' }] }, log.share());
    expect(house.reports).toEqual([{ what: 'settings do not fit together', facts: expect.objectContaining({ workspace: 'demo', problem: expect.stringContaining('rules.0.team: there is no team "sales"') }) }]);
  });

  it('a thousand agents in one request, and a megabyte is the limit', async () => {
    const all = Array.from({ length: 1_000 }, (_, i) => agent(`a${i}`, { right: 'admin', name: 'x'.repeat(100) }));
    expect((await put('agents', all)).status).toBe(200);
    const token = await tokenOf('a1');
    expect(await ask('PUT', '/api/settings/tags', { rev: 1, value: ['x'.repeat(1_100_000)] }, token)).toEqual(refused('tooLarge', 413, 'a request body has at most 1048576 bytes'));
  });
});

describe('what settings change', () => {
  it('the style, team and priority of the next ticket; a running one keeps its own', async () => {
    const customer = await house.customer();
    const [before, after] = [ulid(), ulid()];
    const styleOf = async (conversation: string): Promise<unknown[]> => {
      customer.say(message(conversation, 'I want to buy'), { t: 'subscribe', rid: 1, conversation, epoch: 0, seq: 0 });
      const { summary } = await customer.hear('subscribed', (frame) => frame.conversation === conversation);
      const state = await new Promise<unknown>((resolve) => { house.gateway.host.peek(`c/demo/${conversation}`, resolve); }) as { team: string; priority: number };
      return [summary.style, state.team, state.priority];
    };
    expect(await styleOf(before)).toEqual(['chat', 'support', 2]);
    await put('teams', [{ id: 'support', name: 'Support' }, { id: 'sales', name: 'Sales' }]);
    await put('rules', [{ contains: 'BUY', style: 'social', team: 'sales', priority: 0 }]);
    expect(await styleOf(after)).toEqual(['social', 'sales', 0]);
    expect(await styleOf(before)).toEqual(['chat', 'support', 2]);
  });

  it('which pages may embed the widget, at once and without a restart', async () => {
    const visit = (): Promise<Answer> => ask('POST', '/auth/visitor', { device: ulid() }, '', { origin: SHOP });
    expect(await visit()).toMatchObject({ status: 403, body: { name: 'originRefused' } });
    await put('allowedOrigins', [SHOP]);
    expect((await visit()).status).toBe(200);
    await put('allowedOrigins', []);
    expect((await visit()).status).toBe(403);
  });
});

describe('a link for a colleague', () => {
  it('signs them in once, where the administrator is', async () => {
    await put('agents', [agent('ada', { right: 'admin' }), agent('ben@shop.example')]);
    const path = `/api/agents/${encodeURIComponent('ben@shop.example')}/link`;
    const { status, body: { url } } = await ask('POST', path, {}, undefined, { origin: house.gateway.url });
    expect([status, url]).toEqual([200, expect.stringMatching(new RegExp(`^${house.gateway.url}/console#code=[\\w-]{24}$`))]);
    const code = String(url).split('=')[1];
    const { body: { token } } = await ask('POST', '/auth/code', { code }, '');
    const peer = await hello(String(token));
    expect((await peer.hear('welcome')).me).toMatchObject({ id: 'a_ben@shop.example', name: 'BEN@SHOP.EXAMPLE', role: 'agent', workspace: 'demo' });
    expect((await ask('POST', '/auth/code', { code }, '')).status).toBe(401);
  });

  it('is made by administrators, for agents of the settings', async () => {
    expect(await ask('POST', '/api/agents/ada/link', {}, await tokenOf('new'))).toEqual(refused('forbidden', 403, expect.stringContaining('administrators')));
    for (const id of ['eve', 'a_ada', 'ADA', '__proto__']) expect(await ask('POST', `/api/agents/${id}/link`, {})).toMatchObject({ status: 404, body: { name: 'notFound' } });
  });

  it('whoever has been removed from the settings is shown out at once, and their link and token open nothing', async () => {
    const token = await house.gateway.identities.agent('demo', { id: 'ben', name: 'Ben' });
    await put('agents', [agent('ada', { right: 'admin' }), agent('ben')]);
    const [own, outsider] = [await hello(token), await house.agent('ben')];
    const { status, body: { token: fresh } } = await ask('POST', '/auth/renew', { token }, '');
    expect([status, (await ask('GET', '/api/settings', undefined, token)).status]).toEqual([200, 200]);
    await put('agents', [agent('ada', { right: 'admin' })]);
    const gone = { status: 401, body: { name: 'tokenInvalid', detail: expect.stringContaining('not in the settings any more') } };
    expect(await own.closed).toMatchObject({ code: CODES.tokenInvalid.code });
    expect(await ask('POST', '/auth/renew', { token: fresh }, '')).toMatchObject(gone);
    expect(await ask('GET', '/api/settings', undefined, token)).toMatchObject(gone);
    expect(await (await hello(token)).closed).toMatchObject({ code: CODES.tokenInvalid.code });
    // Who is signed in by the workspace's own back end is its affair.
    await outsider.hear('configured', ({ rev }) => rev === house.gateway.desks.of('demo')?.said?.rev);
  });
});

const PATHS: [string, string][] = [
  ['GET', '/api/settings'], ['PUT', '/api/settings/tags'], ['POST', '/api/agents/ada/link'], ['GET', '/api/search?q=x'], ['GET', '/api/contacts/v_1'],
  ['PUT', '/api/contacts/v_1/fields/plan'], ['POST', '/api/contacts/v_1/conversations'],
  ['GET', '/api/flows'], ['GET', '/api/flows/nudge'], ['PUT', '/api/flows/nudge'], ['POST', '/api/flows/nudge/publish'], ['POST', '/api/flows/nudge/live'],
  ['POST', '/api/flows/nudge/remove'], ['POST', '/api/flows/check'], ['POST', '/api/flows/trial'], ['POST', '/api/templates/nudge'],
];
describe.each(PATHS)('%s %s', (method, path) => {
  const body = method === 'GET' ? undefined : { rev: 1, value: 'x' };

  it('without an agent\'s token is answered with nothing else', async () => {
    const visitor = await house.gateway.identities.visitor('demo', ulid(), undefined);
    expect(await ask(method, path, body, '')).toEqual(refused('tokenInvalid', 401, expect.stringContaining('Bearer')));
    for (const token of ['x', 'x.y.z', 'x'.repeat(4_000)]) expect(await ask(method, path, body, token)).toMatchObject({ status: 401, body: { name: 'tokenInvalid' } });
    expect(await ask(method, path, body, visitor)).toMatchObject({ status: 401, body: { name: 'tokenDevice' } });
    house.clock.advance(13 * 3_600_000);
    const old = await tokenOf();
    house.clock.advance(13 * 3_600_000);
    expect(await ask(method, path, body, old)).toMatchObject({ status: 401, body: { name: 'tokenExpired' } });
  });

  it('from a page of another workspace is refused, and its own may ask first', async () => {
    await put('allowedOrigins', [SHOP]);
    expect(await ask(method, path, body, undefined, { origin: 'https://bank.example.com' })).toMatchObject({ status: 403, body: { name: 'originRefused' } });
    const preflight = await fetch(house.gateway.url + path, { method: 'OPTIONS', headers: { origin: SHOP } });
    expect([preflight.status, preflight.headers.get('access-control-allow-origin'), preflight.headers.get('access-control-allow-methods')?.split(', ').includes(method), preflight.headers.get('access-control-allow-headers')])
      .toEqual([204, SHOP, true, 'Content-Type, Authorization']);
    expect((await ask(method, path, body, undefined, { origin: SHOP })).status).not.toBe(403);
  });
});

it('who asks too much is told when to ask again; others do not notice', async () => {
  await house.close();
  house = await openHouse({ settings: { limits: { personFramesPerSecond: 1, personFrameBurst: 5 } } });
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask('GET', '/api/settings')));
  expect(answers.filter(({ status }) => status === 429).length).toBe(3);
  expect((await ask('GET', '/api/settings', undefined, await tokenOf('ben'))).status).toBe(200);
});

async function hello(token: string, device = ulid()): Promise<Peer> {
  const peer = await dial(house.gateway);
  peer.say({ t: 'hello', version: 0, sdk: 'test', device, token, cursors: [], feed: null, language: null });
  return peer;
}

/** Resolves when what conversations have to say has been heard. */
async function quiet(): Promise<void> {
  await new Promise((resolve) => { setImmediate(resolve); });
  await house.store.settled();
  for (const actor of await house.store.pending()) await house.gateway.host.quiet(actor);
}

describe('search', () => {
  const found = async (query: string, token?: string): Promise<{ found: { pieces: string[]; kind: string }[]; next: string | null; whole: boolean }> =>
    (await ask('GET', `/api/search?${query}`, undefined, token)).body as never;
  const said = async (peer: Peer, conversation: string, text: string, kind: 'message' | 'note' = 'message'): Promise<void> => {
    peer.say({ ...message(conversation, text), kind } as ReturnType<typeof message>);
    await peer.hear('ack');
    await house.store.settled();
  };

  it('finds what customers, agents and notes said, with who and where, and nothing of another workspace', async () => {
    const [customer, ada] = [await house.customer(), await house.agent('ada')];
    const conversation = ulid();
    await said(customer, conversation, 'Dov’è il mio Pacco?');
    await said(ada, conversation, 'a note: the pacco is lost', 'note');
    expect(await found('q=pacco')).toEqual({
      found: [
        { conversation, seq: expect.any(Number), at: expect.any(Number), author: { role: 'agent', id: 'a_ada', name: 'ada' }, kind: 'note', pieces: ['a note: the ', 'pacco', ' is lost'], contact: expect.any(Object) },
        expect.objectContaining({ conversation, kind: 'message', author: expect.objectContaining({ role: 'customer' }), pieces: ['Dov’è il mio ', 'Pacco', '?'] }),
      ],
      next: null, whole: true,
    });
    expect(await found('q=pacco', await tokenOf('eve', 'bank'))).toEqual({ found: [], next: null, whole: true });
  });

  it('goes on page by page to the end', async () => {
    const customer = await house.customer();
    const conversation = ulid();
    for (let i = 0; i < 45; i++) await said(customer, conversation, `needle ${i}`);
    const texts: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const page = await found(`q=needle${next === '' ? '' : `&next=${next}`}`);
      texts.push(...page.found.map(({ pieces }) => pieces.join('')));
      next = page.next;
    }
    expect(texts).toEqual(Array.from({ length: 45 }, (_, i) => `needle ${44 - i}`));
  });

  it('is for agents, and for words of a reasonable length', async () => {
    expect(await ask('GET', '/api/search?q=x', undefined, '')).toMatchObject({ status: 401 });
    expect(await ask('GET', `/api/search?q=${'x'.repeat(201)}`)).toEqual(refused('invalid', 400, 'q is at most 200 characters'));
    for (const query of ['', 'q=', 'q=%22', 'q=%00', 'q=x&next=nowhere']) expect(await found(query)).toEqual({ found: [], next: null, whole: true });
  });
});
