/** How long a customer has waited, and how bad that is. */
import type { Style } from '../index.ts';

export type Tone = 'calm' | 'late' | 'urgent';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** From when a wait is late and from when urgent: in a chat somebody sits there, in social messaging nobody does. */
const LIMITS: Readonly<Record<Style, readonly [number, number]>> = {
  chat: [2 * MINUTE, 8 * MINUTE], repeat: [2 * MINUTE, 8 * MINUTE], social: [HOUR, 8 * HOUR],
};

export function tone(waitedMs: number, style: Style): Tone {
  const [late, urgent] = LIMITS[style];
  return waitedMs >= urgent ? 'urgent' : waitedMs >= late ? 'late' : 'calm';
}

/** "now", "12m", "3h", "2d": the largest unit alone, cut off. A clock that runs ahead of ours says "now". */
export function brief(ms: number, language: string): string {
  if (ms < MINUTE) return new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'narrow' }).format(0, 'second');
  const [unit, size] = ms < HOUR ? ['minute', MINUTE] as const : ms < DAY ? ['hour', HOUR] as const : ['day', DAY] as const;
  return formatter(language, unit).format(Math.floor(ms / size));
}

/** "58:12", "3:58:12", "2d 3:58:12": what is left, to the second, so that one sees it run. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3_600);
  const clock = `${days + hours > 0 ? `${hours}:` : ''}${days + hours > 0 ? two((seconds / 60) % 60) : Math.floor(seconds / 60)}:${two(seconds % 60)}`;
  return days > 0 ? `${days}d ${clock}` : clock;
}

/** "3s ago", "5m ago". */
export function justNow(ms: number, language: string): string {
  const relative = new Intl.RelativeTimeFormat(language, { style: 'narrow' });
  return ms < MINUTE ? relative.format(-Math.max(1, Math.round(ms / 1_000)), 'second')
    : relative.format(-Math.floor(ms / MINUTE), 'minute');
}

const formatters = new Map<string, Intl.NumberFormat>();

/** Making one costs more than all else that a row does. */
function formatter(language: string, unit: string): Intl.NumberFormat {
  const key = `${language} ${unit}`;
  const made = formatters.get(key) ?? new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'narrow' });
  formatters.set(key, made);
  return made;
}
