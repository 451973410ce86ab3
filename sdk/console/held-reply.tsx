/** A reply that was held back, because a colleague has answered meanwhile: both in sight, and one decides. */
import { Written } from '../ui/written.tsx';
import { useActs } from './acting.ts';
import { justNow } from './ages.ts';
import { Caps } from './caps.tsx';
import { useConsole, useGatewayNow } from './context.ts';
import { Face } from './face.tsx';
import type { Held } from './held.ts';
import { LANGUAGE, STRINGS } from './strings.ts';

interface Props {
  held: Held;
  onAnyway(): void;
  onEdit(): void;
  onDiscard(): void;
}

export function HeldReply({ held, onAnyway, onEdit, onDiscard }: Props) {
  const { acting } = useConsole();
  const now = useGatewayNow(1_000);
  const last = held.answers.at(-1);
  useActs(acting, { sendAnyway: onAnyway, editHeld: onEdit, discardHeld: onDiscard });
  return (
    <section class="held" role="alert" aria-label={STRINGS.held}>
      <h3>{last ? STRINGS.answered(last.author.name, justNow(now - last.at, LANGUAGE)) : STRINGS.heldPlain}</h3>
      {held.answers.map((answer) => (
        <div key={answer.key} class="their-answer">
          <Face id={answer.author.id} name={answer.author.name} />
          <div class="balloon"><Written text={answer.body.text} /></div>
        </div>
      ))}
      <p class="muted">{STRINGS.yours}</p>
      <div class="balloon"><Written text={held.text} /></div>
      <div class="choices-of-two">
        <button type="button" class="secondary" onClick={onDiscard}>{STRINGS.discard}<Caps act="discardHeld" /></button>
        <button type="button" class="secondary" onClick={onEdit}>{STRINGS.edit}<Caps act="editHeld" /></button>
        <button type="button" class="primary" onClick={onAnyway}>{STRINGS.sendAnyway}<Caps act="sendAnyway" /></button>
      </div>
    </section>
  );
}
