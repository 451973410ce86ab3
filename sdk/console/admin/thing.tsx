/** The form of one thing: its name and id, its fields, and what belongs to an agent or a channel besides. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { ADMIN } from '../strings.ts';
import { inner, useEditing, type Spot } from './editing.ts';
import { Field, Fields } from './field.tsx';
import { idFrom, keyed, type Keyed, type Thing } from './keyed.ts';
import { Invite, Script } from './links.tsx';
import { solid } from './schema.ts';
import { isTree } from './tree.ts';
import { thingName } from './words.ts';

interface Props {
  spot: Spot;
  list: Keyed;
  thing: Thing;
  onChange(thing: Thing): void;
  onRemove(): void;
}

export function ThingForm({ spot, list, thing, onChange, onRemove }: Props) {
  const { section, saved, schema, problems, fixed } = useEditing();
  const form = useRef<HTMLDivElement>(null);
  const value = isTree(thing.value) ? thing.value : {};
  const own = solid(spot.schema).properties ?? {};
  // Others name it by its id, so a saved one keeps it; a new one takes it from its name until somebody writes another.
  const isKnown = list.names !== null || keyed(schema, saved).things.some(({ key }) => key === thing.key && key !== '');
  const others = list.things.filter((one) => one !== thing).map(({ key }) => key);
  const name = typeof value['name'] === 'string' ? value['name'] : '';
  const rename = (next: string) => {
    const follows = !isKnown && own['id'] && thing.key === idFrom(name, others);
    const id = follows ? idFrom(next, others) : thing.key;
    onChange({ key: id, value: { ...value, ...(own['id'] ? { id } : {}), name: next } });
  };
  useLayoutEffect(() => {
    // A new thing is written at once.
    if (name === '' && !isKnown) form.current?.querySelector('input')?.focus();
  }, []);
  const said = thingName(value, thing.key);
  // Only a choice has choices.
  const hidden = ['id', 'name', ...(section === 'fields' && value['type'] !== 'choice' ? ['choices'] : [])];
  const called = list.numbered ? ADMIN.numbered(String(Number(spot.path) + 1)) : name || thing.key;
  return (
    <div class="thing-form" ref={form}>
      {problems.has(spot.path) && <p class="wrong" role="alert">{problems.get(spot.path)}</p>}
      <fieldset class="bare" disabled={fixed}>
        <div class="fields">
          {own['name'] && (
            <Field spot={inner(spot, 'name', own['name'], null)} value={name} onChange={(next) => rename(String(next ?? ''))} />
          )}
          {own['id'] && !isKnown && (
            <Field spot={inner(spot, 'id', own['id'], null)} value={thing.key}
              onChange={(next) => onChange({ key: String(next), value: { ...value, id: String(next) } })} />
          )}
          {own['id'] && isKnown && <p class="field fixed-id"><span>{ADMIN.idIs}</span> <code>{thing.key}</code></p>}
        </div>
        <Fields spot={spot} value={value} without={hidden}
          onChange={(next) => onChange({ key: thing.key, value: next ?? {} })} />
      </fieldset>
      {section === 'agents' && <Invite id={thing.key} name={said} saved={isKnown} />}
      {section === 'channels' && <Script channel={thing.key} />}
      {!fixed && (
        <button type="button" class="remove" onClick={onRemove}>
          {called === '' ? ADMIN.removeIt : ADMIN.remove(called)}
        </button>
      )}
    </div>
  );
}
