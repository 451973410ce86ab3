/** A section that is a list of things: each a line, which opens into its form. */
import { useState } from 'preact/hooks';
import { Icon } from '../../ui/icons.tsx';
import { ADMIN } from '../strings.ts';
import { useEditing, type EditorProps, type Spot } from './editing.ts';
import { keyed, type Keyed, type Thing } from './keyed.ts';
import { madeOf } from './problems.ts';
import { blank, solid } from './schema.ts';
import { summary } from './summary.ts';
import { ThingForm } from './thing.tsx';
import { thingName } from './words.ts';

/** Sections in which the order means something: the first team takes what is left, the first rule decides, menus show the rest so. */
const ORDERED = ['teams', 'rules', 'macros', 'statuses'];

/** With fewer, the eye is faster than a search. */
const WORTH_A_SEARCH = 12;

export function Things({ spot, value, onChange }: EditorProps) {
  const { section, fixed } = useEditing();
  const list = keyed(spot.schema, value);
  const [open, setOpen] = useState<string | null>(null);
  const [words, setWords] = useState('');
  const tokenOf = (at: number) => (list.numbered ? String(at) : list.things[at]?.key ?? '');
  const change = (things: readonly Thing[]) => onChange(list.whole(things));
  const none: Readonly<Record<string, string>> = ADMIN.none;
  const add = (key: string) => {
    change([...list.things, { key, value: blank(list.item) }]);
    setOpen(list.numbered ? String(list.things.length) : key);
  };
  const move = (at: number, by: number) => {
    const order = list.things.filter((_, i) => i !== at);
    order.splice(at + by, 0, ...list.things.slice(at, at + 1));
    change(order);
    if (list.numbered && open === String(at)) setOpen(String(at + by));
  };
  return (
    <>
      {list.things.length > WORTH_A_SEARCH && (
        <input type="search" class="search" aria-label={ADMIN.filter} placeholder={ADMIN.filter} value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      )}
      {list.things.length === 0 && <p class="none">{none[section] ?? ADMIN.none.other}</p>}
      <ol class="things">
        {list.things.map((thing, i) => (words === '' || open === tokenOf(i) || fits(thing, words)) && (
          <li key={i} class={open === tokenOf(i) ? 'thing is-open' : 'thing'}>
            <Head list={list} at={i} open={open === tokenOf(i)} onOpen={(wanted) => setOpen(wanted ? tokenOf(i) : null)} onMove={(by) => move(i, by)} />
            {open === tokenOf(i) && (
              <ThingForm spot={{ keys: [], path: list.pathOf(i), schema: list.item, unset: null }} list={list} thing={thing}
                onChange={(changed) => {
                  change(list.things.map((one, other) => (other === i ? changed : one)));
                  if (!list.numbered) setOpen(changed.key);
                }}
                onRemove={() => {
                  change(list.things.filter((_, other) => other !== i));
                  setOpen(null);
                }} />
            )}
          </li>
        ))}
      </ol>
      {words !== '' && !list.things.some((thing) => fits(thing, words)) && <p class="none" role="status">{ADMIN.noMatch}</p>}
      {!fixed && <Add list={list} onAdd={add} />}
    </>
  );
}

function fits({ key, value }: Thing, words: string): boolean {
  const text = `${thingName(value)} ${key}`.toLocaleLowerCase();
  return words.toLocaleLowerCase().split(/\s+/u).every((word) => text.includes(word));
}

interface HeadProps {
  list: Keyed;
  at: number;
  open: boolean;
  onOpen(open: boolean): void;
  onMove(by: number): void;
}

function Head({ list, at, open, onOpen, onMove }: HeadProps) {
  const { section, settings, problems, fixed } = useEditing();
  const thing = list.things[at];
  const name = list.numbered ? ADMIN.numbered(String(at + 1)) : thingName(thing?.value, thing?.key);
  const path = list.pathOf(at);
  const wrong = [...problems.keys()].some((one) => one === path || one.startsWith(`${path}.`));
  const moves = ORDERED.includes(section) && list.things.length > 1 && !fixed;
  return (
    <div class="thing-head">
      <button type="button" class="thing-name" aria-expanded={open} onClick={() => onOpen(!open)}>
        <Icon name="down" />
        <span class="name">{name}</span>
        <span class="facts">{summary(settings, section, list.item, thing?.value)}</span>
        {wrong && <span class="chip is-open">{ADMIN.wrongHere}</span>}
      </button>
      {moves && (
        <button type="button" class="plain up" disabled={at === 0} aria-label={ADMIN.up(name)} title={ADMIN.up(name)} onClick={() => onMove(-1)}>
          <Icon name="down" />
        </button>
      )}
      {moves && (
        <button type="button" class="plain" disabled={at === list.things.length - 1} aria-label={ADMIN.down(name)} title={ADMIN.down(name)} onClick={() => onMove(1)}>
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

/** A thing of a table is named when it is added; any other has a form for that. */
function Add({ list, onAdd }: { list: Keyed; onAdd(key: string): void }) {
  const { section } = useEditing();
  const [name, setName] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const words: Readonly<Record<string, string>> = ADMIN.add;
  const label = words[section] ?? ADMIN.add.other;
  // One at a time: two without an id could not be told apart.
  const waits = !list.numbered && list.things.some(({ key }) => key === '');
  if (list.names === null) {
    return <button type="button" class="secondary add" disabled={waits} onClick={() => onAdd('')}><Icon name="plus" /> {label}</button>;
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
        <input type="text" id={id} value={name} autoComplete="off" aria-invalid={problem !== null} aria-describedby={problem === null ? undefined : `${id}-problem`}
          placeholder={ADMIN.newName} onInput={(event) => setName(event.currentTarget.value)} onKeyDown={(event) => {
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

function whyNot(names: Spot['schema'], key: string, taken: readonly string[]): string | null {
  const { pattern } = solid(names);
  if (key === '') return ADMIN.problems.missing;
  if (taken.includes(key)) return ADMIN.problems.twice;
  return pattern && !new RegExp(pattern, 'u').test(key) ? ADMIN.problems.pattern[madeOf(pattern)] : null;
}
