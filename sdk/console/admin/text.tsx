/** One line, several lines, or a number. */
import type { Field as Kind } from './schema.ts';
import { useEditing, useField, type EditorProps } from './editing.ts';
import { hintOf, unsetWord } from './words.ts';

/** What is written in several lines. */
const LONG = ['text', 'note', 'description'];

export function TextEditor({ spot, value, onChange, field }: EditorProps & { field: Extract<Kind, { is: 'text' | 'number' }> }) {
  const { section, settings } = useEditing();
  const key = spot.keys.at(-1) ?? section;
  const { id, described, problem } = useField(spot, hintOf(section, spot.keys, spot.schema));
  const placeholder = spot.unset === null ? undefined : unsetWord(section, spot.keys);
  const shared = { id, placeholder, 'aria-describedby': described, 'aria-invalid': problem !== null };
  const nothing = spot.unset === 'null' ? null : undefined;
  if (field.is === 'number') {
    return (
      <input {...shared} type="number" class="short" min={field.least} max={field.most} step={1}
        value={typeof value === 'number' && !Number.isNaN(value) ? value : ''}
        onInput={({ currentTarget: { valueAsNumber: n } }) => onChange(Number.isNaN(n) && spot.unset !== null ? nothing : n)} />
    );
  }
  const text = typeof value === 'string' ? value : '';
  const write = (written: string) => onChange(written === '' && spot.unset !== null ? nothing : written);
  if (LONG.includes(key)) {
    return (
      <textarea {...shared} rows={4} maxLength={field.most} value={text} onInput={(event) => write(event.currentTarget.value)} />
    );
  }
  const known = key === 'group' ? groupsOf(settings.sections) : [];
  return (
    <>
      <input {...shared} type="text" maxLength={field.most} value={text} autoComplete="off"
        list={known.length > 0 ? `${id}-known` : undefined} onInput={(event) => write(event.currentTarget.value)} />
      {known.length > 0 && <datalist id={`${id}-known`}>{known.map((one) => <option key={one} value={one} />)}</datalist>}
    </>
  );
}

/** The groups of channels that there are, by their channels and by who has places in them. */
export function groupsOf(sections: Readonly<Record<string, unknown>>): string[] {
  const channels = Object.values(sections['channels'] ?? {}).map((one: unknown) =>
    (typeof one === 'object' && one !== null && 'group' in one ? String(one.group) : ''));
  return [...new Set(['messaging', ...channels, ...Object.keys(sections['capacity'] ?? {})])].filter((one) => one !== '').sort();
}
