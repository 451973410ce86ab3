/** A field of a form: its name, the editor that its schema asks for, what it means, and what is wrong with it. */
import type { ComponentChildren } from 'preact';
import { TextEditor } from './text.tsx';
import { TimeEditor } from './time.tsx';
import { ChoiceEditor, PickMany, PickOne } from './pick.tsx';
import { inner, useEditing, useField, type EditorProps, type Spot } from './editing.ts';
import { HoursEditor } from './hours.tsx';
import { PlacesEditor } from './places.tsx';
import { blank, fieldOf, solid, unsetOf } from './schema.ts';
import { isTree, withKey } from './tree.ts';
import { hintOf, isHidden, labelOf, NAMES, unsetWord } from './words.ts';
import { WordsEditor } from './word-list.tsx';

export function Field(props: EditorProps) {
  const { spot } = props;
  const { section } = useEditing();
  const key = spot.keys.at(-1) ?? section;
  const field = fieldOf(key, spot.schema);
  switch (field.is) {
    case 'flag':
      return spot.unset === null ? <Tick {...props} /> : <Row spot={spot}><ChoiceEditor {...props} of={[true, false]} /></Row>;
    case 'choice': return <Row spot={spot}><ChoiceEditor {...props} of={field.of} /></Row>;
    case 'text':
      return (
        <Row spot={spot}>{NAMES[key] ? <PickOne {...props} from={NAMES[key]} /> : <TextEditor {...props} field={field} />}</Row>
      );
    case 'number': return <Row spot={spot}><TextEditor {...props} field={field} /></Row>;
    case 'time': return <Row spot={spot}><TimeEditor {...props} /></Row>;
    case 'list':
      return <Group spot={spot}>{NAMES[key] ? <PickMany {...props} from={NAMES[key]} /> : <WordsEditor {...props} />}</Group>;
    case 'table': return <Group spot={spot}><PlacesEditor {...props} /></Group>;
    case 'hours': return <Optional {...props}><Group spot={spot}><HoursEditor {...props} /></Group></Optional>;
    case 'group': return <Optional {...props}><Group spot={spot}><Fields {...props} /></Group></Optional>;
    default: return null;
  }
}

/** All fields of a thing; `without`: those that its head shows. */
export function Fields({ spot, value, onChange, without = [] }: EditorProps & { without?: readonly string[] }) {
  const { section } = useEditing();
  const own = solid(spot.schema);
  const field = fieldOf(spot.keys.at(-1) ?? section, own);
  const tree = isTree(value) ? value : {};
  if (field.is !== 'group') return null;
  const shown = field.fields.filter(([key]) => !without.includes(key) && !isHidden(section, [...spot.keys, key]));
  const set = (key: string, next: unknown) => {
    const changed = withKey(tree, key, next);
    // Something without any value that may be left out is left out.
    onChange(Object.keys(changed).length === 0 && spot.unset === 'absent' ? undefined : changed);
  };
  return (
    <div class="fields">
      {shown.map(([key, schema]) => (
        <Field key={key} spot={inner(spot, key, schema, unsetOf(own, key))} onChange={(next) => set(key, next)}
          value={tree[key] === undefined ? schema.default : tree[key]} />
      ))}
    </div>
  );
}

function Row({ spot, children }: { spot: Spot; children: ComponentChildren }) {
  const { section } = useEditing();
  const hint = hintOf(section, spot.keys, spot.schema);
  const { id, label } = useField(spot, hint);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children}
      <Below spot={spot} hint={hint} />
    </div>
  );
}

function Group({ spot, children }: { spot: Spot; children: ComponentChildren }) {
  const { section } = useEditing();
  const hint = hintOf(section, spot.keys, spot.schema);
  const { described, label } = useField(spot, hint);
  // The page's title names what is the whole section.
  if (spot.keys.length === 0) return <div class="whole"><Below spot={spot} hint={hint} />{children}</div>;
  return (
    <fieldset class="field group" aria-describedby={described}>
      <legend>{label}</legend>
      <Below spot={spot} hint={hint} />
      {children}
    </fieldset>
  );
}

function Tick({ spot, value, onChange }: EditorProps) {
  const { section } = useEditing();
  const hint = hintOf(section, spot.keys, spot.schema);
  const { id, described, label } = useField(spot, hint);
  return (
    <div class="field tick">
      <input type="checkbox" id={id} checked={value === true} aria-describedby={described}
        onChange={(event) => onChange(event.currentTarget.checked)} />
      <label for={id}>{label}</label>
      <Below spot={spot} hint={hint} />
    </div>
  );
}

/** A group that may be left out: a tick brings it. One that needs nothing inside is always shown. */
function Optional({ spot, value, onChange, children }: EditorProps & { children: ComponentChildren }) {
  const { section, settings } = useEditing();
  const own = solid(spot.schema);
  if (spot.unset === null || (spot.unset === 'absent' && (own.required ?? []).length === 0)) return <>{children}</>;
  const on = value !== null && value !== undefined;
  const id = `set-with-${section}-${spot.path}`;
  const turn = (wanted: boolean) => {
    if (!wanted) return onChange(spot.unset === 'null' ? null : undefined);
    onChange(fieldOf('', own).is === 'hours' ? structuredClone(settings.sections['hours'] ?? blank(own)) : blank(own));
  };
  return (
    <div class="optional">
      <div class="field tick">
        <input type="checkbox" id={id} checked={on} onChange={(event) => turn(event.currentTarget.checked)} />
        <label for={id}>{labelOf(section, spot.keys)}</label>
        {!on && <p class="means">{unsetWord(section, spot.keys)}</p>}
      </div>
      {on && children}
    </div>
  );
}

function Below({ spot, hint }: { spot: Spot; hint: string }) {
  const { hintId, problemId, problem } = useField(spot, hint);
  return (
    <>
      {hint !== '' && <p class="means" id={hintId}>{hint}</p>}
      {problem !== null && <p class="wrong" id={problemId} role="alert">{problem}</p>}
    </>
  );
}
