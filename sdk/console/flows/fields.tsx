/** The plain fields of a flow's forms: a line, lines, a number, a length of time, a choice, ticks, words. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { unitOf, UNITS, type Unit } from '../admin/time.tsx';
import { ADMIN } from '../strings.ts';
import { Ticks } from '../ticks.tsx';
import { WordList } from '../word-list.tsx';
import { useAt } from './form.ts';
import type { Option } from './names.ts';
import { FLOWS } from './words.ts';

export interface FieldProps {
  path: string;
  label: string;
  hint?: string | undefined;
}

interface LabelledProps extends FieldProps {
  id: string;
  said: readonly string[];
  children: ComponentChildren;
}

/** A field with its name above, what it means and what is wrong below. */
export function Labelled({ path, label, hint, id, said, children }: LabelledProps) {
  return (
    <div class="field" data-field={path}>
      <label for={id}>{label}</label>
      {children}
      {hint && <p class="means">{hint}</p>}
      <Said id={id} said={said} />
    </div>
  );
}

/** Several editors under one name. */
export function Fieldset({ path, label, hint, children }: FieldProps & { children: ComponentChildren }) {
  const { id, said } = useAt(path);
  return (
    <fieldset class="field group" data-field={path}>
      <legend>{label}</legend>
      {hint && <p class="means">{hint}</p>}
      {children}
      <Said id={id} said={said} />
    </fieldset>
  );
}

export function Said({ id, said }: { id: string; said: readonly string[] }) {
  return said.length === 0 ? null : <p class="wrong" id={`${id}-said`} role="alert">{said.join(' ')}</p>;
}

export function Line(props: FieldProps & { placeholder?: string | undefined; optional?: boolean; mono?: boolean }) {
  const { id, said, value, set, shared } = useAt(props.path);
  return (
    <Labelled {...props} id={id} said={said}>
      <input {...shared} type="text" class={props.mono ? 'mono' : undefined} value={written(value)} autoComplete="off"
        spellcheck={!props.mono}
        placeholder={props.placeholder}
        onInput={({ currentTarget: { value: text } }) => set(text === '' && props.optional ? undefined : text)} />
    </Labelled>
  );
}

export function Area(props: FieldProps & { rows?: number; optional?: boolean; mono?: boolean }) {
  const { id, said, value, set, shared } = useAt(props.path);
  return (
    <Labelled {...props} id={id} said={said}>
      <textarea {...shared} rows={props.rows ?? 3} class={props.mono ? 'mono' : undefined} value={written(value)}
        onInput={({ currentTarget: { value: text } }) => set(text === '' && props.optional ? undefined : text)} />
    </Labelled>
  );
}

/** Whole numbers; nothing is the default where there is one. */
export function NumberField(props: FieldProps & { least: number; most: number; standard?: number }) {
  const { id, said, value, set, shared } = useAt(props.path);
  return (
    <Labelled {...props} id={id} said={said}>
      <input {...shared} type="number" class="short" min={props.least} max={props.most} step={1}
        placeholder={props.standard?.toString()}
        value={typeof value === 'number' && !Number.isNaN(value) ? value : ''}
        onInput={({ currentTarget: { valueAsNumber: n } }) => set(Number.isNaN(n) ? undefined : n)} />
    </Labelled>
  );
}

/** A length of time, kept in milliseconds. `none`: what it means that there is none. */
export function Duration(props: FieldProps & { none?: string; standard?: number }) {
  const { id, said, value, set, shared } = useAt(props.path);
  const [chosen, choose] = useState<Unit | null>(null);
  const ms = typeof value === 'number' ? value : props.none === undefined ? props.standard ?? null : null;
  const stays = chosen !== null && (ms === null || Number.isNaN(ms) || ms % UNITS[chosen] === 0);
  const unit = stays ? chosen : unitOf(ms ?? 0);
  const count = ms === null || Number.isNaN(ms) ? '' : ms / UNITS[unit];
  const shown = ms !== null || props.none === undefined;
  const turn = (to: string) => {
    if (!isUnit(to)) return set(undefined);
    choose(to);
    set((typeof count === 'number' ? count : 1) * UNITS[to]);
  };
  return (
    <Labelled {...props} id={id} said={said}>
      <div class="time">
        {shown && (
          <input {...shared} type="number" class="short" min={0} step={1} value={count}
            onInput={({ currentTarget: { valueAsNumber: n } }) => {
            choose(unit);
            set(Number.isNaN(n) ? 0 : Math.round(n * UNITS[unit]));
          }} />
        )}
        <select id={shown ? undefined : id} aria-label={shown ? ADMIN.unit(props.label) : undefined}
          value={shown ? unit : ''}
          onChange={(event) => turn(event.currentTarget.value)}>
          {props.none !== undefined && <option value="">{props.none}</option>}
          {Object.keys(UNITS).filter(isUnit).map((one) => <option key={one} value={one}>{ADMIN.units[one]}</option>)}
        </select>
      </div>
    </Labelled>
  );
}

interface SelectProps extends FieldProps {
  of: readonly Option[];
  /** What it means when nothing is chosen; without it something must be. */
  none?: string | undefined;
  /** What is kept then. */
  blankIs?: string | undefined;
  /** The one that holds while nothing is said. */
  standard?: string;
  /** The ids are numbers. */
  numbers?: boolean;
  /** Where more changes with it than the field itself. */
  onPick?(next: string): void;
}

export function Select({ of, none, blankIs, standard = '', numbers = false, onPick, ...props }: SelectProps) {
  const { id, said, value, set, shared } = useAt(props.path);
  const chosen = value === undefined || value === null ? standard : String(value);
  const pick = (next: string) => (
    next === '' && none !== undefined ? set(blankIs) : set(numbers ? Number(next) : next));
  return (
    <Labelled {...props} id={id} said={said}>
      <select {...shared} value={chosen} onChange={(event) => (onPick ?? pick)(event.currentTarget.value)}>
        {(none !== undefined || chosen === '') && <option value="">{none ?? FLOWS.choose}</option>}
        <Options of={of} chosen={chosen} />
      </select>
    </Labelled>
  );
}

/** Under the names of their groups; what is chosen and not there any more is shown as that. */
export function Options({ of, chosen }: { of: readonly Option[]; chosen: string }) {
  const groups = [...new Set(of.map(({ group }) => group))];
  const gone = chosen !== '' && of.every(({ id }) => id !== chosen);
  const option = ({ id, name }: Option) => <option key={id} value={id}>{name}</option>;
  return (
    <>
      {groups.map((group) => {
        const these = of.filter((one) => one.group === group).map(option);
        return group === undefined ? these : <optgroup key={group} label={group}>{these}</optgroup>;
      })}
      {gone && <option value={chosen}>{chosen}</option>}
    </>
  );
}

/** Any number of a few things. `blankIs`: what is kept when none is. */
export function Picks(props: FieldProps & { of: readonly Option[]; empty: string; blankIs?: readonly string[] }) {
  const { id, value, set } = useAt(props.path);
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [];
  const gone = chosen.map(String).filter((one) => props.of.every((known) => known.id !== one));
  const all = [...props.of, ...gone.map((one) => ({ id: one, name: ADMIN.gone(one) }))];
  return (
    <Fieldset {...props}>
      {all.length === 0 ? <p class="means">{props.empty}</p> : (
        <div class="picks">
          <Ticks name={id} of={all} chosen={chosen} onChange={(next) => set(next.length === 0 ? props.blankIs : next)} />
        </div>
      )}
    </Fieldset>
  );
}

export function Tick({ path, label, hint }: FieldProps) {
  const { id, said, value, set } = useAt(path);
  return (
    <div class="field tick" data-field={path}>
      <input type="checkbox" id={id} checked={value === true}
        onChange={(event) => set(event.currentTarget.checked || undefined)} />
      <label for={id}>{label}</label>
      {hint && <p class="means">{hint}</p>}
      <Said id={id} said={said} />
    </div>
  );
}

/** A list of words, with a line to write another. `known`: suggested. */
export function Words(props: FieldProps & { known?: readonly string[] }) {
  const { id, value, set } = useAt(props.path);
  return (
    <Fieldset {...props}>
      <WordList id={id} label={props.label} words={Array.isArray(value) ? value.map(String) : []}
        known={props.known ?? []}
        onChange={(words) => set(words.length === 0 ? undefined : words)} />
    </Fieldset>
  );
}

export function written(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value);
}

function isUnit(name: string): name is Unit {
  return Object.hasOwn(UNITS, name);
}
