/** How a desk stands, as supervisors and edges see it: queues, agents, the last day, and whom a change concerns. */
import { describe, expect, it } from 'vitest';
import { touched, type DeskCommand } from '../../machines/desk.ts';
import { agent, member, Office, team } from './office.ts';
import { HOUR, START } from './talk.ts';

const QUARTER = HOUR / 4;

describe('the board', () => {
  it('counts who waits, since when, and who works on what', () => {
    const office = new Office({ teams: [team('support'), team('sales')], agents: [member('ada'), member('ben', { teams: ['sales'], capacity: { messaging: 2 } })] });
    office.here('ada');
    office.writes('C1');
    office.at += 1_000;
    office.writes('C2');
    office.answer('ada', 'accept', 'C1');
    office.writes('S1', { team: 'sales' });
    office.at += 1_000;
    office.writes('S2', { team: 'sales' });
    const { teams, agents } = office.board();
    // What is on offer still waits.
    expect(teams).toEqual([{ team: 'support', waiting: 1, since: START + 1_000, open: 1 }, { team: 'sales', waiting: 2, since: START + 1_000, open: 0 }]);
    expect(agents).toEqual([
      { id: 'a_ada', name: 'Ada', status: 'online', here: true, open: 1, held: 2, limit: 10 },
      { id: 'a_ben', name: 'Ben', status: 'online', here: false, open: 0, held: 0, limit: 7 },
    ]);
  });

  it('shows by quarters of an hour what came, what was answered and how fast, what was solved, and the longest queue', () => {
    const office = new Office();
    office.writes('C1');
    office.writes('C2');
    office.here('ada');
    office.answer('ada', 'accept', 'C1');
    office.at += 5_000;
    office.talk('C1').at = office.at;
    office.talk('C1').say(agent('ada'), 'hi');
    office.settle();
    office.at = START + QUARTER + 1;
    office.byHand('ada', 'C1', 'status', { status: 'solved' });
    office.at = START + 3 * QUARTER;
    const { hours } = office.board();
    expect([hours.length, hours[91]]).toEqual([96, [START - QUARTER, 0, 0, 0, 0, 0]]);
    expect(hours.slice(92)).toEqual([
      [START, 2, 1, 5_000, 2, 0], [START + QUARTER, 1, 0, 0, 0, 1],
      // Nothing happened, and somebody waited through it.
      [START + 2 * QUARTER, 1, 0, 0, 0, 0], [START + 3 * QUARTER, 1, 0, 0, 0, 0],
    ]);
    office.at = START + 24 * HOUR + QUARTER;
    office.writes('C3');
    const later = office.board().hours;
    expect([later.length, later[0], later.at(-1)]).toEqual([96, [START + 2 * QUARTER, 1, 0, 0, 0, 0], [office.at, 2, 0, 0, 1, 0]]);
    expect([...office.state.quarters].map(([, { from }]) => from)).toEqual([office.at]);
  });

  it('does not count a ticket that comes back, or is told of again, as another one', () => {
    const office = new Office();
    office.here('ada');
    office.writes('C1', { style: 'social' });
    office.answer('ada', 'accept', 'C1');
    office.byHand('ada', 'C1', 'status', { status: 'solved' });
    office.at += HOUR;
    office.writes('C1');
    office.byHand('ada', 'C1', 'priority', { priority: 0 });
    const before = office.state;
    office.tell({ type: 'stands', standing: before.tickets.get('C1')?.standing, heard: 9, from: 'c/demo/C1', n: before.tickets.get('C1')?.told } as DeskCommand);
    expect(office.state).toEqual(before);
    expect(office.board().hours.map(([, , , , opened]) => opened).reduce((a, b) => a + b)).toBe(1);
  });
});

describe('a change', () => {
  it('concerns those whose own view it changes, and only them', () => {
    const office = new Office();
    office.here('ada', 'ben', 'cid');
    const before = office.state;
    office.writes('C1');
    expect(touched(before, office.state)).toContain('a_ada');
    const offered = office.state;
    office.answer('ada', 'decline', 'C1');
    expect(touched(offered, office.state).filter((id) => id !== 'a_cid').sort()).toEqual(['a_ada', 'a_ben']);
    const settings = office.state;
    office.configure('capacity', { messaging: 9 });
    expect(touched(settings, office.state).sort()).toEqual(['a_ada', 'a_ben', 'a_cid']);
    expect(touched(undefined, office.state).sort()).toEqual(['a_ada', 'a_ben', 'a_cid']);
  });
});
