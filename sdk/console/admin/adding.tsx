/** How a section gains a thing: a thing of a table is named when it is added, any other has a form for that. */
import { useState } from 'preact/hooks';
import { Icon } from '../../ui/icons.tsx';
import { ADMIN } from '../strings.ts';
import { useEditing } from './editing.ts';
import type { Keyed } from './keyed.ts';
import { madeOf } from './problems.ts';
import { solid, type Schema } from './schema.ts';

export function Add({ list, onAdd }: { list: Keyed; onAdd(key: string): void }) {
  const { section } = useEditing();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const words: Readonly<Record<string, string>> = ADMIN.add;
  const label = words[section] ?? ADMIN.add.other;
  // One at a time: two without an id could not be told apart.
  const waits = !list.numbered && list.things.some(({ key }) => key === '');
  if (list.names === null) {
    return (
      <button type="button" class="secondary add" disabled={waits} onClick={() => onAdd('')}><Icon name="plus" /> {label}</button>
    );
  }
  const id = `set-add-${section}`;
  const add = () => {
    const key = name.trim();
    const why = whyNot(list.names ?? {}, key, list.things.map((one) => one.key));
    setProblem(why);
    if (why !== null) return;
    setName('');
    onAdd(key);
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="adding">
        <input type="text" id={id} value={name} autoComplete="off" aria-invalid={problem !== null}
          aria-describedby={problem === null ? undefined : `${id}-problem`} placeholder={ADMIN.newName}
          onInput={(event) => setName(event.currentTarget.value)} onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.isComposing) return;
            event.preventDefault();
            add();
          }} />
        <button type="button" class="secondary" onClick={add}>{ADMIN.addWord}</button>
      </div>
      {problem !== null && <p class="wrong" id={`${id}-problem`} role="alert">{problem}</p>}
    </div>
  );
}

function whyNot(names: Schema, key: string, taken: readonly string[]): string | null {
  const { pattern } = solid(names);
  if (key === '') return ADMIN.problems.missing;
  if (taken.includes(key)) return ADMIN.problems.twice;
  return pattern && !new RegExp(pattern, 'u').test(key) ? ADMIN.problems.pattern[madeOf(pattern)] : null;
}
