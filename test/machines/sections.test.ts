/** A workspace's settings at its desk: what the file says, what administrators may change, and what stands in the way. */
import { describe, expect, it } from 'vitest';
import { rightOf, sectionsOf } from '../../machines/desk.ts';
import { agent, kind, member, Office, team } from './office.ts';

const ADMIN = member('ada', { right: 'admin' });

describe('at a start', () => {
  const begin = (office: Office, file: Record<string, unknown>, defaults: Record<string, unknown> = {}): void => {
    office.tell({ type: 'begin', node: 'n1', file, defaults });
  };

  it('what the file names wins and is locked; what nobody has set is as the defaults are now', () => {
    const office = new Office();
    office.configure('capacity', { messaging: 9 });
    begin(office, { teams: [team('field')] }, { capacity: { messaging: 1 }, skills: [{ id: 'new', name: 'New' }] });
    const { sections, locked } = sectionsOf(office.state);
    expect([locked, sections.teams, sections.capacity, sections.skills]).toEqual([['teams'], [team('field')], { messaging: 9 }, [{ id: 'new', name: 'New' }]]);
    expect([office.configure('teams', [team('support')]), office.detail]).toEqual(['forbidden', 'the configuration file sets "teams": change it there and start again']);
  });

  it('what the file names no longer stays, and may be changed again', () => {
    const office = new Office();
    begin(office, { capacity: { messaging: 7 } });
    begin(office, {}, { capacity: { messaging: 1 } });
    expect(sectionsOf(office.state)).toMatchObject({ locked: [], sections: { capacity: { messaging: 7 } } });
    expect(office.configure('capacity', { messaging: 8 })).toBe('done');
  });

  it('nothing is written when nothing has changed, and revisions stay', () => {
    const office = new Office();
    begin(office, { capacity: { messaging: 7 } });
    const before = office.state;
    const stepped = kind.step('d/demo', before, { type: 'begin', node: 'n1', file: { capacity: { messaging: 7 } }, defaults: { hours: sectionsOf(before).sections.hours } } as never, office.at + 1);
    expect('state' in stepped && stepped.state).toBe(before);
  });

  it('a file that takes away the team of waiting tickets leaves them to the first team', () => {
    const office = new Office({ teams: [team('support'), team('sales')] });
    office.writes('C1', { team: 'sales' });
    office.here('ada');
    expect(office.asked('C1')).toBeUndefined();
    begin(office, { teams: [team('support')] });
    office.here('ada');
    expect(office.asked('C1')).toBe('ada');
  });
});

describe('an administrator', () => {
  it('changes a section, under a revision that grows, and everybody is routed by it at once', () => {
    const office = new Office({ capacity: { messaging: 0 } });
    office.here('ada');
    office.writes('C1');
    const { rev, revs } = sectionsOf(office.state);
    expect(office.configure('capacity', { messaging: 1 })).toBe('done');
    const after = sectionsOf(office.state);
    expect([after.rev, after.revs.capacity, after.revs.teams]).toEqual([rev + 1, rev + 1, revs.teams]);
    expect([office.asked('C1'), rightOf(office.state, 'a_ada'), rightOf(office.state, 'a_zoe')]).toEqual(['ada', 'admin', 'agent']);
  });

  it('alone may do so', () => {
    const office = new Office();
    expect([office.configure('capacity', {}, 'ben'), office.detail]).toEqual(['forbidden', 'settings are changed by administrators: ask one of them']);
    expect(office.tell({ type: 'configure', who: { ...agent('ada'), role: 'customer' }, section: 'capacity', value: {}, rev: 1 })).toBe('forbidden');
  });

  it('who was slower learns who was faster, and when', () => {
    const office = new Office({ agents: [ADMIN, member('eve', { right: 'admin' })] });
    const { rev } = office.state.sections.get('capacity') ?? { rev: 0 };
    office.configure('capacity', { messaging: 3 }, 'eve', rev);
    expect([office.configure('capacity', { messaging: 4 }, 'ada', rev), office.detail])
      .toEqual(['conflict', 'Eve changed it at 2026-01-05T09:00:00.000Z: look at it again, then change it']);
  });

  it('hears what is wrong with a value or a name', () => {
    const office = new Office();
    expect([office.configure('capacity', 'wrong'), office.detail]).toEqual(['invalid', 'it is wrong']);
    expect(office.configure('colours', {})).toBe('invalid');
    expect(office.detail).toBe('there is no section "colours"; there are agents, capacity, channels, hours, routing, skills, statuses, teams');
  });
});

describe('what is in use stays', () => {
  const busy = (): Office => {
    const office = new Office({
      teams: [team('support'), team('sales')], skills: [{ id: 'it', name: 'Italian' }, { id: 'cs', name: 'Czech' }], statuses: [{ id: 'lunch', name: 'Lunch', takes: 'nothing' }],
      agents: [ADMIN, member('ben', { skills: ['it'] }), member('cid', { teams: [] })],
    });
    office.here('ada', 'ben');
    office.writes('S1', { team: 'sales' });
    for (const id of ['C1', 'C2']) {
      office.writes(id);
      office.byHand('ben', id, 'accept');
    }
    return office;
  };
  const agents = (...all: unknown[]): [string, unknown] => ['agents', all];
  const BEN = member('ben', { skills: ['it'] });
  const CID = member('cid', { teams: [] });

  it('a channel does not take its conversations into a group where an agent has no places for them', () => {
    const office = new Office({ capacity: { messaging: 5, voice: 1 } });
    office.here('ben');
    for (const id of ['C1', 'C2']) {
      office.writes(id);
      office.byHand('ben', id, 'accept');
    }
    const web = (group: string) => ({ web: { group, requires: [], prefers: [] } });
    expect([office.configure('channels', web('voice')), office.detail])
      .toEqual(['inUse', 'Ben holds 2 conversations in voice, more than 1: hand some over first, or leave the capacity at 2']);
    office.configure('capacity', { messaging: 5, voice: 2 });
    expect([office.configure('channels', web('voice')), office.detail]).toEqual(['done', '']);
  });

  it.each([
    ['a team whose tickets wait', ['teams', [team('support')]], 'sales has 1 waiting conversation and 0 with agents: finish them or move them to another team first'],
    ['a team with conversations', ['teams', [team('sales')]], 'support has 0 waiting conversations and 2 with agents: finish them or move them to another team first'],
    ['an agent who has some', agents(ADMIN, CID), 'Ben has 2 conversations: hand them over or solve them first'],
    ['places that somebody holds', agents(ADMIN, { ...BEN, capacity: { messaging: 1 } }, CID), 'Ben holds 2 conversations in messaging, more than 1: hand some over first, or leave the capacity at 2'],
    ['places of everybody', ['capacity', { messaging: 1 }], 'Ben holds 2 conversations in messaging, more than 1: hand some over first, or leave the capacity at 2'],
    ['a skill that somebody has', ['skills', [{ id: 'cs', name: 'Czech' }]], 'Ben has the skill Italian: take it from them first'],
    ['the last administrator', agents({ ...ADMIN, right: 'agent' }, BEN, CID), 'nobody would be left who may change the settings: make somebody else an administrator first'],
  ] as const)('%s', (_, [section, value], why) => {
    const office = busy();
    expect([office.configure(section, value), office.detail]).toEqual(['inUse', why]);
    expect(office.state.sections.get(section)?.value).not.toEqual(value);
  });

  it('a team with members, until they have left it', () => {
    const office = new Office({ teams: [team('support'), team('sales')], agents: [ADMIN, member('ben', { teams: ['sales'] })] });
    expect([office.configure('teams', [team('support')]), office.detail]).toEqual(['inUse', 'sales has the members Ben: take them out of the team first']);
    office.configure('agents', [ADMIN, member('ben')]);
    expect(office.configure('teams', [team('support')])).toBe('done');
  });

  it('a skill that a waiting ticket or a channel asks for', () => {
    const office = busy();
    office.writes('C3', { requires: ['cs'] });
    expect([office.configure('skills', [{ id: 'it', name: 'Italian' }]), office.detail]).toEqual(['inUse', '1 waiting conversation asks for the skill Czech: take it first']);
    office.byHand('ada', 'C3', 'accept');
    office.configure('channels', { web: { group: 'messaging', requires: [], prefers: ['cs'] } });
    expect([office.configure('skills', [{ id: 'it', name: 'Italian' }]), office.detail]).toEqual(['inUse', 'the channel web asks for the skill Czech: change the channel first']);
  });

  it('a status that somebody is in', () => {
    const office = busy();
    office.act('ben', 'status', { status: 'lunch' });
    expect([office.configure('statuses', []), office.detail]).toEqual(['inUse', 'Ben is in the status Lunch: set another first']);
    office.act('ben', 'status', { status: 'online' });
    expect(office.configure('statuses', [])).toBe('done');
  });

  it('but a limit below what somebody holds does not hinder other changes', () => {
    const office = busy();
    office.byHand('ben', 'S1', 'accept');
    expect(office.configure('capacity', { messaging: 3 })).toBe('done');
    office.writes('C4');
    office.byHand('ben', 'C4', 'accept');
    expect([office.view('ben').lanes[0], office.configure('skills', [{ id: 'it', name: 'Italian' }])]).toEqual([['messaging', 4, 3], 'done']);
  });
});
