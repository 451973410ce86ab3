/** The customer: who they are, and what is known of them, each field to be changed where it stands. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ContactView } from '../agent.ts';
import type { ConversationSummary } from '../index.ts';
import { Icon } from '../ui/icons.tsx';
import { useConsole } from './context.ts';
import { Face } from './face.tsx';
import { LANGUAGE, STRINGS } from './strings.ts';

/** Asked for by name where nobody has filled them in. */
const USUAL = ['email', 'phone', 'company'] as const;

interface Props {
  contact: ConversationSummary['contact'];
  online: boolean;
}

export function Contact({ contact: { id, name, identified }, online }: Props) {
  const { agent, watch } = useConsole();
  const [known, setKnown] = useState<ContactView | null>(null);
  const [adding, setAdding] = useState(false);
  const load = () => agent.contact(id).then(setKnown);
  useEffect(() => watch(load()), [id]);
  const change = (field: string, value: string) => watch(agent.setContactField(id, field, value).then(load));
  const fields = known?.fields ?? {};
  const names = [...USUAL, ...Object.keys(fields).filter((field) => !USUAL.some((usual) => usual === field))];
  const shown = name || STRINGS.visitor;
  return (
    <section class="contact" aria-label={STRINGS.customer}>
      <Face id={id} name={shown} />
      <h2>{shown}</h2>
      <p class={online ? 'presence is-online' : 'presence'}>{online ? STRINGS.customerOnline : STRINGS.customerAway}</p>
      <p>
        {identified ? STRINGS.identified : STRINGS.anonymous}
        {known && ` · ${STRINGS.since(dateOf(known.since))}`}
      </p>
      {known && (
        <dl class="contact-fields">
          {names.map((field) => (
            <FieldOf key={field} name={field} value={fields[field] ?? ''} onChange={(value) => change(field, value)} />
          ))}
        </dl>
      )}
      {known && (adding
        ? <NewField onAdd={(field, value) => { change(field, value); setAdding(false); }} onClose={() => setAdding(false)} />
        : (
          <button type="button" class="add-more" onClick={() => setAdding(true)}>
            <Icon name="plus" />{STRINGS.addField}
          </button>
        ))}
    </section>
  );
}

const dateOf = (at: number): string => new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium' }).format(at);

function labelOf(field: string): string {
  const usual = USUAL.find((one) => one === field);
  return usual ? STRINGS.fields[usual] : field;
}

/** Shown until it is clicked; then Enter keeps what was written, and Escape what stood there. */
function FieldOf({ name, value, onChange }: { name: string; value: string; onChange(value: string): void }) {
  const [editing, setEditing] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  /** Whoever leaves by a key wants the focus back where it was. */
  const byKey = useRef(false);
  const label = labelOf(name);
  useLayoutEffect(() => {
    if (editing) input.current?.select();
    else if (byKey.current) button.current?.focus();
    byKey.current = false;
  }, [editing]);
  const done = (next: string | null) => {
    setEditing(false);
    if (next !== null && next.trim() !== value) onChange(next.trim());
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.isComposing || (event.key !== 'Enter' && event.key !== 'Escape')) return;
    event.preventDefault();
    byKey.current = true;
    done(event.key === 'Enter' ? input.current?.value ?? null : null);
  };
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        {editing ? (
          <input ref={input} type="text" maxLength={500} defaultValue={value} aria-label={label} onKeyDown={onKey}
            onBlur={(event) => editing && done(event.currentTarget.value)} />
        ) : (
          <button ref={button} type="button" class="changed" title={STRINGS.editField(label)}
            onClick={() => setEditing(true)}>
            {value === '' ? <span class="unknown">{STRINGS.unknown}</span> : value}
          </button>
        )}
      </dd>
    </div>
  );
}

function NewField({ onAdd, onClose }: { onAdd(field: string, value: string): void; onClose(): void }) {
  const field = useRef<HTMLInputElement>(null);
  const value = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const add = (event: Event) => {
    event.preventDefault();
    const name = field.current?.value.trim() ?? '';
    const said = value.current?.value.trim() ?? '';
    if (name !== '' && said !== '') onAdd(name, said);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onClose();
  };
  return (
    <form class="new-field" onSubmit={add} onKeyDown={onKey}>
      <input ref={field} type="text" maxLength={40} placeholder={STRINGS.fieldName} aria-label={STRINGS.fieldName} />
      <input ref={value} type="text" maxLength={500} placeholder={STRINGS.fieldValue} aria-label={STRINGS.fieldValue} />
      <button type="submit" class="secondary">{STRINGS.add}</button>
    </form>
  );
}
