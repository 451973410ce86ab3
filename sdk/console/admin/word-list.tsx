/** A list of words in the settings, as origins or tags are. */
import { WordList } from '../word-list.tsx';
import { useEditing, useField, type EditorProps } from './editing.ts';
import { madeOf, within } from './problems.ts';
import { fieldOf, type Schema } from './schema.ts';
import { hintOf } from './words.ts';

export function WordsEditor({ spot, value, onChange }: EditorProps) {
  const { section, settings, problems } = useEditing();
  const { id, described, label } = useField(spot, hintOf(section, spot.keys, spot.schema));
  const words = Array.isArray(value) ? value.map(String) : [];
  const wrong = words.map((_, i) => problems.get(within(spot.path, i)) ?? null);
  const tags = settings.sections['tags'];
  const known = spot.keys.at(-1) === 'tags' && Array.isArray(tags) ? tags.filter((one) => typeof one === 'string') : [];
  return (
    <WordList id={id} input={{ id, described }} label={label} words={words} known={known} wrong={wrong}
      fit={(word) => fitting(word, spot.schema)} onChange={onChange} />
  );
}

/** Small letters, where only those are allowed. */
function fitting(word: string, list: Schema): string {
  const field = fieldOf('', list);
  const pattern = field.is === 'list' ? field.item.pattern : undefined;
  return pattern && madeOf(pattern) === 'lower' ? word.toLocaleLowerCase() : word;
}
