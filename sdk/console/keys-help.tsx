/** All keys on one card. */
import { Dialog } from '../ui/dialog.tsx';
import { ACTS, actsOf, GROUPS } from './acts.ts';
import { capsOf } from './caps.tsx';
import { STRINGS } from './strings.ts';

export function KeysHelp({ onClose }: { onClose(): void }) {
  return (
    <Dialog label={STRINGS.keys} kind="is-keys" onClose={onClose}>
      <header>
        <h2>{STRINGS.keys}</h2>
        <button type="button" class="secondary" onClick={onClose}>{STRINGS.closeKeys}</button>
      </header>
      <div class="key-groups">
        {GROUPS.map((group) => (
          <section key={group}>
            <h3>{STRINGS.actGroups[group]}</h3>
            <dl>
              {actsOf(group).filter((id) => ACTS[id].keys.length > 0).map((id) => (
                <div key={id}>
                  <dt>{capsOf(id).map((cap) => <kbd key={cap}>{cap}</kbd>)}</dt><dd>{STRINGS.acts[id]}</dd>
                </div>
              ))}
              {group === 'write' && (
                <>
                  <div><dt><kbd>/</kbd></dt><dd>{STRINGS.slashHelp}</dd></div>
                  <div><dt><kbd>@</kbd></dt><dd>{STRINGS.atHelp}</dd></div>
                </>
              )}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
