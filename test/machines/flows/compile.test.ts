/** What a flow does, step by step: every transition of every kind of step, and each limit one millisecond before and after. */
import { describe, expect, it } from 'vitest';
import { LONGEST_WAIT_MS, type Step } from '../../../machines/flows/flow.ts';
import { callLimitMs } from '../../../machines/flows/waits.ts';
import { flowOf, Stage } from './stage.ts';

const HOUR = 3_600_000;
const note = (id: string): Step => ({ id, do: 'note', text: 'x' });

const stage = (steps: readonly Step[], facts = {}): Stage => new Stage(flowOf(steps), facts);

describe.each<[string, Step]>([
  ['say', { id: 'it', do: 'say', text: 'Hello' }],
  ['assign', { id: 'it', do: 'assign', team: 'sales' }],
  ['tag', { id: 'it', do: 'tag', add: ['vip'] }],
  ['note', { id: 'it', do: 'note', text: 'x' }],
  ['priority', { id: 'it', do: 'priority', priority: 0 }],
  ['status', { id: 'it', do: 'status', status: 'solved' }],
  ['run', { id: 'it', do: 'run', flow: 'other' }],
])('%s', (_, step) => {
  it('goes on when it is done', () => {
    const run = stage([step, note('next')]).begin();
    expect(run.asked).toEqual(['perform it', 'perform next']);
    expect(run.status).toBe('done');
  });

  it('breaks when it fails, and says why', () => {
    const run = stage([step, note('next')]);
    run.failing.add('it');
    expect(run.begin().asked).toEqual(['perform it', 'broke it: refused']);
    expect(run.status).toBe('done');
  });
});

describe('ask', () => {
  const ask = (more: object = {}): Step => ({ id: 'it', do: 'ask', text: 'Mail?', answer: 'email', save: 'vars.mail', retries: 2, ...more } as Step);

  it('keeps a valid answer in the form of its kind', () => {
    const run = stage([ask(), { id: 'next', do: 'ask', text: '?', answer: 'text', save: 'vars.x' }]).begin();
    expect(run.step).toBe('it');
    expect(run.say(' Ada@Example.com ').step).toBe('next');
    expect(run.vars).toEqual({ mail: 'ada@example.com' });
  });

  it('gives exactly so many more tries, then goes where it is told', () => {
    const run = stage([ask({ onInvalid: [note('invalid')] })]).begin();
    run.say('a').say('b');
    expect(run.step).toBe('it');
    expect(run.say('c').asked).toEqual(['perform it', 'again it', 'again it', 'perform invalid']);
  });

  it('breaks without a list for that', () => {
    expect(stage([ask({ retries: 0 })]).begin().say('a').asked).toEqual(['perform it', 'broke it: none of 1 answers was valid']);
  });

  it('waits for each answer as long as it is told, one millisecond before and after', () => {
    const run = stage([ask({ forMs: HOUR, onTimeout: [note('late')] })]).begin().pass(HOUR - 1);
    run.say('wrong').pass(HOUR - 1);
    expect(run.step).toBe('it');
    expect(run.pass(1).asked.at(-1)).toBe('perform late');
  });

  it('waits a day when it is not told', () => {
    const run = stage([ask()]).begin().pass(24 * HOUR - 1);
    expect(run.step).toBe('it');
    expect(run.pass(1).asked.at(-1)).toBe('broke it: nobody answered in time');
  });

  it('has the contact keep an answer before a branch looks at it', () => {
    const run = stage([
      ask({ save: 'contact.email' }),
      { id: 'b', do: 'branch', cases: [{ when: { all: [{ field: 'contact.email', is: 'exists' }] }, steps: [note('known')] }] },
    ]).begin().say('a@b.co');
    expect(run.asked).toEqual(['perform it', 'save contact.email=a@b.co', 'perform known']);
  });

  it('breaks when the contact does not take it', () => {
    const run = stage([ask({ save: 'contact.email' })]);
    run.failing.add('save it');
    expect(run.begin().say('a@b.co').asked.at(-1)).toBe('broke it: refused');
  });

  it('has all its tries when a jump comes back to it', () => {
    const run = stage([ask({ onInvalid: [{ id: 'back', do: 'jump', to: 'it', times: 1 }, note('out')] })]).begin();
    for (const word of ['a', 'b', 'c']) run.say(word);
    expect(run.asked.at(-1)).toBe('perform it');
    for (const word of ['a', 'b', 'c']) run.say(word);
    expect(run.asked.slice(-3)).toEqual(['again it', 'again it', 'perform out']);
  });

  it('reads a phone number as the contact\'s country writes it', () => {
    const phone = (facts: object) => stage([ask({ answer: 'phone' })], facts).begin().say('02 1234 5678').vars.mail;
    expect([phone({ 'contact.country': 'IT' }), phone({ 'contact.phoneCountry': 'IT' }), phone({})]).toEqual(['+390212345678', '+390212345678', undefined]);
  });

  it('takes a choice by label in any language, by value, and by number', () => {
    const choices = [{ value: 'sales', label: { en: 'Sales', pt: 'Vendas' } }, { value: 'help', label: 'Ajuda já' }];
    const answered = (text: string) => stage([ask({ answer: 'choice', choices, retries: 0 })]).begin().say(text).vars.mail;
    expect(['vendas', 'SALES', '2', 'ajuda ja', 'help', '3', 'x'].map(answered)).toEqual(['sales', 'sales', 'help', 'help', 'help', undefined, undefined]);
  });
});

describe('branch', () => {
  const branch: Step = {
    id: 'it', do: 'branch', else: [note('other')],
    cases: [
      { when: { all: [{ field: 'contact.language', is: 'equal', value: 'it' }] }, steps: [note('a')] },
      { when: { all: [{ field: 'contact.language', is: 'in', value: ['it', 'pt'] }] }, steps: [] },
    ],
  };

  it.each([['it', ['perform a', 'perform next']], ['pt', ['perform next']], ['cs', ['perform other', 'perform next']]])('%s', (language, asked) => {
    expect(stage([branch, note('next')], { 'contact.language': language }).begin().asked).toEqual(asked);
  });
});

describe('http', () => {
  const http = (more: object = {}): Step => ({
    id: 'it', do: 'http', method: 'GET', url: 'https://crm.example/', map: [{ path: '$.type', save: 'vars.type' }], ...more,
  } as Step);

  it('keeps what was found, and goes on', () => {
    const run = stage([http(), note('next')]).begin().tell({ type: 'answered', values: { 'vars.type': 'VIP' } });
    expect([run.vars, run.asked]).toEqual([{ type: 'VIP' }, ['perform it', 'perform next']]);
  });

  it('has the contact keep its part, or goes on when there is none', () => {
    const both = http({ map: [{ path: '$.a', save: 'vars.a' }, { path: '$.b', save: 'contact.b' }] });
    expect(stage([both, note('next')]).begin().tell({ type: 'answered', values: { 'vars.a': 1, 'contact.b': 'x' } }).asked)
      .toEqual(['perform it', 'save contact.b=x', 'perform next']);
    expect(stage([both, note('next')]).begin().tell({ type: 'answered', values: { 'vars.a': 1 } }).asked).toEqual(['perform it', 'perform next']);
  });

  it('takes its failure\'s list, or breaks with the reason', () => {
    const failed = { type: 'unanswered', why: 'status 500' } as const;
    expect(stage([http({ onFailure: [note('plan-b')] }), note('next')]).begin().tell(failed).asked).toEqual(['perform it', 'perform plan-b', 'perform next']);
    expect(stage([http()]).begin().tell(failed).asked.at(-1)).toBe('broke it: status 500');
  });

  it('waits no longer than all its tries may take, one millisecond before and after', () => {
    const step = http({ timeoutMs: 5_000, retries: 1, onFailure: [note('late')] });
    const limit = callLimitMs(step as Extract<Step, { do: 'http' }>);
    expect(limit).toBe(70_000);
    const run = stage([step]).begin().pass(limit - 1);
    expect(run.step).toBe('it');
    expect(run.pass(1).asked.at(-1)).toBe('perform late');
  });
});

describe('wait', () => {
  const wait = (more: object): Step => ({ id: 'it', do: 'wait', ...more } as Step);

  it('rests for a time, one millisecond before and after, and over a restart', () => {
    const run = stage([wait({ forMs: HOUR }), note('next')]).begin().pass(HOUR - 1).restored();
    expect(run.step).toBe('it');
    expect(run.pass(1).asked).toEqual(['perform next']);
  });

  it('ends with a reply of whom it waits for, and with no other', () => {
    const run = stage([wait({ forMs: HOUR, untilReply: 'customer', onReply: [note('replied')] }), note('next')]).begin();
    expect(run.tell({ type: 'agent.message' }).step).toBe('it');
    expect(run.say('hi').asked).toEqual(['perform replied', 'perform next']);
    expect(run.timers).toEqual([]);
  });

  it('ends with the first of its times', () => {
    const run = stage([wait({ forMs: 5 * HOUR, untilOpen: '', untilDate: '2026-01-05T11:00:00Z' }), note('next')]);
    run.opensAt = () => run.at + 3 * HOUR;
    run.begin().pass(2 * HOUR - 1);
    expect(run.step).toBe('it');
    expect(run.pass(1).asked).toEqual(['perform next']);
  });

  it('goes on at once when the time has come already', () => {
    expect(stage([wait({ untilOpen: '' }), note('next')]).begin().asked).toEqual(['perform next']);
    expect(stage([wait({ untilDate: '2020-01-01' }), note('next')]).begin().asked).toEqual(['perform next']);
  });

  it('waits for a date that a field holds, and breaks when it holds none', () => {
    const steps = [wait({ untilDate: '{{contact.renewal}}' }), note('next')];
    const run = stage(steps, { 'contact.renewal': '2026-01-05T10:00:00Z' }).begin().pass(HOUR - 1);
    expect(run.step).toBe('it');
    expect(run.pass(1).asked).toEqual(['perform next']);
    expect(stage(steps).begin().asked).toEqual(['broke it: "{{contact.renewal}}" is no date']);
  });

  it('breaks when nobody is ever there', () => {
    const run = stage([wait({ untilOpen: 'sales' })]);
    run.opensAt = () => undefined;
    expect(run.begin().asked).toEqual(['broke it: nobody is ever there in the team sales']);
  });

  it('for somebody to be there waits for the next opening when it is told too late; for another time too it does not', () => {
    for (const [more, asked] of [[{}, []], [{ forMs: 9 * HOUR }, ['perform next']], [{ untilDate: '2026-01-05T20:00:00Z' }, ['perform next']]] as const) {
      const run = stage([wait({ untilOpen: '', ...more }), note('next')]);
      const [opens, reopens] = [run.at + HOUR, run.at + 24 * HOUR];
      run.opensAt = () => (run.at <= opens ? opens : reopens);
      run.begin();
      const { event } = run.timers[0] as { event: string };
      Object.assign(run, { at: run.at + 2 * HOUR, timers: [] });
      run.tell({ type: event });
      expect(run.asked).toEqual(asked);
      if (asked.length === 0) expect(run.pass(22 * HOUR).asked).toEqual(['perform next']);
    }
  });

  it('never waits longer than 28 days', () => {
    const run = stage([wait({ untilReply: 'anybody' }), note('next')]).begin().pass(LONGEST_WAIT_MS - 1);
    expect(run.step).toBe('it');
    expect(run.pass(1).asked).toEqual(['perform next']);
  });
});

describe('set', () => {
  it('keeps variables itself, with their type, and removes them', () => {
    const run = stage([
      { id: 'a', do: 'set', field: 'vars.a', value: 'Hi {{contact.name}}' }, { id: 'b', do: 'set', field: 'vars.b', value: '{{contact.age}}' },
      { id: 'c', do: 'set', field: 'vars.c', value: 'x' }, { id: 'd', do: 'set', field: 'vars.c', value: '' },
      { id: 'e', do: 'set', field: 'vars.a', value: 'never', ifMissing: true },
    ], { 'contact.name': 'Ada', 'contact.age': 36 }).begin();
    expect(run.vars).toEqual({ a: 'Hi Ada', b: 36 });
  });

  it('has the contact keep its fields, unless they are there', () => {
    const set = (ifMissing: boolean): Step => ({ id: 'it', do: 'set', field: 'contact.country', value: 'IT', ifMissing });
    expect(stage([set(false), note('next')], { 'contact.country': 'CZ' }).begin().asked).toEqual(['save contact.country=IT', 'perform next']);
    expect(stage([set(true), note('next')], { 'contact.country': 'CZ' }).begin().asked).toEqual(['perform next']);
    expect(stage([set(true), note('next')]).begin().asked).toEqual(['save contact.country=IT', 'perform next']);
    const refused = stage([set(true)]);
    refused.failing.add('save it');
    expect(refused.begin().asked.at(-1)).toBe('broke it: refused');
  });
});

describe('jump, close and end', () => {
  it('jumps at most so often in one run, then goes on behind', () => {
    const run = stage([note('a'), { id: 'it', do: 'jump', to: 'a', times: 3 }, note('next')]).begin();
    expect(run.asked).toEqual([...Array<string>(4).fill('perform a'), 'perform next']);
  });

  it('knows what comes behind each step, also behind the list that it is in', () => {
    const { behind } = stage([
      { id: 'b', do: 'branch', cases: [{ when: { all: [{ field: 'now', is: 'exists' }] }, steps: [note('in'), { id: 'e', do: 'end' }] }] },
      note('then'), { id: 'c', do: 'close' },
    ]).compiled;
    expect(['b', 'in', 'e', 'then', 'c', 'none'].map((id) => behind(id)?.id)).toEqual(['then', 'e', undefined, 'c', undefined, undefined]);
  });

  it('ends behind close, and at end', () => {
    expect(stage([{ id: 'it', do: 'close' }]).begin()).toMatchObject({ asked: ['perform it'], status: 'done', step: undefined });
    expect(stage([{ id: 'it', do: 'end' }]).begin()).toMatchObject({ asked: [], status: 'done', step: undefined });
  });
});
