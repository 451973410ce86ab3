/** All keys on one card. */
import { useEffect, useRef } from 'preact/hooks';
import { STRINGS } from './strings.ts';

export function KeysHelp({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="keys" aria-labelledby="keys-title" onClose={onClose}>
      <h2 id="keys-title">{STRINGS.keys}</h2>
      <dl>
        {STRINGS.keyNames.map(([keys, name]) => (
          <div key={name}>
            <dt>{keys.map((key) => <kbd key={key}>{key}</kbd>)}</dt>
            <dd>{name}</dd>
          </div>
        ))}
      </dl>
      <button type="button" class="secondary" onClick={() => dialog.current?.close()}>{STRINGS.closeKeys}</button>
    </dialog>
  );
}
