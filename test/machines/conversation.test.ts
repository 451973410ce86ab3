import { describe, expect, it } from 'vitest';
import { LONGEST_WINDOW_MS, POLICIES, choose, holdsCapacity, problemOf } from '../../machines/style.ts';
import { ADA, BEN, CUSTOMER, DAY, HOUR, solved, stylesOf, Talk } from './talk.ts';

describe('a first message', () => {
  it('opens ticket 1 as New, and acceptance makes it Open with its agent', () => {
    const talk = new Talk(stylesOf('chat'));
    talk.say(CUSTOMER, 'hello');
    expect(talk.status).toBe('new');
    talk.act(ADA, 'accept');
    expect(talk.status).toBe('open');
    expect(talk.said()).toEqual(['ticket 1 chat', 'message hello', 'assigned Ada', 'status open']);
    expect(talk.lines.map((line) => line.seq)).toEqual([1, 2, 3, 4]);
  });

  it('is taken by whoever answers it', () => {
    const talk = new Talk(stylesOf('chat'));
    talk.say(CUSTOMER, 'hello');
    talk.say(BEN, 'hi');
    expect(talk.status).toBe('open');
    expect(talk.state?.ticket.context.agent).toEqual({ id: 'a_ben', name: 'Ben' });
  });

  it('cannot be an agent\'s', () => {
    expect(new Talk(stylesOf('chat')).say(ADA, 'hello')).toBe('notFound');
  });
});

describe('chat', () => {
  it('is Closed in the step that solves it; nobody ever finds it Solved', () => {
    const talk = solved('chat');
    expect(talk.status).toBe('closed');
    expect(talk.said().slice(-2)).toEqual(['status solved', 'status closed']);
    expect(talk.state?.timers).toEqual([]);
  });

  it('opens a new ticket in the same conversation after Closed, linked to the earlier one', () => {
    const talk = solved('chat');
    const before = talk.lines.length;
    talk.say(CUSTOMER, 'one more thing');
    expect(talk.status).toBe('new');
    expect(talk.state?.ticket.context.agent).toBeNull();
    expect(talk.said(before)).toEqual(['ticket 2 chat', 'message one more thing']);
    expect(talk.lines[before]?.body.previous).toBe(1);
  });

  it('keeps capacity while Pending and On-hold', () => {
    expect(['new', 'open', 'pending', 'onHold', 'solved', 'closed'].filter((s) => holdsCapacity('chat', s as 'open')))
      .toEqual(['open', 'pending', 'onHold']);
  });
});

describe('chat with a repeat customer', () => {
  it('reopens the same ticket for the same agent, as often as the customer returns within the window', () => {
    const talk = solved('repeat');
    for (let i = 0; i < 3; i++) {
      talk.wait(HOUR - 1);
      expect(talk.status).toBe('solved');
      talk.say(CUSTOMER, 'me again');
      expect(talk.status).toBe('open');
      expect(talk.state?.number).toBe(1);
      expect(talk.state?.ticket.context.agent?.id).toBe('a_ada');
      talk.act(ADA, 'status', { status: 'solved' });
    }
  });

  it('closes at the end of one business hour, not a millisecond before', () => {
    const talk = solved('repeat');
    talk.wait(HOUR - 1);
    expect(talk.status).toBe('solved');
    talk.wait(1);
    expect(talk.status).toBe('closed');
  });

  it('counts business hours only: solved on Friday at 16:30, closed on Monday at 9:30', () => {
    const talk = new Talk(stylesOf('repeat'));
    talk.at = Date.UTC(2026, 0, 9, 16, 30);
    talk.say(CUSTOMER, 'hello');
    talk.act(ADA, 'accept');
    talk.act(ADA, 'status', { status: 'solved' });
    talk.wait(Date.UTC(2026, 0, 12, 9, 30) - talk.at - 1);
    expect(talk.status).toBe('solved');
    talk.wait(1);
    expect(talk.status).toBe('closed');
  });
});

describe('social messaging', () => {
  it('stays Solved for four days and then closes', () => {
    const talk = solved('social');
    talk.wait(4 * DAY - 1);
    expect(talk.status).toBe('solved');
    talk.wait(1);
    expect(talk.status).toBe('closed');
  });

  it('restarts the window when it is solved again', () => {
    const talk = solved('social');
    talk.wait(3 * DAY);
    talk.say(CUSTOMER, 'not yet');
    talk.act(ADA, 'status', { status: 'solved' });
    talk.wait(4 * DAY - 1);
    expect(talk.status).toBe('solved');
    talk.wait(1);
    expect(talk.status).toBe('closed');
  });

  it('frees capacity in Pending, On-hold and Solved, and takes it again on a reply', () => {
    expect(['pending', 'onHold', 'solved'].some((s) => holdsCapacity('social', s as 'open'))).toBe(false);
    expect(holdsCapacity('social', 'open')).toBe(true);
  });

  it('refuses a window over 28 days, and names the limit', () => {
    expect(problemOf({ ...POLICIES.social, windowMs: LONGEST_WINDOW_MS + 1 })).toContain('28 days');
    expect(problemOf({ ...POLICIES.social, windowMs: LONGEST_WINDOW_MS })).toBeUndefined();
  });

  it('closes after 28 days at the latest, also when the window counts business hours', () => {
    const talk = new Talk({ ...stylesOf('social'), policies: { ...POLICIES, social: { ...POLICIES.social, windowMs: 20 * DAY, clock: 'business' } } });
    talk.say(CUSTOMER, 'hello');
    talk.act(ADA, 'accept');
    talk.act(ADA, 'status', { status: 'solved' });
    talk.wait(28 * DAY);
    expect(talk.status).toBe('closed');
  });
});

describe('statuses by hand', () => {
  it('a customer\'s reply makes Pending and On-hold Open', () => {
    for (const style of ['chat', 'repeat', 'social'] as const) {
      for (const status of ['pending', 'onHold']) {
        const talk = new Talk(stylesOf(style));
        talk.say(CUSTOMER, 'hello');
        talk.act(ADA, 'accept');
        talk.act(ADA, 'status', { status });
        expect(talk.status).toBe(status);
        talk.say(CUSTOMER, 'here you are');
        expect(talk.status).toBe('open');
      }
    }
  });

  it('nobody changes a Closed ticket; notes are still possible, answers are not', () => {
    const talk = solved('chat');
    for (const status of ['open', 'pending', 'onHold', 'solved']) expect(talk.act(ADA, 'status', { status })).toBe('ticketClosed');
    expect(talk.act(ADA, 'accept')).toBe('ticketClosed');
    expect(talk.say(ADA, 'too late')).toBe('ticketClosed');
    expect(talk.say(ADA, 'for the file', talk.id(), 'note')).toMatchObject({ repeated: false });
    expect(talk.status).toBe('closed');
  });

  it('are for agents, and New must be accepted first', () => {
    const talk = new Talk(stylesOf('social'));
    talk.say(CUSTOMER, 'hello');
    expect(talk.act(CUSTOMER, 'status', { status: 'solved' })).toBe('forbidden');
    expect(talk.act(ADA, 'status', { status: 'solved' })).toBe('wrongStatus');
    expect(talk.act(ADA, 'status', { status: 'closed' })).toBe('invalid');
    expect(talk.act(ADA, 'explode')).toBe('unknownCommand');
    expect(talk.status).toBe('new');
  });

  it('On-hold is said to agents only; the customer sees Open', () => {
    const talk = new Talk(stylesOf('social'));
    talk.say(CUSTOMER, 'hello');
    talk.act(ADA, 'accept');
    const seen = (): unknown => talk.lines.filter((l) => l.kind === 'status' && l.audience === 'everyone').at(-1)?.body.status;
    talk.act(ADA, 'status', { status: 'onHold' });
    expect(seen()).toBe('open');
    talk.act(ADA, 'status', { status: 'pending' });
    expect(seen()).toBe('pending');
    talk.act(ADA, 'status', { status: 'onHold' });
    expect(seen()).toBe('open');
    expect(talk.lines.at(-1)).toMatchObject({ audience: 'agents', body: { status: 'onHold' } });
    talk.say(CUSTOMER, 'well?');
    expect(seen()).toBe('open');
    expect(talk.status).toBe('open');
  });
});

describe('a message that races with the closing', () => {
  it('reopens when it is first in the log, and opens a new ticket when it is second', () => {
    const first = solved('social');
    first.wait(4 * DAY - 1);
    first.say(CUSTOMER, 'just in time');
    first.wait(DAY);
    expect([first.status, first.state?.number]).toEqual(['open', 1]);
    const second = solved('social');
    second.wait(4 * DAY);
    second.say(CUSTOMER, 'just too late');
    expect([second.status, second.state?.number]).toEqual(['new', 2]);
    expect(second.lines.some((line) => line.body.text === 'just too late')).toBe(true);
  });
});

describe('style', () => {
  it('is chosen by the first rule that fits, then the channel, then the workspace', () => {
    const styles = {
      ...stylesOf('chat'), channels: { web: {}, whatsapp: { style: 'social' as const } },
      rules: [{ style: 'repeat' as const, identified: true, contains: 'invoice' }],
    };
    const opening = { channel: 'web', identified: true, text: 'My INVOICE is wrong' };
    expect(choose(styles, opening).policy.style).toBe('repeat');
    expect(choose(styles, { ...opening, identified: false }).policy.style).toBe('chat');
    expect(choose(styles, { ...opening, identified: false, channel: 'whatsapp' }).policy.style).toBe('social');
  });

  it('comes with a team, a priority and skills: each from the first rule that names it, then the channel, then the workspace', () => {
    const styles = {
      ...stylesOf('chat'), channels: { web: {}, whatsapp: { style: 'social' as const, team: 'billing', requires: ['italian'] } },
      rules: [
        { identified: true, priority: 1 as const },
        { contains: 'urgent', priority: 0 as const, team: 'support', prefers: ['vip'] },
        { channel: 'whatsapp', contains: 'english', requires: [] },
      ],
    };
    const opening = { channel: 'web', identified: false, text: 'hello' };
    expect(choose(styles, opening)).toEqual({ policy: POLICIES.chat, team: 'support', priority: 2, requires: [], prefers: [] });
    expect(choose(styles, { ...opening, channel: 'whatsapp' })).toMatchObject({ policy: POLICIES.social, team: 'billing', requires: ['italian'] });
    expect(choose(styles, { channel: 'whatsapp', identified: true, text: 'Urgent, in English' })).toEqual({
      policy: POLICIES.social, team: 'support', priority: 1, requires: [], prefers: ['vip'],
    });
    expect(choose({ ...styles, teams: [] }, opening).team).toBe('');
  });

  it('has the delays of its channel, where they differ', () => {
    const styles = { ...stylesOf('social'), channels: { web: { policy: { windowMs: DAY, silenceMs: 60_000 } }, email: { policy: { clock: 'business' as const } } } };
    const on = (channel: string) => choose(styles, { channel, identified: false, text: '' }).policy;
    expect(on('web')).toEqual({ ...POLICIES.social, windowMs: DAY, silenceMs: 60_000 });
    expect(on('email')).toEqual({ ...POLICIES.social, clock: 'business' });
    expect(on('phone')).toEqual(POLICIES.social);
    const talk = new Talk(styles);
    talk.say(CUSTOMER, 'hello');
    talk.wait(60_000);
    expect(talk.state?.session.value).toBe('inactive');
  });

  it('is kept by a running ticket and chosen afresh by the next', () => {
    const styles = stylesOf('chat') as { style: 'chat' | 'social' } & ReturnType<typeof stylesOf>;
    const talk = new Talk(styles);
    talk.say(CUSTOMER, 'hello');
    styles.style = 'social';
    talk.act(ADA, 'accept');
    talk.act(ADA, 'status', { status: 'solved' });
    expect(talk.status).toBe('closed');
    talk.say(CUSTOMER, 'again');
    expect(talk.state?.ticket.context.policy.style).toBe('social');
  });
});
