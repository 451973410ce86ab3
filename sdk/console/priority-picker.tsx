/** Chooses a ticket's priority. */
import { factsOf, type AgentConversation } from '../agent.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Picker } from '../ui/picker.tsx';
import { useConsole } from './context.ts';
import { PriorityMark } from './priority-mark.tsx';
import { STRINGS } from './strings.ts';
import { PRIORITIES } from './workspace.ts';

export function PriorityPicker({ conversation, onClose }: { conversation: AgentConversation; onClose(): void }) {
  const { watch } = useConsole();
  const summary = conversation.state.get();
  const now = summary ? factsOf(summary).priority : 2;
  const choices = PRIORITIES.map((priority) => ({
    id: String(priority), name: STRINGS.priorities[priority], checked: priority === now,
    lead: <PriorityMark priority={priority} always />,
  }));
  const choose = (id: string) => {
    const priority = PRIORITIES.find((one) => String(one) === id);
    onClose();
    if (priority !== undefined && priority !== now) watch(conversation.setPriority(priority));
  };
  return (
    <Dialog label={STRINGS.priority} kind="is-picker" onClose={onClose}>
      <Picker label={STRINGS.priority} hint={STRINGS.choosePriority} choices={choices} none={STRINGS.noMatch}
        onChoose={({ id }) => choose(id)} />
    </Dialog>
  );
}
