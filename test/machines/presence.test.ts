/** Who is here: sockets on several nodes, a grace for coming back, and what becomes of what they had; what waiting customers are told. */
import { describe, expect, it } from 'vitest';
import { OFFICE_HOURS } from '../../machines/hours.ts';
import { agent, member, Office, team } from './office.ts';
import { HOUR, START } from './talk.ts';

describe('an agent', () => {
  it('who loses the last connection keeps their offers for the grace, and gets no new ones meanwhile', () => {
    const office = new Office();
    office.here('ada');
    office.writes('C1');
    office.gone('ada');
    office.writes('C2');
    expect(office.offers('ada')).toEqual(['C1']);
    office.wait(19_999);
    expect([office.offers('ada'), office.board().agents.find(({ id }) => id === 'a_ada')?.here]).toEqual([['C1'], true]);
    office.wait(1);
    expect([office.offers('ada'), office.board().agents.find(({ id }) => id === 'a_ada')?.here]).toEqual([[], false]);
  });

  it('who is back within the grace finds everything as it was, and what came meanwhile', () => {
    const office = new Office();
    office.here('ada');
    office.writes('C1');
    office.gone('ada');
    office.writes('C2');
    office.wait(15_000);
    office.here('ada');
    expect(office.offers('ada')).toEqual(['C1', 'C2']);
    office.wait(14_000);
    expect(office.offers('ada')).toEqual(['C1', 'C2']);
  });

  it('is here as long as one node has a socket of theirs, and a word said twice changes nothing', () => {
    const office = new Office();
    office.here('ada');
    office.tell({ type: 'here', agent: agent('ada'), node: 'n2' });
    const before = office.state;
    office.here('ada');
    expect(office.state).toEqual(before);
    office.gone('ada', 'n1');
    office.gone('ada', 'n1');
    office.wait(HOUR);
    office.writes('C1');
    expect(office.asked('C1')).toBe('ada');
  });

  it('expires together with all others of a node that died, or has begun anew', () => {
    for (const word of [{ type: 'nodes', alive: ['n2'] }, { type: 'begin', node: 'n1', file: {}, defaults: {} }] as const) {
      const office = new Office();
      office.here('ada', 'ben');
      office.tell({ type: 'here', agent: agent('cid'), node: 'n2' });
      office.writes('C1');
      office.writes('C2');
      office.tell(word);
      office.wait(19_999);
      expect([office.asked('C1'), office.asked('C2')]).toEqual(['ada', 'ben']);
      office.wait(1);
      expect([office.asked('C1'), office.asked('C2')]).toEqual(['cid', 'cid']);
    }
  });

  it('keeps their status over reconnects and restarts', () => {
    const office = new Office();
    office.here('ada');
    office.act('ada', 'status', { status: 'away' });
    office.gone('ada');
    office.wait(HOUR);
    office.here('ada');
    office.writes('C1');
    expect([office.view('ada').status, office.view('ada').since, office.asked('C1')]).toEqual(['away', START, undefined]);
  });

  it('whom the settings do not know works in the first team', () => {
    const office = new Office();
    office.here('zoe');
    office.writes('C1');
    expect([office.asked('C1'), office.view('zoe').right, office.view('zoe').lanes[0]]).toEqual(['zoe', 'agent', ['messaging', 1, 5]]);
    const known = (): boolean => office.board().agents.some(({ id }) => id === 'a_zoe');
    office.answer('zoe', 'accept', 'C1');
    office.gone('zoe');
    office.wait(HOUR);
    expect(known()).toBe(true);
    office.byHand('ada', 'C1', 'status', { status: 'solved' });
    expect(known()).toBe(false);
  });

  it('sets their own status; another\'s is set by a supervisor', () => {
    const office = new Office({ agents: [member('ada', { right: 'admin' }), member('ben'), member('cid', { right: 'supervisor' })] });
    office.here('ben');
    expect(office.act('ada', 'status', { status: 'away', agent: 'a_ben' })).toBe('done');
    expect(office.act('cid', 'status', { status: 'online', agent: 'a_ben' })).toBe('done');
    expect([office.act('ben', 'status', { status: 'away', agent: 'a_ada' }), office.detail]).toEqual(['forbidden', 'another agent\'s status is set by a supervisor: ask one']);
    expect([office.act('ben', 'status', { status: 'busy' }), office.detail]).toEqual(['invalid', 'args.status is one of online, away, transfers, offline']);
    expect(office.act('ada', 'status', { status: 'away', agent: 'a_zoe' })).toBe('invalid');
  });
});

describe('who goes away', () => {
  it.each([['away'], ['transfers'], ['offline']])('to %s gives back their offers and keeps their conversations', (status) => {
    const office = new Office();
    office.here('ada');
    office.writes('C1');
    office.answer('ada', 'accept', 'C1');
    office.writes('C2');
    office.act('ada', 'status', { status });
    office.wait(HOUR);
    expect([office.offers('ada'), office.talk('C1').agent]).toEqual([[], 'a_ada']);
  });

  it.each([['gone', (office: Office) => { office.gone('ada'); office.wait(20_000); }], ['offline', (office: Office) => { office.act('ada', 'status', { status: 'offline' }); }]])(
    'and is %s for the time that is set lets their Open conversations go back to the queue, by their first waiting time', (_, leave) => {
      const office = new Office({ routing: { keepMs: 60_000 }, agents: [member('ada', { right: 'admin' }), member('ben', { capacity: { messaging: 1 } })] });
      office.here('ada');
      for (const id of ['C1', 'C2']) {
        office.writes(id, { style: 'social' });
        office.answer('ada', 'accept', id);
      }
      office.byHand('ada', 'C2', 'status', { status: 'pending' });
      leave(office);
      office.writes('C3');
      office.wait(59_999);
      expect(office.talk('C1').agent).toBe('a_ada');
      office.wait(1);
      office.here('ben');
      expect([office.talk('C1').agent, office.talk('C2').agent, office.offers('ben')]).toEqual([null, 'a_ada', ['C1']]);
    });

  it('before anybody has set such a time has it from then on', () => {
    const office = new Office();
    const { routing } = office.state.roster.staff;
    office.here('ada');
    office.writes('C1');
    office.answer('ada', 'accept', 'C1');
    office.gone('ada');
    office.wait(HOUR);
    office.configure('routing', { ...routing, keepMs: 60_000 });
    office.wait(59_999);
    expect(office.talk('C1').agent).toBe('a_ada');
    office.wait(1);
    expect(office.talk('C1').agent).toBeNull();
  });

  it('and is back in time keeps all of it', () => {
    const office = new Office({ routing: { keepMs: 60_000 } });
    office.here('ada');
    office.writes('C1');
    office.answer('ada', 'accept', 'C1');
    office.gone('ada');
    office.wait(70_000);
    office.here('ada');
    office.wait(HOUR);
    expect(office.talk('C1').agent).toBe('a_ada');
  });
});

describe('a customer who waits', () => {
  it('is told so once, when nobody can be asked at once', () => {
    const office = new Office();
    office.writes('C1');
    office.wait(HOUR);
    expect(office.told('C1')).toEqual(['waiting nobody support']);
    office.here('ada');
    office.writes('C2');
    expect(office.told('C2')).toEqual([]);
  });

  it('outside the hours of the team is told until when, once; and when the office opens, that they wait', () => {
    const office = new Office({ teams: [team('support', { hours: OFFICE_HOURS })] });
    office.at = START - 2 * HOUR;
    office.writes('C1');
    office.wait(HOUR);
    expect([office.told('C1'), office.talk('C1').state?.place?.opensAt]).toEqual([['closed nobody support'], START]);
    office.wait(HOUR);
    expect(office.told('C1')).toEqual(['closed nobody support', 'waiting nobody support']);
    office.wait(8 * HOUR);
    expect([office.told('C1').at(-1), office.talk('C1').state?.place?.opensAt]).toEqual(['closed nobody support', START + 24 * HOUR]);
  });

  it('hears of other hours as soon as somebody has set them', () => {
    const office = new Office({ teams: [team('support', { hours: OFFICE_HOURS })] });
    office.at = START - 2 * HOUR;
    office.writes('C1');
    office.configure('teams', [team('support', { hours: { ...OFFICE_HOURS, zone: 'Asia/Dubai' } })]);
    office.wait(0);
    expect(office.told('C1')).toEqual(['closed nobody support', 'waiting nobody support']);
  });

  it('outside those hours still meets whoever is at work', () => {
    const office = new Office({ teams: [team('support', { hours: OFFICE_HOURS })] });
    office.at = START - 2 * HOUR;
    office.here('ada');
    office.writes('C1');
    expect([office.asked('C1'), office.told('C1')]).toEqual(['ada', []]);
  });
});
