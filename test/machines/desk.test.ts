/** Routing to agents, rule by rule: who is asked for what, in which order, and what takes a place. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Style } from '../../machines/style.ts';
import type { Method } from '../../machines/workspace.ts';
import { member, Office, team } from './office.ts';
import { HOUR } from './talk.ts';

const LANGUAGES = [{ id: 'it', name: 'Italian' }, { id: 'cs', name: 'Czech' }];

describe('only those are asked who', () => {
  it('are in its team', () => {
    const office = new Office({ teams: [team('support'), team('sales')], agents: [member('ada'), member('ben', { teams: ['sales'] })] });
    office.here('ada', 'ben');
    office.writes('C1', { team: 'sales' });
    expect([office.offers('ada'), office.offers('ben')]).toEqual([[], ['C1']]);
  });

  it.each([['online', true], ['away', false], ['transfers', false], ['offline', false], ['lunch', false], ['backup', true]])('are %s: %s', (status, asked) => {
    const office = new Office({ statuses: [{ id: 'lunch', name: 'Lunch', takes: 'nothing' }, { id: 'backup', name: 'Backup', takes: 'all' }] });
    office.here('ada');
    expect(office.act('ada', 'status', { status })).toBe('done');
    office.writes('C1');
    expect(office.asked('C1')).toBe(asked ? 'ada' : undefined);
  });

  it('are here: nobody is asked before they come, and then at once', () => {
    const office = new Office();
    office.writes('C1');
    expect(office.asked('C1')).toBeUndefined();
    office.here('ben');
    expect(office.asked('C1')).toBe('ben');
  });

  it('have a place free on the channel, and the next one when it is free again', () => {
    const office = new Office({ capacity: { messaging: 2, voice: 1 } });
    office.here('ada');
    for (const id of ['C1', 'C2', 'C3']) office.writes(id);
    office.writes('P1', { channel: 'phone' });
    expect(office.offers('ada')).toEqual(['C1', 'C2', 'P1']);
    for (const id of ['C1', 'C2']) office.answer('ada', 'accept', id);
    expect(office.asked('C3')).toBeUndefined();
    office.byHand('ada', 'C2', 'status', { status: 'solved' });
    expect(office.asked('C3')).toBe('ada');
  });

  it('may hold five when nobody has said otherwise', () => {
    const office = new Office({ capacity: {} });
    office.here('ada');
    for (const id of ['C1', 'C2', 'C3', 'C4', 'C5', 'C6']) office.writes(id);
    expect(office.offers('ada')).toHaveLength(5);
    expect(office.view('ada').lanes).toEqual([['messaging', 5, 5], ['voice', 0, 5]]);
  });

  it('have every skill that it requires', () => {
    const office = new Office({ skills: LANGUAGES, agents: [member('ada', { skills: ['it'] }), member('ben', { skills: ['it', 'cs'] })] });
    office.here('ada', 'ben');
    office.writes('C1', { requires: ['cs', 'it'] });
    expect(office.asked('C1')).toBe('ben');
  });
});

describe('tickets go', () => {
  it('by the team\'s priority, then their own, then the time they have waited', () => {
    const office = new Office({
      teams: [team('support'), team('urgent', { priority: 1 })], agents: [member('ada', { teams: ['support', 'urgent'] })], capacity: { messaging: 1 },
    });
    const order = [['C9', { priority: 2 }], ['C2', { priority: 0 }], ['C1', { priority: 2 }], ['U1', { team: 'urgent', priority: 3 }], ['U2', { team: 'urgent', priority: 1 }]] as const;
    for (const [id, asking] of order) {
      office.writes(id, asking);
      office.at += 1_000;
    }
    office.here('ada');
    const got: string[] = [];
    for (let id = office.offers('ada')[0]; id !== undefined; id = office.offers('ada')[0]) {
      got.push(id);
      office.answer('ada', 'accept', id);
      office.byHand('ada', id, 'status', { status: 'solved' });
    }
    expect(got).toEqual(['U2', 'U1', 'C2', 'C9', 'C1']);
  });

  it('past one that waits for a skill which nobody here has', () => {
    const office = new Office({ skills: LANGUAGES });
    office.writes('C1', { requires: ['cs'], priority: 0 });
    office.writes('C2');
    office.here('ada');
    expect(office.offers('ada')).toEqual(['C2']);
  });

  it('back to the queue by their first waiting time when they are unassigned', () => {
    const office = new Office({ capacity: { messaging: 1 } });
    office.writes('C1');
    office.at += 1_000;
    office.here('ada');
    office.answer('ada', 'accept', 'C1');
    office.writes('C2');
    office.byHand('ada', 'C1', 'unassign');
    // Who lets it go is asked for the next one; a colleague gets the one that has waited longest.
    expect(office.offers('ada')).toEqual(['C2']);
    office.here('ben');
    expect(office.offers('ben')).toEqual(['C1']);
  });

  it('first to those with the skills that they prefer, and after a time to anybody of the team', () => {
    const office = new Office({ skills: LANGUAGES, agents: [member('ada'), member('ben', { skills: ['it'] })], teams: [team('support', { preferMs: 40_000 })] });
    office.here('ada', 'ben');
    office.writes('C1', { prefers: ['it'] });
    expect(office.asked('C1')).toBe('ben');
    office.answer('ben', 'decline', 'C1');
    office.wait(39_999);
    expect(office.offers('ada')).toEqual([]);
    office.act('ben', 'status', { status: 'away' });
    office.wait(1);
    expect(office.asked('C1')).toBe('ada');
  });

  it('to the fallback team when nobody took them, and not round in circles', () => {
    const office = new Office({
      teams: [team('support', { fallback: { team: 'sales', afterMs: 120_000 } }), team('sales', { fallback: { team: 'support', afterMs: 120_000 } })],
      agents: [member('ada'), member('ben', { teams: ['sales'] })],
    });
    office.here('ada', 'ben');
    office.writes('C1');
    // An offer that is on somebody's screen is waited for.
    office.wait(119_999);
    expect(office.asked('C1')).toBe('ada');
    office.wait(1);
    expect([office.asked('C1'), office.talk('C1').state?.team]).toEqual(['ben', 'sales']);
    office.wait(HOUR);
    expect(office.talk('C1').said().filter((line) => line.startsWith('team'))).toEqual(['team sales']);
  });

  it('to the default team when theirs is not there any more', () => {
    const office = new Office();
    office.here('ada');
    office.writes('C1', { team: 'dissolved' });
    expect(office.asked('C1')).toBe('ada');
  });
});

/** Who gets each of these, when all are always free. */
function takers(method: Method, count: number, more: (office: Office, i: number) => void = () => undefined): string[] {
  const office = new Office({ teams: [team('support', { method, autoAccept: true })], capacity: { messaging: 1_000 } });
  office.here('ada', 'ben', 'cid');
  return Array.from({ length: count }, (_, i) => {
    more(office, i);
    return office.writes(`C${i}`).agent?.slice(2) ?? '';
  });
}

describe('of those who are free', () => {
  it.each(['leastBusy', 'roundRobin', 'longestIdle'] as const)('all are treated alike by %s: nobody is ahead of another by more than one', (method) => {
    const counts = new Map<string, number>();
    for (const who of takers(method, 30)) {
      counts.set(who, (counts.get(who) ?? 0) + 1);
      const all = ['ada', 'ben', 'cid'].map((id) => counts.get(id) ?? 0);
      expect(Math.max(...all) - Math.min(...all)).toBeLessThanOrEqual(1);
    }
  });

  it('who has most places free is asked first, by leastBusy', () => {
    const office = new Office({ teams: [team('support', { method: 'leastBusy' })], agents: [member('ada', { capacity: { messaging: 3 } }), member('ben', { capacity: { messaging: 5 } })] });
    office.here('ada', 'ben');
    const asked = ['C1', 'C2', 'C3', 'C4'].map((id) => { office.writes(id); return office.asked(id); });
    expect(asked).toEqual(['ben', 'ben', 'ada', 'ben']);
  });

  it.each([
    ['whose turn it is, whatever they took by hand', 'roundRobin', ['ada', 'ben', 'cid', 'ada', 'ben', 'cid']],
    ['who has had nothing for longest, also not by hand', 'longestIdle', ['ada', 'ben', 'cid', 'ada', 'cid', 'ada']],
  ] as const)('%s, is asked first by %s', (_, method, order) => {
    expect(takers(method, 6, (office, i) => {
      if (i !== 4) return;
      office.writes('X', { requires: ['nobody has it'] });
      office.byHand('ben', 'X', 'accept');
    })).toEqual(order);
  });

  it('round robin stays fair while people come and go: nobody has two turns while somebody who is free has none', () => {
    fc.assert(fc.property(fc.array(fc.nat(3), { maxLength: 60 }), (moves) => {
      const office = new Office({ teams: [team('support', { method: 'roundRobin', autoAccept: true })], capacity: { messaging: 1_000 } });
      const here = new Set(['ada', 'ben', 'cid']);
      office.here(...here);
      const since = new Map<string, Set<string>>();
      moves.forEach((move, i) => {
        const id = ['ada', 'ben', 'cid'][move];
        if (id !== undefined) {
          if (here.delete(id)) office.act(id, 'status', { status: 'away' });
          else { here.add(id); office.act(id, 'status', { status: 'online' }); }
          for (const seen of since.values()) seen.delete(id);
          return;
        }
        const who = office.writes(`C${i}`).agent?.slice(2);
        if (who === undefined) return expect(here.size).toBe(0);
        // Between two turns of one, every other who was here all the time has had theirs.
        const between = since.get(who);
        if (between !== undefined) for (const other of between) expect([who, other, 'waited for a turn']).toEqual([]);
        since.set(who, new Set([...here].filter((other) => other !== who)));
        for (const seen of since.values()) seen.delete(who);
      });
    }), { numRuns: 60 });
  });
});

/** Places that Ada's conversation takes after each of these. */
function places(style: Style, steps: readonly string[], inactiveFrees = false): string[] {
  const office = new Office({ routing: { inactiveFrees } });
  office.here('ada');
  office.writes('C1', { style });
  office.answer('ada', 'accept', 'C1');
  return steps.map((step) => {
    if (step === 'reply') office.writes('C1');
    else if (step === 'silence') office.wait(600_000);
    else office.byHand('ada', 'C1', 'status', { status: step });
    return `${step} ${office.held('ada')}`;
  });
}

describe('a place', () => {
  it('is taken by an offer already, and given back when it moves on', () => {
    const office = new Office();
    office.here('ada');
    office.writes('C1');
    expect(office.held('ada')).toBe(1);
    office.answer('ada', 'decline', 'C1');
    expect(office.held('ada')).toBe(0);
  });

  it('is kept by chat until it is solved', () => {
    expect(places('chat', ['pending', 'onHold', 'open', 'solved'])).toEqual(['pending 1', 'onHold 1', 'open 1', 'solved 0']);
    expect(places('repeat', ['pending', 'onHold', 'solved', 'reply'])).toEqual(['pending 1', 'onHold 1', 'solved 0', 'reply 1']);
  });

  it('is freed by social messaging while it waits, and taken again by the customer\'s reply', () => {
    expect(places('social', ['pending', 'reply', 'onHold', 'reply', 'solved', 'reply']))
      .toEqual(['pending 0', 'reply 1', 'onHold 0', 'reply 1', 'solved 0', 'reply 1']);
  });

  it('is freed by a customer who has gone silent, if so wished, until the next message', () => {
    expect(places('chat', ['silence', 'reply'])).toEqual(['silence 1', 'reply 1']);
    expect(places('chat', ['silence', 'reply', 'pending'], true)).toEqual(['silence 0', 'reply 1', 'pending 1']);
  });

  it('may be taken above the limit by a reply or by hand, which shows; and then nothing is offered until there is room', () => {
    const office = new Office({ capacity: { messaging: 1 } });
    office.here('ada');
    office.writes('C1', { style: 'social' });
    office.answer('ada', 'accept', 'C1');
    office.byHand('ada', 'C1', 'status', { status: 'pending' });
    office.writes('C2');
    office.answer('ada', 'accept', 'C2');
    office.writes('C1');
    office.writes('C3');
    office.writes('C4');
    office.byHand('ada', 'C4', 'accept');
    expect(office.view('ada').lanes[0]).toEqual(['messaging', 3, 1]);
    for (const id of ['C1', 'C2']) office.byHand('ada', id, 'status', { status: 'solved' });
    expect(office.offers('ada')).toEqual([]);
    office.byHand('ada', 'C4', 'status', { status: 'solved' });
    expect(office.offers('ada')).toEqual(['C3']);
  });
});
