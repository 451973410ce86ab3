/** The time of flows: every delay to the millisecond, over a restart after each step, and the hours of the office. */
import { describe, expect, it } from 'vitest';
import { LONGEST_WAIT_MS, type Flow, type Step } from '../../machines/flows/flow.ts';
import { OFFICE_HOURS, type Hours } from '../../machines/hours.ts';
import { shelfOf } from './shelf.ts';
import { ADA, CUSTOMER, DAY, HOUR, START, stylesOf, Talk } from './talk.ts';

const flow = (...steps: Step[]): Flow => ({ name: 'Flow', start: [{ on: 'message', from: 'customer' }], steps });
const note = (id: string): Step => ({ id, do: 'note', text: id });

/** @param hours by team, '' for the workspace's own. */
function talkWith(steps: Step[], hours: Readonly<Record<string, Hours>> = {}, at = START): Talk {
  const talk = new Talk(stylesOf('social'), { shelf: shelfOf({ flow: flow(...steps) }), hours: (team) => hours[team] ?? null });
  talk.at = at;
  talk.say(CUSTOMER, 'hello');
  return talk;
}

/** Nothing a millisecond before, and then, at its moment, this. */
function exactly(talk: Talk, ms: number, what: string): void {
  const before = talk.lines.length;
  talk.wait(ms - 1);
  expect(talk.said(before).filter((said) => !said.startsWith('session'))).toEqual([]);
  talk.wait(1);
  expect(talk.said(before)).toContain(what);
}

describe('a delay', () => {
  it.each([['a second', 1_000], ['an hour', HOUR], ['a day', DAY], ['25 days, more than an OS timer holds', 25 * DAY], ['28 days, the longest', LONGEST_WAIT_MS]])(
    'of %s ends at its moment and not a millisecond before', (_, ms) => {
      exactly(talkWith([{ id: 'wait', do: 'wait', forMs: ms }, note('over')]), ms, 'note over');
    });

  it('begins when the one before it is over', () => {
    const talk = talkWith([{ id: 'one', do: 'wait', forMs: HOUR }, note('first'), { id: 'two', do: 'wait', forMs: HOUR }, note('second')]);
    exactly(talk, HOUR, 'note first');
    exactly(talk, HOUR, 'note second');
  });

  it('is over for good when somebody replies to it, whatever rings later', () => {
    const talk = talkWith([{ id: 'wait', do: 'wait', forMs: HOUR, untilReply: 'anybody', onReply: [note('reply')] }, note('late')]);
    const [timer] = talk.state?.timers.filter(({ owner }) => owner === 'flow:1') ?? [];
    talk.world = { ...talk.world, shelf: { ...talk.world.shelf, live: [] } };
    talk.say(ADA, 'here');
    expect(talk.said().slice(-2)).toEqual(['note reply', 'note late']);
    talk.at += 2 * HOUR;
    const { state } = talk;
    talk.do({ type: 'timer', owner: 'flow:1', id: timer?.id ?? '', gen: timer?.gen ?? 0 });
    expect(talk.state).toEqual(state);
  });

  it('without an end that it could know is 28 days', () => {
    exactly(talkWith([{ id: 'wait', do: 'wait', untilReply: 'agent' }, note('over')]), LONGEST_WAIT_MS, 'note over');
  });
});

describe('a question', () => {
  const ask = (more: object = {}): Step => ({ id: 'ask', do: 'ask', text: 'Which?', answer: 'email', save: 'vars.x', onTimeout: [note('nobody')], ...more });

  it('waits a day for each answer, or as long as it says', () => {
    exactly(talkWith([ask()]), DAY, 'note nobody');
    const talk = talkWith([ask({ forMs: HOUR })]);
    talk.wait(HOUR - 1);
    talk.say(CUSTOMER, 'no');
    exactly(talk, HOUR, 'note nobody');
  });
});

describe('the nudge', () => {
  const nudge: Flow = {
    name: 'Nudge', start: [{ on: 'message', from: 'agent' }], again: 'restart', onAgent: 'restart', steps: [
      { id: 'silence', do: 'wait', forMs: HOUR, untilReply: 'customer', onReply: [{ id: 'replied', do: 'end' }] },
      { id: 'remind', do: 'say', text: 'Still there?' },
      { id: 'answer', do: 'wait', forMs: 300_000, untilReply: 'customer', onReply: [{ id: 'answered', do: 'end' }] },
      { id: 'bye', do: 'say', text: 'Bye' }, { id: 'close', do: 'close' },
    ],
  };
  const silent = (): Talk => {
    const talk = new Talk(stylesOf('social'), { shelf: shelfOf({ nudge }) });
    talk.say(CUSTOMER, 'hello');
    talk.say(ADA, 'hi');
    return talk;
  };

  it('comes after an hour, and five minutes later the end', () => {
    const talk = silent();
    exactly(talk, HOUR, 'message Still there?');
    exactly(talk, 300_000, 'status closed');
    expect(talk.said().slice(-2)).toEqual(['message Bye', 'status closed']);
  });

  it('does not come to whoever replied a millisecond before, and not twice for one silence', () => {
    const talk = silent();
    talk.wait(HOUR - 1);
    talk.say(CUSTOMER, 'yes');
    talk.wait(10 * DAY);
    expect(talk.said()).not.toContain('message Still there?');
    const nudged = silent();
    nudged.wait(HOUR);
    nudged.say(CUSTOMER, 'yes');
    nudged.wait(10 * DAY);
    expect(nudged.said().filter((said) => said === 'message Still there?')).toHaveLength(1);
    expect(nudged.status).toBe('open');
  });
});

describe('the office', () => {
  const office = (zone: string): Hours => ({ ...OFFICE_HOURS, zone });
  const untilOpen = (team = ''): Step[] => [{ id: 'opening', do: 'wait', untilOpen: team }, note('open')];

  it('is waited for until it opens: nights, weekends, and its own time zone', () => {
    // A Friday in January, 17:00 in Rome.
    const friday = Date.UTC(2026, 0, 9, 16);
    exactly(talkWith(untilOpen(), { '': office('Europe/Rome') }, friday), 2 * DAY + 16 * HOUR, 'note open');
    exactly(talkWith(untilOpen('billing'), { '': office('Europe/Rome'), billing: office('Asia/Tokyo') }, friday), 2 * DAY + 8 * HOUR, 'note open');
  });

  it('opens by its clocks on the days on which they go forward and back', () => {
    // Rome goes forward on Sunday 29 March 2026, back on Sunday 25 October 2026; the Fridays before at 18:00 there.
    exactly(talkWith(untilOpen(), { '': office('Europe/Rome') }, Date.UTC(2026, 2, 27, 17)), 2 * DAY + 14 * HOUR, 'note open');
    exactly(talkWith(untilOpen(), { '': office('Europe/Rome') }, Date.UTC(2026, 9, 23, 16)), 2 * DAY + 16 * HOUR, 'note open');
  });

  it('that is open, or always so, is waited for no moment', () => {
    for (const hours of [undefined, { '': OFFICE_HOURS }]) expect(talkWith(untilOpen(), hours).said().at(-1)).toBe('note open');
  });

  it('is what a branch looks at, at its moment', () => {
    const looks: Step = { id: 'look', do: 'branch', cases: [{ when: { all: [{ field: 'hours.billing', is: 'equal', value: 'open' }] }, steps: [note('there')] }], else: [note('away')] };
    const hours = { billing: office('Europe/Prague') };
    const sixteen = Date.UTC(2026, 0, 5, 15, 59, 59, 999);
    expect(talkWith([looks], hours, sixteen).said().at(-1)).toBe('note there');
    expect(talkWith([looks], hours, sixteen + 1).said().at(-1)).toBe('note away');
  });
});

describe('a date', () => {
  it('that a field holds is waited for', () => {
    const talk = talkWith([{ id: 'until', do: 'wait', untilDate: '2026-01-07T10:30:00Z' }, note('now')]);
    exactly(talk, Date.UTC(2026, 0, 7, 10, 30) - START, 'note now');
  });
});
