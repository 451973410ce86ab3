/** Places by group of channels: a number for each group that there is; without one, the default holds. */
import { ADMIN, LANGUAGE } from '../strings.ts';
import { useEditing, type EditorProps } from './editing.ts';
import { within } from './problems.ts';
import { groupsOf } from './text.tsx';
import { isTree, withKey } from './tree.ts';

/** What the desk gives a group that nobody has set. */
const PLACES = 5;

export function PlacesEditor({ spot, value, onChange }: EditorProps) {
  const { section, settings, problems } = useEditing();
  const places = isTree(value) ? value : {};
  const whole = section === 'capacity';
  const house = isTree(settings.sections['capacity']) ? settings.sections['capacity'] : {};
  const groups = [...new Set([...groupsOf(settings.sections), ...Object.keys(places)])];
  const number = new Intl.NumberFormat(LANGUAGE);
  return (
    <ul class="places-of">
      {groups.map((group) => {
        const problem = problems.get(within(spot.path, group)) ?? null;
        const standard = whole || typeof house[group] !== 'number' ? PLACES : house[group];
        const own = places[group];
        return (
          <li key={group}>
            <span>{group}</span>
            <input type="number" class="short" min={0} step={1} aria-label={ADMIN.placesIn(group)} aria-invalid={problem !== null}
              value={typeof own === 'number' && !Number.isNaN(own) ? own : ''} placeholder={String(standard)}
              onInput={({ currentTarget: { valueAsNumber: n } }) => onChange(withKey(places, group, Number.isNaN(n) ? undefined : n))} />
            {own === undefined && <span class="means">{ADMIN.defaultPlaces(number.format(standard))}</span>}
            {problem !== null && <span class="wrong" role="alert">{problem}</span>}
          </li>
        );
      })}
    </ul>
  );
}
