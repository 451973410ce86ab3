/** Team by the contact's data: whom each of the operators sends where, and what is filled in first. */
import { describe, expect, it } from 'vitest';
import { teamByData } from '../../../../machines/flows/templates/team-by-data.ts';
import type { Start } from '../../../../machines/flows/trial.ts';
import { FIELDS_ALWAYS } from '../../../../machines/world.ts';
import { LOBBY, tried } from './stage.ts';
import { Rehearsal } from '../../../../machines/flows/rehearsal.ts';

const FIELDS = [
  ...FIELDS_ALWAYS, { id: 'orders', name: 'Orders', type: 'number', choices: [] } as const, { id: 'source', name: 'Source', type: 'text', choices: [] } as const,
];

function sent(parameters: unknown, start: Start): Rehearsal {
  const stage = tried(teamByData, parameters);
  const rehearsal = new Rehearsal({ ...stage, world: { ...stage.world, fields: FIELDS } }, start);
  expect(rehearsal.move({ do: 'customer', text: 'Hello' })).toBeNull();
  expect(rehearsal.result(null).runs).toEqual([]);
  return rehearsal;
}
const teamOf = (parameters: unknown, start: Start): string => sent(parameters, start).result(null).ticket.team;
const only = (field: string, is: string, values: string[]) => ({ routes: [{ name: 'One', field, is, values, team: 'vip' }] });

describe('team by the contact\'s data', () => {
  it.each([
    [{ language: 'it' }, 'italian'], [{ language: 'it-CH' }, 'italian'], [{ language: 'pt-BR' }, 'portuguese'],
    [{ language: 'cs' }, 'support'], [{ language: 'cs-CZ' }, 'czech'], [{ fields: { country: 'SK' } }, 'czech'],
    // The first that fits counts.
    [{ language: 'it', fields: { country: 'CZ' } }, 'italian'],
    // The country from the phone's prefix.
    [{ fields: { phone: '+420 601 234 567' } }, 'czech'], [{ fields: { phone: '+39 312 345 6789' } }, 'support'],
    [{ fields: { phone: '+420 601 234 567', country: 'IT' } }, 'support'],
    [{}, 'support'],
  ] as const)('%j goes to %s', (start, team) => {
    expect(teamOf({}, start)).toBe(team);
  });

  it.each([
    ['equal', ['IT'], 'it', true], ['equal', ['IT'], 'PT', false], ['notEqual', ['IT'], 'PT', true], ['notEqual', ['IT'], 'IT', false],
    ['notEqual', ['IT'], '', true], ['in', ['IT', 'PT'], 'PT', true], ['in', ['IT', 'PT'], 'CZ', false], ['notIn', ['IT', 'PT'], 'CZ', true],
    ['exists', [], 'CZ', true], ['exists', [], '', false], ['missing', [], '', true], ['missing', [], 'CZ', false],
  ] as const)('%s %j of the country %j: %s', (is, values, country, fits) => {
    expect(teamOf(only('contact.country', is, [...values]), { fields: { country } })).toBe(fits ? 'vip' : 'support');
  });

  it.each([
    ['orders', 'greater', '10', '11', true], ['orders', 'greater', '10', '10', false], ['orders', 'greater', '10', '9', false],
    ['orders', 'less', '10', '9', true], ['orders', 'less', '10', '10', false], ['orders', 'less', '10', '', false],
    ['source', 'contains', 'news', 'Our Newsletter', true], ['source', 'contains', 'news', 'fair', false],
    ['source', 'containsNot', 'news', 'fair', true], ['source', 'startsWith', 'our', 'Our Newsletter', true],
  ] as const)('%s %s %s, when it is "%s": %s', (field, is, value, held, fits) => {
    expect(teamOf(only(`contact.${field}`, is, [value]), { fields: held === '' ? {} : { [field]: held } })).toBe(fits ? 'vip' : 'support');
  });

  it('fills a field of one\'s own from the channel, and branches on it at once', () => {
    const parameters = { fills: [{ field: 'contact.source', from: 'conversation.channel' }], ...only('contact.source', 'equal', ['shop']) };
    const filled = sent(parameters, { channel: 'shop' }).result(null);
    expect([filled.ticket.team, filled.fields]).toEqual(['vip', { source: 'shop' }]);
    const before = sent(parameters, { channel: 'shop', fields: { source: 'fair' } }).result(null);
    expect([before.ticket.team, before.fields]).toEqual(['support', { source: 'fair' }]);
  });

  it('keeps the country from the phone\'s prefix in the contact, and nothing where there is no phone', () => {
    expect(sent({}, { fields: { phone: '+420 601 234 567' } }).result(null).fields).toMatchObject({ country: 'CZ' });
    expect(sent({}, {}).result(null).fields).toEqual({});
  });

  it('decides in the step in which the contact is known, without a word to the customer', () => {
    const { lines, ticket } = sent({}, { language: 'it' }).result(null);
    expect(lines.filter(({ kind }) => kind === 'message')).toHaveLength(1);
    expect([ticket.status, ticket.team]).not.toContain(LOBBY);
  });

  it('refuses a route whose values do not suit its operator', () => {
    for (const [is, values] of [['equal', []], ['equal', ['a', 'b']], ['in', []], ['exists', ['a']], ['greater', ['many']]] as const) {
      expect(() => teamByData.make(only('contact.country', is, [...values]))).toThrow(/one value/);
    }
  });
});
