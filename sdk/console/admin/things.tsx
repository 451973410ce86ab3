/** A section that is a list of things: each a line, which opens into its form. */
import { useState } from 'preact/hooks';
import { Icon } from '../../ui/icons.tsx';
import { ADMIN } from '../strings.ts';
import { Add } from './adding.tsx';
import { useEditing, type EditorProps } from './editing.ts';
import { keyed, type Keyed, type Thing } from './keyed.ts';
import { blank } from './schema.ts';
import { summary } from './summary.ts';
import { ThingForm } from './thing.tsx';
import { thingName } from './words.ts';

/** Where the order means something: the first team takes what is left, the first rule decides, menus show the rest so. */
const ORDERED = ['teams', 'rules', 'macros', 'statuses', 'fields'];

/** With fewer, the eye is faster than a search. */
const WORTH_A_SEARCH = 12;

/** Who is in no team is offered nothing: a new agent begins in the first one. */
function begun(fresh: unknown, teams: unknown): unknown {
  if (typeof fresh !== 'object' || fresh === null || !('teams' in fresh) || !Array.isArray(teams)) return fresh;
  return { ...fresh, teams: (teams as readonly { id: string }[]).slice(0, 1).map(({ id }) => id) };
}

export function Things({ spot, value, onChange }: EditorProps) {
  const { section, fixed, settings } = useEditing();
  const list = keyed(spot.schema, value);
  const [open, setOpen] = useState<string | null>(null);
  const [words, setWords] = useState('');
  const tokenOf = (at: number) => (list.numbered ? String(at) : list.things[at]?.key ?? '');
  const change = (things: readonly Thing[]) => onChange(list.whole(things));
  const none: Readonly<Record<string, string>> = ADMIN.none;
  const add = (key: string) => {
    change([...list.things, { key, value: begun(blank(list.item), settings.sections['teams']) }]);
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
        <input type="search" class="search" aria-label={ADMIN.filter} placeholder={ADMIN.filter} value={words}
          onInput={(event) => setWords(event.currentTarget.value)} />
      )}
      {list.things.length === 0 && <p class="none">{none[section] ?? ADMIN.none.other}</p>}
      <ol class="things">
        {list.things.map((thing, i) => (words === '' || open === tokenOf(i) || fits(thing, words)) && (
          <li key={i} class={open === tokenOf(i) ? 'thing is-open' : 'thing'}>
            <Head list={list} at={i} open={open === tokenOf(i)} onMove={(by) => move(i, by)}
              onOpen={(wanted) => setOpen(wanted ? tokenOf(i) : null)} />
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
      {words !== '' && !list.things.some((thing) => fits(thing, words)) && (
        <p class="none" role="status">{ADMIN.noMatch}</p>
      )}
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
      {moves && <Move words={ADMIN.up(name)} up possible={at > 0} onClick={() => onMove(-1)} />}
      {moves && <Move words={ADMIN.down(name)} possible={at < list.things.length - 1} onClick={() => onMove(1)} />}
    </div>
  );
}

function Move({ words, up, possible, onClick }: { words: string; up?: boolean; possible: boolean; onClick(): void }) {
  return (
    <button type="button" class={up ? 'plain up' : 'plain'} disabled={!possible} aria-label={words} title={words} onClick={onClick}>
      <Icon name="down" />
    </button>
  );
}
