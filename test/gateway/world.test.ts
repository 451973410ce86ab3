/** What conversations and contacts may know of their workspace: always what its desk last committed. */
import { beforeEach, describe, expect, it } from 'vitest';
import { handClock } from '../../gateway/clock.ts';
import { Desk } from '../../gateway/desk.ts';
import { check } from '../../gateway/settings.sections.ts';
import { parseSettings } from '../../gateway/settings.ts';
import { desk as kind, type DeskCommand, type DeskState } from '../../machines/desk.ts';
import { NO_FLOWS } from '../../machines/flows/run.ts';
import { OFFICE_HOURS } from '../../machines/hours.ts';
import type { Standing } from '../../machines/routing.ts';
import { FIELDS_ALWAYS } from '../../machines/world.ts';

const clock = handClock(1_760_000_000_000);
const WEEKEND = { zone: 'Europe/Rome', week: [[[600, 720]], [], [], [], [], [], [[600, 720]]] } as const;
const AGENTS = [
  { id: 'ada', name: 'Ada', right: 'admin', teams: ['support', 'sales'] }, { id: 'ben', name: 'Ben', teams: ['support'], capacity: { messaging: 1 } },
];
const who = { role: 'agent', id: 'a_ada', name: 'Ada', identified: true } as const;

let desk: Desk;
let tell: (command: DeskCommand) => void;
let words = 0;

beforeEach(() => {
  const settings = parseSettings({ workspaces: { demo: { teams: [{ id: 'support', name: 'Support' }, { id: 'sales', name: 'Sales', hours: WEEKEND }], agents: AGENTS } } }).workspaces.demo;
  if (settings === undefined) throw new Error('the demo is always there');
  desk = new Desk('demo', settings, { clock, report: () => undefined }, () => NO_FLOWS);
  let state: DeskState | undefined;
  tell = (command) => {
    const stepped = kind(check).step('d/demo', state, command, clock.now());
    if ('refused' in stepped) throw new Error(stepped.detail);
    desk.take(state = stepped.state);
  };
  tell({ type: 'begin', node: 'n', file: settings.file, defaults: settings.defaults });
});

function stands(id: string, change: Partial<Standing> = {}): void {
  const standing: Standing = {
    ticket: 1, status: 'new', style: 'chat', channel: 'web', team: '', priority: 2, requires: [], prefers: [], agent: null, contact: 'Cleo',
    since: clock.now(), answeredAt: 0, active: true, held: false, by: null, ...change,
  };
  tell({ type: 'stands', standing, heard: 0, from: `c/demo/${id}`, n: ++words });
}

describe('who is there', () => {
  it('who waits is counted by team, with those on offer, without those with agents and those that a flow holds', () => {
    const { waiting } = desk.world;
    stands('A');
    stands('B', { team: 'sales' });
    stands('C', { held: true });
    stands('D', { agent: { id: 'a_ben', name: 'Ben' }, status: 'open' });
    expect([waiting(''), waiting('support'), waiting('sales'), waiting('none')]).toEqual([2, 1, 1, 0]);
    tell({ type: 'here', agent: { id: 'a_ada', name: 'Ada' }, node: 'n' });
    expect([waiting(''), desk.view('a_ada')?.offers.length]).toEqual([2, 2]);
  });

  it('who could take a ticket is counted once, however many teams they are in: here, at work, with a free place', () => {
    const { available } = desk.world;
    expect(available('')).toBe(0);
    for (const id of ['ada', 'ben']) tell({ type: 'here', agent: { id: `a_${id}`, name: id }, node: 'n' });
    expect([available(''), available('support'), available('sales'), available('none')]).toEqual([2, 2, 1, 0]);
    stands('A', { agent: { id: 'a_ben', name: 'Ben' }, status: 'open' });
    expect([available(''), available('support')]).toEqual([1, 1]);
    tell({ type: 'act', who, id: 'act', name: 'status', args: { status: 'away' } });
    expect(available('')).toBe(0);
  });

  it('agents are known by their id in the settings', () => {
    expect([desk.world.agent('ben'), desk.world.agent('a_ben'), desk.world.agent('constructor')]).toEqual(['Ben', undefined, undefined]);
  });
});

it('hours are the team\'s own, none where it is always open, and the workspace\'s for no team', () => {
  const { hours } = desk.world;
  expect([hours('sales'), hours('support'), hours('none'), hours('')]).toEqual([WEEKEND, null, null, OFFICE_HOURS]);
});

it('fields are those that are always there and the workspace\'s own, as soon as an administrator has set them', () => {
  const { world } = desk;
  expect(world.fields).toEqual(FIELDS_ALWAYS);
  tell({ type: 'configure', who, section: 'fields', value: [{ id: 'plan', name: 'Plan' }], rev: desk.said?.revs.fields ?? 0 });
  expect(world.fields).toEqual([...FIELDS_ALWAYS, { id: 'plan', name: 'Plan', type: 'text', choices: [] }]);
  expect(world.fields).toBe(world.fields);
});
