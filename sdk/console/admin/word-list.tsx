/** A list of words, as origins or tags are: each with a way out, and a line to write another. */
import { useState } from 'preact/hooks';
import { Icon } from '../../ui/icons.tsx';
import { ADMIN } from '../strings.ts';
import { useEditing, useField, type EditorProps } from './editing.ts';
import { madeOf, within } from './problems.ts';
import { fieldOf, type Schema } from './schema.ts';
import { hintOf } from './words.ts';

export function WordsEditor({ spot, value, onChange }: EditorProps) {
  const { section, settings, problems } = useEditing();
  const { id, described, label } = useField(spot, hintOf(section, spot.keys, spot.schema));
  const [writing, setWriting] = useState('');
  const words = Array.isArray(value) ? value.map(String) : [];
  const wrong = words.map((_, i) => problems.get(within(spot.path, i)) ?? null);
  const tags = settings.sections['tags'];
  const known = spot.keys.at(-1) === 'tags' && Array.isArray(tags) ? tags.filter((one) => typeof one === 'string') : [];
  const add = () => {
    const more = writing.split(/[,;\n]+/u).map((word) => fitting(word.trim(), spot.schema));
    const fresh = new Set(more.filter((word) => word !== '' && !words.includes(word)));
    setWriting('');
    if (fresh.size > 0) onChange([...words, ...fresh]);
  };
  return (
    <>
      {words.length > 0 && (
        <ul class="words">
          {words.map((word, i) => (
            <li key={word} class={wrong[i] ? 'is-wrong' : ''}>
              <span>{word}</span>
              <button type="button" aria-label={ADMIN.remove(word)} onClick={() => onChange(words.filter((one) => one !== word))}>
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      {wrong.map((problem, i) => problem && <p key={words[i]} class="wrong" role="alert">{words[i]}: {problem}</p>)}
      <div class="adding">
        <input type="text" id={id} aria-label={ADMIN.newWord(label)} aria-describedby={described} value={writing}
          list={known.length > 0 ? `${id}-known` : undefined} autoComplete="off"
          onInput={(event) => setWriting(event.currentTarget.value)} onBlur={add} onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.isComposing) return;
            event.preventDefault();
            add();
          }} />
        {known.length > 0 && <datalist id={`${id}-known`}>{known.map((one) => <option key={one} value={one} />)}</datalist>}
        <button type="button" class="secondary" onClick={add}>{ADMIN.addWord}</button>
      </div>
    </>
  );
}

/** Small letters, where only those are allowed. */
function fitting(word: string, list: Schema): string {
  const field = fieldOf('', list);
  const pattern = field.is === 'list' ? field.item.pattern : undefined;
  return pattern && madeOf(pattern) === 'lower' ? word.toLocaleLowerCase() : word;
}
