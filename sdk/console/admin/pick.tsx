/** Choosing: one of a few words, one thing of another section, or any number of them. */
import { ADMIN } from '../strings.ts';
import { Ticks } from '../ticks.tsx';
import { useEditing, useField, type EditorProps } from './editing.ts';
import type { Choice } from './schema.ts';
import { choiceWord, hintOf, thingsOf, unsetWord } from './words.ts';

export function ChoiceEditor({ spot, value, onChange, of }: EditorProps & { of: readonly Choice[] }) {
  const { section } = useEditing();
  const key = spot.keys.at(-1) ?? section;
  return (
    <Select spot={spot} value={value} onChange={(id) => onChange(of.find((one) => String(one) === id))}
      options={of.map((one) => ({ id: String(one), name: choiceWord(key, one) }))} />
  );
}

/** `from`: the section whose things they are. */
export function PickOne({ spot, value, onChange, from }: EditorProps & { from: string }) {
  const { settings } = useEditing();
  return <Select spot={spot} value={value} onChange={onChange} options={thingsOf(settings, from)} />;
}

interface Option { readonly id: string; readonly name: string }

function Select({ spot, value, onChange, options }: EditorProps & { options: readonly Option[] }) {
  const { section } = useEditing();
  const { id, described, problem } = useField(spot, hintOf(section, spot.keys, spot.schema));
  const chosen = value === null || value === undefined ? '' : String(value);
  const gone = chosen !== '' && options.every((one) => one.id !== chosen);
  return (
    <select id={id} value={chosen} aria-describedby={described} aria-invalid={problem !== null}
      onChange={({ currentTarget: { value: next } }) => onChange(next === '' ? (spot.unset === 'null' ? null : undefined) : next)}>
      {(spot.unset !== null || chosen === '') && <option value="">{spot.unset === null ? '' : unsetWord(section, spot.keys)}</option>}
      {options.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
      {gone && <option value={chosen}>{ADMIN.gone(chosen)}</option>}
    </select>
  );
}

export function PickMany({ spot, value, onChange, from }: EditorProps & { from: string }) {
  const { settings, section } = useEditing();
  const { id: name } = useField(spot, hintOf(section, spot.keys, spot.schema));
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [];
  const things = thingsOf(settings, from);
  const gone = chosen.map(String).filter((one) => things.every((thing) => thing.id !== one));
  const all = [...things, ...gone.map((one) => ({ id: one, name: ADMIN.gone(one) }))];
  if (all.length === 0) return <p class="means">{from === 'teams' ? ADMIN.noTeams : ADMIN.noSkills}</p>;
  return (
    <div class="picks">
      <Ticks name={name} of={all} chosen={chosen}
        onChange={(next) => onChange(next.length === 0 && spot.unset === 'absent' ? undefined : next)} />
    </div>
  );
}
