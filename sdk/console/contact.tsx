/** The customer: who they are, and what is known of them, each field to be changed where it stands. */
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ContactView, FieldType } from '../agent.ts';
import { ParleyError, type ConversationSummary } from '../index.ts';
import { Icon } from '../ui/icons.tsx';
import { ContactField } from './contact-field.tsx';
import { useConsole } from './context.ts';
import { Face } from './face.tsx';
import { LANGUAGE, STRINGS } from './strings.ts';

interface Props {
  contact: ConversationSummary['contact'];
  online: boolean;
}

export function Contact({ contact: { id, name, identified }, online }: Props) {
  const { agent, acting, watch } = useConsole();
  const [known, setKnown] = useState<ContactView | null>(null);
  const [adding, setAdding] = useState(false);
  const load = () => agent.contact(id).then(setKnown);
  useEffect(() => watch(load()), [id]);
  /** What is refused for its value is told at the field, anything else aside. */
  const change = async (field: string, value: string) => {
    try {
      await agent.setContactField(id, field, value);
    } catch (error) {
      if (!(error instanceof ParleyError) || error.name !== 'invalid') watch(Promise.reject(error));
      throw error;
    }
    watch(load());
  };
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
      <button type="button" class="secondary reach" onClick={() => acting.run('reach')}>
        <Icon name="talk" />{STRINGS.reachMore}
      </button>
      {known && (
        <dl class="contact-fields">
          {typesOf(known).map((type) => (
            <ContactField key={type.id} type={type} value={known.fields[type.id] ?? ''}
              verified={known.verified.includes(type.id)} onChange={(value) => change(type.id, value)} />
          ))}
        </dl>
      )}
      {known && (adding
        ? <NewField onAdd={(field, value) => change(field, value).then(() => setAdding(false))} onClose={() => setAdding(false)} />
        : (
          <button type="button" class="add-more" onClick={() => setAdding(true)}>
            <Icon name="plus" />{STRINGS.addField}
          </button>
        ))}
    </section>
  );
}

/** Those that the workspace describes, then whatever else is known, as text. */
function typesOf({ types, fields }: ContactView): FieldType[] {
  const others = Object.keys(fields).filter((id) => types.every((type) => type.id !== id));
  return [...types, ...others.map((id): FieldType => ({ id, name: id, type: 'text', choices: [] }))];
}

const dateOf = (at: number): string => new Intl.DateTimeFormat(LANGUAGE, { dateStyle: 'medium' }).format(at);

/** `onAdd` rejects with why it is not taken. */
function NewField({ onAdd, onClose }: { onAdd(field: string, value: string): Promise<void>; onClose(): void }) {
  const id = useId();
  const [wrong, blame] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const value = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const add = (event: Event) => {
    event.preventDefault();
    const name = field.current?.value.trim() ?? '';
    const said = value.current?.value.trim() ?? '';
    if (name !== '' && said !== '') onAdd(name, said).catch(() => blame(true));
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    onClose();
  };
  return (
    <form class="new-field" onSubmit={add} onKeyDown={onKey}>
      <input ref={field} type="text" maxLength={40} placeholder={STRINGS.fieldName} aria-label={STRINGS.fieldName}
        aria-invalid={wrong} aria-describedby={wrong ? id : undefined} onInput={() => blame(false)} />
      <input ref={value} type="text" maxLength={500} placeholder={STRINGS.fieldValue} aria-label={STRINGS.fieldValue} />
      <button type="submit" class="secondary">{STRINGS.add}</button>
      {wrong && <p class="wrong" id={id} role="alert">{STRINGS.wrongName}</p>}
    </form>
  );
}
