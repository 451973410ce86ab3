/** A list that one chooses from by typing: arrows move, Enter chooses, the best match stands first. */
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { fuzzy, ranked } from './fuzzy.ts';
import { Icon } from './icons.tsx';

export interface Choice {
  readonly id: string;
  readonly name: string;
  /** Found by these, too. */
  readonly words?: string;
  /** An icon or a face before the name. */
  readonly lead?: ComponentChildren;
  /** Quiet words behind it. */
  readonly hint?: string;
  /** Keys that do the same. */
  readonly keys?: readonly string[];
  /** Choices of one group stand under its name while nothing is typed. */
  readonly group?: string;
  readonly checked?: boolean;
}

interface Props {
  label: string;
  hint: string;
  choices: readonly Choice[];
  /** Said when nothing matches. */
  none: string;
  /** What was typed and is no choice may become one. */
  free?(typed: string): Choice | null;
  onChoose(choice: Choice): void;
  /** Shown beside the list for the one that Enter would choose. */
  preview?(choice: Choice): ComponentChildren;
  start?: string;
}

/** More would be read by nobody; typing finds the rest. */
const SHOWN = 60;

export function Picker({ label, hint, choices, none, free, onChoose, preview, start = '' }: Props) {
  const [typed, setTyped] = useState(start);
  const [index, setIndex] = useState(0);
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const own = free && typed.trim() !== '' ? free(typed.trim()) : null;
  const found = ranked(typed, choices, ({ name, words = '' }) => [name, words]).slice(0, SHOWN);
  const shown = own ? [...found, own] : found;
  const at = Math.min(index, shown.length - 1);
  const marked = shown[at];

  useLayoutEffect(() => field.current?.focus(), []);
  useLayoutEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at, typed]);

  const choose = (choice: Choice) => {
    setTyped('');
    onChoose(choice);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (by !== undefined) {
      // Arrows go round; a page stops at the end.
      const turned = (at + by + shown.length) % shown.length;
      setIndex(Math.abs(by) === 1 ? turned : Math.min(Math.max(at + by, 0), shown.length - 1));
    } else if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey && marked) choose(marked);
    else return;
    event.preventDefault();
  };

  return (
    <div class={preview ? 'picker has-preview' : 'picker'}>
      <input ref={field} class="picked" type="text" role="combobox" aria-label={label} aria-expanded={shown.length > 0}
        aria-controls={id} aria-autocomplete="list" aria-activedescendant={marked ? `${id}-${at}` : undefined} placeholder={hint} value={typed}
        autocomplete="off" spellcheck={false} onKeyDown={onKey}
        onInput={(event) => { setTyped(event.currentTarget.value); setIndex(0); }} />
      <ul ref={list} class="choices" id={id} role="listbox" aria-label={label} hidden={shown.length === 0}>
        {shown.flatMap((choice, i) => [
          typed === '' && choice.group && choice.group !== shown[i - 1]?.group && (
            <li key={`group ${choice.group}`} class="group" role="presentation">{choice.group}</li>
          ),
          <li key={choice.id} id={`${id}-${i}`} class="choice" role="option" aria-selected={i === at}
            aria-checked={choice.checked} onMouseMove={() => i !== at && setIndex(i)}
            onMouseDown={(event) => event.preventDefault()} onClick={() => choose(choice)}>
            {choice.checked !== undefined && <span class="check">{choice.checked && <Icon name="tick" />}</span>}
            {choice.lead && <span class="lead">{choice.lead}</span>}
            <span class="named">{marks(typed, choice.name)}</span>
            {choice.hint && <span class="choice-hint">{choice.hint}</span>}
            {choice.keys && <span class="caps">{choice.keys.map((key) => <kbd key={key}>{key}</kbd>)}</span>}
          </li>,
        ])}
      </ul>
      {shown.length === 0 && <p class="none" role="status">{none}</p>}
      {preview && marked && <div class="preview">{preview(marked)}</div>}
    </div>
  );
}

/** The name with the letters that were meant. */
function marks(typed: string, name: string): ComponentChildren {
  const at = new Set(typed === '' ? [] : fuzzy(typed, name)?.at);
  if (at.size === 0) return name;
  return [...name].map((letter, i) => (at.has(i) ? <mark key={i}>{letter}</mark> : letter));
}
