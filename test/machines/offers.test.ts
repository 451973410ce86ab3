/** What becomes of offers, hand-overs and returns: what an agent finds on the screen, and what the customer is told. */
import { describe, expect, it } from 'vitest';
import type { Routing } from '../../machines/workspace.ts';
import { agent, member, Office, team } from './office.ts';
import { HOUR } from './talk.ts';

describe('an offer', () => {
  it('says what there is to know, and makes the ticket Open with its agent when it is accepted', () => {
    const office = new Office();
    office.here('ada');
    office.writes('C1', { priority: 1 });
    expect(office.view('ada').offers).toEqual([
      { offer: 1, conversation: 'C1', until: office.at + 30_000, team: 'support', channel: 'web', priority: 1, contact: 'C1', from: '', note: '' },
    ]);
    expect(office.answer('ada', 'accept', 'C1')).toBe('done');
    expect([office.talk('C1').status, office.talk('C1').agent, office.offers('ada')]).toEqual(['open', 'a_ada', []]);
    expect(office.talk('C1').said().slice(2)).toEqual(['assigned Ada', 'status open']);
  });

  it('moves on when it is not accepted in time, and not back to the same one until all were asked', () => {
    const office = new Office();
    office.here('ada', 'ben', 'cid');
    office.writes('C1');
    const asked = [office.asked('C1')];
    for (let i = 0; i < 5; i++) {
      office.wait(29_999);
      expect(office.asked('C1')).toBe(asked.at(-1));
      office.wait(1);
      asked.push(office.asked('C1'));
    }
    expect(asked).toEqual(['ada', 'ben', 'cid', 'ada', 'ben', 'cid']);
  });

  it('that was declined goes on at once; whoever declined is asked again after a rest only, somebody new is not', () => {
    const office = new Office();
    office.here('ada', 'ben');
    office.writes('C1');
    office.answer('ada', 'decline', 'C1');
    expect(office.asked('C1')).toBe('ben');
    office.answer('ben', 'decline', 'C1');
    expect(office.asked('C1')).toBeUndefined();
    office.here('cid');
    expect(office.asked('C1')).toBe('cid');
    office.answer('cid', 'decline', 'C1');
    office.wait(29_999);
    expect(office.asked('C1')).toBeUndefined();
    office.wait(1);
    expect(office.asked('C1')).toBe('ada');
  });

  it('that lapsed comes back at once to the only one there is', () => {
    const office = new Office();
    office.here('ada');
    office.writes('C1');
    office.wait(30_000);
    expect(office.view('ada').offers).toMatchObject([{ offer: 2, conversation: 'C1' }]);
  });

  it('sets away whoever lets too many in a row lapse, if so wished; any answer begins a new count', () => {
    const office = new Office({ routing: { lapses: 2 } });
    office.here('ada');
    office.writes('C1');
    office.wait(30_000);
    office.answer('ada', 'decline', 'C1');
    office.wait(60_000);
    expect(office.view('ada').status).toBe('online');
    office.wait(30_000);
    expect([office.view('ada').status, office.offers('ada'), office.told('C1')]).toEqual(['away', [], ['waiting nobody support']]);
  });

  it('is an assignment at once where its team wants that', () => {
    const office = new Office({ teams: [team('support', { autoAccept: true })] });
    office.here('ada');
    expect([office.writes('C1').agent, office.talk('C1').status, office.offers('ada')]).toEqual(['a_ada', 'open', []]);
  });

  it('is accepted once, however often that is said, and by nobody else', () => {
    const office = new Office();
    office.here('ada', 'ben');
    office.writes('C1');
    const [offer] = office.view('ada').offers;
    const args = { conversation: 'C1', offer: offer?.offer };
    expect(office.act('ben', 'accept', args)).toBe('offerGone');
    expect(office.act('ada', 'accept', args, 'one')).toBe('done');
    expect(office.act('ada', 'accept', args, 'one')).toBe('repeated');
    expect(office.act('ada', 'accept', args, 'two')).toBe('offerGone');
    expect(office.detail).toBe('you have it already');
    expect(office.talk('C1').said().filter((line) => line.startsWith('assigned'))).toEqual(['assigned Ada']);
  });

  it('that has moved on, or was taken by hand, is gone', () => {
    const office = new Office();
    office.here('ada', 'ben');
    office.writes('C1');
    const [offer] = office.view('ada').offers;
    office.wait(30_000);
    expect(office.act('ada', 'accept', { conversation: 'C1', offer: offer?.offer })).toBe('offerGone');
    office.byHand('cid', 'C1', 'accept');
    expect([office.offers('ben'), office.answer('ben', 'decline', 'C1'), office.detail]).toEqual([[], 'offerGone', 'Cid has it now']);
    expect(office.act('ben', 'accept', {})).toBe('invalid');
  });
});

describe('a hand-over to an agent', () => {
  const given = (args: Record<string, unknown> = {}, routing: Partial<Routing> = {}): Office => {
    const office = new Office({ routing, capacity: { messaging: 1 } });
    office.here('ada', 'ben');
    office.writes('C1');
    office.answer('ada', 'accept', 'C1');
    office.act('ada', 'handOver', { conversation: 'C1', agent: 'a_ben', note: 'speaks Czech', ...args });
    return office;
  };

  it('gives it to them at once, with the note for colleagues, and the customer is told', () => {
    const office = given();
    expect(office.talk('C1').said().slice(4)).toEqual(['note speaks Czech', 'assigned Ben', 'routing handedOver Ben support']);
    expect([office.held('ada'), office.held('ben')]).toEqual([0, 1]);
  });

  it.each([
    ['is full', (office: Office) => { office.writes('C2'); office.answer('ben', 'accept', 'C2'); }, 'Ben holds 1 of 1 in messaging: choose somebody else, or hand over all the same'],
    ['is away', (office: Office) => { office.act('ben', 'status', { status: 'away' }); }, 'Ben is not here: choose somebody else, or hand over all the same'],
    ['is gone', (office: Office) => { office.gone('ben'); office.wait(20_000); }, 'Ben is not here: choose somebody else, or hand over all the same'],
  ])('who %s is refused with the reason, and done when it is meant', (_, hinder, why) => {
    const office = given({ over: true, agent: 'a_ada' });
    hinder(office);
    expect([office.act('ada', 'handOver', { conversation: 'C1', agent: 'a_ben', note: '' }), office.detail]).toEqual(['noCapacity', why]);
    expect(office.act('ada', 'handOver', { conversation: 'C1', agent: 'a_ben', note: '', over: true })).toBe('done');
    expect(office.talk('C1').agent).toBe('a_ben');
  });

  it('who takes transfers only is what that status is for', () => {
    const office = given({ agent: 'a_ada' });
    office.act('ben', 'status', { status: 'transfers' });
    expect(office.act('ada', 'handOver', { conversation: 'C1', agent: 'a_ben' })).toBe('done');
    expect(office.talk('C1').agent).toBe('a_ben');
  });

  it('answers with what is wrong', () => {
    const office = given();
    expect(office.act('ada', 'handOver', { conversation: 'C1', agent: 'a_ben' })).toBe('invalid');
    expect(office.detail).toBe('Ben has it already');
    expect(office.act('ada', 'handOver', { conversation: 'C1', agent: 'a_zoe' })).toBe('invalid');
    expect(office.detail).toBe('there is no agent "a_zoe": take an id from the list of agents');
    expect(office.act('ada', 'handOver', { conversation: 'C1' })).toBe('invalid');
    expect(office.act('ada', 'handOver', { conversation: 'C9', agent: 'a_ben' })).toBe('notFound');
    expect(office.act('ada', 'dance')).toBe('unknownCommand');
    expect(office.tell({ type: 'act', who: { ...agent('ada'), role: 'customer' }, id: 'x', name: 'status', args: { status: 'away' } })).toBe('forbidden');
  });
});

describe('a hand-over to a team', () => {
  it('puts it into that queue by its first waiting time, with who and why on the offer', () => {
    const office = new Office({ teams: [team('support'), team('sales')], agents: [member('ada'), member('ben', { teams: ['sales'], capacity: { messaging: 1 } })] });
    office.here('ada');
    office.writes('C1');
    office.answer('ada', 'accept', 'C1');
    office.at += 5_000;
    office.writes('C2', { team: 'sales' });
    expect(office.act('ada', 'handOver', { conversation: 'C1', team: 'sales', note: 'wants a quote' })).toBe('done');
    office.here('ben');
    expect(office.view('ben').offers).toMatchObject([{ conversation: 'C1', team: 'sales', from: 'Ada', note: 'wants a quote' }]);
    expect(office.told('C1')).toContain('handedOver nobody sales');
  });

  it('does not come back at once to who gave it away', () => {
    const office = new Office();
    office.here('ada');
    office.writes('C1');
    office.answer('ada', 'accept', 'C1');
    office.act('ada', 'handOver', { conversation: 'C1', team: 'support', note: '' });
    expect(office.asked('C1')).toBeUndefined();
    office.wait(30_000);
    expect(office.asked('C1')).toBe('ada');
    expect(office.act('ada', 'handOver', { conversation: 'C1', team: 'kitchen', note: '' })).toBe('invalid');
    expect(office.detail).toBe('there is no team "kitchen"; there are support');
  });
});

/** Ada has a conversation that waits for its customer. */
function pending(routing: Partial<Routing> = {}): Office {
  const office = new Office({ routing, capacity: { messaging: 1 } });
  office.here('ada');
  office.writes('C1', { style: 'social' });
  office.answer('ada', 'accept', 'C1');
  office.byHand('ada', 'C1', 'status', { status: 'pending' });
  office.here('ben');
  return office;
}

describe('a customer who comes back', () => {
  it('meets their own agent, also one who is full, ahead of all who wait', () => {
    const office = pending();
    office.act('ben', 'status', { status: 'away' });
    office.writes('C2');
    office.answer('ada', 'accept', 'C2');
    office.writes('C3');
    office.writes('C1');
    expect([office.talk('C1').agent, office.talk('C1').status, office.view('ada').lanes[0], office.told('C1')]).toEqual(['a_ada', 'open', ['messaging', 2, 1], []]);
  });

  it.each([['away', (office: Office) => office.act('ada', 'status', { status: 'away' })], ['gone', (office: Office) => { office.gone('ada'); office.wait(20_000); }]])(
    'to an agent who is %s is told so, waits for them a while, and then goes to the team', (_, leave) => {
      const office = pending();
      leave(office);
      office.writes('C1');
      expect([office.told('C1'), office.talk('C1').agent]).toEqual([['away Ada support'], 'a_ada']);
      office.wait(299_999);
      expect(office.asked('C1')).toBeUndefined();
      office.wait(1);
      expect([office.asked('C1'), office.talk('C1').agent]).toEqual(['ben', null]);
    });

  it('to an agent who is back in time stays with them', () => {
    const office = pending();
    office.act('ada', 'status', { status: 'away' });
    office.writes('C1');
    office.wait(200_000);
    office.act('ada', 'status', { status: 'online' });
    office.wait(HOUR);
    expect(office.talk('C1').agent).toBe('a_ada');
  });

  it.each([[null, 'a_ada', ['away Ada support']], [0, null, []]])('waits %s ms for them, by setting', (returnMs, who, told) => {
    const office = pending({ returnMs });
    office.act('ada', 'status', { status: 'away' });
    office.writes('C1');
    office.wait(0);
    expect([office.talk('C1').agent, office.told('C1')]).toEqual([who, told]);
  });

  it('after it was solved is a return too, and after it was closed a new ticket for anybody', () => {
    const office = pending();
    office.byHand('ada', 'C1', 'status', { status: 'solved' });
    office.wait(HOUR);
    office.act('ada', 'status', { status: 'away' });
    office.writes('C1');
    expect(office.told('C1')).toEqual(['away Ada support']);
    office.byHand('ben', 'C1', 'accept');
    office.byHand('ben', 'C1', 'status', { status: 'solved' });
    office.wait(5 * 24 * HOUR);
    office.writes('C1');
    expect([office.talk('C1').state?.number, office.asked('C1')]).toEqual([2, 'ben']);
  });
});
