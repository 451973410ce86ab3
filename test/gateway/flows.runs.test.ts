/** Flows in their workspace: what settings must keep for them, what conversations run of them, and what a restart finds. */
import { ulid } from 'ulid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeLine } from '../../gateway/tell.ts';
import { AGENTS, FlowStage, hello, HOUR, refused, TEAMS, toSales, type Answer } from './flows.stage.ts';
import { message } from './house.ts';

let stage: FlowStage;
beforeEach(async () => {
  stage = new FlowStage();
  await stage.open();
  await stage.put('teams', TEAMS);
  await stage.put('agents', AGENTS);
});
afterEach(async () => { await stage.house.close(); });

describe('settings that a live flow needs', () => {
  it('are not taken away: the answer names the flow and the step', async () => {
    await stage.save('to-sales', toSales);
    await stage.publish('to-sales', 1);
    await stage.put('agents', [AGENTS[0]]);
    const without = (): Promise<Answer> => stage.put('teams', [TEAMS[0]]);
    expect(await without()).toEqual(refused('inUse', 409, expect.stringMatching(/^the live flow "to-sales" needs it: steps\.0\.team: there is no team "sales"/)));
    await stage.ask('POST', '/api/flows/to-sales/live', { version: 0 });
    expect((await without()).status).toBe(200);
    expect((await stage.read('to-sales')).problems).toEqual([{ path: 'steps.0.team', problem: expect.stringContaining('there is no team "sales"') }]);
    expect(await stage.ask('POST', '/api/flows/to-sales/live', { version: 1 })).toMatchObject({ status: 400 });
  });

  it.each<[string, string, unknown[], object, string]>([
    ['an agent', 'agents', [AGENTS[0]], { id: 's', do: 'assign', agent: 'ben' }, 'steps.0.agent: '],
    ['a skill', 'skills', [], { id: 's', do: 'assign', skills: ['it'] }, 'steps.0.skills.0: '],
    ['a field', 'fields', [], { id: 's', do: 'set', field: 'contact.plan', value: 'gold' }, 'steps.0.field: '],
    ['a field of another type', 'fields', [{ id: 'plan', name: 'Plan', type: 'choice', choices: ['silver'] }], { id: 's', do: 'set', field: 'contact.plan', value: 'gold' }, 'steps.0.value: '],
  ])('%s stays while it is named, and goes once it is not', async (_, section, without, step, where) => {
    await stage.put('skills', [{ id: 'it', name: 'Italiano' }]);
    await stage.put('fields', [{ id: 'plan', name: 'Plan', type: 'choice', choices: ['gold', 'silver'] }]);
    await stage.save('one', { ...toSales, steps: [step] });
    expect((await stage.publish('one', 1)).status).toBe(200);
    expect(await stage.put(section, without)).toEqual(refused('inUse', 409, expect.stringContaining(`the live flow "one" needs it: ${where}`)));
    await stage.ask('POST', '/api/flows/one/live', { version: 0 });
    expect((await stage.put(section, without)).status).toBe(200);
  });

  it('may change otherwise, and the list says what has become of drafts', async () => {
    await stage.save('to-sales', toSales);
    await stage.publish('to-sales', 1);
    expect((await stage.put('teams', [...TEAMS, { id: 'night', name: 'Night' }])).status).toBe(200);
    await stage.save('to-night', { ...toSales, steps: [{ id: 'to', do: 'assign', team: 'night' }] });
    const problems = async (): Promise<unknown[]> => (await stage.list()).map(({ id, problems: n }) => [id, n]);
    expect(await problems()).toEqual([['to-night', 0], ['to-sales', 0]]);
    expect((await stage.put('teams', TEAMS)).status).toBe(200);
    expect(await problems()).toEqual([['to-night', 1], ['to-sales', 0]]);
  });

  it('and that the file takes away are reported at the start, and counted in the list', async () => {
    await stage.put('agents', [AGENTS[0]]);
    await stage.save('to-sales', toSales);
    await stage.publish('to-sales', 1);
    await stage.house.close();
    await stage.open({ teams: [TEAMS[0]] });
    expect(stage.house.reports).toEqual([{ what: 'a live flow does not fit the settings', facts: expect.objectContaining({
      workspace: 'demo', flow: 'to-sales', version: 1, problem: expect.stringContaining('steps.0.team: there is no team "sales"'),
    }) }]);
    expect(await stage.list()).toEqual([expect.objectContaining({ id: 'to-sales', problems: 1, live: 1 })]);
  });
});

describe('a conversation', () => {
  const nudge = (text: string) => ({
    name: 'Nudge', start: [{ on: 'message', from: 'customer' }],
    steps: [{ id: 'hour', do: 'wait', forMs: HOUR }, { id: 'still', do: 'say', text }],
  });
  const texts = async (actor: string): Promise<string[]> => {
    const lines = await stage.house.gateway.host.history(actor, { after: 0, before: 0, limit: 100, newest: false, audience: 'everyone' });
    return lines.map(({ bytes }) => decodeLine(bytes, 'everyone')).filter(({ kind }) => kind === 'message').map(({ body }) => String((body as { text: unknown }).text));
  };
  /** All that has been said, once this has. */
  const until = async (conversation: string, last: string): Promise<string[]> => {
    for (const end = performance.now() + 20_000; performance.now() < end;) {
      const said = await texts(`c/demo/${conversation}`);
      if (said.at(-1) === last) return said;
      await new Promise((resolve) => { setImmediate(resolve); });
    }
    return texts(`c/demo/${conversation}`);
  };
  const writes = async (conversation: string): Promise<void> => {
    const customer = await stage.house.customer();
    customer.say(message(conversation, 'Anybody there?'));
    await customer.hear('ack');
    await settled(`c/demo/${conversation}`);
  };
  const bring = async (text: string, rev: number, how: object = {}): Promise<void> => {
    await stage.save('nudge', nudge(text), rev);
    expect((await stage.publish('nudge', rev + 1, how)).status).toBe(200);
  };

  it('gets a flow that a back end calls, once for each call', async () => {
    const conversation = ulid();
    await writes(conversation);
    await stage.save('news', { ...hello('News!'), start: [{ on: 'called' }] });
    await stage.publish('news', 1);
    const call = (flow: string, id: unknown = ulid(), to = conversation): Promise<Answer> =>
      stage.ask('POST', `/api/conversations/${to}/flows/${flow}`, { id }, 'ben');
    const [first, second] = [ulid(), ulid()];
    for (const id of [first, first, second, first]) expect(await call('news', id)).toEqual({ status: 200, body: {} });
    expect(await until(conversation, 'News!')).toEqual(['Anybody there?', 'News!', 'News!']);
    expect(await call('hello')).toEqual(refused('conflict', 409, expect.stringContaining('there is no live flow hello')));
    expect(await call('news', 7)).toEqual(refused('invalid', 400, expect.stringContaining('id is a ULID')));
    expect(await call('news', ulid(), ulid())).toMatchObject({ status: 404 });
    expect(await call('news', ulid(), 'nowhere')).toMatchObject({ status: 404 });
  });

  it('runs the version that is live when it begins, from the moment of its publication', async () => {
    const conversation = ulid();
    await bring('Still there?', 0);
    await writes(conversation);
    await bring('Hello?', 1);
    const later = ulid();
    await writes(later);
    stage.house.clock.advance(HOUR);
    expect([await until(conversation, 'Still there?'), await until(later, 'Hello?')]).toEqual([['Anybody there?', 'Still there?'], ['Anybody there?', 'Hello?']]);
  });

  it('goes over to the version that takes its version\'s place, and keeps its time; unless that has been taken back before', async () => {
    await bring('Still there?', 0);
    const [over, stays] = [ulid(), ulid()];
    await writes(over);
    await bring('Hello?', 1, { migrate: true });
    stage.house.clock.advance(HOUR - 1);
    await settled(`c/demo/${over}`);
    expect(await texts(`c/demo/${over}`)).toEqual(['Anybody there?']);
    stage.house.clock.advance(1);
    expect(await until(over, 'Hello?')).toEqual(['Anybody there?', 'Hello?']);
    await writes(stays);
    await bring('Knock, knock!', 2, { migrate: true });
    await stage.live('nudge', 1);
    stage.house.clock.advance(HOUR);
    expect(await until(stays, 'Hello?')).toEqual(['Anybody there?', 'Hello?']);
  });

  it('whose flow fell due while nobody was there goes on right at the start, in its own version, once', async () => {
    const conversation = ulid();
    await bring('Still there?', 0);
    await writes(conversation);
    await bring('Hello?', 1);
    const before = stage.house.clock.now();
    await stage.house.close();
    await stage.open({}, before + HOUR);
    expect(await until(conversation, 'Still there?')).toEqual(['Anybody there?', 'Still there?']);
    await settled(`c/demo/${conversation}`);
    expect(await texts(`c/demo/${conversation}`)).toEqual(['Anybody there?', 'Still there?']);
    expect(stage.house.reports).toEqual([]);
  });
});

describe('a restart', () => {
  it('keeps drafts, versions and what is live', async () => {
    await stage.save('hello', hello());
    await stage.publish('hello', 1);
    await stage.save('hello', hello('Hi!'), 1);
    await stage.save('other', { half: 'written' });
    const [before, other] = [await stage.read('hello'), await stage.read('other')];
    await stage.house.close();
    await stage.open();
    expect([await stage.read('hello'), await stage.read('other')]).toEqual([before, other]);
    const shelf = stage.house.gateway.flows.shelfOf('demo');
    expect(shelf.live.map(({ id, version, compiled }) => [id, version, compiled.flow])).toEqual([['hello', 1, hello()]]);
    expect(shelf.at('hello', 1)).toBe(shelf.live[0]?.compiled);
    expect([shelf.at('hello', 2), shelf.at('other', 1)]).toEqual([undefined, undefined]);
  });
});

/** Resolves when timers that are due have rung, and what came of it is durable. */
async function settled(actor: string): Promise<void> {
  for (let i = 0; i < 5; i++) {
    await new Promise((resolve) => { setImmediate(resolve); });
    await stage.house.gateway.host.quiet(actor);
    await stage.house.store.settled();
  }
}
