/** What an administrator takes out of here: a link that signs an agent in, and the script tag of a channel. */
import { useRef, useState } from 'preact/hooks';
import { ADMIN } from '../strings.ts';
import { useEditing } from './editing.ts';

export function Invite({ id, name, saved }: { id: string; name: string; saved: boolean }) {
  const { agent, watch } = useEditing();
  const [link, setLink] = useState<string | null>(null);
  const ask = () => watch(agent.settings.invite(id).then(setLink));
  return (
    <div class="field">
      <h4>{ADMIN.invite}</h4>
      {!saved && <p class="means">{ADMIN.inviteAfter}</p>}
      {saved && link === null && <button type="button" class="secondary" onClick={ask}>{ADMIN.inviteFor(name)}</button>}
      {link !== null && <Copied text={link} label={ADMIN.invite} />}
      {link !== null && <p class="means">{ADMIN.inviteHow}</p>}
    </div>
  );
}

export function Script({ channel }: { channel: string }) {
  return (
    <div class="field">
      <h4>{ADMIN.script}</h4>
      <Copied text={`<script src="${location.origin}/widget.js" data-channel="${channel}" defer></script>`} label={ADMIN.script} />
    </div>
  );
}

function Copied({ text, label }: { text: string; label: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [done, setDone] = useState(false);
  const copy = () => {
    field.current?.select();
    // A page without https has no clipboard to write to; what is selected can be copied by hand.
    navigator.clipboard?.writeText(text).then(() => setDone(true), () => setDone(false));
  };
  return (
    <div class="adding">
      <input ref={field} type="text" class="mono" readOnly aria-label={label} value={text}
        onFocus={(event) => event.currentTarget.select()} />
      <button type="button" class="secondary" onClick={copy}>{ADMIN.copy}</button>
      <span class="means" role="status">{done ? ADMIN.copied : ''}</span>
    </div>
  );
}
