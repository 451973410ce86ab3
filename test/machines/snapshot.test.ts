/** What is kept of a state comes back, also what an earlier version has kept. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contact } from '../../machines/contact.ts';
import { FIELDS_ALWAYS } from '../../machines/world.ts';
import { freeze, glance, thaw } from '../../machines/snapshot.ts';
import { shelfOf } from './shelf.ts';
import { ADA, CUSTOMER, DAY, stylesOf, Talk } from './talk.ts';

/** As the release before desks wrote them: a ticket that waits, one that is solved, and their contact. */
const kept = JSON.parse(readFileSync(new URL('version1.json', import.meta.url), 'utf8')) as { waiting: string; solved: string; contact: string };

/** As the release before flows did: one that waits, and one that is solved; their desk has heard of both. */
const kept2 = JSON.parse(readFileSync(new URL('version2.json', import.meta.url), 'utf8')) as { waiting: string; solved: string };

function woken(json: string): Talk {
  const talk = new Talk(stylesOf('social'));
  talk.state = thaw(json);
  talk.at = talk.state.at;
  return talk;
}

describe('a conversation of version 1', () => {
  it('goes on where it was: its window still ends, and the customer\'s word still reopens it for Ada', () => {
    const closing = woken(kept.solved);
    closing.wait(4 * DAY - 1);
    expect(closing.status).toBe('solved');
    closing.wait(1);
    expect(closing.status).toBe('closed');
    const reopened = woken(kept.solved);
    reopened.say(CUSTOMER, 'me again');
    expect([reopened.status, reopened.agent]).toEqual(['open', 'a_ada']);
  });

  it('has of what was unknown then what can be said', () => {
    const waiting = thaw(kept.waiting);
    expect(waiting).toMatchObject({
      team: '', priority: 2, tags: [], mentions: [], snoozed: null, lastReply: null, since: waiting.at, waitingSince: waiting.at, answeredAt: 0,
    });
    expect(glance(kept.waiting)).toMatchObject({ team: '', tags: [], ticket: { value: 'new' } });
    expect(thaw(kept.solved)).toMatchObject({ waitingSince: 0, answeredAt: thaw(kept.solved).spokeAt });
  });

  it('tells its desk of itself at the next step, whatever that is, and then only when something is new', () => {
    const talk = woken(kept.waiting);
    expect(talk.stands).toBeUndefined();
    talk.do({ type: 'mark', who: ADA, delivered: 0, read: 0, n: 0 });
    expect(talk.stands?.standing).toMatchObject({ ticket: 1, status: 'new', team: '', contact: 'Cleo' });
    talk.delivered();
    talk.do({ type: 'mark', who: ADA, delivered: 2, read: 2, n: 1 });
    expect(talk.stands).toBeUndefined();
  });
});

describe('a conversation of version 2', () => {
  it('goes on where it was, without flows, and tells its desk nothing that it knows', () => {
    const solved = woken(kept2.solved);
    solved.do({ type: 'mark', who: ADA, delivered: 2, read: 2, n: 1 });
    expect([solved.stands, solved.state?.tags]).toEqual([undefined, ['vip']]);
    solved.wait(4 * DAY);
    expect(solved.status).toBe('closed');
    expect(thaw(kept2.waiting)).toMatchObject({ v: 3, runs: [], runCount: 0, fields: {}, inbound: true, opening: false, by: null, said: '' });
    expect(glance(kept2.waiting)).toMatchObject({ runs: [], fields: {}, ticket: { value: 'new' } });
  });

  it('takes part in flows with its next message', () => {
    const waiting = woken(kept2.waiting);
    waiting.world = { ...waiting.world, shelf: shelfOf({ hi: { name: 'Hi', start: [{ on: 'message', from: 'customer' }], steps: [{ id: 'rest', do: 'wait', forMs: DAY }] } }) };
    waiting.say(CUSTOMER, 'anybody?');
    expect(waiting.runs).toMatchObject([{ run: 1, flow: 'hi', until: waiting.at + DAY }]);
    waiting.wait(DAY);
    expect(waiting.runs).toEqual([]);
  });
});

it('a contact of version 1 has no fields yet, and takes one', () => {
  const kind = contact(() => FIELDS_ALWAYS);
  const old = kind.thaw(kept.contact);
  expect(old).toMatchObject({ name: 'Cleo', since: 0, fields: {}, verified: [] });
  const stepped = kind.step('p/demo/v_1', old, { type: 'set', who: ADA, fields: { country: 'IT' }, ifMissing: false } as never, 0);
  expect(stepped).toMatchObject({ state: { fields: { country: 'IT' }, conversations: old.conversations } });
});

it('every field is kept, and what changes alone is not kept as it was', () => {
  const talk = new Talk(stylesOf('social'));
  talk.say(CUSTOMER, 'hello');
  talk.act(ADA, 'accept');
  const { state } = talk;
  if (state === undefined) throw new Error('it has begun');
  const before = freeze(state);
  expect(thaw(before)).toEqual(thaw(freeze(thaw(before))));
  expect(Object.keys(JSON.parse(before) as object).sort()).toEqual(Object.keys(state).sort());
  // Each field alone becomes another: the JSON of the state before must not stand in for it.
  for (const key of Object.keys(state).filter((name) => name !== 'ticket' && name !== 'session')) {
    const changed = freeze({ ...state, [key]: { is: 'another' } });
    expect(JSON.parse(changed), key).toEqual({ ...JSON.parse(before) as object, [key]: { is: 'another' } });
    expect(freeze(state)).toBe(before);
  }
});
