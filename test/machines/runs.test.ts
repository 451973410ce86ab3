/** Flows on a conversation: what starts them, in which order all goes on, and what a person's hand does to them. */
import { describe, expect, it } from 'vitest';
import type { Flow, Step } from '../../machines/flows/flow.ts';
import { begun, NUDGE, ROUTE, talkWith } from './shelf.ts';
import { ADA, BEN, CUSTOMER, HOUR, type Talk } from './talk.ts';

const AUTHOR = { role: 'system', id: 'parley' };
const note = (text: string): Step => ({ id: text.replaceAll(' ', '-'), do: 'note', text });

describe('order', () => {
  it('is ticket, then those that run in the order in which they began, then new ones; all in the step of the message', () => {
    const waits = (id: string): Flow => ({
      name: id, start: [{ on: 'called' }], steps: [{ id: 'reply', do: 'wait', untilReply: 'customer' }, note(id)],
    });
    const talk = begun({ b: waits('second'), c: waits('first'), a: { name: 'new', start: [{ on: 'message', from: 'customer' }], again: 'beside', steps: [note('new')] } });
    talk.act(ADA, 'accept');
    talk.act(ADA, 'status', { status: 'pending' });
    talk.act(ADA, 'run', { flow: 'c' });
    talk.act(ADA, 'run', { flow: 'b' });
    const before = talk.lines.length;
    talk.say(CUSTOMER, 'here');
    expect(talk.said(before)).toEqual(['message here', 'status open', 'note first', 'note second', 'note new']);
  });

  it('the message that starts a question is never its answer: that is the next one', () => {
    const talk = talkWith({ route: { ...ROUTE, start: [{ on: 'message', from: 'customer' }] } });
    talk.say(CUSTOMER, 'billing');
    expect(talk.said().slice(-1)).toEqual(['message Which team?']);
    talk.say(CUSTOMER, 'billing');
    expect(talk.stands?.standing).toMatchObject({ team: 'billing', by: 'longestIdle', held: false });
  });

  it('what one flow does starts others, each at most once in a step, however they cause each other', () => {
    const tagged = (id: string, to: 'open' | 'pending'): Flow => ({
      name: id, start: [{ on: 'status' }], again: 'beside', steps: [note(id), { id: 'set', do: 'status', status: to }],
    });
    const talk = begun({ ping: tagged('ping', 'pending'), pong: tagged('pong', 'open') });
    const before = talk.lines.length;
    talk.act(ADA, 'accept');
    expect(talk.said(before)).toEqual(['assigned Ada', 'status open', 'note ping', 'status pending', 'note pong', 'status open']);
  });

  it('a flow that never rests is broken off after 100 events, and the conversation lives', () => {
    const talk = begun({ loop: {
      name: 'Loop', start: [{ on: 'message', from: 'customer' }], steps: [
        note('a'), note('b'), note('c'), { id: 'back', do: 'jump', to: 'a', times: 20 },
        note('d'), note('e'), note('f'), { id: 'again', do: 'jump', to: 'd', times: 20 },
      ],
    } });
    expect(talk.said().at(-1)).toBe('flow broke Loop a flow takes at most 100 steps at once');
    expect([talk.runs, talk.lines.filter(({ kind }) => kind === 'note').length]).toEqual([[], 100]);
  });
});

describe('what flows say', () => {
  it('is a message by their sender, counted with the agents\', and answers nobody', () => {
    const talk = talkWith({ hi: { name: 'Hi', sender: 'Mira', start: [{ on: 'message', from: 'customer' }], steps: [{ id: 'say', do: 'say', text: 'Hello {{contact.name}}!' }] } });
    talk.say(CUSTOMER, 'hello');
    const line = talk.lines.at(-1);
    expect(line).toMatchObject({ kind: 'message', audience: 'everyone', n: 1, author: { ...AUTHOR, name: 'Mira' }, body: { text: 'Hello Cleo!' } });
    expect(talk.state).toMatchObject({ agentMessages: 1, waitingSince: talk.at, lastReply: null, answeredAt: 0, preview: 'Hello Cleo!' });
  });

  it('is in the contact\'s language, the choices of a question too', () => {
    const talk = begun({ route: ROUTE }, { language: 'pt-BR' });
    expect(talk.lines.at(-1)).toMatchObject({ author: { name: 'Assistant' }, body: { text: 'Qual equipe?', choices: ['Cobrança', 'Support'] } });
    talk.say(CUSTOMER, 'o quê?');
    expect(talk.lines.at(-1)?.body).toEqual({ text: 'Please choose.', choices: ['Cobrança', 'Support'] });
    talk.say(CUSTOMER, 'COBRANÇA');
    expect(talk.state?.team).toBe('billing');
  });
});

describe('the desk waits', () => {
  it('while a New ticket has a flow that is to say to whom it goes, and no longer', () => {
    const talk = talkWith({ route: ROUTE });
    talk.say(CUSTOMER, 'hello');
    expect(talk.stands?.standing.held).toBe(true);
    talk.fields({});
    expect(talk.stands?.standing.held).toBe(true);
    talk.say(CUSTOMER, 'support');
    expect(talk.stands?.standing).toMatchObject({ held: false, team: 'support', by: null });
  });

  it('for no other flow, and not for one that a person has stopped', () => {
    const talk = begun({ nudge: { ...NUDGE, start: [{ on: 'message', from: 'customer' }] } });
    expect([talk.runs.length, talk.stands?.standing.held]).toEqual([1, false]);
    const routed = begun({ route: ROUTE });
    routed.act(ADA, 'stopRun', { run: 1 });
    expect([routed.said().at(-1), routed.stands?.standing.held]).toEqual(['flow stopped Route', false]);
    expect(routed.act(ADA, 'stopRun', { run: 1 })).toBe('conflict');
  });

  it('for the contact\'s fields, at most 10 seconds', () => {
    const talk = talkWith({ route: ROUTE });
    talk.say(CUSTOMER, 'hello');
    talk.wait(9_999);
    expect(talk.runs).toEqual([]);
    talk.wait(1);
    expect(talk.runs).toMatchObject([{ step: 'which', stepName: 'ask', waits: 'reply', until: talk.at + 24 * HOUR }]);
    talk.fields({ language: 'pt' });
    expect(talk.runs).toHaveLength(1);
  });

  it('for a contact\'s fields only when a flow starts with a ticket, and never for a later ticket', () => {
    const talk = talkWith({ nudge: NUDGE });
    talk.say(CUSTOMER, 'hello');
    expect([talk.state?.opening, talk.stands?.standing.held]).toEqual([false, false]);
    const later = begun({ route: ROUTE });
    later.say(ADA, 'hi');
    later.act(ADA, 'status', { status: 'solved' });
    later.wait(24 * HOUR);
    expect(later.status).toBe('closed');
    later.say(CUSTOMER, 'again');
    expect(later.said().slice(-3)).toEqual(['message again', 'flow began Route', 'message Which team?']);
  });
});

describe('an agent', () => {
  it('who solves a ticket before its contact was known leaves nothing that waits for that', () => {
    const talk = talkWith({ route: ROUTE }, 'chat');
    talk.say(CUSTOMER, 'hello');
    talk.act(ADA, 'accept');
    talk.act(ADA, 'status', { status: 'solved' });
    talk.say(CUSTOMER, 'again');
    expect([talk.state?.opening, talk.runs.length, talk.stands?.standing.held]).toEqual([false, 1, true]);
    talk.fields({});
    expect(talk.runs).toHaveLength(1);
  });

  it.each([
    ['accepts', (talk: Talk) => talk.act(ADA, 'accept'), 'Ada has accepted the ticket'],
    ['sends the ticket to a team', (talk: Talk) => talk.act(ADA, 'team', { team: 'support' }), 'Ada has sent the ticket to a team'],
    ['replies', (talk: Talk) => talk.say(ADA, 'hi'), 'Ada answered'],
    ['has accepted an offer', (talk: Talk) => talk.decide({ type: 'assign', agent: { id: ADA.id, name: 'Ada' }, by: { id: ADA.id, name: 'Ada' } }), 'Ada has the ticket'],
  ])('who %s ends whatever asks or routes, and everyone at work sees why', (_, take, why) => {
    const talk = begun({ route: ROUTE });
    take(talk);
    expect(talk.lines.find(({ body }) => body.what === 'stopped')).toMatchObject({
      kind: 'flow', audience: 'agents', author: { role: 'agent', id: ADA.id, name: 'Ada' }, body: { run: 1, flow: 'route', name: 'Route', why },
    });
    expect([talk.runs, talk.state?.timers.some(({ owner }) => owner.startsWith('flow:'))]).toEqual([[], false]);
    talk.say(CUSTOMER, 'billing');
    expect(talk.state?.team).toBe('support');
  });

  it('who has taken the ticket before the contact was known keeps what asks or routes from starting', () => {
    const talk = talkWith({ route: ROUTE, log: { name: 'Log', start: [{ on: 'opened' }], steps: [note('logged')] } });
    talk.say(CUSTOMER, 'hello');
    talk.act(ADA, 'accept');
    talk.fields({});
    expect([talk.runs, talk.said().at(-1)]).toEqual([[], 'note logged']);
  });

  it('who replies restarts a nudge from that reply, without a word', () => {
    const talk = begun({ nudge: NUDGE });
    talk.say(ADA, 'hi');
    talk.wait(HOUR - 1);
    talk.say(ADA, 'are you there?');
    expect(talk.runs).toMatchObject([{ step: 'silence', waits: 'reply', until: talk.at + HOUR, next: 'say' }]);
    expect(talk.lines.some(({ kind }) => kind === 'flow')).toBe(false);
    talk.wait(1_000);
    talk.act(BEN, 'accept');
    expect(talk.runs).toMatchObject([{ until: talk.at + HOUR - 1_000 }]);
  });

  it('starts a flow that may be called, once for each command; any other is refused', () => {
    const survey: Flow = { name: 'Survey', start: [{ on: 'called' }], again: 'beside', steps: [{ id: 'how', do: 'say', text: 'How was it?' }] };
    const talk = begun({ survey, route: ROUTE });
    const cmid = talk.id();
    const command = { type: 'act', who: ADA, device: 'd', cmid, name: 'run', args: { flow: 'survey' } } as const;
    talk.do(command);
    expect(talk.do(command)).toMatchObject({ repeated: true });
    expect(talk.said().filter((said) => said === 'message How was it?')).toHaveLength(1);
    expect([talk.act(ADA, 'run', { flow: 'route' }), talk.refusal]).toEqual(['conflict', 'there is no live flow route that starts when it is called']);
    expect([talk.act(ADA, 'run', {}), talk.act(CUSTOMER, 'run', { flow: 'survey' })]).toEqual(['invalid', 'forbidden']);
  });
});

describe('starting', () => {
  it('is by message, status, session, agent and field, each as its trigger says', () => {
    const on = (name: string, ...start: Flow['start']): Flow => ({ name, start, again: 'beside', steps: [note(name)] });
    const talk = begun({
      a: on('agent wrote', { on: 'message', from: 'agent' }), b: on('pending', { on: 'status', to: ['pending'] }),
      c: on('left', { on: 'idle', reasons: ['left'] }), d: on('ended', { on: 'ended' }), e: on('assigned', { on: 'assigned' }),
      f: on('vip', { on: 'field', field: 'contact.email' }),
    });
    const notes = (act: () => void): string[] => {
      const before = talk.lines.length;
      act();
      return talk.said(before).filter((said) => said.startsWith('note '));
    };
    expect(notes(() => talk.act(ADA, 'accept'))).toEqual(['note assigned']);
    expect(notes(() => talk.act(ADA, 'unassign'))).toEqual([]);
    talk.act(ADA, 'accept');
    expect(notes(() => talk.say(ADA, 'hi'))).toEqual(['note agent wrote']);
    expect(notes(() => talk.act(ADA, 'status', { status: 'pending' }))).toEqual(['note pending']);
    expect(notes(() => talk.do({ type: 'gone', who: CUSTOMER, reason: 'offline' }))).toEqual([]);
    expect(notes(() => talk.say(CUSTOMER, 'back'))).toEqual([]);
    expect(notes(() => talk.do({ type: 'gone', who: CUSTOMER, reason: 'left' }))).toEqual(['note left']);
    expect(notes(() => talk.act(CUSTOMER, 'end'))).toEqual(['note ended']);
    expect(notes(() => talk.fields({ email: 'a@b.it', phone: '1' }, ['phone']))).toEqual([]);
    expect(notes(() => talk.fields({ email: 'c@b.it', phone: '1' }, ['email']))).toEqual(['note vip']);
    expect(notes(() => talk.fields({ email: 'c@b.it', phone: '1' }, ['email']))).toEqual([]);
  });

  it('by the first messages of a contact whose fields a flow looks at waits for these, and is by the newest', () => {
    const talk = talkWith({ m: { name: 'M', start: [{ on: 'message', from: 'customer' }], steps: [{ id: 'n', do: 'note', text: '{{contact.country}} {{message.text}}' }] } });
    for (const text of ['one', 'two']) talk.say(CUSTOMER, text);
    expect(talk.said().filter((line) => line.startsWith('note'))).toEqual([]);
    talk.fields({ country: 'IT' });
    talk.say(CUSTOMER, 'three');
    expect(talk.said().filter((line) => line.startsWith('note'))).toEqual(['note IT two', 'note IT three']);
  });

  it('is for inbound conversations only where a flow says so', () => {
    const start = [{ on: 'message', from: 'agent' }] as const;
    const flows = {
      all: { name: 'All', start, steps: [note('all'), { id: 'speaks', do: 'note', text: 'speaks {{contact.language}}' }] },
      in: { name: 'In', start, inboundOnly: true, steps: [note('inbound')] },
    } satisfies Record<string, Flow>;
    const reached = talkWith(flows);
    const cmid = reached.id();
    const reach = { type: 'reach', who: ADA, contact: { id: 'v_1', name: 'Cleo', identified: false }, fields: { language: 'it' }, text: 'Your parcel is here.', cmid, device: 'd', channel: 'web' } as const;
    reached.do(reach);
    expect(reached.said()).toEqual(['ticket 1 repeat', 'message Your parcel is here.', 'assigned Ada', 'status open', 'note all', 'note speaks it']);
    expect([reached.state?.inbound, reached.state?.waitingSince, reached.agent, reached.do(reach)]).toEqual([false, 0, ADA.id, expect.objectContaining({ repeated: true })]);
    expect([reached.do({ ...reach, cmid: reached.id() }), reached.do({ ...reach, who: CUSTOMER })]).toEqual(['idReused', 'forbidden']);
    const came = begun(flows);
    came.say(ADA, 'hi');
    expect(came.said().slice(-3)).toEqual(['note all', 'note speaks ', 'note inbound']);
  });

  it('of a flow that runs is ignored, a new beginning, or a second one beside it', () => {
    const flow = (again: Flow['again']): Flow => ({
      name: String(again), start: [{ on: 'message', from: 'customer' }], again, when: { all: [{ field: 'message.text', is: 'notEqual', value: 'quiet' }] },
      steps: [{ id: 'rest', do: 'wait', forMs: HOUR }],
    });
    const talk = begun({ i: flow('ignore'), r: flow('restart'), b: flow('beside') });
    for (const text of ['one', 'two', 'quiet']) talk.say(CUSTOMER, text);
    expect(talk.runs.map(({ run, flow: id }) => `${id}${run}`)).toEqual(['i1', 'b3', 'b5', 'r6', 'b7']);
  });

  it('never makes more than 20 on one conversation', () => {
    const talk = begun({ b: { name: 'B', start: [{ on: 'message', from: 'customer' }], again: 'beside', steps: [{ id: 'rest', do: 'wait', forMs: HOUR }] } });
    for (let i = 0; i < 25; i++) talk.say(CUSTOMER, `message ${i}`);
    expect([talk.runs.length, talk.said().at(-1)]).toEqual([20, 'flow broke B at most 20 flows run on one conversation']);
  });

  it('is of at most 10 flows in one step, and says so of the others', () => {
    const one = (i: number): [string, Flow] => [`f${10 + i}`, { name: `F${i}`, start: [{ on: 'message', from: 'customer' }], steps: [{ id: 'rest', do: 'wait', forMs: HOUR }] }];
    const talk = talkWith(Object.fromEntries(Array.from({ length: 11 }, (_, i) => one(i))));
    talk.say(CUSTOMER, 'hello');
    expect([talk.runs.length, talk.said().slice(2)]).toEqual([10, ['flow broke F10 at most 10 flows start at once']]);
  });
});
