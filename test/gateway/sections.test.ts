/** A workspace's sections: one schema for the file and the console; what one names, another has. */
import { describe, expect, it } from 'vitest';
import type { Staff } from '../../machines/workspace.ts';
import { parseSettings } from '../../gateway/settings.ts';
import { check, schemas, SECTION_NAMES, SECTIONS, type Section, type Sections } from '../../gateway/settings.sections.ts';

const NOW = parseSettings({}).workspaces.demo?.sections as Sections;
const team = (id: string, more: object = {}) => ({ id, name: id, ...more });
const agent = (id: string, more: object = {}) => ({ id, name: id, right: 'admin', teams: ['support'], ...more });
const full = parseSettings({ workspaces: { demo: {
  teams: [team('support', { fallback: { team: 'sales', afterMs: 60_000 } }), team('sales')], skills: [{ id: 'it', name: 'Italiano' }],
  agents: [agent('ada', { skills: ['it'] }), agent('ben@shop.example', { right: 'agent', teams: ['support', 'sales'], capacity: { voice: 1 } })],
  channels: { web: { team: 'sales', prefers: ['it'] }, phone: { group: 'voice', style: 'repeat', policy: { windowMs: 60_000 } } },
  rules: [{ contains: 'buy', team: 'sales', priority: 1 }, { channel: 'web', identified: true, requires: ['it'] }],
  capacity: { messaging: 3, voice: 1 }, statuses: [{ id: 'lunch', name: 'Lunch', takes: 'nothing' }], tags: ['vip', 'à rappeler'],
  fields: [{ id: 'plan', name: 'Plan', type: 'choice', choices: ['Silver', 'Gold'] }, { id: 'customer-since', name: 'Customer since', type: 'date' }],
  macros: [{ id: 'hi', name: 'Hello', text: 'Hello {contact}', status: 'pending', tags: ['vip'] }],
} } }).workspaces.demo?.sections as Sections;

/** The section, a value for it beside `full`, and what must be said. */
const WRONG: Readonly<Record<string, [Section, unknown, RegExp]>> = {
  'a name of nothing but spaces': ['name', '  ', /^name: /],
  'a name with half a character': ['name', 'a\ud800', /^name: holds half a character/],
  'no team': ['teams', [], /^teams: has no team: a workspace needs at least one/],
  'a team that others name': ['teams', [team('support')], /^agents\.1\.teams\.1: there is no team "sales"; there are support.*; channels\.web\.team: .*; rules\.0\.team: /],
  'two teams of one id': ['teams', [team('support'), team('sales'), team('support')], /^teams\.2\.id: there is another team "support"; each needs an id of its own/],
  'a team\'s id': ['teams', [team('Support Team')], /^teams\.0\.id: is no id: it has 1 to 40 of a-z/],
  'a team\'s name': ['teams', [{ id: 'support', name: '' }], /^teams\.0\.name/],
  'a team\'s method': ['teams', [team('support', { method: 'random' })], /^teams\.0\.method: .*"leastBusy"\|"roundRobin"\|"longestIdle"/],
  'a team\'s priority': ['teams', [team('support', { priority: 10 })], /^teams\.0\.priority/],
  'an offer of no time': ['teams', [team('support', { offerMs: 0 })], /^teams\.0\.offerMs: .*1000/],
  'preferences for a week': ['teams', [team('support', { preferMs: 7 * 86_400_000 })], /^teams\.0\.preferMs/],
  'a fallback to nobody': ['teams', [team('support', { fallback: { team: 'sale', afterMs: 1_000 } }), team('sales')], /^teams\.0\.fallback\.team: there is no team "sale"; did you mean "sales"\?$/],
  'a fallback to itself': ['teams', [team('support', { fallback: { team: 'support', afterMs: 1_000 } }), team('sales')], /^teams\.0\.fallback: leads back to "support"/],
  'fallbacks in a ring': ['teams', [team('support', { fallback: { team: 'sales', afterMs: 1_000 } }), team('sales', { fallback: { team: 'support', afterMs: 1_000 } })], /^teams\.0\.fallback: leads back .*; teams\.1\.fallback: leads back/],
  'a team\'s hours': ['teams', [team('support', { hours: { zone: 'Mars' } })], /^teams\.0\.hours\.zone: is not an IANA time zone/],
  'a mistyped setting of a team': ['teams', [team('support', { autoAcept: true })], /^teams\.0: there is no "autoAcept"; did you mean "autoAccept"\?/],
  'no agent': ['agents', [], /^agents: has no agent with the right "admin"/],
  'no admin': ['agents', [agent('ada', { right: 'supervisor' })], /nobody could change settings any more/],
  'two agents of one id': ['agents', [agent('ada'), agent('ada')], /^agents\.1\.id: there is another agent "ada"/],
  'an agent\'s id that no token can have': ['agents', [agent('ada lovelace')], /^agents\.0\.id: is no token's subject/],
  'an agent\'s team': ['agents', [agent('ada', { teams: ['suport'] })], /^agents\.0\.teams\.0: there is no team "suport"; did you mean "support"\?/],
  'an agent\'s team twice': ['agents', [agent('ada', { teams: ['sales', 'sales'] })], /^agents\.0\.teams: names something twice/],
  'an agent\'s skill': ['agents', [agent('ada', { skills: ['fr'] })], /^agents\.0\.skills\.0: there is no skill "fr"/],
  'an agent\'s places': ['agents', [agent('ada', { capacity: { messaging: -1 } })], /^agents\.0\.capacity\.messaging/],
  'an agent\'s places on no channel': ['agents', [agent('ada', { capacity: { messagin: 1 } })], /^agents\.0\.capacity\.messagin: there is no channel group "messagin"; did you mean "messaging"\?/],
  'a skill that others name': ['skills', [], /^agents\.0\.skills\.0: there is no skill "it"; there is none; channels\.web\.prefers\.0: .*; rules\.1\.requires\.0: /],
  'a status that is always there': ['statuses', [{ id: 'away', name: 'Away', takes: 'nothing' }], /^statuses\.0\.id: is a status that is always there/],
  'what a status takes': ['statuses', [{ id: 'lunch', name: 'Lunch', takes: 'some' }], /^statuses\.0\.takes/],
  'half a place': ['capacity', { messaging: 1.5 }, /^capacity\.messaging/],
  'places of no group': ['capacity', { web: 1 }, /^capacity\.web: there is no channel group "web"; there are messaging, voice/],
  'a channel that rules name': ['channels', { phone: { group: 'voice' } }, /^rules\.1\.channel: there is no channel "web"; there are phone/],
  'a channel\'s group that places name': ['channels', { web: {} }, /^agents\.1\.capacity\.voice: .*; capacity\.voice: /],
  'a channel\'s window in chat': ['channels', { web: { policy: { windowMs: 1_000 } }, phone: { group: 'voice' } }, /^channels\.web\.policy: chat closes at once/],
  'a channel\'s id': ['channels', { _web: {} }, /^channels\._web: is no id/],
  'a rule whose style does not suit the channel': ['rules', [{ style: 'chat' }], /^channels\.phone\.policy: chat closes at once/],
  'a rule\'s priority': ['rules', [{ priority: 4 }], /^rules\.0\.priority/],
  'a rule\'s skill': ['rules', [{ prefers: ['fr'] }], /^rules\.0\.prefers\.0: there is no skill "fr"/],
  'no grace': ['routing', { graceMs: -1 }, /^routing\.graceMs/],
  'a return after months': ['routing', { returnMs: 1e10 }, /^routing\.returnMs/],
  'what is kept': ['routing', { keepMs: 'never' }, /^routing\.keepMs/],
  'lapses': ['routing', { lapses: 0.5 }, /^routing\.lapses/],
  'a macro that does nothing': ['macros', [{ id: 'x', name: 'X' }], /^macros\.0: does nothing/],
  'a macro\'s status': ['macros', [{ id: 'x', name: 'X', status: 'closed' }], /^macros\.0\.status/],
  'a tag in capitals': ['tags', ['VIP'], /^tags\.0: has capitals/],
  'a field that every contact has': ['fields', [{ id: 'email', name: 'E-mail' }], /^fields\.0\.id: is what every contact has already: choose another id/],
  'two fields of one id': ['fields', [{ id: 'plan', name: 'Plan' }, { id: 'plan', name: 'Plan' }], /^fields\.1\.id: there is another field "plan"/],
  'a field\'s type': ['fields', [{ id: 'plan', name: 'Plan', type: 'colour' }], /^fields\.0\.type: .*"text"\|"email"/],
  'a choice of nothing': ['fields', [{ id: 'plan', name: 'Plan', type: 'choice' }], /^fields\.0\.choices: has nothing to choose/],
  'choices of no choice': ['fields', [{ id: 'plan', name: 'Plan', choices: ['Gold'] }], /^fields\.0\.choices: are of a choice only/],
  'an origin': ['allowedOrigins', ['shop.example.com'], /^allowedOrigins\.0: is not a web origin/],
  'hours of six days': ['hours', { week: [] }, /^hours\.week/],
  'a policy': ['policies', { social: { windowMs: 0 } }, /^policies\.social: social needs a window/],
  'the style of phones with a window': ['style', 'email', /^style/],
  'nothing': ['teams', undefined, /^teams: .*expected array/],
};

describe('what is wrong', () => {
  it.each(Object.entries(WRONG))('%s', (_, [section, value, said]) => {
    const answer = check(section, value, full);
    expect('problem' in answer ? answer.problem : 'it was taken').toMatch(said);
  });

  it('every section has a row above, and the file says the same with its path', () => {
    const rows = Object.values(WRONG);
    expect(SECTION_NAMES.filter((name) => !rows.some(([section]) => section === name))).toEqual([]);
    for (const [section, value] of rows) {
      const [first = ''] = (check(section, value, full) as { problem: string }).problem.split('; ');
      if (value !== undefined) expect(() => parseSettings({ workspaces: { shop: { ...full, [section]: value } } })).toThrow(`\n  workspaces.shop.${first}`);
    }
  });

  it('a section that nobody knows', () => {
    for (const name of ['team', 'keys', '__proto__', 'constructor']) {
      expect(check(name, [], full)).toEqual({ problem: expect.stringMatching(`^there is no section "${name}"; there are name, style`) });
    }
  });

  it('what was wrong before is not held against a change; what the change breaks is', () => {
    const broken = { ...full, rules: [{ team: 'gone' }, ...full.rules] } as Sections;
    expect(check('name', 'Shop', broken)).toEqual({ value: 'Shop' });
    expect(check('skills', [], broken)).toMatchObject({ problem: expect.not.stringContaining('gone') });
  });

  it('no more is said than anybody reads', () => {
    const many = check('agents', Array.from({ length: 1_000 }, (_, i) => agent(`a${i}`, { teams: ['gone'] })), full);
    expect('problem' in many && many.problem.split('; ').at(-1)).toBe('and 995 more');
  });
});

describe('what is right', () => {
  it('is made whole: what is left out has its default', () => {
    expect(check('teams', [{ id: 'support', name: ' Support ' }, team('sales')], full)).toMatchObject({ value: [
      { id: 'support', name: 'Support', priority: 5, method: 'leastBusy', offerMs: 30_000, autoAccept: false, preferMs: 60_000, fallback: null, hours: null }, {},
    ] });
    expect(check('routing', {}, full)).toEqual({ value: { graceMs: 20_000, keepMs: null, returnMs: 300_000, lapses: 0, inactiveFrees: false } });
    for (const section of SECTION_NAMES) expect(check(section, full[section], full)).toEqual({ value: full[section] });
  });

  it('is what the desk works with', () => {
    const staff: Staff = full;
    expect(staff.agents.map(({ id }) => id)).toEqual(['ada', 'ben@shop.example']);
  });

  it('without a file: one team, one admin, five places', () => {
    expect([NOW.teams.map(({ id }) => id), NOW.agents, NOW.capacity, NOW.name]).toEqual([
      ['support'], [{ id: 'ada', name: 'Ada', right: 'admin', teams: ['support'], skills: [], capacity: {} }], { messaging: 5 }, 'Parley demo',
    ]);
  });

  it('what the file names is apart from what it leaves open, and the first agent is in a team that there is', () => {
    const { file, defaults, sections } = parseSettings({ workspaces: { shop: { teams: [team('sales')], capacity: {} } } }).workspaces.shop ?? {};
    expect(Object.keys(file ?? {}).sort()).toEqual(['capacity', 'teams']);
    expect(Object.keys({ ...file, ...defaults }).sort()).toEqual([...SECTION_NAMES].sort());
    expect(defaults?.agents?.[0]?.teams).toEqual(['sales']);
    expect([sections?.name, sections?.capacity]).toEqual(['shop', {}]);
  });
});

it('forms get a schema of each section, in which every choice and limit is named', () => {
  const found = schemas() as Record<Section, { type?: string; items?: { properties?: Record<string, { maximum?: number; default?: unknown; description?: string; enum?: string[] }> } }>;
  expect(Object.keys(found)).toEqual(Object.keys(SECTIONS));
  expect(found.teams.items?.properties?.offerMs).toMatchObject({ maximum: 3_600_000, default: 30_000, description: expect.stringContaining('milliseconds') });
  expect(found.agents.items?.properties?.right?.enum).toEqual(['agent', 'supervisor', 'admin']);
  expect(JSON.parse(JSON.stringify(found))).toEqual(found);
});
