/** Starts a flow on the open conversation: one of those that start when they are called. */
import type { AgentConversation } from '../agent.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { Picker } from '../ui/picker.tsx';
import { useCalled } from './called.ts';
import { useConsole } from './context.ts';
import { STRINGS } from './strings.ts';

export function FlowPicker({ conversation, onClose }: { conversation: AgentConversation; onClose(): void }) {
  const { agent, watch } = useConsole();
  const flows = useCalled(agent);
  const choices = (flows ?? []).map(({ id, name, about }) => ({ id, name, hint: about, words: about, lead: <Icon name="flow" /> }));
  return (
    <Dialog label={STRINGS.acts.runFlow} kind="is-picker" onClose={onClose}>
      <Picker label={STRINGS.acts.runFlow} hint={STRINGS.chooseFlow} choices={choices}
        none={flows === null || flows.length > 0 ? STRINGS.noMatch : STRINGS.noFlows}
        onChoose={({ id, name }) => {
          onClose();
          watch(conversation.run(id), { said: STRINGS.flowBegan(name) });
        }} />
    </Dialog>
  );
}
