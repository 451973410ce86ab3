/** Until when a conversation may sleep. */

export const SNOOZES = ['hour', 'fourHours', 'tomorrow', 'nextWeek'] as const;
export type Snooze = (typeof SNOOZES)[number];

const HOUR = 3_600_000;
/** When a working day begins. */
const MORNING = 9;

/** By the clock on the wall of whoever asks: summer time moves nothing. */
export function snoozedUntil(snooze: Snooze, now: number): number {
  switch (snooze) {
    case 'hour': return now + HOUR;
    case 'fourHours': return now + 4 * HOUR;
    case 'tomorrow': return morning(now, 1);
    case 'nextWeek': return morning(now, (8 - new Date(now).getDay()) % 7 || 7);
    default: return snooze satisfies never;
  }
}

function morning(now: number, days: number): number {
  const day = new Date(now);
  day.setDate(day.getDate() + days);
  return day.setHours(MORNING, 0, 0, 0);
}

/** "9:00 AM" today, else with the day. */
export function until(at: number, now: number, language: string): string {
  const today = new Date(at).toDateString() === new Date(now).toDateString();
  return new Intl.DateTimeFormat(language, {
    ...(today ? {} : { weekday: 'short', day: 'numeric', month: 'short' }), hour: 'numeric', minute: '2-digit',
  }).format(at);
}
