/** A trial: what it shows of a flow, what it may be told, and that it touches nothing but itself. */
import { describe, expect, it } from 'vitest';
import { compile } from '../../../machines/flows/compile.ts';
import { defineFlow, type Flow } from '../../../machines/flows/flow.ts';
import { MOVES_MAX, trial, type Move, type Start, type Tried } from '../../../machines/flows/trial.ts';
import { plain, type World } from '../../../machines/world.ts';
import { HOUR, START, stylesOf } from '../talk.ts';

const ASKS = defineFlow({
  name: 'Asks', sender: 'Robin', start: [{ on: 'opened' }], steps: [
    { id: 'mail', do: 'ask', answer: 'email', save: 'contact.email', text: { en: 'Your e-mail?', it: 'La tua e-mail?' }, forMs: HOUR },
    {
      id: 'crm', do: 'http', method: 'POST', url: 'https://crm.test/{{contact.email}}', map: [{ path: '$.name', save: 'vars.name' }], body: { is: '{{contact.email}}' },
      headers: [{ name: 'Authorization', value: 'Bearer {{secrets.crm}}' }], onFailure: [{ id: 'failed', do: 'tag', add: ['failed'] }],
    },
    { id: 'choose', do: 'ask', answer: 'choice', save: 'vars.to', text: 'Where to, {{vars.name}}?', choices: [{ value: 'billing', label: 'Bills' }, { value: 'x', label: 'Else' }] },
    { id: 'to', do: 'assign', team: 'billing' },
  ],
});
const world: World = plain(stylesOf('chat'));
const read: Tried['read'] = (_map, body) => (body !== null && typeof body === 'object' && 'name' in body
  ? { values: { 'vars.name': String(body.name) } } : { why: 'the answer is no customer' });
const tried = (flow: Flow, more: Partial<World> = {}): Tried => ({ world: { ...world, ...more }, id: 'draft', compiled: compile(flow), read, now: START });
const says = (...texts: string[]): Move[] => texts.map((text) => ({ do: 'customer', text }));
const run = (moves: Move[], start: Start = {}) => trial(tried(ASKS), start, moves);
const NAME = { do: 'answer', status: 200, body: { name: 'Zoë' } } as const;

describe('a trial', () => {
  it('shows what was said, what would have been asked over HTTP, and how the ticket stands', () => {
    const shown = run([...says('Hello', 'zoe@test.it'), NAME, ...says('bills')]);
    expect(shown.lines.filter(({ kind }) => kind === 'message').map(({ author, text, choices }) => [author.name, text, ...choices])).toEqual([
      ['Visitor', 'Hello'], ['Robin', 'Your e-mail?'], ['Visitor', 'zoe@test.it'], ['Robin', 'Where to, Zoë?', 'Bills', 'Else'], ['Visitor', 'bills'],
    ]);
    expect(shown.calls).toEqual([{
      step: 'crm', method: 'POST', url: 'https://crm.test/zoe%40test.it', body: { is: 'zoe@test.it' },
      // Whoever tries a flow never sees a secret.
      headers: [{ name: 'Authorization', value: 'Bearer {{secrets.crm}}' }], answered: { status: 200, body: { name: 'Zoë' } },
    }]);
    expect(shown).toMatchObject({ at: START, fields: { email: 'zoe@test.it' }, ticket: { status: 'new', team: 'billing', agent: null }, runs: [], refused: null });
  });

  it('moves time only when it is told to, and fires what falls due at its moment', () => {
    const start = START + 5 * HOUR;
    const shown = run([...says('Hello'), { do: 'pass', ms: HOUR - 1 }], { at: start });
    expect(shown).toMatchObject({ at: start + HOUR - 1, runs: [{ flow: 'draft', step: 'mail', waits: 'reply', until: start + HOUR }] });
    const over = run([...says('Hello'), { do: 'pass', ms: 2 * HOUR }], { at: start });
    expect(over.lines.find(({ text }) => text.startsWith('broke'))?.at).toBe(start + HOUR);
  });

  it('answers of a request that fail, or that nobody gave, take its branch', () => {
    for (const move of [{ do: 'noAnswer' }, { do: 'answer', status: 404, body: { name: 'x' } }, { do: 'answer', status: 200, body: 'no' }] satisfies Move[]) {
      expect(run([...says('Hello', 'zoe@test.it'), move]).ticket.tags).toEqual(['failed']);
    }
    const shown = run([...says('Hello', 'zoe@test.it'), { do: 'accept' }, NAME]);
    expect([shown.calls[0]?.answered, shown.refused]).toEqual(['dropped', 'nobody waits for an answer over HTTP']);
  });

  it('knows what it begins with: language, identity, fields, queue and agents', () => {
    expect(run(says('Ciao'), { language: 'it-IT' }).lines.map(({ text }) => text)).toContain('La tua e-mail?');
    expect(run(says('Hi'), { fields: { email: 'zoe@test.it' } }).fields).toEqual({ email: 'zoe@test.it' });
    const looks = defineFlow({
      name: 'Looks', start: [{ on: 'opened' }],
      steps: [{ id: 'say', do: 'say', text: '{{contact.identified}} {{queue}} {{available.support}} {{conversation.channel}}' }],
    });
    const said = (start: Start) => trial(tried(looks, { waiting: () => 3, available: () => 2 }), start, says('Hi')).lines.at(-1)?.text;
    expect([said({}), said({ identified: true, waiting: 9, available: 0, channel: 'shop' })]).toEqual(['false 3 2 web', 'true 9 0 shop']);
  });

  it('stops at the first move that cannot be made, and says why', () => {
    const shown = run([{ do: 'accept' }, ...says('Hello')]);
    expect([shown.refused, shown.lines, shown.ticket.status]).toEqual(['notFound', [], 'none']);
    expect(run([...says('Hello'), { do: 'solve' }, { do: 'pass', ms: HOUR }])).toMatchObject({ at: START, refused: 'the ticket is New: accept it first' });
    expect(run(says('Hello'), { fields: { emial: 'x' } }).refused).toMatch(/there is no field "emial"/);
    expect(run([{ do: 'pass', ms: -1 }]).refused).toMatch(/whole milliseconds/);
    expect(run(Array.from({ length: MOVES_MAX + 1 }, () => ({ do: 'pass', ms: 1 })))).toMatchObject({ at: START, refused: expect.stringMatching(/at most 200/) });
  });

  it('an agent who speaks first begins an outgoing conversation', () => {
    const shown = run([{ do: 'agent', text: 'Your order has left' }, ...says('Thanks')]);
    expect([shown.ticket, shown.runs]).toMatchObject([{ status: 'open', agent: 'Agent' }, []]);
  });

  it('runs a flow that only starts when it is called, and what it runs itself, but no other', () => {
    const called = defineFlow({ name: 'Called', start: [{ on: 'called' }], steps: [{ id: 'say', do: 'say', text: 'Called' }] });
    expect(trial(tried(called), {}, says('Hi')).lines.at(-1)?.text).toBe('Called');
    const other = (id: string, text: string) => ({
      id, version: 7, compiled: compile(defineFlow({ name: id, start: [{ on: 'called' }, { on: 'message', from: 'customer' }], steps: [{ id: 'say', do: 'say', text }] })),
    });
    const live = [other('helper', 'Helped'), other('stranger', 'Strange')];
    const runs = defineFlow({ name: 'Runs', start: [{ on: 'opened' }], steps: [{ id: 'run', do: 'run', flow: 'helper' }] });
    const shelf = { live, at: () => undefined, successor: () => undefined };
    const shown = trial(tried(runs, { shelf }), {}, says('Hi', 'Again'));
    expect(shown.lines.filter(({ kind, author }) => kind === 'message' && author.role === 'system').map(({ text }) => text)).toEqual(['Helped']);
  });

  it('ends in time, whatever the flow does', () => {
    const circles = defineFlow({
      name: 'Circles', start: [{ on: 'called' }], steps: [
        { id: 'moment', do: 'wait', forMs: 1 }, { id: 'inner', do: 'jump', to: 'moment', times: 20 }, { id: 'outer', do: 'jump', to: 'inner', times: 20 },
        ...Array.from({ length: 60 }, (_, i) => [{ id: `w${i}`, do: 'wait', forMs: 1 }, { id: `j${i}`, do: 'jump', to: `w${i}`, times: 20 }] as const).flat(),
      ],
    });
    const shown = trial(tried(circles), {}, [...says('Hello'), { do: 'pass', ms: 24 * HOUR }]);
    expect(shown.refused).toMatch(/more than 1000 delays/);
  });

  it('leaves the shelf and the world that it was given as they were', () => {
    const shelf = Object.freeze({ live: Object.freeze([]), at: () => undefined, successor: () => undefined });
    const given = Object.freeze({ ...world, shelf });
    const before = JSON.stringify(given);
    trial({ ...tried(ASKS), world: given }, { waiting: 5 }, says('Hello', 'zoe@test.it'));
    expect([JSON.stringify(given), given.waiting('')]).toEqual([before, 0]);
  });
});
