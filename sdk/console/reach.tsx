/** A new conversation with the customer of the open one, begun by the agent with a first message. */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { AgentConversation } from '../agent.ts';
import { Dialog } from '../ui/dialog.tsx';
import { MAX_TEXT } from '../ui/field.tsx';
import { useConsole } from './context.ts';
import { STRINGS } from './strings.ts';

export function Reach({ conversation, onClose }: { conversation: AgentConversation; onClose(): void }) {
  const { agent, go, watch } = useConsole();
  const text = useRef<HTMLTextAreaElement>(null);
  const [busy, setBusy] = useState(false);
  // The same for every try: whatever becomes of an answer, it begins only once.
  const id = useMemo(() => agent.conversation().id, [agent]);
  useLayoutEffect(() => text.current?.focus(), []);
  const contact = conversation.state.get()?.contact;
  if (!contact) return null;
  const begin = () => {
    const said = text.current?.value.trim() ?? '';
    if (busy || said === '') return text.current?.focus();
    setBusy(true);
    const begun = agent.reach(contact.id, said, { id });
    begun.then(() => {
      onClose();
      go({ open: id });
    }, () => setBusy(false));
    watch(begun);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    begin();
  };
  const head = STRINGS.reachHead(contact.name || STRINGS.visitor);
  return (
    <Dialog label={head} kind="is-form" onClose={onClose}>
      <form class="hand-over" onSubmit={(event) => { event.preventDefault(); begin(); }} onKeyDown={onKey}>
        <h2>{head}</h2>
        <p class="muted">{STRINGS.reachHow}</p>
        <label>{STRINGS.reachText}<textarea ref={text} rows={4} maxLength={MAX_TEXT} /></label>
        <div class="form-foot">
          <button type="button" class="secondary" onClick={onClose}>{STRINGS.acts.back}</button>
          <button type="submit" class="primary" disabled={busy}>{STRINGS.reachSend}</button>
        </div>
      </form>
    </Dialog>
  );
}
