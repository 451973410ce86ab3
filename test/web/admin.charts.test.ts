/** The board's arithmetic: axes that people can read, averages that are true, gaps that stay gaps. */
import { describe, expect, it } from 'vitest';
import type { Board } from '../../sdk/agent.ts';
import { QUARTER_MS, quarters, responseOf } from '../../sdk/console/quarters.ts';
import { countStep, hourMarks, linePath, ticks, timeStep } from '../../sdk/console/scale.ts';
import { span } from '../../sdk/ui/span.ts';

const NOON = new Date(2026, 4, 12, 12).getTime();
const SECOND = 1_000;
const MINUTE = 60_000;

describe('an axis', () => {
  it.each([[0, [0, 1]], [1, [0, 1]], [4, [0, 1, 2, 3, 4]], [5, [0, 2, 4, 6]], [13, [0, 5, 10, 15]], [21, [0, 10, 20, 30]], [900, [0, 500, 1000]]])(
    'of %i things ends above them, in steps that one counts in', (most, lines) => {
      expect(ticks(most, countStep(most))).toEqual(lines);
    });

  it.each([[800, SECOND], [9 * SECOND, 5 * SECOND], [50 * SECOND, 15 * SECOND], [4 * MINUTE, MINUTE], [5 * MINUTE, 2 * MINUTE], [3 * 60 * MINUTE, 60 * MINUTE]])(
    'of %i ms has a step of seconds, minutes or hours', (most, step) => {
      expect(timeStep(most)).toBe(step);
      expect(ticks(most, step).length).toBeLessThanOrEqual(5);
    });

  it('names whole hours only, and fewer where there is less room', () => {
    const day = Array.from({ length: 96 }, (_, i) => NOON + i * QUARTER_MS);
    expect(hourMarks(day, 30)).toHaveLength(24);
    expect(hourMarks(day, 6).map((i) => new Date(day[i] ?? 0).getHours())).toEqual([12, 16, 20, 0, 4, 8]);
  });
});

it('a line is broken where nothing was measured, and a lonely point is drawn', () => {
  expect(linePath([[0, 1], [5, 2], null, [15, 4.04], null, null])).toBe('M0 1L5 2M15 4L15 4');
  expect(linePath([null, null])).toBe('');
});

describe('quarters of an hour', () => {
  const hour = (back: number, more: Partial<Board['hours'][number]> = {}) => (
    { from: NOON - back * QUARTER_MS, waiting: back, answered: 0, responseMs: 0, opened: 0, solved: 0, ...more });
  const board = (...hours: Board['hours'][number][]): Board => ({ at: NOON + MINUTE, teams: [], agents: [], hours });

  it('are as many as were asked for, up to now; what the desk did not count is not 0', () => {
    expect(quarters(board(hour(9), hour(2), hour(0)), 4).map(({ waiting }) => waiting)).toEqual([null, 2, null, 0]);
  });

  it('have the average of the first answers, and none where there was no answer', () => {
    const shown = quarters(board(hour(1, { answered: 3, responseMs: 90_000 }), hour(0)), 2);
    expect(shown.map(({ responseMs }) => responseMs)).toEqual([30_000, null]);
  });

  it('are averaged by answers, not by quarters', () => {
    const shown = quarters(board(hour(1, { answered: 9, responseMs: 90_000 }), hour(0, { answered: 1, responseMs: 110_000 })), 2);
    expect(responseOf(shown)).toBe(20_000);
    expect(responseOf(quarters(board(), 4))).toBeNull();
  });
});

it.each([
  [0, '0 sec'], [-5, '0 sec'], [45_900, '45 sec'], [80_000, '1 min 20 sec'], [12 * MINUTE + 59_000, '12 min'], [60 * MINUTE, '1 hr'],
  [185 * MINUTE, '3 hr 5 min'], [52 * 60 * MINUTE, '2 days 4 hr'],
])('%i ms are said as %s', (ms, said) => {
  expect(span(ms, 'en')).toBe(said);
});
