/** Which kind of step to add: chosen by typing, each with what it does. */
import { Dialog } from '../../ui/dialog.tsx';
import { Picker } from '../../ui/picker.tsx';
import { KindIcon } from './kind-icon.tsx';
import { KIND_GROUPS, KIND_IDS, KINDS, type Kind } from './steps.ts';
import { FLOWS } from './words.ts';

export function AddStep({ onChoose, onClose }: { onChoose(kind: Kind): void; onClose(): void }) {
  const kinds = KIND_GROUPS.flatMap((group) => KIND_IDS.filter((kind) => KINDS[kind] === group));
  const choose = (id: string) => {
    onClose();
    const kind = KIND_IDS.find((one) => one === id);
    if (kind) onChoose(kind);
  };
  return (
    <Dialog label={FLOWS.addStep} kind="is-add-step" onClose={onClose}>
      <Picker label={FLOWS.addStep} hint={FLOWS.addStepHint} none={FLOWS.noKind} onChoose={({ id }) => choose(id)}
        choices={kinds.map((kind) => ({
          id: kind, name: FLOWS.kinds[kind], hint: FLOWS.kindMeans[kind], words: FLOWS.kindMeans[kind],
          group: FLOWS.kindGroups[KINDS[kind]], lead: <KindIcon kind={kind} />,
        }))} />
    </Dialog>
  );
}
