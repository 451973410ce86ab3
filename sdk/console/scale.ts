/** The arithmetic of the board's charts: where an axis ends, what is written on it, where a value lies. Pure. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const SIXTIETHS = [1, 2, 5, 10, 15, 30];
/** Steps of an axis of time that people count in. */
const TIMES = [
  ...SIXTIETHS.map((n) => n * SECOND), ...SIXTIETHS.map((n) => n * MINUTE), ...[1, 2, 4, 8, 12, 24, 48, 96, 168].map((n) => n * HOUR),
];
/** Lines above the ground of a chart: more would be a cage. */
const LINES = 4;

/** The step of an axis of whole things that holds `most`: 1, 2 or 5 with zeros. */
export function countStep(most: number): number {
  for (let ten = 1; ; ten *= 10) {
    const step = [1, 2, 5].map((n) => n * ten).find((n) => n * LINES >= most);
    if (step !== undefined) return step;
  }
}

/** The step of an axis of time, in milliseconds. */
export function timeStep(most: number): number {
  return TIMES.find((step) => step * LINES >= most) ?? Math.ceil(most / LINES);
}

/** The numbers on an axis, from 0 to the first that is not below `most`; at least one above 0. */
export function ticks(most: number, step: number): number[] {
  return Array.from({ length: Math.max(1, Math.ceil(most / step)) + 1 }, (_, i) => i * step);
}

/** Whole hours of the reader's clock among these moments, so far apart that at most `room` of them are written. */
export function hourMarks(moments: readonly number[], room: number): number[] {
  const whole = moments.map((at, i) => ({ at, i })).filter(({ at }) => new Date(at).getMinutes() === 0);
  const every = [1, 2, 3, 4, 6, 12, 24].find((n) => whole.length / n <= room) ?? 24;
  return whole.filter(({ at }) => new Date(at).getHours() % every === 0).map(({ i }) => i);
}

/** A line through points, broken where there is none; a lonely point is a line of no length, which round caps show. */
export function linePath(points: readonly (readonly [x: number, y: number] | null)[]): string {
  return points.map((point, i) => {
    if (!point) return '';
    const [x, y] = point.map((n) => Math.round(n * 10) / 10);
    const begins = !points[i - 1];
    return `${begins ? 'M' : 'L'}${x} ${y}${begins && !points[i + 1] ? `L${x} ${y}` : ''}`;
  }).join('');
}
