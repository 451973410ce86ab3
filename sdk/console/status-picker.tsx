/** Chooses one's own status; the gateway keeps it. */
import { Dialog } from '../ui/dialog.tsx';
import { Picker } from '../ui/picker.tsx';
import { useValue } from '../ui/value.ts';
import { useConsole } from './context.ts';
import { statusDot, statusesOf, STATUSES_ALWAYS } from './my-status.tsx';
import { STRINGS } from './strings.ts';

export function StatusPicker({ onClose }: { onClose(): void }) {
  const context = useConsole();
  const { agent, watch } = context;
  const desk = useValue(agent.desk.state);
  const lanes = desk?.lanes ?? [];
  const choices = statusesOf(context).map(({ id, name }) => {
    const always = STATUSES_ALWAYS.find((one) => one === id);
    const hint = always ? STRINGS.myStatusHints[always] : '';
    return { id, name, hint, checked: id === desk?.status, lead: <i class={statusDot(id)} /> };
  });
  const choose = (id: string) => {
    onClose();
    if (id !== desk?.status) watch(agent.desk.setStatus(id));
  };
  return (
    <Dialog label={STRINGS.myStatus} kind="is-picker" onClose={onClose}>
      <Picker label={STRINGS.myStatus} hint={STRINGS.chooseStatus} choices={choices} none={STRINGS.noMatch}
        onChoose={({ id }) => choose(id)} />
      {lanes.length > 0 && (
        <ul class="picker-foot lanes" aria-label={STRINGS.capacity}>
          {lanes.map(({ group, held, limit }) => (
            <li key={group} class={held > limit ? 'is-over' : ''}>
              {STRINGS.lane(group, held, limit)}{held > limit && ` · ${STRINGS.over}`}
              <meter min={0} max={Math.max(limit, held, 1)} value={held} high={Math.max(limit, 1)}
                aria-label={STRINGS.lane(group, held, limit)} />
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
