/** What agents do to a conversation, and what happens when two of them do it at once. */
import { describe, expect, it } from 'vitest';
import type { ConversationState } from '../../machines/state.ts';
import { tellSummary } from '../../gateway/tell.ts';
import { ADA, BEN, CUSTOMER, DAY, HOUR, solved, START, stylesOf, Talk } from './talk.ts';

function begun(style: 'chat' | 'social' = 'social'): Talk {
  const talk = new Talk(stylesOf(style));
  talk.say(CUSTOMER, 'hello');
  return talk;
}

describe('accept', () => {
  it('takes what the agent saw, and says who was faster otherwise', () => {
    const talk = begun();
    expect(talk.act(ADA, 'accept', { expect: null })).toMatchObject({ repeated: false });
    expect(talk.act(BEN, 'accept', { expect: null })).toBe('conflict');
    expect(talk.refusal).toContain('Ada has it now');
    expect(talk.agent).toBe(ADA.id);
    expect(talk.act(BEN, 'accept', { expect: ADA.id })).toMatchObject({ repeated: false });
    talk.act(BEN, 'unassign');
    expect(talk.act(ADA, 'accept', { expect: BEN.id })).toBe('conflict');
    expect(talk.refusal).toContain('nobody');
    expect(talk.act(ADA, 'accept', { expect: 7 })).toBe('invalid');
  });

  it('is no conflict with oneself in another tab, and still takes without asking where nothing was seen', () => {
    const talk = begun();
    talk.act(ADA, 'accept', { expect: null });
    expect(talk.act(ADA, 'accept', { expect: null })).toMatchObject({ repeated: false });
    expect(talk.act(BEN, 'accept')).toMatchObject({ repeated: false });
    expect(talk.agent).toBe(BEN.id);
  });
});

describe('unassign and team', () => {
  it('put the ticket back where it waits since it began, to be told once', () => {
    const talk = begun();
    talk.at += HOUR;
    talk.act(ADA, 'accept');
    const from = talk.lines.length;
    talk.act(ADA, 'unassign');
    expect(talk.said(from)).toEqual(['assigned nobody', 'status new']);
    expect(talk.state).toMatchObject({ since: START, team: 'support' });
    talk.act(ADA, 'unassign');
    expect(talk.lines).toHaveLength(from + 2);
  });

  it('hand over to a team that there is; the team itself is for agents', () => {
    const talk = begun();
    talk.act(ADA, 'accept');
    expect(talk.act(ADA, 'team', { team: 'sales' })).toBe('invalid');
    const from = talk.lines.length;
    talk.act(ADA, 'team', { team: 'billing' });
    expect(talk.said(from)).toEqual(['team billing', 'assigned nobody', 'status new', 'routing handedOver nobody billing']);
    expect(talk.lines.slice(from).map(({ audience }) => audience)).toEqual(['agents', 'everyone', 'everyone', 'everyone']);
    expect(talk.stands?.standing).toMatchObject({ team: 'billing', agent: null, status: 'new' });
  });

  it('leave what is solved with whom the customer would come back to', () => {
    const talk = solved('social');
    expect(talk.act(ADA, 'unassign')).toBe('wrongStatus');
    expect(talk.act(ADA, 'team', { team: 'billing' })).toBe('wrongStatus');
    expect([talk.agent, talk.state?.team]).toEqual([ADA.id, 'support']);
  });
});

describe('priority and tags', () => {
  it('are for agents, kept tidy, and begin anew with the next ticket', () => {
    const talk = begun('chat');
    talk.act(ADA, 'accept');
    talk.act(ADA, 'priority', { priority: 0 });
    talk.act(ADA, 'tags', { tags: [' Refund ', 'VIP', 'vip', 'late  parcel'] });
    expect(talk.said().slice(-2)).toEqual(['priority 0', 'tags refund,vip,late parcel']);
    expect(talk.lines.slice(-2).map(({ audience }) => audience)).toEqual(['agents', 'agents']);
    talk.act(ADA, 'status', { status: 'solved' });
    talk.say(CUSTOMER, 'again');
    expect(talk.state).toMatchObject({ number: 2, priority: 2, tags: [] });
  });

  it('refuse what they cannot be', () => {
    const talk = begun();
    for (const priority of [-1, 4, 1.5, '1', null]) expect(talk.act(ADA, 'priority', { priority })).toBe('invalid');
    const many = Array.from({ length: 21 }, (_, i) => `tag ${i}`);
    for (const tags of ['refund', [''], [7], many, ['x'.repeat(41)], undefined]) expect(talk.act(ADA, 'tags', { tags })).toBe('invalid');
    expect(talk.act(ADA, 'tags', { tags: many.slice(1) })).toMatchObject({ repeated: false });
  });

  it('do not overwrite tags that a colleague has changed, except to the same', () => {
    const talk = begun();
    expect(talk.act(ADA, 'tags', { tags: ['a', 'b'], expect: [] })).toMatchObject({ repeated: false });
    expect(talk.act(BEN, 'tags', { tags: ['c'], expect: [] })).toBe('conflict');
    expect(talk.state?.tags).toEqual(['a', 'b']);
    expect(talk.act(BEN, 'tags', { tags: ['b', 'a'], expect: [] })).toMatchObject({ repeated: false });
    expect(talk.act(BEN, 'tags', { tags: ['b', 'c'], expect: ['B', 'a'] })).toMatchObject({ repeated: false });
    expect(talk.state?.tags).toEqual(['b', 'c']);
  });

  it('a Closed ticket can still be tagged and noted, and nothing else', () => {
    const talk = solved('chat');
    for (const [name, args] of Object.entries({ accept: {}, unassign: {}, team: { team: 'billing' }, priority: { priority: 0 }, snooze: { until: talk.at + 1 } })) {
      expect(talk.act(ADA, name, args)).toBe('ticketClosed');
    }
    expect(talk.act(ADA, 'tags', { tags: ['done'] })).toMatchObject({ repeated: false });
    expect(talk.note(ADA, 'see @ben')).toMatchObject({ repeated: false });
    expect([talk.status, talk.state?.tags, talk.state?.mentions]).toEqual(['closed', ['done'], ['a_ben']]);
  });
});

describe('snooze', () => {
  const until = START + DAY;
  const snoozed = (): Talk => {
    const talk = begun();
    talk.act(ADA, 'accept');
    talk.act(ADA, 'snooze', { until });
    return talk;
  };
  const awake = (talk: Talk): void => {
    expect(talk.state?.snoozed).toBeNull();
    expect(talk.state?.timers.filter(({ owner }) => owner === 'snooze')).toEqual([]);
    expect(talk.lines.filter(({ kind }) => kind === 'snooze').map(({ body, audience }) => [body.until, audience]))
      .toEqual([[until, 'agents'], [0, 'agents']]);
  };

  it('ends at its time, also when the process was gone at that moment, and not before', () => {
    const talk = snoozed();
    expect(talk.state?.snoozed).toEqual({ until, by: { id: ADA.id, name: ADA.name } });
    talk.wait(DAY - 1);
    expect(talk.state?.snoozed).not.toBeNull();
    talk.wait(1);
    awake(talk);
  });

  it.each<[string, (talk: Talk) => void]>([
    ['the customer writes', (talk) => { talk.say(CUSTOMER, 'well?'); }],
    ['an agent ends it', (talk) => { talk.act(BEN, 'snooze', { until: 0 }); talk.act(BEN, 'snooze', { until: 0 }); }],
    ['the ticket is solved', (talk) => { talk.act(ADA, 'status', { status: 'solved' }); }],
  ])('ends when %s', (_, end) => {
    const talk = snoozed();
    end(talk);
    awake(talk);
    talk.wait(2 * DAY);
    awake(talk);
  });

  it('can be moved, and an old ring does not end the new one', () => {
    const talk = snoozed();
    const [old] = talk.state?.timers.filter(({ owner }) => owner === 'snooze') ?? [];
    talk.act(ADA, 'snooze', { until: until + DAY });
    talk.at = until;
    talk.do({ type: 'timer', owner: 'snooze', id: 'snooze', gen: old?.gen ?? 0 });
    expect(talk.state?.snoozed?.until).toBe(until + DAY);
  });

  it('is for a time to come, at most a year ahead, and for what is not done', () => {
    const talk = begun();
    for (const time of [talk.at, -1, talk.at + 366 * DAY, 1.5, 'tomorrow', undefined]) expect(talk.act(ADA, 'snooze', { until: time })).toBe('invalid');
    expect(solved('social').act(ADA, 'snooze', { until })).toBe('wrongStatus');
  });
});

describe('an answer to what a colleague has answered', () => {
  it('is held back, by sequence, and the agent is told who was faster', () => {
    const talk = begun();
    talk.act(ADA, 'accept');
    const seen = talk.state?.seq ?? 0;
    talk.say(ADA, 'hi');
    talk.at += 3_000;
    expect(talk.say(BEN, 'hello', talk.id(), 'message', seen)).toBe('superseded');
    expect(talk.refusal).toContain('Ada answered 3 s ago');
    expect(talk.state?.agentMessages).toBe(1);
    expect(talk.say(BEN, 'hello', talk.id(), 'message', talk.state?.lastReply?.seq)).toMatchObject({ n: 2 });
  });

  it('is not when they saw it, wrote it themselves, write a note, are the customer, or use a client that does not ask', () => {
    const talk = begun();
    const seen = talk.state?.seq ?? 0;
    const first = talk.id();
    talk.say(ADA, 'hi', first);
    expect(talk.say(ADA, 'and', talk.id(), 'message', seen)).toMatchObject({ repeated: false });
    expect(talk.say(BEN, 'for us', talk.id(), 'note', seen)).toMatchObject({ repeated: false });
    expect(talk.say(CUSTOMER, 'thanks', talk.id(), 'message', seen)).toMatchObject({ repeated: false });
    expect(talk.say(BEN, 'bye')).toMatchObject({ repeated: false });
    // What has passed once is not held back when it is sent again.
    expect(talk.say(ADA, 'hi', first, 'message', seen)).toMatchObject({ repeated: true });
  });
});

describe('waiting', () => {
  it('counts from the first message that nobody has answered', () => {
    const talk = begun();
    talk.at += 1_000;
    talk.say(CUSTOMER, 'hello?');
    talk.note(ADA, 'looking');
    expect(talk.state?.waitingSince).toBe(START);
    talk.say(ADA, 'hi');
    expect(talk.state?.waitingSince).toBe(0);
    talk.at += 1_000;
    talk.say(CUSTOMER, 'where is it?');
    expect(talk.state?.waitingSince).toBe(START + 2_000);
    talk.act(ADA, 'status', { status: 'solved' });
    expect(talk.state?.waitingSince).toBe(0);
  });
});

describe('mentions', () => {
  it('name agents in notes, each once, and go with their ticket', () => {
    const talk = begun('chat');
    talk.act(ADA, 'accept');
    talk.note(ADA, '@ben, ask @max.m. or @ben; not ada@shop.com, a@b or @@x. (@eve)');
    expect(talk.lines.at(-1)?.body.mentions).toEqual(['a_ben', 'a_max.m', 'a_eve']);
    talk.note(BEN, 'nobody here');
    expect(talk.lines.at(-1)?.body).toEqual({ text: 'nobody here' });
    talk.note(BEN, '@ada back to you, @ben');
    expect(talk.state?.mentions).toEqual(['a_max.m', 'a_eve', 'a_ada', 'a_ben']);
    talk.act(ADA, 'status', { status: 'solved' });
    talk.say(CUSTOMER, 'and @ben?');
    expect(talk.state?.mentions).toEqual([]);
  });

  it('are bounded: ten in a note, the newest fifty of a ticket', () => {
    const talk = begun();
    for (let note = 0; note < 7; note++) talk.note(ADA, Array.from({ length: 12 }, (_, i) => `@n${note}.${i}`).join(' '));
    expect(talk.lines.at(-1)?.body.mentions).toHaveLength(10);
    expect(talk.state?.mentions).toHaveLength(50);
    expect(talk.state?.mentions.at(-1)).toBe('a_n6.9');
    // Longer than any id: it names nobody, rather than somebody else.
    talk.note(ADA, `@${'x'.repeat(61)}`);
    expect(talk.lines.at(-1)?.body.mentions).toBeUndefined();
  });
});

it('a customer learns nothing of teams, tags, mentions, snoozes and notes: not by a line, nor in the list', () => {
  const talk = begun();
  talk.act(ADA, 'accept');
  talk.act(ADA, 'priority', { priority: 0 });
  talk.act(ADA, 'tags', { tags: ['liar'] });
  talk.act(ADA, 'snooze', { until: START + DAY });
  talk.note(ADA, 'a liar, @ben');
  const inside = ['note', 'team', 'priority', 'tags', 'snooze', 'session'];
  expect(talk.lines.filter(({ kind, audience }) => inside.includes(kind) !== (audience === 'agents'))).toEqual([]);
  const { state } = talk as { state: ConversationState };
  const [customer, agent] = [tellSummary('c', state, 'customer'), tellSummary('c', state, 'agent')];
  expect(agent.desk).toEqual(['support', 0, START, START + DAY, ['liar'], ['a_ben']]);
  expect(customer.desk).toBeNull();
  expect(JSON.stringify(customer)).not.toMatch(/liar|ben|support/);
  expect(customer.seq).toBe(state.publicSeq);
});
