/** A text field that grows with what is written, keeps a draft per conversation, and sends on the key of its house. */
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Ref } from 'preact';
import { keep, kept } from './keep.ts';

/** The protocol's limit on a message. */
export const MAX_TEXT = 8000;
/** Where the sheet does it (`field-sizing`), growing costs no measuring at each key. */
const GROWS_BY_ITSELF = typeof CSS !== 'undefined' && CSS.supports('field-sizing', 'content');

/** The draft of one conversation: it survives a reload and a change of conversation. */
export function useDraft(name: string): [string, (text: string) => void] {
  const [draft, setDraft] = useState(() => ({ name, text: kept(name) ?? '' }));
  const current = draft.name === name ? draft.text : kept(name) ?? '';
  return [current, (text) => {
    setDraft({ name, text });
    keep(name, text === '' ? null : text);
  }];
}

interface Props {
  text: string;
  label: string;
  hint: string;
  disabled?: boolean;
  field: Ref<HTMLTextAreaElement> & { current: HTMLTextAreaElement | null };
  /** Which Enter sends. */
  sends: 'enter' | 'ctrl+enter';
  /** A list of completions and the one that Enter would take. */
  completes?: { list: string; marked: string } | null;
  onText(text: string): void;
  onSend(): void;
  onLeave?(): void;
  /** Comes before all else, and may prevent it. */
  onKey?(event: KeyboardEvent): void;
  /** The caret has moved. */
  onCaret?(): void;
}

export function Field(props: Props) {
  const { field } = props;
  useLayoutEffect(() => {
    const element = field.current;
    if (!element || GROWS_BY_ITSELF) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [props.text]);

  const onKey = (event: KeyboardEvent) => {
    props.onKey?.(event);
    // An input method uses Enter to choose a word.
    if (event.defaultPrevented || event.key !== 'Enter' || event.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    if (props.sends === 'enter' ? event.shiftKey && !command : !command) return;
    event.preventDefault();
    props.onSend();
  };

  return (
    <textarea ref={field} rows={1} maxLength={MAX_TEXT} value={props.text} aria-label={props.label}
      placeholder={props.hint} disabled={props.disabled} onKeyDown={onKey}
      aria-autocomplete={props.completes ? 'list' : undefined} aria-controls={props.completes?.list}
      aria-activedescendant={props.completes?.marked} onSelect={props.onCaret}
      onInput={(event) => props.onText(event.currentTarget.value)} onBlur={props.onLeave} />
  );
}
