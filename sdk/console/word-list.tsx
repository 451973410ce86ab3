/** A list of words, each with a way out, and a line to write more. */
import { useState } from 'preact/hooks';
import { Icon } from '../ui/icons.tsx';
import { ADMIN } from './strings.ts';

interface Props {
  id: string;
  /** Of the line to write in, where something else refers to it. */
  input?: { readonly id: string; readonly described: string | undefined } | undefined;
  label: string;
  words: readonly string[];
  /** Suggested. */
  known: readonly string[];
  /** What is wrong with each word, null for nothing. */
  wrong?: readonly (string | null)[] | undefined;
  /** A word as it may be written. Default: as it is. */
  fit?: ((word: string) => string) | undefined;
  onChange(words: readonly string[]): void;
}

export function WordList({ id, input, label, words, known, wrong = [], fit = (word) => word, onChange }: Props) {
  const [writing, setWriting] = useState('');
  const add = () => {
    const more = writing.split(/[,;\n]+/u).map((word) => fit(word.trim()));
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
        <input type="text" id={input?.id} aria-label={ADMIN.newWord(label)} aria-describedby={input?.described} value={writing}
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
