/**
 * Business hours: which moments count, in a time zone with daylight saving. Pure, over the runtime's IANA tables.
 */

/** Opening times of one weekday in minutes after local midnight, for instance `[[540, 720], [780, 1020]]`. */
export type Day = readonly (readonly [from: number, to: number])[];

export interface Hours {
  /** IANA name, for instance `Europe/Rome`. */
  zone: string;
  /** Sunday first, seven days. */
  week: readonly Day[];
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const OFFICE: Day = [[9 * 60, 17 * 60]];

/** Monday to Friday, 9 to 17, UTC. */
export const OFFICE_HOURS: Hours = { zone: 'UTC', week: [[], OFFICE, OFFICE, OFFICE, OFFICE, OFFICE, []] };

/**
 * The moment at which `ms` of business time have passed since `from`. When the hours hold no time at all within a year,
 * calendar time counts instead, so that nothing waits for ever.
 */
export function afterBusinessTime(hours: Hours, from: number, ms: number): number {
  let left = ms;
  const today = dateAt(hours.zone, from);
  for (let date = today; date < today + 366 * DAY; date += DAY) {
    for (const [open, close] of hours.week[new Date(date).getUTCDay()] ?? []) {
      const start = Math.max(from, unwall(hours.zone, date + open * MINUTE));
      const end = unwall(hours.zone, date + close * MINUTE);
      if (end <= start) continue;
      if (end - start >= left) return start + left;
      left -= end - start;
    }
  }
  return from + ms;
}

/** Whether somebody is there at a moment, and `until` when that stays so: 0, for ever. Hours that meet are one. */
export function officeAt(hours: Hours, at: number): { open: boolean; until: number } {
  const today = dateAt(hours.zone, at);
  // When what is open now closes, if it is.
  let closes = 0;
  // A week shows every opening; one day more, because it may begin in the middle of one.
  for (let date = today; date < today + 9 * DAY; date += DAY) {
    for (const [from, to] of hours.week[new Date(date).getUTCDay()] ?? []) {
      const start = unwall(hours.zone, date + from * MINUTE);
      const end = unwall(hours.zone, date + to * MINUTE);
      if (end <= Math.max(start, at)) continue;
      if (closes === 0 && start > at) return { open: false, until: start };
      if (closes !== 0 && start > closes) return { open: true, until: closes };
      closes = Math.max(closes, end);
    }
  }
  // Open the whole week through, or not at all.
  return closes - at > 7 * DAY ? { open: true, until: 0 } : { open: closes !== 0, until: closes };
}

/** The zone's offset from UTC at a moment, in milliseconds. */
function offset(zone: string, at: number): number {
  if (zone === 'UTC') return 0;
  const parts = format(zone).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((p) => p.type === type)?.value ?? 0);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour') % 24, part('minute'), part('second'));
  return local - Math.floor(at / 1000) * 1000;
}

/** The zone's date at a moment: its midnight as its clocks show it, if they show it at all, read as if it were UTC. */
function dateAt(zone: string, at: number): number {
  return Math.floor((at + offset(zone, at)) / DAY) * DAY;
}

/** From the numbers on the wall clock to the moment; twice, because the offset may change in between. */
function unwall(zone: string, local: number): number {
  const guess = local - offset(zone, local);
  const again = offset(zone, guess);
  const moment = local - again;
  // What the clocks leave out when they go forward, in some zones midnight itself, is as much later.
  return offset(zone, moment) === again ? moment : Math.max(moment, guess);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let known = formats.get(zone);
  if (known === undefined) {
    known = new Intl.DateTimeFormat('en-US', {
      timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric',
      minute: 'numeric', second: 'numeric',
    });
    formats.set(zone, known);
  }
  return known;
}
