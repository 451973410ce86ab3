/** Where an agent writes: to the customer, or a note that only agents see. Ctrl or Cmd with Enter sends. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Conversation } from '../index.ts';
import { Field, useDraft } from '../ui/field.tsx';
import { useValue } from '../ui/value.ts';
import { STRINGS } from './strings.ts';

interface Props {
  conversation: Conversation;
  /** `asked` grows whenever the keyboard asks for the field. */
  writing: { note: boolean; asked: number };
  onNote(note: boolean): void;
}

export function Composer({ conversation, writing: { note, asked }, onNote }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const closed = useValue(conversation.state)?.status === 'closed' && !note;
  const [text, setText] = useDraft(`parley.${note ? 'note' : 'reply'}.${conversation.id}`);
  // Before the next key: a letter that came too early would be taken for a command.
  useLayoutEffect(() => {
    if (asked > 0) field.current?.focus();
  }, [asked]);

  const write = (written: string) => {
    setText(written);
    // A note is nobody's business but the house's: no typing is shown for it.
    if (!note) conversation.typing(written.trim() !== '');
  };
  const send = () => {
    if (text.trim() === '' || closed) return;
    conversation.send({ text: text.trim(), note });
    conversation.typing(false);
    setText('');
    field.current?.focus();
  };

  return (
    <form class={note ? 'composer is-note' : 'composer'} onSubmit={(event) => { event.preventDefault(); send(); }}>
      <Field field={field} text={text} label={note ? STRINGS.note : STRINGS.reply} sends="ctrl+enter" disabled={closed}
        hint={note ? STRINGS.noteHint : closed ? STRINGS.closedHint : STRINGS.replyHint} onText={write} onSend={send}
        onLeave={() => conversation.typing(false)} />
      <div class="foot">
        <div class="kinds" role="group" aria-label={STRINGS.kind}>
          <button type="button" aria-pressed={!note} title="r" onClick={() => onNote(false)}>{STRINGS.reply}</button>
          <button type="button" aria-pressed={note} title="n" onClick={() => onNote(true)}>{STRINGS.note}</button>
        </div>
        <span class="hint"><kbd>Ctrl</kbd> <kbd>Enter</kbd></span>
        <button type="submit" class="primary" disabled={text.trim() === '' || closed}>
          {note ? STRINGS.addNote : STRINGS.send}
        </button>
      </div>
    </form>
  );
}
