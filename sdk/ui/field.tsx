/** A text field that grows with what is written, keeps a draft per conversation, and sends on the key of its house. */
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Ref } from 'preact';
import { keep, kept } from './keep.ts';

/** The protocol's limit on a message. */
export const MAX_TEXT = 8000;

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
  onText(text: string): void;
  onSend(): void;
  onLeave?(): void;
}

export function Field(props: Props) {
  const { field } = props;
  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [props.text]);

  const onKey = (event: KeyboardEvent) => {
    // An input method uses Enter to choose a word.
    if (event.key !== 'Enter' || event.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    if (props.sends === 'enter' ? event.shiftKey && !command : !command) return;
    event.preventDefault();
    props.onSend();
  };

  return (
    <textarea ref={field} rows={1} maxLength={MAX_TEXT} value={props.text} aria-label={props.label}
      placeholder={props.hint} disabled={props.disabled} onKeyDown={onKey}
      onInput={(event) => props.onText(event.currentTarget.value)} onBlur={props.onLeave} />
  );
}
