/** The library of flows over HTTP and over restarts: drafts, versions, what is live, and what conversations find. */
import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handClock } from '../../gateway/clock.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { decodeLine } from '../../gateway/tell.ts';
import { CODES, type CodeName } from '../../sdk/protocol/codes.ts';
import { message, openHouse, type House } from './house.ts';

const HOUR = 3_600_000;
const TEAMS = [{ id: 'support', name: 'Support' }, { id: 'sales', name: 'Sales' }];
const AGENTS = [{ id: 'ada', name: 'Ada', right: 'admin', teams: ['support'] }, { id: 'ben', name: 'Ben', teams: ['sales'] }];

let house: House;
const open = async (demo: object = {}, log = memoryLog({ shards: 4 })): Promise<void> => {
  house = await openHouse({ log, settings: { workspaces: { demo, bank: {} } } });
};
beforeEach(async () => { await open(); await put('teams', TEAMS); await put('agents', AGENTS); });
afterEach(async () => { await house.close(); });

interface Answer { status: number; body: Record<string, unknown> }
async function ask(method: string, path: string, body?: unknown, id = 'ada', workspace = 'demo'): Promise<Answer> {
  const headers = { authorization: `Bearer ${await house.token(id, workspace)}` };
  const response = await fetch(house.gateway.url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: response.status, body: await response.json() as Answer['body'] };
}
async function put(section: string, value: unknown): Promise<Answer> {
  const { revs } = (await ask('GET', '/api/settings')).body as { revs: Record<string, number> };
  return ask('PUT', `/api/settings/${section}`, { rev: revs[section], value });
}
const refused = (name: CodeName, status: number, detail: string) => ({ status, body: expect.objectContaining({ name, code: CODES[name].code, detail }) });
const save = (id: string, definition: unknown, rev = 0, by = 'ada'): Promise<Answer> => ask('PUT', `/api/flows/${id}`, { rev, definition }, by);
const publish = (id: string, rev: number, how: object = {}): Promise<Answer> => ask('POST', `/api/flows/${id}/publish`, { rev, ...how });
const read = async (id: string): Promise<Record<string, unknown>> => (await ask('GET', `/api/flows/${id}`)).body;
const list = async (workspace?: string): Promise<Record<string, unknown>[]> =>
  (await ask('GET', '/api/flows', undefined, 'ada', workspace)).body.flows as Record<string, unknown>[];

const hello = (text = 'Hello!') => ({ name: 'Hello', about: 'Says hello', start: [{ on: 'opened' }], steps: [{ id: 'hello', do: 'say', text }] });
const toSales = { name: 'To sales', start: [{ on: 'called' }], steps: [{ id: 'to', do: 'assign', team: 'sales' }] };

describe('the library', () => {
  it('begins empty, with the schema of a flow; each workspace has its own', async () => {
    const { status, body } = await ask('GET', '/api/flows', undefined, 'ben');
    expect([status, body.flows, body.schema]).toEqual([200, [], expect.objectContaining({ $defs: expect.any(Object) })]);
    expect((body.templates as { id: string }[]).map(({ id }) => id)).toEqual(['nudge', 'vip', 'team-by-answer', 'team-by-data', 'operator']);
    await save('hello', hello());
    expect([(await list()).length, (await list('bank')).length]).toEqual([1, 0]);
    expect((await ask('GET', '/api/flows/hello', undefined, 'ada', 'bank')).status).toBe(404);
  });

  it('a draft is kept with its problems, published, changed, rolled back, taken off and removed', async () => {
    expect(await save('hello', { name: 'Hello' })).toEqual({ status: 200, body: { rev: 1, problems: expect.arrayContaining([{ path: 'steps', problem: expect.any(String) }]) } });
    expect(await save('hello', hello(), 1)).toEqual({ status: 200, body: { rev: 2, problems: [] } });
    expect(await list()).toEqual([{
      id: 'hello', name: 'Hello', about: 'Says hello', rev: 2, live: 0, draft: true, problems: 0, versions: 0, start: ['opened'], by: 'ada', at: house.clock.now(),
    }]);
    expect(await publish('hello', 2, { note: 'the first' })).toEqual({ status: 200, body: { version: 1 } });
    expect(await list()).toEqual([expect.objectContaining({ live: 1, draft: false, versions: 1 })]);
    await save('hello', hello('Hi!'), 2);
    expect(await list()).toEqual([expect.objectContaining({ live: 1, draft: true })]);
    await publish('hello', 3);
    expect(await read('hello')).toEqual({
      id: 'hello', rev: 3, draft: hello('Hi!'), problems: [], live: 2, by: 'ada', at: house.clock.now(), migration: [],
      versions: [
        { version: 1, flow: hello(), note: 'the first', by: 'ada', at: house.clock.now(), successor: 0 },
        { version: 2, flow: hello('Hi!'), note: '', by: 'ada', at: house.clock.now(), successor: 0 },
      ],
    });
    for (const version of [1, 2, 0]) {
      expect(await ask('POST', '/api/flows/hello/live', { version })).toEqual({ status: 200, body: {} });
      expect((await read('hello')).live).toBe(version);
    }
    expect(await ask('POST', '/api/flows/hello/remove', {})).toEqual({ status: 200, body: {} });
    expect([await list(), (await ask('GET', '/api/flows/hello')).status]).toEqual([[], 404]);
  });

  it('answers what is wrong, where it stands and what to do', async () => {
    await save('hello', { ...hello(), steps: [{ id: 'to', do: 'assign', team: 'seals' }] });
    const problem = 'steps.0.team: there is no team "seals"; did you mean "sales"?';
    expect(await publish('hello', 1)).toEqual(refused('invalid', 400, expect.stringContaining(problem) as unknown as string));
    await save('hello', hello(), 1, 'ada');
    expect(await save('hello', hello('Hey!'), 1)).toEqual(refused('conflict', 409, expect.stringContaining('ada changed "hello" at') as unknown as string));
    expect(await publish('hello', 1)).toEqual(refused('conflict', 409, expect.stringContaining('look at it again') as unknown as string));
    await publish('hello', 2);
    expect(await ask('POST', '/api/flows/hello/remove', {})).toEqual(refused('inUse', 409, '"hello" is live in version 1: take it off first, with version 0'));
    expect(await ask('POST', '/api/flows/hello/live', { version: 3 })).toEqual(refused('notFound', 404, '"hello" has no version 3; it has the versions 1 to 1'));
  });

  it.each<[string, string, object]>([
    ['PUT', '/api/flows/hello', { rev: -1, definition: {} }], ['PUT', '/api/flows/hello', { rev: 0 }], ['PUT', '/api/flows/Hello', { rev: 0, definition: {} }],
    ['POST', '/api/flows/hello/publish', {}], ['POST', '/api/flows/hello/publish', { rev: 1, migrate: 'yes' }], ['POST', '/api/flows/hello/publish', { rev: 1, note: 7 }],
    ['POST', '/api/flows/hello/live', { version: '1' }], ['POST', '/api/flows/check', { definition: {} }], ['POST', '/api/flows/check', { flow: 'x' }],
  ])('%s %s refuses %o', async (method, path, body) => {
    expect(await ask(method, path, body)).toMatchObject({ status: 400, body: { name: 'invalid' } });
  });

  it('takes whatever can be sent for a draft, however deep, and stays', async () => {
    const deep = `{"rev":0,"definition":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const response = await fetch(`${house.gateway.url}/api/flows/deep`, { method: 'PUT', body: deep, headers: { authorization: `Bearer ${await house.token('ada')}` } });
    expect([response.status, house.reports]).toEqual([400, []]);
    expect((await save('hello', hello())).status).toBe(200);
  });

  it('is changed by administrators alone, and read by every agent', async () => {
    await save('hello', hello());
    for (const [method, path, body] of [
      ['PUT', '/api/flows/hello', { rev: 1, definition: {} }], ['POST', '/api/flows/hello/publish', { rev: 1 }],
      ['POST', '/api/flows/hello/live', { version: 0 }], ['POST', '/api/flows/hello/remove', {}],
    ] as const) expect(await ask(method, path, body, 'ben')).toEqual(refused('forbidden', 403, 'flows are changed by administrators: ask one of them'));
    expect([(await ask('GET', '/api/flows/hello', undefined, 'ben')).status, (await ask('POST', '/api/flows/check', { flow: 'x', definition: hello() }, 'ben')).status]).toEqual([200, 200]);
  });

  it('says of a definition what is wrong and how it looks, and keeps nothing', async () => {
    expect(await ask('POST', '/api/flows/check', { flow: 'hello', definition: hello() }))
      .toEqual({ status: 200, body: { problems: [], chart: { nodes: expect.arrayContaining([expect.objectContaining({ id: 'hello' })]), edges: expect.any(Array) } } });
    const { body } = await ask('POST', '/api/flows/check', { flow: 'hello', definition: { name: 7 } });
    expect(body).toEqual({ problems: expect.arrayContaining([{ path: 'name', problem: expect.any(String) }]), chart: null });
    expect(await list()).toEqual([]);
  });

it('tells why runs cannot go over to the draft, and does not publish it with them', async () => {
    const asking = (id: string) => ({ ...hello(), steps: [{ id, do: 'ask', text: 'Who?', answer: 'text', save: 'vars.who', onInvalid: [], onTimeout: [] }] });
    await save('hello', asking('who'));
    await publish('hello', 1);
    await save('hello', asking('whom'), 1);
    expect((await read('hello')).migration).not.toEqual([]);
    expect(await publish('hello', 2, { migrate: true })).toEqual(refused('invalid', 400, expect.stringContaining('let runs finish on version 1') as unknown as string));
    await save('hello', { ...asking('who'), about: 'Who is it?' }, 2);
    expect((await read('hello')).migration).toEqual([]);
    expect(await publish('hello', 3, { migrate: true })).toEqual({ status: 200, body: { version: 2 } });
    const shelf = house.gateway.flows.shelfOf('demo');
    expect([shelf.successor('hello', 1), shelf.successor('hello', 2), shelf.live.map(({ version }) => version)]).toEqual([2, undefined, [2]]);
  });
});

describe('a template', () => {
  it('shows its parameters with what stands when nothing is said, and makes a flow of them', async () => {
    const templates = (await ask('GET', '/api/flows')).body.templates as { id: string; parameters: unknown; preset: Record<string, unknown>; definition: unknown }[];
    for (const { id, parameters, preset, definition } of templates) {
      expect(parameters).toMatchObject({ type: 'object', properties: expect.objectContaining({ name: expect.any(Object), sender: expect.any(Object) }) });
      expect(await ask('POST', `/api/templates/${id}`, { parameters: preset }, 'ben')).toEqual({ status: 200, body: { definition } });
      expect((await ask('POST', `/api/templates/${id}`, { parameters: { ...preset, name: 'Ours' } })).body.definition).toEqual({ ...definition as object, name: 'Ours' });
    }
  });

  it('refuses what it is not asked for, and what is no template', async () => {
    expect(await ask('POST', '/api/templates/nudge', { parameters: { nam: 'Ours' } })).toEqual(refused('invalid', 400, expect.stringContaining('"nam"; did you mean "name"?') as unknown as string));
    expect(await ask('POST', '/api/templates/nudg', {})).toEqual(refused('notFound', 404, 'there is no template "nudg"; did you mean "nudge"?'));
  });
});

describe('a trial', () => {
  const crm = { ...toSales, steps: [
    { id: 'crm', do: 'http', method: 'GET', url: 'https://crm.example.com/{{contact.email}}', map: [{ path: '$.type', save: 'vars.type' }], onFailure: [] },
    { id: 'which', do: 'branch', cases: [{ when: { all: [{ field: 'vars.type', is: 'equal', value: 'vip' }] }, steps: [{ id: 'vip', do: 'assign', team: 'sales' }] }] },
  ] };
  const tried = (definition: unknown, start: unknown, moves: unknown): Promise<Answer> => ask('POST', '/api/flows/trial', { flow: 'crm', definition, start, moves }, 'ben');
  const hi = { do: 'customer', text: 'Hi' };

  it('shows what a definition would do, and touches nothing', async () => {
    const { status, body } = await tried(crm, { fields: { email: 'ada@example.com' } }, [hi, { do: 'answer', status: 200, body: { type: 'VIP' } }]);
    expect([status, body]).toEqual([200, expect.objectContaining({
      refused: null, calls: [expect.objectContaining({ url: 'https://crm.example.com/ada%40example.com', answered: { status: 200, body: { type: 'VIP' } } })],
      ticket: expect.objectContaining({ team: 'sales' }), fields: expect.objectContaining({ email: 'ada@example.com' }),
    })]);
    expect([await list(), await house.store.pending()]).toEqual([[], []]);
  });

  it('begins when it is told, or now', async () => {
    expect((await tried(crm, { at: 1_000 }, [])).body.at).toBe(1_000);
    expect((await tried(crm, {}, [{ do: 'pass', ms: HOUR }])).body.at).toBe(house.clock.now() + HOUR);
  });

  it.each<[string, unknown, unknown, unknown, string]>([
    ['what is wrong with the definition', { ...toSales, steps: [{ id: 'to', do: 'assign', team: 'seals' }] }, {}, [hi], 'steps.0.team: there is no team "seals"'],
    ['a start that is none', toSales, { at: 'now' }, [], 'start.at: '],
    ['a move that is none', toSales, {}, [{ do: 'dance' }], 'moves.0.do: '],
    ['too many moves', toSales, {}, Array.from({ length: 201 }, () => hi), 'moves: '],
  ])('refuses %s', async (_, definition, start, moves, words) => {
    expect(await tried(definition, start, moves)).toEqual(refused('invalid', 400, expect.stringContaining(words) as unknown as string));
  });
});

describe('settings that a live flow needs', () => {
  it('are not taken away: the answer names the flow and the step', async () => {
    await save('to-sales', toSales);
    await publish('to-sales', 1);
    await put('agents', [AGENTS[0]]);
    const without = (): Promise<Answer> => put('teams', [TEAMS[0]]);
    expect(await without()).toEqual(refused('inUse', 409, expect.stringMatching(/^the live flow "to-sales" needs it: steps\.0\.team: there is no team "sales"/) as unknown as string));
    await ask('POST', '/api/flows/to-sales/live', { version: 0 });
    expect((await without()).status).toBe(200);
    expect((await read('to-sales')).problems).toEqual([{ path: 'steps.0.team', problem: expect.stringContaining('there is no team "sales"') }]);
    expect(await ask('POST', '/api/flows/to-sales/live', { version: 1 })).toMatchObject({ status: 400 });
  });

  it.each<[string, string, unknown[], object, string]>([
    ['an agent', 'agents', [AGENTS[0]], { id: 's', do: 'assign', agent: 'ben' }, 'steps.0.agent: '],
    ['a skill', 'skills', [], { id: 's', do: 'assign', skills: ['it'] }, 'steps.0.skills.0: '],
    ['a field', 'fields', [], { id: 's', do: 'set', field: 'contact.plan', value: 'gold' }, 'steps.0.field: '],
    ['a field of another type', 'fields', [{ id: 'plan', name: 'Plan', type: 'choice', choices: ['silver'] }], { id: 's', do: 'set', field: 'contact.plan', value: 'gold' }, 'steps.0.value: '],
  ])('%s stays while it is named, and goes once it is not', async (_, section, without, step, where) => {
    await put('skills', [{ id: 'it', name: 'Italiano' }]);
    await put('fields', [{ id: 'plan', name: 'Plan', type: 'choice', choices: ['gold', 'silver'] }]);
    await save('one', { ...toSales, steps: [step] });
    expect((await publish('one', 1)).status).toBe(200);
    expect(await put(section, without)).toEqual(refused('inUse', 409, expect.stringContaining(`the live flow "one" needs it: ${where}`) as unknown as string));
    await ask('POST', '/api/flows/one/live', { version: 0 });
    expect((await put(section, without)).status).toBe(200);
  });

  it('may change otherwise, and the list says what has become of drafts', async () => {
    await save('to-sales', toSales);
    await publish('to-sales', 1);
    expect((await put('teams', [...TEAMS, { id: 'night', name: 'Night' }])).status).toBe(200);
    await save('to-night', { ...toSales, steps: [{ id: 'to', do: 'assign', team: 'night' }] });
    const problems = async (): Promise<unknown[]> => (await list()).map(({ id, problems: n }) => [id, n]);
    expect(await problems()).toEqual([['to-night', 0], ['to-sales', 0]]);
    expect((await put('teams', TEAMS)).status).toBe(200);
    expect(await problems()).toEqual([['to-night', 1], ['to-sales', 0]]);
  });

  it('and that the file takes away are reported at the start, and counted in the list', async () => {
    const log = memoryLog({ shards: 4 });
    await house.close();
    await open({}, log.share());
    await put('teams', TEAMS);
    await save('to-sales', toSales);
    await publish('to-sales', 1);
    await house.close();
    await open({ teams: [TEAMS[0]] }, log.share());
    expect(house.reports).toEqual([{ what: 'a live flow does not fit the settings', facts: expect.objectContaining({
      workspace: 'demo', flow: 'to-sales', version: 1, problem: expect.stringContaining('steps.0.team: there is no team "sales"'),
    }) }]);
    expect(await list()).toEqual([expect.objectContaining({ id: 'to-sales', problems: 1, live: 1 })]);
  });
});

describe('a conversation', () => {
  const nudge = (text: string) => ({
    name: 'Nudge', start: [{ on: 'message', from: 'customer' }],
    steps: [{ id: 'hour', do: 'wait', forMs: HOUR }, { id: 'still', do: 'say', text }],
  });
  const texts = async (actor: string): Promise<string[]> => {
    const lines = await house.gateway.host.history(actor, { after: 0, before: 0, limit: 100, newest: false, audience: 'everyone' });
    return lines.map(({ bytes }) => decodeLine(bytes, 'everyone')).filter(({ kind }) => kind === 'message').map(({ body }) => String((body as { text: unknown }).text));
  };
  /** All that has been said, once this has. */
  const until = async (conversation: string, last: string): Promise<string[]> => {
    for (let i = 0; i < 1_000; i++) {
      const said = await texts(`c/demo/${conversation}`);
      if (said.at(-1) === last) return said;
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    return texts(`c/demo/${conversation}`);
  };
  const writes = async (conversation: string): Promise<void> => {
    const customer = await house.customer();
    customer.say(message(conversation, 'Anybody there?'));
    await customer.hear('ack');
    await settled(`c/demo/${conversation}`);
  };
  const bring = async (text: string, rev: number, how: object = {}): Promise<void> => {
    await save('nudge', nudge(text), rev);
    expect((await publish('nudge', rev + 1, how)).status).toBe(200);
  };

  it('runs the version that is live when it begins, from the moment of its publication', async () => {
    const conversation = ulid();
    await bring('Still there?', 0);
    await writes(conversation);
    await bring('Hello?', 1);
    const later = ulid();
    await writes(later);
    house.clock.advance(HOUR);
    expect([await until(conversation, 'Still there?'), await until(later, 'Hello?')]).toEqual([['Anybody there?', 'Still there?'], ['Anybody there?', 'Hello?']]);
  });

  it('goes over to the version that takes its version\'s place, and keeps its time; unless that has been taken back before', async () => {
    await bring('Still there?', 0);
    const [over, stays] = [ulid(), ulid()];
    await writes(over);
    await bring('Hello?', 1, { migrate: true });
    house.clock.advance(HOUR - 1);
    await settled(`c/demo/${over}`);
    expect(await texts(`c/demo/${over}`)).toEqual(['Anybody there?']);
    house.clock.advance(1);
    expect(await until(over, 'Hello?')).toEqual(['Anybody there?', 'Hello?']);
    await writes(stays);
    await bring('Knock, knock!', 2, { migrate: true });
    await ask('POST', '/api/flows/nudge/live', { version: 1 });
    house.clock.advance(HOUR);
    expect(await until(stays, 'Hello?')).toEqual(['Anybody there?', 'Hello?']);
  });

  it('whose flow fell due while nobody was there goes on right at the start, in its own version, once', async () => {
    const log = memoryLog({ shards: 4 });
    await house.close();
    await open({}, log.share());
    const conversation = ulid();
    await bring('Still there?', 0);
    await writes(conversation);
    await bring('Hello?', 1);
    const before = house.clock.now();
    await house.close();
    house = await openHouse({ log: log.share(), settings: { workspaces: { demo: {}, bank: {} } }, clock: handClock(before + HOUR) });
    expect(await until(conversation, 'Still there?')).toEqual(['Anybody there?', 'Still there?']);
    await settled(`c/demo/${conversation}`);
    expect(await texts(`c/demo/${conversation}`)).toEqual(['Anybody there?', 'Still there?']);
    expect(house.reports).toEqual([]);
  });
});

describe('a restart', () => {
  it('keeps drafts, versions and what is live', async () => {
    const log = memoryLog({ shards: 4 });
    await house.close();
    await open({}, log.share());
    await save('hello', hello());
    await publish('hello', 1);
    await save('hello', hello('Hi!'), 1);
    await save('other', { half: 'written' });
    const [before, other] = [await read('hello'), await read('other')];
    await house.close();
    await open({}, log.share());
    expect([await read('hello'), await read('other')]).toEqual([before, other]);
    const shelf = house.gateway.flows.shelfOf('demo');
    expect(shelf.live.map(({ id, version, compiled }) => [id, version, compiled.flow])).toEqual([['hello', 1, hello()]]);
    expect(shelf.at('hello', 1)).toBe(shelf.live[0]?.compiled);
    expect([shelf.at('hello', 2), shelf.at('other', 1)]).toEqual([undefined, undefined]);
  });
});

/** Resolves when timers that are due have rung, and what came of it is durable. */
async function settled(actor: string): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => { setImmediate(resolve); });
    await house.gateway.host.quiet(actor);
    await house.store.settled();
  }
}
