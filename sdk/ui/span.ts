/** A length of time as people say it: "45 sec", "1 min 20 sec", "12 min", "3 hr 5 min", "2 days 4 hr". */

const UNITS = [['day', 86_400_000], ['hour', 3_600_000], ['minute', 60_000], ['second', 1_000]] as const;
/** Seconds no longer matter beside so many minutes. */
const MANY_MINUTES = 5;

/** The largest unit that it fills and the next smaller one, rounded down to whole seconds. */
export function span(ms: number, locale: string): string {
  const whole = Math.max(0, ms);
  const found = UNITS.findIndex(([, size]) => whole >= size);
  const at = found === -1 ? UNITS.length - 1 : found;
  return UNITS.slice(at, at + 2).map(([unit, size], i) => {
    const count = Math.floor((i === 0 ? whole : whole % (UNITS[at]?.[1] ?? 1)) / size);
    const silent = i === 1 && (count === 0 || (unit === 'second' && whole >= MANY_MINUTES * 60_000));
    return silent ? '' : new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count);
  }).join(' ').trim();
}
