/** A field of a contact: shown until it is clicked, then changed where it stands, in the way that its type asks for. */
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { FieldType } from '../agent.ts';
import { ParleyError } from '../index.ts';
import { Icon } from '../ui/icons.tsx';
import { LANGUAGE, STRINGS } from './strings.ts';

interface Props {
  type: FieldType;
  value: string;
  /** The contact's own sign-in says it. */
  verified: boolean;
  /** Rejects with why the gateway does not take it. */
  onChange(value: string): Promise<void>;
}

/** Of an address, a number and a date the keyboard of a telephone, and the calendar, know more. */
const INPUTS = { email: 'email', phone: 'tel', url: 'url', date: 'date' } as const;
const MOST_LETTERS = 1_000;

export function fieldLabel({ id, name }: Pick<FieldType, 'id' | 'name'>): string {
  const usual: Readonly<Record<string, string>> = STRINGS.fields;
  return usual[id] ?? name;
}

export function ContactField({ type, value, verified, onChange }: Props) {
  const [editing, edit] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  /** Whoever leaves by a key wants the focus back where it was. */
  const byKey = useRef(false);
  const label = fieldLabel(type);
  useLayoutEffect(() => {
    if (!editing && byKey.current) button.current?.focus();
    byKey.current = false;
  }, [editing]);
  const shown = value === '' ? <span class="unknown">{STRINGS.unknown}</span> : valueSaid(type, value);
  return (
    <div>
      <dt title={label}>{label}</dt>
      <dd>
        {verified ? (
          <span class="changed is-verified" title={STRINGS.verified}>
            {shown}<Icon name="tick" /><span class="unseen">{STRINGS.verified}</span>
          </span>
        ) : editing ? (
          <Editor type={type} label={label} value={value} onChange={onChange}
            onDone={(key) => { byKey.current = key; edit(false); }} />
        ) : (
          <button ref={button} type="button" class="changed" title={STRINGS.editField(label)} onClick={() => edit(true)}>
            {shown}
          </button>
        )}
      </dd>
    </div>
  );
}

interface EditorProps extends Omit<Props, 'verified'> {
  label: string;
  /** `byKey`: left by a key. */
  onDone(byKey: boolean): void;
}

/** Enter keeps what was written, and Escape what stood there; what is refused stays, with what would be right. */
function Editor({ type, label, value, onChange, onDone }: EditorProps) {
  const id = useId();
  const field = useRef<HTMLInputElement & HTMLSelectElement>(null);
  const [refused, refuse] = useState<{ value: string; why: string } | null>(null);
  /** On its way, or done with: what goes from the screen loses the focus, and that is no change. */
  const busy = useRef(false);
  const options = optionsOf(type);
  useLayoutEffect(() => {
    field.current?.focus();
    if (field.current instanceof HTMLInputElement) field.current.select();
  }, []);
  const close = (byKey: boolean) => {
    busy.current = true;
    onDone(byKey);
  };
  const keep = (next: string, byKey: boolean) => {
    if (busy.current) return;
    if (next === value) return close(byKey);
    busy.current = true;
    onChange(next).then(() => close(byKey), (error: unknown) => {
      if (!(error instanceof ParleyError) || error.name !== 'invalid') return close(byKey);
      busy.current = false;
      refuse({ value: next, why: wrongSaid(type) });
      field.current?.focus();
    });
  };
  const typed = () => field.current?.value.trim() ?? '';
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === 'Enter') keep(typed(), true);
    else close(true);
  };
  // Whoever goes elsewhere with what was refused leaves what stood there.
  const leave = () => {
    if (busy.current) return;
    if (typed() === refused?.value) close(false);
    else keep(typed(), false);
  };
  const shared = {
    'aria-label': label, 'aria-invalid': refused !== null, 'aria-describedby': refused ? id : undefined, onKeyDown: onKey, onBlur: leave,
  };
  return (
    <>
      {options !== null ? (
        <select ref={field} {...shared} onChange={() => keep(typed(), true)}>
          <option value="" selected={value === ''}>{STRINGS.unknown}</option>
          {options.map((one) => <option key={one.id} value={one.id} selected={one.id === value}>{one.name}</option>)}
        </select>
      ) : (
        <input ref={field} {...shared} type={inputOf(type, value)} inputMode={type.type === 'number' ? 'decimal' : undefined}
          maxLength={MOST_LETTERS} defaultValue={value} autoComplete="off" />
      )}
      {refused && <p class="wrong" id={id} role="alert">{refused.why}</p>}
    </>
  );
}

function optionsOf({ type, choices }: FieldType): { id: string; name: string }[] | null {
  if (type === 'boolean') return [{ id: 'true', name: STRINGS.yes }, { id: 'false', name: STRINGS.no }];
  return type === 'choice' ? choices.map((one) => ({ id: one, name: one })) : null;
}

/** A date with its time is written as text: the calendar would lose the time. */
function inputOf({ type }: FieldType, value: string): string {
  if (type === 'date' && value !== '' && !isDay(value)) return 'text';
  // Its own words about what is wrong would come before ours, and know less.
  return type in INPUTS ? INPUTS[type as keyof typeof INPUTS] : 'text';
}

function wrongSaid({ type, choices }: FieldType): string {
  return type === 'choice' && choices.length > 0 ? `${STRINGS.wrongField.choice}: ${choices.join(', ')}` : STRINGS.wrongField[type];
}

function valueSaid({ type }: FieldType, value: string): string {
  switch (type) {
    case 'boolean': return value === 'true' ? STRINGS.yes : value === 'false' ? STRINGS.no : value;
    case 'language': return nameIn('language', value);
    case 'country': return nameIn('region', value);
    case 'date': return isDay(value) ? new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(value)) : value;
    default: return value;
  }
}

function isDay(value: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/u.test(value) && !Number.isNaN(Date.parse(value));
}

function nameIn(type: 'language' | 'region', value: string): string {
  try {
    return new Intl.DisplayNames(LANGUAGE, { type }).of(value) ?? value;
  } catch {
    return value;
  }
}
