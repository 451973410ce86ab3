/** Where a value is kept: a field of the contact, or a variable of the flow by a name that one may choose. */
import { written } from './fields.tsx';
import { useAt, useForm } from './form.ts';
import { keptIn } from './names.ts';
import { FLOWS } from './words.ts';

/** `bare`: without a name above, for a row of several. */
export function KeepIn({ path, label, bare = false }: { path: string; label: string; bare?: boolean }) {
  const { names } = useForm();
  const { id, value, set, said, shared } = useAt(path);
  const field = written(value);
  const isVar = field.startsWith('vars.');
  const keep = (next: string) => set(next === 'vars.' ? `vars.${names.vars[0] ?? 'value'}` : next);
  const contact = keptIn(names).filter((one) => one.id.startsWith('contact.'));
  const editor = (
    <div class="keep-in">
      <select {...shared} aria-label={bare ? label : undefined} value={isVar ? 'vars.' : field}
        onChange={(event) => keep(event.currentTarget.value)}>
        {contact.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
        <option value="vars.">{FLOWS.variable}</option>
        {!isVar && contact.every((one) => one.id !== field) && <option value={field}>{field}</option>}
      </select>
      {isVar && (
        <input type="text" class="mono" aria-label={FLOWS.variableName} value={field.slice(5)} list={`${id}-vars`}
          autoComplete="off" spellcheck={false}
          onInput={(event) => set(`vars.${event.currentTarget.value.replace(/[^\w-]/gu, '')}`)} />
      )}
      {isVar && <datalist id={`${id}-vars`}>{names.vars.map((one) => <option key={one} value={one} />)}</datalist>}
    </div>
  );
  if (bare) return editor;
  return (
    <div class="field" data-field={path}>
      <label for={id}>{label}</label>
      {editor}
      {said.length > 0 && <p class="wrong" id={`${id}-said`} role="alert">{said.join(' ')}</p>}
    </div>
  );
}
