/** Times as people say them. `now` and the language are passed in. */
import { useEffect, useState } from 'preact/hooks';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function sameDay(a: number, b: number): boolean {
  // A day has up to 25 hours; so near to each other, the same date is the same day.
  return Math.abs(a - b) < 25 * HOUR && new Date(a).getDate() === new Date(b).getDate();
}

/** "now", "5m ago", "3h ago", "2d ago", then the date. A clock that runs ahead of ours says "now". */
export function ago(at: number, now: number, language: string): string {
  const relative = new Intl.RelativeTimeFormat(language, { style: 'narrow', numeric: 'auto' });
  const passed = now - at;
  if (passed < 45_000) return relative.format(0, 'second');
  if (passed < HOUR) return relative.format(-Math.max(1, Math.round(passed / MINUTE)), 'minute');
  if (passed < DAY) return relative.format(-Math.round(passed / HOUR), 'hour');
  if (passed < 7 * DAY) return relative.format(-Math.round(passed / DAY), 'day');
  return new Intl.DateTimeFormat(language, dateParts(at, now)).format(at);
}

/** The head of a day: "Today", "Yesterday", then weekday and date. */
export function dayName(at: number, now: number, language: string): string {
  const days = Math.round((noon(now) - noon(at)) / DAY);
  if (days > 1 || days < 0) {
    return new Intl.DateTimeFormat(language, { weekday: 'long', ...dateParts(at, now) }).format(at);
  }
  const word = new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-days, 'day');
  return word.charAt(0).toLocaleUpperCase(language) + word.slice(1);
}

/** Hours and minutes as the reader's own settings have them. */
export function clockTime(at: number, language?: string): string {
  return new Intl.DateTimeFormat(language, { hour: 'numeric', minute: '2-digit' }).format(at);
}

/** Counts days of the calendar: another number is another day. */
export function dayNumber(at: number): number {
  return Math.round(noon(at) / DAY);
}

function dateParts(at: number, now: number): Intl.DateTimeFormatOptions {
  const thisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return thisYear ? { day: 'numeric', month: 'short' } : { day: 'numeric', month: 'short', year: 'numeric' };
}

/** Noon is on the same day whatever summer time does to midnight. */
function noon(at: number): number {
  return new Date(at).setHours(12, 0, 0, 0);
}

/** The time now, as a value that moves on every `everyMs`, so that "5m ago" grows old on the screen. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const ticking = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(ticking);
  }, [everyMs]);
  return now;
}
