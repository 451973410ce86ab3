/** Where the customer writes: Enter sends, Shift+Enter begins a line. */
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';
import type { Conversation } from '../index.ts';
import { Field, useDraft } from '../ui/field.tsx';
import { Icon } from '../ui/icons.tsx';
import { STRINGS } from './strings.ts';

interface Props {
  conversation: Conversation;
  field: RefObject<HTMLTextAreaElement>;
  onTalk(): void;
}

export function Composer({ conversation, field, onTalk }: Props) {
  const [text, setText] = useDraft(`parley.draft.${conversation.id}`);
  useLayoutEffect(() => field.current?.focus({ preventScroll: true }), []);

  const write = (written: string) => {
    setText(written);
    conversation.typing(written.trim() !== '');
    if (written !== '') onTalk();
  };
  const send = () => {
    if (text.trim() === '') return;
    conversation.send({ text: text.trim() });
    conversation.typing(false);
    setText('');
    onTalk();
    field.current?.focus();
  };

  return (
    <form class="composer" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <Field field={field} text={text} label={STRINGS.message} hint={STRINGS.write} sends="enter" onText={write}
        onSend={send} onLeave={() => conversation.typing(false)} />
      <button type="submit" class="send" aria-label={STRINGS.send} title={STRINGS.send} disabled={text.trim() === ''}>
        <Icon name="send" />
      </button>
    </form>
  );
}
