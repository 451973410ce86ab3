/** Forms out of the settings' own schema: editors, limits, new things, and whose words belong where. */
import { describe, expect, it } from 'vitest';
import { check, schemas, SECTIONS } from '../../gateway/settings.sections.ts';
import { idFrom, keyed } from '../../sdk/console/admin/keyed.ts';
import { placed, problemsOf } from '../../sdk/console/admin/problems.ts';
import { blank, fieldOf, solid, unsetOf, type Field, type Schema } from '../../sdk/console/admin/schema.ts';
import { unitOf } from '../../sdk/console/admin/time.tsx';
import { clockOf, copied, extended, minutesOf, openMinutes, weekOf } from '../../sdk/console/admin/week.ts';
import { labelOf, sectionName } from '../../sdk/console/admin/words.ts';
import { ADMIN, FIELDS } from '../../sdk/console/strings.ts';

const SCHEMAS = schemas() as Record<string, Schema>;
const DEFAULTS = Object.fromEntries(Object.entries(SECTIONS).map(([name, schema]) => [name, schema.parse(undefined)]));
const itemOf = (section: string): Schema => keyed(SCHEMAS[section] ?? {}, undefined).item;
const ofTeams = (key: string): [Schema, Field] => {
  const own = solid(itemOf('teams'));
  return [own, fieldOf(key, own.properties?.[key] ?? {})];
};

/** Every field of every section, with what leads to it. */
function* all(keys: readonly string[], key: string, schema: Schema): Generator<{ keys: readonly string[]; field: Field }> {
  const field = fieldOf(key, schema);
  yield { keys, field };
  if (field.is === 'group') for (const [name, one] of field.fields) yield* all([...keys, name], name, one);
  if ((field.is === 'list' || field.is === 'table') && solid(field.item).properties) yield* all(keys, '', field.item);
}

describe('a form', () => {
  it('has an editor and a name of its own for every field of every section', () => {
    const fields = Object.entries(SCHEMAS).flatMap(([section, schema]) => [...all([], section, schema)].map((one) => ({ section, ...one })));
    expect(fields.length).toBeGreaterThan(50);
    expect(fields.filter(({ field }) => field.is === 'unknown')).toEqual([]);
    const labels: Readonly<Record<string, string>> = FIELDS.labels;
    const known = new Set([...Object.values(labels), ...Object.values(ADMIN.pages)]);
    const nameless = fields.filter(({ section, keys }) => !known.has(keys.length === 0 ? sectionName(section) : labelOf(section, keys)));
    expect(nameless.map(({ section, keys }) => [section, ...keys].join('.'))).toEqual([]);
  });

  it('knows times, choices, hours and what may be left out', () => {
    expect(ofTeams('offerMs')[1]).toEqual({ is: 'time', least: 1_000, most: 3_600_000 });
    expect(ofTeams('method')[1]).toEqual({ is: 'choice', of: ['leastBusy', 'roundRobin', 'longestIdle'] });
    expect(ofTeams('hours')[1].is).toBe('hours');
    expect(['fallback', 'hours', 'name', 'offerMs'].map((key) => unsetOf(ofTeams(key)[0], key))).toEqual(['null', 'null', null, null]);
    const rule = itemOf('rules');
    expect(unsetOf(rule, 'team')).toBe('absent');
    expect(fieldOf('priority', rule.properties?.['priority'] ?? {})).toEqual({ is: 'choice', of: [0, 1, 2, 3] });
  });

  it.each(['teams', 'agents', 'skills', 'statuses', 'macros', 'channels'])('begins new %s as the gateway takes them once they have a name', (section) => {
    const list = keyed(SCHEMAS[section] ?? {}, DEFAULTS[section]);
    const made = { ...blank(list.item) as object, ...(list.names ? {} : { id: 'new-one', name: 'New one' }), ...(section === 'macros' ? { text: 'Hello' } : {}) };
    expect(check(section, list.whole([...list.things, { key: 'new-one', value: made }]), DEFAULTS)).not.toHaveProperty('problem');
  });

  it('finds no fault in what the gateway takes by default', () => {
    for (const [section, schema] of Object.entries(SCHEMAS)) expect([section, ...problemsOf(schema, DEFAULTS[section])]).toEqual([section]);
  });

  it('tells what is missing, too small, too large or no id, where it stands', () => {
    const [team] = DEFAULTS['teams'] as object[];
    const problems = problemsOf(SCHEMAS['teams'] ?? {}, [
      team, { ...team, id: 'support', name: '', priority: 12, offerMs: 10, fallback: { team: 'b', afterMs: NaN } }, { ...team, id: 'No Id' },
    ]);
    expect(Object.fromEntries(problems)).toEqual({
      '1.id': { is: 'twice' }, '1.name': { is: 'missing' }, '1.priority': { is: 'most', limit: 9, time: false },
      '1.offerMs': { is: 'least', limit: 1_000, time: true }, '1.fallback.afterMs': { is: 'missing' }, '2.id': { is: 'pattern', of: 'id' },
    });
    expect([...problemsOf(SCHEMAS['tags'] ?? {}, ['late', 'Late', 'late'])]).toEqual([['1', { is: 'pattern', of: 'lower' }], ['2', { is: 'twice' }]]);
  });

  it('tells of hours that end before they begin, on their day', () => {
    const week = [[], [[540, 720], [700, 800]], [[600, 540]], [], [], [], []];
    expect([...problemsOf(SCHEMAS['hours'] ?? {}, { zone: 'UTC', week })].map(([path]) => path)).toEqual(['week.1', 'week.2']);
  });
});

describe('what the gateway says', () => {
  const said = (section: string, value: unknown): string => {
    const result = check(section, value, DEFAULTS);
    return 'problem' in result ? result.problem : '';
  };

  it('stands at the fields that it is about, each sentence at its own', () => {
    const [team] = DEFAULTS['teams'] as object[];
    const places = placed('teams', said('teams', [{ ...team, fallback: { team: 'nowhere', afterMs: 5_000 } }, { ...team, offerMs: 1 }]));
    expect(places.map(({ path }) => path)).toContain('1.offerMs');
    const refers = placed('agents', said('agents', [{ id: 'ada', name: 'Ada', right: 'admin', teams: ['suport'], skills: ['x'] }]));
    expect(refers.map(({ path }) => path)).toEqual(['0.teams.0', '0.skills.0']);
    expect(refers[0]?.words).toBe('there is no team "suport"; did you mean "support"?');
  });

  it('stands above the form when it is about the section, another section, or nothing that has a place', () => {
    expect(placed('agents', said('agents', []))).toMatchObject([{ path: '', words: expect.stringContaining('admin') as string }]);
    expect(placed('teams', 'agents.0.teams.0: there is no team "b"; there are a')).toMatchObject([{ path: '', words: expect.stringContaining('agents.0') as string }]);
    const hindered = 'Support has 2 waiting conversations and 1 with agents: finish them or move them to another team first';
    expect(placed('teams', hindered)).toEqual([{ path: '', words: hindered }]);
  });
});

it('an id comes of a name, in letters that every id may have, and is nobody else\'s', () => {
  expect(idFrom('Příjem & vrácení', [])).toBe('prijem-vraceni');
  expect(idFrom('Sales', ['sales', 'sales-2'])).toBe('sales-3');
  expect(idFrom('客服', [])).toBe('');
  expect(idFrom('x'.repeat(80), [])).toMatch(/^x{36}$/u);
});

it('a time is shown in the largest unit that holds it whole', () => {
  expect([0, 500, 90_000, 60_000, 3_600_000, 5_400_000, 4 * 86_400_000].map(unitOf)).toEqual(['minute', 'second', 'second', 'minute', 'hour', 'minute', 'day']);
});

describe('a week', () => {
  it('has times as clocks show them, and midnight as the end of a day', () => {
    expect([0, 570, 1440].map(clockOf)).toEqual(['00:00', '09:30', '00:00']);
    expect([minutesOf('09:30', false), minutesOf('00:00', false), minutesOf('00:00', true), minutesOf('', true)]).toEqual([570, 0, 1440, null]);
  });

  it('grows by office hours, then after a pause, until the day is full', () => {
    expect(extended([])).toEqual([[540, 1020]]);
    expect(extended([[540, 720]])).toEqual([[540, 720], [780, 1020]]);
    expect(extended([[540, 1200]])).toEqual([[540, 1200], [1260, 1440]]);
    expect(extended([[0, 1400]])).toBeNull();
  });

  it('copies a day to the working days alone, and is counted', () => {
    const week = copied(weekOf({ week: [[[600, 660]], [], [[540, 1020]]] }), 2);
    expect(week.map((day) => day.length)).toEqual([1, 1, 1, 1, 1, 1, 0]);
    expect(openMinutes(week)).toBe(60 + 5 * 480);
  });
});
