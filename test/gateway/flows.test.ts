/** The library of flows over HTTP: drafts, versions, what is live; templates; and trials that touch nobody. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AGENTS, FlowStage, hello, HOUR, refused, TEAMS, toSales, type Answer } from './flows.stage.ts';

let stage: FlowStage;
beforeEach(async () => {
  stage = new FlowStage();
  await stage.open();
  await stage.put('teams', TEAMS);
  await stage.put('agents', AGENTS);
});
afterEach(async () => { await stage.house.close(); });

describe('the library', () => {
  it('begins empty, with the schema of a flow; each workspace has its own', async () => {
    const { status, body } = await stage.ask('GET', '/api/flows', undefined, 'ben');
    expect([status, body.flows, body.schema]).toEqual([200, [], expect.objectContaining({ $defs: expect.any(Object) })]);
    expect((body.templates as { id: string }[]).map(({ id }) => id)).toEqual(['nudge', 'vip', 'team-by-answer', 'team-by-data', 'operator']);
    await stage.save('hello', hello());
    expect([(await stage.list()).length, (await stage.list('bank')).length]).toEqual([1, 0]);
    expect((await stage.ask('GET', '/api/flows/hello', undefined, 'ada', 'bank')).status).toBe(404);
  });

  it('a draft is kept with its problems, published, changed, rolled back, taken off and removed', async () => {
    expect(await stage.save('hello', { name: 'Hello' })).toEqual({ status: 200, body: { rev: 1, problems: expect.arrayContaining([{ path: 'steps', problem: expect.any(String) }]) } });
    expect(await stage.save('hello', hello(), 1)).toEqual({ status: 200, body: { rev: 2, problems: [] } });
    expect(await stage.list()).toEqual([{
      id: 'hello', name: 'Hello', about: 'Says hello', rev: 2, live: 0, draft: true, problems: 0, versions: 0, start: ['opened'], by: 'ada', at: stage.house.clock.now(),
    }]);
    expect(await stage.publish('hello', 2, { note: 'the first' })).toEqual({ status: 200, body: { version: 1 } });
    expect(await stage.list()).toEqual([expect.objectContaining({ live: 1, draft: false, versions: 1 })]);
    await stage.save('hello', hello('Hi!'), 2);
    expect(await stage.list()).toEqual([expect.objectContaining({ live: 1, draft: true })]);
    await stage.publish('hello', 3);
    expect(await stage.read('hello')).toEqual({
      id: 'hello', rev: 3, draft: hello('Hi!'), problems: [], live: 2, by: 'ada', at: stage.house.clock.now(), migration: [],
      versions: [
        { version: 1, flow: hello(), note: 'the first', by: 'ada', at: stage.house.clock.now(), successor: 0 },
        { version: 2, flow: hello('Hi!'), note: '', by: 'ada', at: stage.house.clock.now(), successor: 0 },
      ],
    });
    for (const version of [1, 2, 0]) {
      expect(await stage.ask('POST', '/api/flows/hello/live', { version })).toEqual({ status: 200, body: {} });
      expect((await stage.read('hello')).live).toBe(version);
    }
    expect(await stage.ask('POST', '/api/flows/hello/remove', {})).toEqual({ status: 200, body: {} });
    expect([await stage.list(), (await stage.ask('GET', '/api/flows/hello')).status]).toEqual([[], 404]);
  });

  it('answers what is wrong, where it stands and what to do', async () => {
    await stage.save('hello', { ...hello(), steps: [{ id: 'to', do: 'assign', team: 'seals' }] });
    const problem = 'steps.0.team: there is no team "seals"; did you mean "sales"?';
    expect(await stage.publish('hello', 1)).toEqual(refused('invalid', 400, expect.stringContaining(problem)));
    await stage.save('hello', hello(), 1);
    expect(await stage.save('hello', hello('Hey!'), 1)).toEqual(refused('conflict', 409, expect.stringContaining('ada changed "hello" at')));
    expect(await stage.publish('hello', 1)).toEqual(refused('conflict', 409, expect.stringContaining('look at it again')));
    await stage.publish('hello', 2);
    expect(await stage.ask('POST', '/api/flows/hello/remove', {})).toEqual(refused('inUse', 409, '"hello" is live in version 1: take it off first, with version 0'));
    expect(await stage.ask('POST', '/api/flows/hello/live', { version: 3 })).toEqual(refused('notFound', 404, '"hello" has no version 3; it has the versions 1 to 1'));
  });

  it.each<[string, string, object]>([
    ['PUT', '/api/flows/hello', { rev: -1, definition: {} }], ['PUT', '/api/flows/hello', { rev: 0 }], ['PUT', '/api/flows/Hello', { rev: 0, definition: {} }],
    ['POST', '/api/flows/hello/publish', {}], ['POST', '/api/flows/hello/publish', { rev: 1, migrate: 'yes' }], ['POST', '/api/flows/hello/publish', { rev: 1, note: 7 }],
    ['POST', '/api/flows/hello/live', { version: '1' }], ['POST', '/api/flows/check', { definition: {} }], ['POST', '/api/flows/check', { flow: 'x' }],
  ])('%s %s refuses %o', async (method, path, body) => {
    expect(await stage.ask(method, path, body)).toMatchObject({ status: 400, body: { name: 'invalid' } });
  });

  it('takes whatever can be sent for a draft, however deep, and stays', async () => {
    const deep = `{"rev":0,"definition":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const response = await fetch(`${stage.house.gateway.url}/api/flows/deep`, { method: 'PUT', body: deep, headers: { authorization: `Bearer ${await stage.house.token('ada')}` } });
    expect([response.status, stage.house.reports]).toEqual([400, []]);
    expect((await stage.save('hello', hello())).status).toBe(200);
  });

  it('is changed by administrators alone, and read by every agent', async () => {
    await stage.save('hello', hello());
    for (const [method, path, body] of [
      ['PUT', '/api/flows/hello', { rev: 1, definition: {} }], ['POST', '/api/flows/hello/publish', { rev: 1 }],
      ['POST', '/api/flows/hello/live', { version: 0 }], ['POST', '/api/flows/hello/remove', {}],
    ] as const) expect(await stage.ask(method, path, body, 'ben')).toEqual(refused('forbidden', 403, 'flows are changed by administrators: ask one of them'));
    expect([(await stage.ask('GET', '/api/flows/hello', undefined, 'ben')).status, (await stage.ask('POST', '/api/flows/check', { flow: 'x', definition: hello() }, 'ben')).status]).toEqual([200, 200]);
  });

  it('says of a definition what is wrong and how it looks, and keeps nothing', async () => {
    expect(await stage.ask('POST', '/api/flows/check', { flow: 'hello', definition: hello() }))
      .toEqual({ status: 200, body: { problems: [], chart: { nodes: expect.arrayContaining([expect.objectContaining({ id: 'hello' })]), edges: expect.any(Array) } } });
    const { body } = await stage.ask('POST', '/api/flows/check', { flow: 'hello', definition: { name: 7 } });
    expect(body).toEqual({ problems: expect.arrayContaining([{ path: 'name', problem: expect.any(String) }]), chart: null });
    expect(await stage.list()).toEqual([]);
  });

it('tells why runs cannot go over to the draft, and does not publish it with them', async () => {
    const asking = (id: string) => ({ ...hello(), steps: [{ id, do: 'ask', text: 'Who?', answer: 'text', save: 'vars.who', onInvalid: [], onTimeout: [] }] });
    await stage.save('hello', asking('who'));
    await stage.publish('hello', 1);
    await stage.save('hello', asking('whom'), 1);
    expect((await stage.read('hello')).migration).not.toEqual([]);
    expect(await stage.publish('hello', 2, { migrate: true })).toEqual(refused('invalid', 400, expect.stringContaining('let runs finish on version 1')));
    await stage.save('hello', { ...asking('who'), about: 'Who is it?' }, 2);
    expect((await stage.read('hello')).migration).toEqual([]);
    expect(await stage.publish('hello', 3, { migrate: true })).toEqual({ status: 200, body: { version: 2 } });
    const shelf = stage.house.gateway.flows.shelfOf('demo');
    expect([shelf.successor('hello', 1), shelf.successor('hello', 2), shelf.live.map(({ version }) => version)]).toEqual([2, undefined, [2]]);
  });
});

describe('a template', () => {
  it('shows its parameters with what stands when nothing is said, and makes a flow of them', async () => {
    const templates = (await stage.ask('GET', '/api/flows')).body.templates as { id: string; parameters: unknown; preset: Record<string, unknown>; definition: unknown }[];
    for (const { id, parameters, preset, definition } of templates) {
      expect(parameters).toMatchObject({ type: 'object', properties: expect.objectContaining({ name: expect.any(Object), sender: expect.any(Object) }) });
      expect(await stage.ask('POST', `/api/templates/${id}`, { parameters: preset }, 'ben')).toEqual({ status: 200, body: { definition } });
      expect((await stage.ask('POST', `/api/templates/${id}`, { parameters: { ...preset, name: 'Ours' } })).body.definition).toEqual({ ...definition as object, name: 'Ours' });
    }
  });

  it('refuses what it is not asked for, and what is no template', async () => {
    expect(await stage.ask('POST', '/api/templates/nudge', { parameters: { nam: 'Ours' } })).toEqual(refused('invalid', 400, expect.stringContaining('"nam"; did you mean "name"?')));
    expect(await stage.ask('POST', '/api/templates/nudg', {})).toEqual(refused('notFound', 404, 'there is no template "nudg"; did you mean "nudge"?'));
  });
});

describe('a trial', () => {
  const crm = { ...toSales, steps: [
    { id: 'crm', do: 'http', method: 'GET', url: 'https://crm.example.com/{{contact.email}}', map: [{ path: '$.type', save: 'vars.type' }], onFailure: [] },
    { id: 'which', do: 'branch', cases: [{ when: { all: [{ field: 'vars.type', is: 'equal', value: 'vip' }] }, steps: [{ id: 'vip', do: 'assign', team: 'sales' }] }] },
  ] };
  const tried = (definition: unknown, start: unknown, moves: unknown): Promise<Answer> => stage.ask('POST', '/api/flows/trial', { flow: 'crm', definition, start, moves }, 'ben');
  const hi = { do: 'customer', text: 'Hi' };

  it('shows what a definition would do, and touches nothing', async () => {
    const { status, body } = await tried(crm, { fields: { email: 'ada@example.com' } }, [hi, { do: 'answer', status: 200, body: { type: 'VIP' } }]);
    expect([status, body]).toEqual([200, expect.objectContaining({
      refused: null, calls: [expect.objectContaining({ url: 'https://crm.example.com/ada%40example.com', answered: { status: 200, body: { type: 'VIP' } } })],
      ticket: expect.objectContaining({ team: 'sales' }), fields: expect.objectContaining({ email: 'ada@example.com' }),
    })]);
    expect([await stage.list(), await stage.house.store.pending()]).toEqual([[], []]);
  });

  it('begins when it is told, or now', async () => {
    expect((await tried(crm, { at: 1_000 }, [])).body.at).toBe(1_000);
    expect((await tried(crm, {}, [{ do: 'pass', ms: HOUR }])).body.at).toBe(stage.house.clock.now() + HOUR);
  });

  it.each<[string, unknown, unknown, unknown, string]>([
    ['what is wrong with the definition', { ...toSales, steps: [{ id: 'to', do: 'assign', team: 'seals' }] }, {}, [hi], 'steps.0.team: there is no team "seals"'],
    ['a start that is none', toSales, { at: 'now' }, [], 'start.at: must be a number, not a text'],
    ['a move that is none', toSales, {}, [{ do: 'dance' }], 'moves.0.do: '],
    ['an answer without a bottom', toSales, {}, [{ do: 'answer', status: 200, body: JSON.parse(`${'['.repeat(1_000)}${']'.repeat(1_000)}`) as unknown }], 'moves.0.body: is too deep'],
    ['too many moves', toSales, {}, Array.from({ length: 201 }, () => hi), 'moves: '],
  ])('refuses %s', async (_, definition, start, moves, words) => {
    expect(await tried(definition, start, moves)).toEqual(refused('invalid', 400, expect.stringContaining(words)));
  });
});
