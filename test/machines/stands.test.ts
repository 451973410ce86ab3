/** What a conversation and its desk say to each other: everything that matters, once, and nothing that does not. */
import { describe, expect, it } from 'vitest';
import { ADA, BEN, CUSTOMER, solved, START, stylesOf, Talk } from './talk.ts';

const ben = { id: BEN.id, name: BEN.name };
const ada = { id: ADA.id, name: ADA.name };

/** A conversation that Ada works on; the desk has heard it. */
function adas(style: 'chat' | 'social' = 'social'): Talk {
  const talk = new Talk(stylesOf(style));
  talk.say(CUSTOMER, 'hello');
  talk.act(ADA, 'accept');
  talk.say(ADA, 'hi');
  talk.delivered();
  return talk;
}

describe('the desk hears', () => {
  it('of a ticket when it begins: how it stands, all of it', () => {
    const talk = new Talk({ ...stylesOf('chat'), channels: { web: { team: 'billing', requires: ['italian'], prefers: ['vip'] } } });
    talk.say(CUSTOMER, 'hello');
    expect(talk.stands).toEqual({
      type: 'stands', heard: 0, standing: {
        ticket: 1, status: 'new', style: 'chat', channel: 'web', team: 'billing', priority: 2, requires: ['italian'], prefers: ['vip'],
        agent: null, contact: 'Cleo', since: START, answeredAt: 0, active: true, held: false, by: null,
      },
    });
  });

  it('nothing of messages, notes, marks and tags that change nothing for it', () => {
    const talk = adas();
    talk.say(CUSTOMER, 'one');
    talk.say(ADA, 'two');
    talk.say(BEN, 'three');
    talk.note(ADA, 'for @ben');
    talk.do({ type: 'mark', who: ADA, delivered: 9, read: 9, n: 9 });
    talk.act(ADA, 'tags', { tags: ['refund'] });
    talk.act(ADA, 'accept');
    talk.wait(60_000);
    expect(talk.state?.outbox).toEqual([]);
  });

  it('of a first answer, a status, a priority, a session, a name and a next ticket', () => {
    const talk = new Talk(stylesOf('social'));
    const told = (): unknown => { const { standing } = talk.stands ?? {}; talk.delivered(); return standing; };
    talk.say(CUSTOMER, 'hello');
    talk.act(ADA, 'accept');
    expect(told()).toMatchObject({ status: 'open', agent: ada, answeredAt: 0 });
    talk.at += 5_000;
    talk.say(ADA, 'hi');
    expect(told()).toMatchObject({ since: START, answeredAt: START + 5_000 });
    talk.act(ADA, 'priority', { priority: 0 });
    expect(told()).toMatchObject({ priority: 0 });
    talk.wait(600_000);
    expect(told()).toMatchObject({ active: false });
    talk.do({ type: 'contact', was: CUSTOMER.id, contact: { id: 'u_1', name: 'Cleo Rossi', identified: true }, from: 'p/demo/v_1', n: 1 });
    expect(told()).toMatchObject({ contact: 'Cleo Rossi' });
    talk.act(ADA, 'status', { status: 'solved' });
    talk.wait(talk.state?.ticket.context.policy.windowMs ?? 0);
    expect(told()).toMatchObject({ ticket: 1, status: 'closed' });
    talk.say({ ...CUSTOMER, id: 'u_1' }, 'again');
    expect(told()).toMatchObject({ ticket: 2, status: 'new', agent: null, priority: 2, since: talk.at, answeredAt: 0 });
  });

  it('only the newest word, however many nobody has fetched', () => {
    const talk = new Talk(stylesOf('social'));
    talk.say(CUSTOMER, 'hello');
    const first = talk.state?.outbox.filter(({ to }) => to === 'd/demo').map(({ n }) => n);
    talk.act(ADA, 'accept');
    talk.act(ADA, 'status', { status: 'pending' });
    expect(talk.stands?.standing.status).toBe('pending');
    const [newest, ...more] = talk.state?.outbox.filter(({ to }) => to === 'd/demo') ?? [];
    expect(more).toEqual([]);
    // The word that was under way is done with; the newer one still waits.
    talk.do({ type: 'effectDone', n: first?.[0] ?? 0 });
    expect(talk.stands?.standing.status).toBe('pending');
    expect(newest?.n).toBeGreaterThan(first?.[0] ?? 0);
  });
});

describe('a decision', () => {
  it('gives a new ticket to its agent, and the answer names what was heard', () => {
    const talk = new Talk(stylesOf('chat'));
    talk.say(CUSTOMER, 'hello');
    talk.decide({ type: 'assign', agent: ben, by: ben, n: 7 });
    expect(talk.said().slice(-2)).toEqual(['assigned Ben', 'status open']);
    expect(talk.lines.at(-1)?.author).toEqual({ role: 'agent', ...ben });
    expect(talk.stands).toMatchObject({ heard: 7, standing: { agent: ben, status: 'open' } });
  });

  it('whose ground is gone changes nothing but keeps its note, and is answered all the same', () => {
    const talk = adas();
    const from = talk.lines.length;
    for (const [n, ground] of [{ ticket: 1, agent: null }, { ticket: 1, agent: BEN.id }, { ticket: 2, agent: ADA.id }].entries()) {
      talk.decide({ type: 'assign', agent: ben, by: ben, note: 'yours', ground, n: n + 1 });
      expect(talk.stands).toMatchObject({ heard: n + 1, standing: { agent: ada } });
      talk.delivered();
    }
    const late = solved('social');
    const closed = solved('chat');
    for (const over of [late, closed]) {
      const before = [over.lines.length, over.status];
      over.decide({ type: 'assign', agent: ben });
      over.decide({ type: 'requeue', team: 'billing' });
      over.decide({ type: 'place', state: 'waiting', agent: null, team: '', opensAt: 0 });
      expect([over.lines.length, over.status, over.agent]).toEqual([...before, ADA.id]);
      expect(over.stands?.heard).toBe(3);
    }
    expect([talk.said(from), talk.state?.mentions]).toEqual([['note yours', 'note yours', 'note yours'], []]);
  });

  it('that comes again is known, also after the ticket went on', () => {
    const talk = new Talk(stylesOf('social'));
    talk.say(CUSTOMER, 'hello');
    const ground = { ticket: 1, agent: null };
    talk.decide({ type: 'assign', agent: ada, ground, n: 3 });
    talk.act(ADA, 'unassign');
    talk.delivered();
    const { state } = talk;
    expect(talk.decide({ type: 'assign', agent: ada, ground, n: 3 })).toMatchObject({ repeated: true });
    expect([talk.agent, talk.stands]).toEqual([null, undefined]);
    expect(talk.state).toEqual(state);
  });

  it('hands over with a note for colleagues, and the customer hears only of the hand-over', () => {
    const talk = adas();
    const act = '01J9ZK3M8QZZZZZZZZZZZZZZZZ';
    const from = talk.lines.length;
    talk.decide({ type: 'assign', agent: ben, by: ada, note: 'she is angry, @ben', act });
    expect(talk.said(from)).toEqual(['note she is angry, @ben', 'assigned Ben', 'routing handedOver Ben support']);
    const [note, ...others] = talk.lines.slice(from);
    expect(note).toMatchObject({ audience: 'agents', cmid: act, author: { role: 'agent', ...ada }, body: { mentions: ['a_ben'] } });
    expect(others.map(({ audience }) => audience)).toEqual(['everyone', 'everyone']);
    expect(talk.state?.mentions).toEqual(['a_ben']);
  });

  it('hands over without a change of status, but for New', () => {
    for (const status of ['open', 'pending', 'onHold'] as const) {
      const talk = adas();
      talk.act(ADA, 'status', { status });
      talk.decide({ type: 'assign', agent: ben });
      expect([talk.status, talk.agent]).toEqual([status, BEN.id]);
    }
  });

  it('puts it back, to another team where one is named; only a person\'s hand-over is told as one', () => {
    const desks = adas();
    desks.decide({ type: 'requeue', team: null });
    expect(desks.said().slice(-2)).toEqual(['assigned nobody', 'status new']);
    expect(desks.stands?.standing).toMatchObject({ status: 'new', agent: null, team: 'support', since: START });
    const persons = adas();
    const from = persons.lines.length;
    persons.decide({ type: 'requeue', team: 'billing', by: ada, note: 'an invoice', act: 'no ulid' });
    expect(persons.said(from)).toEqual(['note an invoice', 'team billing', 'assigned nobody', 'status new', 'routing handedOver nobody billing']);
    expect(persons.lines[from]?.cmid).toBeNull();
    expect(persons.lines[from + 1]?.audience).toBe('agents');
    const moved = adas();
    moved.decide({ type: 'requeue', team: 'billing' });
    expect(moved.said().slice(-3)).toEqual(['team billing', 'assigned nobody', 'status new']);
    const fallback = new Talk(stylesOf('social'));
    fallback.say(CUSTOMER, 'hello');
    fallback.decide({ type: 'requeue', team: 'billing' });
    expect(fallback.said().slice(2)).toEqual(['team billing']);
    expect([fallback.status, fallback.stands?.standing.team]).toEqual(['new', 'billing']);
  });

  it('tells the customer their place once, until something else has happened', () => {
    const talk = new Talk(stylesOf('social'));
    talk.say(CUSTOMER, 'hello');
    const waiting = { type: 'place', state: 'waiting', agent: null, team: 'support', opensAt: 0 } as const;
    const told = (): string[] => talk.said().filter((line) => line.startsWith('routing'));
    talk.decide(waiting);
    talk.say(CUSTOMER, 'anybody?');
    talk.decide(waiting);
    expect(told()).toEqual(['routing waiting nobody support']);
    expect(talk.lines.find(({ kind }) => kind === 'routing')).toMatchObject({ audience: 'everyone', author: { role: 'system' } });
    talk.decide({ ...waiting, state: 'closed', opensAt: START + 1 });
    talk.decide(waiting);
    expect(told()).toHaveLength(3);
    talk.decide({ type: 'assign', agent: ada });
    talk.decide({ type: 'requeue', team: null });
    talk.decide(waiting);
    expect(told()).toHaveLength(4);
  });
});
