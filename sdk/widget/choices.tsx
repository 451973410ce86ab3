/** Answers to tap instead of typing: they stand where the customer's own words will, and go when one is said. */
import type { RefObject } from 'preact';
import type { Conversation } from '../index.ts';
import { STRINGS } from './strings.ts';

interface Props {
  conversation: Conversation;
  choices: readonly string[];
  field: RefObject<HTMLTextAreaElement>;
  onTalk(): void;
}

export function Choices({ conversation, choices, field, onTalk }: Props) {
  const choose = (text: string, { detail, currentTarget }: MouseEvent & { currentTarget: HTMLElement }) => {
    // A second tap may come before the drawing.
    if (!conversation.messages.get().choices.includes(text)) return;
    // The button goes away. The keyboard goes on in the composer; a finger there would call up the keys on the screen.
    const next = detail === 0 ? field.current : currentTarget.closest<HTMLElement>('.log');
    next?.focus({ preventScroll: true });
    conversation.send({ text });
    onTalk();
  };
  return (
    <div class="choices" role="group" aria-label={STRINGS.choices}>
      {choices.map((choice) => (
        <button key={choice} type="button" onClick={(event) => choose(choice, event)}>{choice}</button>
      ))}
    </div>
  );
}
