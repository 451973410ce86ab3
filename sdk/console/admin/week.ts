/** Opening hours as a person edits them: days from Monday, times as on a clock. Pure. */
import { isTree } from './tree.ts';

/** From and to in minutes after midnight; the end of the day is 1440. */
export type Opening = readonly [from: number, to: number];
export type Day = readonly Opening[];

export const DAY_MINUTES = 1440;
/** Monday first, as they are shown; the settings have Sunday first. */
export const DAYS = [1, 2, 3, 4, 5, 6, 0] as const;
const WORKING = [1, 2, 3, 4, 5];

export function zoneOf(value: unknown): string {
  return isTree(value) && typeof value['zone'] === 'string' ? value['zone'] : 'UTC';
}

/** Always seven days; what is not an opening is left out. */
export function weekOf(value: unknown): Day[] {
  const week: readonly unknown[] = isTree(value) && Array.isArray(value['week']) ? value['week'] : [];
  return Array.from({ length: 7 }, (_, i) => {
    const day: unknown = week[i];
    return Array.isArray(day) ? day.filter(isOpening) : [];
  });
}

export function withDay(week: readonly Day[], at: number, day: Day): Day[] {
  return week.map((one, i) => (i === at ? day : one));
}

/** Every working day open as this one is. */
export function copied(week: readonly Day[], from: number): Day[] {
  return week.map((day, i) => (WORKING.includes(i) ? week[from] ?? [] : day));
}

/** One more opening: office hours on an empty day, else after a pause of an hour. Null when the day is full. */
export function extended(day: Day): Day | null {
  const last = day.at(-1)?.[1];
  if (last === undefined) return [[540, 1020]];
  const from = last + 60;
  return from >= DAY_MINUTES - 30 ? null : [...day, [from, Math.min(from + 240, DAY_MINUTES)]];
}

/** `09:30`; the end of the day is `00:00`, as clocks show it. */
export function clockOf(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;
}

/** Null while nothing whole is written. `closes`: midnight is then the end of the day. */
export function minutesOf(clock: string, closes: boolean): number | null {
  const [, hour, minute] = /^(\d{2}):(\d{2})/u.exec(clock) ?? [];
  if (hour === undefined || minute === undefined) return null;
  const minutes = Number(hour) * 60 + Number(minute);
  return closes && minutes === 0 ? DAY_MINUTES : minutes;
}

export function openMinutes(week: readonly Day[]): number {
  return week.flat().reduce((sum, [from, to]) => sum + Math.max(0, to - from), 0);
}

function isOpening(value: unknown): value is Opening {
  return Array.isArray(value) && value.length === 2 && value.every((one) => typeof one === 'number');
}
