/** What a conversation owes to whoever asks twice, comes late, or has no business here. */
import { describe, expect, it } from 'vitest';
import { ADA, CUSTOMER, DAY, solved, stylesOf, Talk } from './talk.ts';

describe('exactly once', () => {
  it('answers a repeat with the first answer, whatever came between, and writes nothing', () => {
    const talk = new Talk(stylesOf('chat'));
    const cmid = talk.id();
    const first = talk.say(CUSTOMER, 'once', cmid);
    for (let i = 0; i < 50; i++) talk.say(CUSTOMER, `message ${i}`);
    const lines = talk.lines.length;
    expect(talk.say(CUSTOMER, 'once', cmid)).toEqual({ ...(first as object), repeated: true });
    expect(talk.lines.length).toBe(lines);
  });

  it('refuses the same id with other words', () => {
    const talk = new Talk(stylesOf('chat'));
    const cmid = talk.id();
    talk.say(CUSTOMER, 'once', cmid);
    expect(talk.say(CUSTOMER, 'twice', cmid)).toBe('idReused');
  });

  it('still knows a repeat of a device that 40 others have pushed out', () => {
    const talk = new Talk(stylesOf('chat'));
    const cmid = talk.id();
    talk.do({ type: 'say', who: CUSTOMER, device: 'phone', cmid, kind: 'message', text: 'once', channel: 'web', seen: null });
    for (let i = 0; i < 40; i++) talk.do({ type: 'say', who: CUSTOMER, device: `tab ${i}`, cmid: talk.id(), kind: 'message', text: 'x', channel: 'web', seen: null });
    expect(Object.keys(talk.state?.devices ?? {}).length).toBeLessThanOrEqual(32);
    expect(talk.do({ type: 'say', who: CUSTOMER, device: 'phone', cmid, kind: 'message', text: 'once', channel: 'web', seen: null })).toMatchObject({ repeated: true });
  });

  it('a timer that was cancelled or has fired finds nothing', () => {
    const talk = solved('social');
    const timer = talk.state?.timers.find(({ owner }) => owner === 'ticket');
    if (timer === undefined) throw new Error('a Solved ticket has a timer');
    talk.say(CUSTOMER, 'wait');
    talk.do({ type: 'timer', owner: timer.owner, id: timer.id, gen: timer.gen });
    expect(talk.status).toBe('open');
  });
});

describe('a ring or a command that comes again', () => {
  it('an old ring does not close a ticket that was solved anew, though its timer looks the same', () => {
    const talk = solved('social');
    const [old] = (talk.state?.timers ?? []).filter(({ owner }) => owner === 'ticket');
    talk.wait(4 * DAY - 1);
    talk.say(CUSTOMER, 'not yet');
    talk.act(ADA, 'status', { status: 'solved' });
    const [young] = (talk.state?.timers ?? []).filter(({ owner }) => owner === 'ticket');
    if (old === undefined || young === undefined) throw new Error('a Solved ticket has a timer');
    talk.at += 1;
    talk.do({ type: 'timer', owner: young.owner, id: young.id, gen: young.gen });
    talk.do({ type: 'timer', owner: old.owner, id: old.id, gen: old.gen });
    expect(talk.status).toBe('solved');
  });

  it('a command that changed nothing stays without effect when it is repeated later', () => {
    const talk = new Talk(stylesOf('social'));
    talk.say(CUSTOMER, 'hello');
    talk.act(ADA, 'accept');
    const again = { type: 'act', who: ADA, device: 'desk', cmid: talk.id(), name: 'status', args: { status: 'open' } } as const;
    talk.do(again);
    talk.act(ADA, 'status', { status: 'pending' });
    expect(talk.do(again)).toMatchObject({ repeated: true });
    expect(talk.status).toBe('pending');
  });

  it('the end of a session is not repeated once the customer is back', () => {
    const talk = new Talk(stylesOf('social'));
    talk.say(CUSTOMER, 'hello');
    const end = { type: 'act', who: ADA, device: 'desk', cmid: talk.id(), name: 'end', args: {} } as const;
    talk.do(end);
    talk.say(CUSTOMER, 'I am back');
    expect(talk.do(end)).toMatchObject({ repeated: true });
    expect(talk.state?.session.value).toBe('active');
  });
});

describe('session', () => {
  it('becomes inactive ten minutes after the customer\'s last word, and active when they speak', () => {
    const talk = new Talk(stylesOf('social'));
    talk.say(CUSTOMER, 'hello');
    talk.wait(300_000);
    talk.say(CUSTOMER, 'still here');
    talk.wait(599_999);
    expect(talk.state?.session.value).toBe('active');
    talk.wait(1);
    expect(talk.state?.session.value).toBe('inactive');
    talk.say(CUSTOMER, 'back');
    expect(talk.said().slice(-2)).toEqual(['message back', 'session active spoke']);
  });

  it('keeps the reason: left, offline, ended by whom', () => {
    const talk = new Talk(stylesOf('social'));
    talk.say(CUSTOMER, 'hello');
    talk.do({ type: 'gone', who: CUSTOMER, reason: 'offline' });
    talk.act(ADA, 'end');
    expect(talk.said().slice(-2)).toEqual(['session inactive offline', 'session ended agent']);
    expect(talk.lines.filter((line) => line.kind === 'session').every((line) => line.audience === 'agents')).toBe(true);
  });
});

describe('who may enter', () => {
  it('another customer finds nothing, whatever they try', () => {
    const talk = new Talk(stylesOf('chat'));
    talk.say(CUSTOMER, 'private');
    const other = { ...CUSTOMER, id: 'v_2' };
    expect(talk.say(other, 'hi')).toBe('notFound');
    expect(talk.act(other, 'end')).toBe('notFound');
    expect(talk.do({ type: 'mark', who: other, delivered: 9, read: 9, n: 0 })).toBe('notFound');
    expect(talk.say({ ...other, formerly: ['v_1'] }, 'it is me, signed in')).toMatchObject({ repeated: false });
  });
});

describe('marks', () => {
  it('only grow, never beyond what was said, and count the other side\'s messages', () => {
    const talk = new Talk(stylesOf('chat'));
    talk.say(CUSTOMER, 'one');
    talk.say(CUSTOMER, 'two');
    talk.do({ type: 'mark', who: ADA, delivered: 99, read: 99, n: 99 });
    expect(talk.state?.marks).toEqual([{ person: 'a_ada', role: 'agent', delivered: 3, read: 3, n: 2 }]);
    talk.do({ type: 'mark', who: ADA, delivered: 1, read: 1, n: 0 });
    expect(talk.state?.marks[0]).toMatchObject({ read: 3, n: 2 });
  });
});
