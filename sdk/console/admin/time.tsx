/** A length of time: a whole number and its unit; or the word for none, where there may be none. */
import { useState } from 'preact/hooks';
import { ADMIN } from '../strings.ts';
import { useEditing, useField, type EditorProps } from './editing.ts';
import { hintOf, unsetWord } from './words.ts';

export const UNITS = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;
export type Unit = keyof typeof UNITS;
const NAMES = Object.keys(UNITS) as Unit[];

/** The largest unit in which it is a whole number; minutes for nothing at all. */
export function unitOf(ms: number): Unit {
  return ms === 0 ? 'minute' : NAMES.findLast((unit) => ms % UNITS[unit] === 0) ?? 'second';
}

export function TimeEditor({ spot, value, onChange }: EditorProps) {
  const { section } = useEditing();
  const { id, described, problem, label } = useField(spot, hintOf(section, spot.keys, spot.schema));
  const [chosen, choose] = useState<Unit | null>(null);
  const ms = typeof value === 'number' ? value : null;
  const unit = chosen !== null && (ms === null || Number.isNaN(ms) || ms % UNITS[chosen] === 0) ? chosen : unitOf(ms ?? 0);
  const count = ms === null || Number.isNaN(ms) ? null : ms / UNITS[unit];
  const turn = (to: string) => {
    if (!isUnit(to)) return onChange(spot.unset === 'null' ? null : undefined);
    choose(to);
    onChange((count ?? 1) * UNITS[to]);
  };
  return (
    <div class="time">
      {ms !== null && (
        <input type="number" class="short" id={id} min={0} step={1} value={count ?? ''} aria-describedby={described}
          aria-invalid={problem !== null} onInput={({ currentTarget: { valueAsNumber } }) => {
            choose(unit);
            onChange(Math.round(valueAsNumber) * UNITS[unit]);
          }} />
      )}
      <select id={ms === null ? id : undefined} aria-label={ms === null ? undefined : ADMIN.unit(label)}
        value={ms === null ? '' : unit} onChange={(event) => turn(event.currentTarget.value)}>
        {spot.unset !== null && <option value="">{unsetWord(section, spot.keys)}</option>}
        {NAMES.map((one) => <option key={one} value={one}>{ADMIN.units[one]}</option>)}
      </select>
    </div>
  );
}

function isUnit(name: string): name is Unit {
  return Object.hasOwn(UNITS, name);
}
