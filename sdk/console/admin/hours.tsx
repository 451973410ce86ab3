/** The hours of a week in a time zone: a line for each day, with what is open drawn and written. */
import { ADMIN, LANGUAGE } from '../strings.ts';
import { Icon } from '../../ui/icons.tsx';
import { domId, useEditing, type EditorProps } from './editing.ts';
import { within } from './problems.ts';
import { clockOf, copied, DAY_MINUTES, DAYS, extended, minutesOf, openMinutes, weekOf, withDay, zoneOf, type Day } from './week.ts';

/** A Sunday, to name the days by. */
const SUNDAY = Date.UTC(2026, 0, 4);
const ZONES = typeof Intl.supportedValuesOf === 'function' ? ['UTC', ...Intl.supportedValuesOf('timeZone')] : ['UTC'];

export function HoursEditor({ spot, value, onChange }: EditorProps) {
  const { section, problems } = useEditing();
  const [week, zone] = [weekOf(value), zoneOf(value)];
  const id = domId(section, spot, 'zone');
  const problem = problems.get(within(spot.path, 'zone')) ?? null;
  const named = new Intl.DateTimeFormat(LANGUAGE, { weekday: 'long', timeZone: 'UTC' });
  const change = (next: readonly Day[]) => onChange({ zone, week: next });
  return (
    <div class="hours">
      <div class="field">
        <label for={id}>{ADMIN.zone}</label>
        <input type="text" id={id} value={zone} list={`${id}-known`} autoComplete="off" aria-invalid={problem !== null}
          onInput={(event) => onChange({ zone: event.currentTarget.value, week })} />
        <datalist id={`${id}-known`}>{ZONES.map((one) => <option key={one} value={one} />)}</datalist>
        {problem !== null && <p class="wrong" role="alert">{problem}</p>}
      </div>
      <ul class="week" aria-label={ADMIN.allWeek}>
        {DAYS.map((at) => (
          <DayLine key={at} name={named.format(SUNDAY + at * DAY_MINUTES * 60_000)} day={week[at] ?? []}
            problem={problems.get(within(within(spot.path, 'week'), at)) ?? null}
            onChange={(day) => change(withDay(week, at, day))} onCopy={() => change(copied(week, at))} />
        ))}
      </ul>
      <p class="means">{ADMIN.openFor(hoursSaid(week))}</p>
    </div>
  );
}

function hoursSaid(week: readonly Day[]): string {
  const hours = new Intl.NumberFormat(LANGUAGE, { style: 'unit', unit: 'hour', unitDisplay: 'long', maximumFractionDigits: 1 });
  return hours.format(openMinutes(week) / 60);
}

interface DayProps {
  name: string;
  day: Day;
  problem: string | null;
  onChange(day: Day): void;
  onCopy(): void;
}

function DayLine({ name, day, problem, onChange, onCopy }: DayProps) {
  const more = extended(day);
  const set = (at: number, end: 0 | 1, clock: string) => {
    const minutes = minutesOf(clock, end === 1);
    if (minutes !== null) onChange(day.map((one, i) => (i !== at ? one : end === 0 ? [minutes, one[1]] : [one[0], minutes])));
  };
  return (
    <li class="day-line">
      <span class="day-name">{name}</span>
      <Strip day={day} />
      <div class="openings">
        {day.length === 0 && <span class="means">{ADMIN.closed}</span>}
        {day.map(([from, to], i) => (
          <span key={i} class={from < to ? 'opening' : 'opening is-wrong'}>
            <input type="time" aria-label={ADMIN.opens(name)} value={clockOf(from)}
              onChange={(event) => set(i, 0, event.currentTarget.value)} />
            <span aria-hidden="true">–</span>
            <input type="time" aria-label={ADMIN.closes(name)} value={clockOf(to)}
              onChange={(event) => set(i, 1, event.currentTarget.value)} />
            <button type="button" class="plain" aria-label={ADMIN.removeHours(name, `${clockOf(from)}–${clockOf(to)}`)}
              onClick={() => onChange(day.filter((_, other) => other !== i))}><Icon name="close" /></button>
          </span>
        ))}
        {problem !== null && <p class="wrong" role="alert">{problem}</p>}
      </div>
      <div class="day-acts">
        {more !== null && <DayAct words={ADMIN.addHours} day={name} onClick={() => onChange(more)} />}
        {day.length > 0 && <DayAct words={ADMIN.copyDay} day={name} onClick={onCopy} />}
      </div>
    </li>
  );
}

function DayAct({ words, day, onClick }: { words: string; day: string; onClick(): void }) {
  return <button type="button" class="quiet" aria-label={`${words}: ${day}`} onClick={onClick}>{words}</button>;
}

/** The day from midnight to midnight; the times beside it say the same. */
function Strip({ day }: { day: Day }) {
  return (
    <svg class="strip" viewBox={`0 0 ${DAY_MINUTES} 12`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="bed" width={DAY_MINUTES} height="12" />
      {day.map(([from, to]) => to > from && <rect key={from} class="fill" x={from} width={to - from} height="12" />)}
      {[360, 720, 1080].map((at) => <rect key={at} class="noon" x={at} width="3" height="12" />)}
    </svg>
  );
}
