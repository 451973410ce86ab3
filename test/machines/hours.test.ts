/** When an office is open, and until when: what waiting customers are told. */
import { expect, it } from 'vitest';
import { OFFICE_HOURS, officeAt, type Day, type Hours } from '../../machines/hours.ts';

const FRIDAY = Date.UTC(2026, 0, 9, 16, 30);
const week = (days: Readonly<Record<number, Day>>, zone = 'UTC'): Hours => ({ zone, week: [0, 1, 2, 3, 4, 5, 6].map((day) => days[day] ?? []) });
const ALWAYS = Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((day) => [day, [[0, 1440]] as Day]));
const said = (hours: Hours, at: number): string => {
  const { open, until } = officeAt(hours, at);
  return `${open ? 'open' : 'closed'} until ${until === 0 ? 'ever' : new Date(until).toISOString().slice(0, 16)}`;
};

it.each([
  ['in the afternoon until the evening', OFFICE_HOURS, FRIDAY, 'open until 2026-01-09T17:00'],
  ['at the minute of closing closed, over the weekend', OFFICE_HOURS, Date.UTC(2026, 0, 9, 17), 'closed until 2026-01-12T09:00'],
  ['at the minute of opening open', OFFICE_HOURS, Date.UTC(2026, 0, 12, 9), 'open until 2026-01-12T17:00'],
  ['in the lunch break until it is over', week({ 5: [[540, 720], [1020, 1080]] }), FRIDAY, 'closed until 2026-01-09T17:00'],
  ['hours that meet are one', week({ 5: [[540, 1000], [1000, 1080]] }), FRIDAY, 'open until 2026-01-09T18:00'],
  ['over midnight', week({ 5: [[900, 1440]], 6: [[0, 120]] }), FRIDAY, 'open until 2026-01-10T02:00'],
  ['once a week, just closed', week({ 5: [[0, 60]] }), Date.UTC(2026, 0, 9, 1), 'closed until 2026-01-16T00:00'],
  ['day and night', week(ALWAYS), FRIDAY, 'open until ever'],
  ['never', week({}), FRIDAY, 'closed until ever'],
  ['by the clocks of its zone, which change in between', week({ 1: [[540, 1020]] }, 'Europe/Rome'), Date.UTC(2026, 2, 27, 12), 'closed until 2026-03-30T07:00'],
  ['where clocks go forward at midnight, by the hours of that very day', week({ 0: [[540, 1020]], 6: [[0, 1440]] }, 'America/Sao_Paulo'), Date.UTC(2018, 10, 4, 3, 30), 'closed until 2018-11-04T11:00'],
  ['day and night, also through such a midnight', week(ALWAYS, 'America/Sao_Paulo'), Date.UTC(2018, 10, 3, 12), 'open until ever'],
  ['from an hour that clocks leave out, as much later', week({ 0: [[150, 300]] }, 'America/New_York'), Date.UTC(2026, 2, 8, 5), 'closed until 2026-03-08T07:30'],
])('%s', (_, hours, at, expected) => {
  expect(said(hours, at)).toBe(expected);
});
