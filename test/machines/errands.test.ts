/** What the steps of flows do to a conversation, its contact and the world outside, and what becomes of those that fail. */
import { describe, expect, it } from 'vitest';
import type { Flow, Step } from '../../machines/flows/flow.ts';
import { FIELDS_ALWAYS, type FieldType } from '../../machines/world.ts';
import { shelfOf } from './shelf.ts';
import { ADA, CUSTOMER, HOUR, stylesOf, Talk } from './talk.ts';

const flow = (...steps: Step[]): Flow => ({ name: 'Flow', start: [{ on: 'message', from: 'customer' }], steps });
const note = (id: string): Step => ({ id, do: 'note', text: id });
const rest: Step = { id: 'rest', do: 'wait', forMs: HOUR };

function said(steps: Step[], more: Partial<Talk['world']> = {}): Talk {
  const talk = new Talk(stylesOf('social'), { shelf: shelfOf({ flow: flow(...steps) }), agent: (id) => (id === 'ada' ? 'Ada' : undefined), ...more });
  talk.say(CUSTOMER, 'hello');
  return talk;
}

const CALL: Step = {
  id: 'crm', do: 'http', method: 'POST', url: 'https://crm.example/{{contact.name}}', headers: [{ name: 'Authorization', value: 'Bearer {{secrets.crm}}' }],
  body: { said: '{{message.text}}' }, map: [{ path: '$.type', save: 'vars.type' }, { path: '$.mail', save: 'contact.email' }],
  onFailure: [note('failed'), { id: 'stop', do: 'end' }],
};

describe('an HTTP request', () => {
  it('waits in the outbox, filled in but for secrets, in the step that asks for it', () => {
    const talk = said([CALL, note('then')]);
    expect(talk.state?.outbox.find(({ to }) => to.startsWith('x/'))).toMatchObject({
      to: 'x/demo/01J9ZK3M8QAAAAAAAAAAAAAAAA', command: {
        type: 'call', method: 'POST', url: 'https://crm.example/Cleo', body: { said: 'hello' }, timeoutMs: 10_000, retries: 2,
        headers: [{ name: 'Authorization', value: ['Bearer ', { secret: 'crm' }] }],
      },
    });
    expect(talk.runs).toMatchObject([{ step: 'crm', waits: 'answer', next: 'note' }]);
  });

  it('is answered once: the effect goes in the same step, and an answer that comes again or late finds nothing', () => {
    const talk = said([CALL, note('then'), { id: 'tag', do: 'tag', add: ['{{vars.type}}'] }]);
    const n = talk.state?.outbox.find(({ to }) => to.startsWith('x/'))?.n ?? 0;
    talk.called({ values: { 'vars.type': 'VIP', 'contact.email': 'cleo@example.com' } }, n);
    expect(talk.said().slice(-2)).toEqual(['note then', 'tags vip']);
    expect(talk.state?.fields).toEqual({ email: 'cleo@example.com' });
    expect(talk.state?.outbox.some((effect) => effect.n === n)).toBe(false);
    const { state } = talk;
    talk.called({ values: { 'vars.type': 'late' } }, n);
    expect(talk.state).toEqual(state);
  });

  it('without an answer takes its failure branch', () => {
    const talk = said([CALL, note('then')]);
    talk.called({ why: 'no answer within 10 s' });
    expect([talk.said().at(-1), talk.runs]).toEqual(['note failed', []]);
  });

  it('is let go of when its run ends, and its answer then changes nothing', () => {
    const talk = said([CALL, note('then')]);
    const n = talk.state?.outbox.find(({ to }) => to.startsWith('x/'))?.n ?? 0;
    talk.act(ADA, 'stopRun', { run: 1 });
    expect(talk.state?.outbox.some((effect) => effect.n === n)).toBe(false);
    talk.called({ values: { 'vars.type': 'VIP' } }, n);
    expect(talk.said().at(-1)).toBe('flow stopped Flow');
  });

  it('of a flow that began anew is not answered by what the first one asked', () => {
    const talk = new Talk(stylesOf('social'), { shelf: shelfOf({ flow: { ...flow(CALL, note('then')), again: 'restart' } }) });
    talk.say(CUSTOMER, 'hello');
    const first = talk.state?.outbox.find(({ to }) => to.startsWith('x/'))?.n ?? 0;
    talk.say(CUSTOMER, 'again');
    talk.called({ values: { 'vars.type': 'VIP' } }, first);
    expect(talk.runs).toMatchObject([{ run: 2, step: 'crm' }]);
    talk.called({ values: { 'vars.type': 'VIP' } });
    expect(talk.said().at(-1)).toBe('note then');
  });
});

describe('what is kept in the contact', () => {
  const ask: Step = { id: 'mail', do: 'ask', text: 'Your e-mail?', answer: 'email', save: 'contact.email' };

  it('is here at once, for the next branch, and the contact hears of it', () => {
    const talk = said([ask, { id: 'is-known', do: 'branch', cases: [{ when: { all: [{ field: 'contact.email', is: 'exists' }] }, steps: [note('known')] }] }, note('end')]);
    talk.fields({});
    talk.say(CUSTOMER, ' Cleo@Example.COM ');
    expect(talk.said().slice(-3)).toEqual(['note known', 'note end', 'flow ended Flow']);
    expect(talk.state?.outbox.find(({ command }) => command.type === 'set')).toMatchObject({
      to: 'p/demo/v_1', command: { type: 'set', fields: { email: 'cleo@example.com' }, ifMissing: false },
    });
  });

  it('stays when a word of the contact comes that it had on its way, and goes with one that knows better', () => {
    const talk = said([{ id: 'set', do: 'set', field: 'contact.email', value: 'cleo@example.com' }, { id: 'gone', do: 'set', field: 'contact.phone', value: '' }]);
    talk.fields({ country: 'IT', phone: '+39066982' }, ['country']);
    expect(talk.state?.fields).toEqual({ country: 'IT', email: 'cleo@example.com' });
    talk.fields({ country: 'IT', email: 'new@example.com' }, ['email']);
    expect(talk.state?.fields).toEqual({ country: 'IT', email: 'new@example.com' });
    talk.delivered();
    talk.fields({ country: 'IT' });
    expect(talk.state?.fields).toEqual({ country: 'IT' });
  });

  it('is the number that was said, however the contact\'s language writes it', () => {
    const revenue: FieldType = { id: 'revenue', name: 'Revenue', type: 'number', choices: [] };
    const talk = said([{ ...ask, answer: 'number', save: 'contact.revenue' }], { fields: [...FIELDS_ALWAYS, revenue] });
    talk.fields({ language: 'it' });
    talk.say(CUSTOMER, '1,125');
    expect(talk.state?.fields).toMatchObject({ revenue: '1.125' });
  });

  it('is that of the person whom a visitor turned out to be, whatever was on its way of the visitor', () => {
    const talk = said([note('hi')]);
    talk.fields({ country: 'IT' });
    talk.do({ type: 'contact', was: CUSTOMER.id, contact: { id: 'u_1', name: 'Cleo', identified: true }, from: 'p/demo/v_1', n: 5 });
    talk.do({ type: 'fields', fields: { country: 'CZ' }, changed: ['country'], from: 'p/demo/v_1', n: 6 });
    expect(talk.state?.fields).toEqual({ country: 'IT' });
    talk.do({ type: 'fields', fields: { country: 'PT' }, changed: [], from: 'p/demo/u_1', n: 1 });
    expect(talk.state?.fields).toEqual({ country: 'PT' });
  });

  it('fails when the field does not take it', () => {
    const talk = said([{ id: 'set', do: 'set', field: 'contact.email', value: '{{message.text}}' }]);
    expect(talk.said().at(-1)).toMatch(/^flow broke Flow email: "hello" is not an /);
  });
});

describe('a sentence', () => {
  it('of which nothing is left breaks the flow: nobody is sent an empty message', () => {
    const ask: Step = { id: 'ask', do: 'ask', text: '{{contact.phone}}', answer: 'text', save: 'vars.x' };
    for (const step of [{ id: 'say', do: 'say', text: ' {{contact.phone}} ' } as Step, ask]) {
      const talk = said([step]);
      talk.fields({});
      expect(talk.said().at(-1)).toMatch(/^flow broke Flow nothing is left to say/);
      expect(talk.state?.agentMessages).toBe(0);
    }
  });
});

describe('the ticket', () => {
  it('goes to a team, with the skills and the method that are named; from its agent too', () => {
    const talk = said([{ id: 'to', do: 'assign', team: 'billing', skills: ['italian'], by: 'roundRobin' }]);
    expect(talk.stands?.standing).toMatchObject({ team: 'billing', requires: ['italian'], by: 'roundRobin', agent: null });
    talk.act(ADA, 'team', { team: 'support' });
    expect(talk.stands?.standing).toMatchObject({ team: 'support', by: null });
    talk.act(ADA, 'accept');
    talk.say(CUSTOMER, 'billing after all');
    expect(talk.stands?.standing).toMatchObject({ status: 'new', team: 'billing', agent: null });
  });

  it('goes to an agent, deliberately, and back to the queue', () => {
    const talk = said([{ id: 'to', do: 'assign', agent: 'ada' }, { id: 'pending', do: 'status', status: 'pending' }, rest, { id: 'back', do: 'assign', nobody: true }]);
    expect([talk.status, talk.agent, talk.said().slice(-3)]).toEqual(['pending', ADA.id, ['assigned Ada', 'status open', 'status pending']]);
    talk.wait(HOUR);
    expect([talk.status, talk.agent]).toEqual(['new', null]);
  });

  it('gets tags, notes and another priority, for agents, by the name of the flow', () => {
    const talk = said([
      { id: 'tag', do: 'tag', add: [' Big  Deal', 'x'] }, { id: 'untag', do: 'tag', remove: ['X'] }, { id: 'same', do: 'tag', add: ['big deal'] },
      { id: 'note', do: 'note', text: '{{contact.name}} said {{message.text}}' }, { id: 'urgent', do: 'priority', priority: 0 },
    ]);
    expect(talk.said().slice(2)).toEqual(['tags big deal,x', 'tags big deal', 'note Cleo said hello', 'priority 0']);
    expect(talk.lines.slice(2).every(({ audience, author }) => audience === 'agents' && author.name === 'Flow')).toBe(true);
  });

  it('is solved before anybody accepted it, and then waits in the queue again when the customer writes', () => {
    const talk = said([{ id: 'solve', do: 'status', status: 'solved' }, rest]);
    expect([talk.status, talk.agent, talk.runs.length]).toEqual(['solved', null, 1]);
    talk.world = { ...talk.world, shelf: { ...talk.world.shelf, live: [] } };
    talk.say(CUSTOMER, 'one more thing');
    expect([talk.status, talk.stands?.standing]).toEqual(['new', expect.objectContaining({ status: 'new', agent: null })]);
  });

  it('that is solved goes to nobody, and one that nobody had is not opened: each step says so', () => {
    const solve: Step = { id: 'solve', do: 'status', status: 'solved' };
    expect(said([solve, { id: 'to', do: 'assign', team: 'billing' }]).said().at(-1)).toBe('flow broke Flow the ticket is solved');
    const opened = said([solve, { id: 'open', do: 'status', status: 'open' }]);
    expect([opened.said().at(-1), opened.status]).toEqual(['flow broke Flow the ticket is solved: it cannot become open', 'solved']);
  });

  it('is closed from wherever it is, and with it every run and every timer of theirs', () => {
    const talk = new Talk(stylesOf('social'), { shelf: shelfOf({
      a: flow(rest, { id: 'close', do: 'close' }), b: flow({ id: 'q', do: 'ask', text: '?', answer: 'text', save: 'vars.x' }), c: flow(CALL),
    }) });
    talk.say(CUSTOMER, 'hello');
    talk.wait(HOUR);
    expect([talk.status, talk.runs, talk.state?.timers, talk.state?.outbox.some(({ to }) => to.startsWith('x/'))]).toEqual(['closed', [], [], false]);
    expect(talk.said().slice(-2)).toEqual(['status closed', 'flow ended Flow the ticket is closed']);
  });

  it('is closed by hand with the same end', () => {
    const talk = said([rest, { id: 'close', do: 'close' }]);
    talk.act(ADA, 'accept');
    talk.act(ADA, 'status', { status: 'solved' });
    talk.wait(30 * 24 * HOUR);
    expect([talk.status, talk.runs, talk.state?.timers]).toEqual(['closed', [], []]);
  });
});

describe('another flow', () => {
  const called: Flow = { name: 'Called', start: [{ on: 'called' }], steps: [note('called'), rest] };

  it('runs beside the one that calls it, which goes on', () => {
    const talk = new Talk(stylesOf('chat'), { shelf: shelfOf({ flow: flow({ id: 'call', do: 'run', flow: 'other' }, note('on')), other: called }) });
    talk.say(CUSTOMER, 'hello');
    expect([talk.said().slice(-2), talk.runs]).toEqual([['note called', 'note on'], [expect.objectContaining({ flow: 'other', step: 'rest' })]]);
  });

  it('that runs already, or does not want to, is left alone', () => {
    const picky: Flow = { ...called, when: { all: [{ field: 'conversation.status', is: 'equal', value: 'open' }] } };
    const talk = new Talk(stylesOf('chat'), { shelf: shelfOf({
      flow: flow({ id: 'a', do: 'run', flow: 'other' }, { id: 'b', do: 'run', flow: 'other' }, { id: 'c', do: 'run', flow: 'picky' }, note('on')), other: called, picky,
    }) });
    talk.say(CUSTOMER, 'hello');
    talk.say(CUSTOMER, 'again');
    expect(talk.said().filter((said) => /^(note|flow)/.test(said))).toEqual(['note called', 'note on', 'note on']);
    expect([talk.act(ADA, 'run', { flow: 'picky' }), talk.refusal]).toEqual(['conflict', 'its condition does not hold']);
  });

  it('that is not live makes the step fail', () => {
    expect(said([{ id: 'call', do: 'run', flow: 'other' }]).said().at(-1))
      .toBe('flow broke Flow there is no live flow other that starts when it is called');
  });
});

describe('a step that fails without a branch', () => {
  const breaks: Step[] = [{ id: 'ask', do: 'ask', text: 'Which?', answer: 'email', save: 'vars.x', retries: 0 }];

  it('ends the run, says why to agents, and brings a ticket that waited for it to its default team', () => {
    const talk = new Talk({ ...stylesOf('chat'), channels: { web: { team: 'billing' } } }, { shelf: shelfOf({ flow: flow({ id: 'to', do: 'assign', nobody: true }, ...breaks) }) });
    talk.say(CUSTOMER, 'hello');
    talk.decide({ type: 'requeue', team: 'support' });
    const asks = new Talk({ ...stylesOf('chat'), channels: { web: { team: 'billing' } } }, { shelf: shelfOf({ flow: flow(...breaks) }) });
    asks.say(CUSTOMER, 'hello');
    asks.decide({ type: 'requeue', team: 'support' });
    for (const one of [talk, asks]) one.world = { ...one.world, shelf: { ...one.world.shelf, live: [] } };
    talk.say(CUSTOMER, 'what?');
    asks.say(CUSTOMER, 'what?');
    expect(asks.lines.find(({ body }) => body.what === 'broke')).toMatchObject({ audience: 'agents', body: { run: 1, flow: 'flow', step: 'ask', why: expect.any(String) as string } });
    expect(asks.stands?.standing).toMatchObject({ team: 'billing', held: false, agent: null });
    // The other one has said to whom it goes, and the desk has passed the ticket on since.
    expect(talk.stands?.standing).toMatchObject({ team: 'support', held: false });
  });

  it('leaves the ticket with whoever has it', () => {
    const stays: Flow = { ...flow(rest, { id: 'to', do: 'assign', agent: 'nobody-here' }), onAgent: 'goOn' };
    const talk = new Talk(stylesOf('chat'), { shelf: shelfOf({ flow: stays }) });
    talk.say(CUSTOMER, 'hello');
    talk.act(ADA, 'accept');
    talk.wait(HOUR);
    expect([talk.said().at(-1), talk.status, talk.agent]).toEqual(['flow broke Flow there is no agent nobody-here', 'open', ADA.id]);
  });
});
