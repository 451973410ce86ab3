/** Chooses a saved reply: by name or by its words, with what it will say and do in sight. */
import type { AgentConversation } from '../agent.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { Picker } from '../ui/picker.tsx';
import { useConsole } from './context.ts';
import { filled, fillingOf } from './macros.ts';
import { STRINGS } from './strings.ts';
import type { Macro } from './workspace.ts';

interface Props {
  conversation: AgentConversation;
  onMacro(macro: Macro): void;
  onClose(): void;
}

export function MacroPicker({ conversation, onMacro, onClose }: Props) {
  const { workspace, me } = useConsole();
  const filling = fillingOf(conversation.state.get(), me);
  const found = (id: string) => workspace.macros.find((macro) => macro.id === id);
  const choices = workspace.macros.map(({ id, name, text }) => ({ id, name, words: text, lead: <Icon name="bolt" /> }));
  const choose = (id: string) => {
    const macro = found(id);
    onClose();
    if (macro) onMacro(macro);
  };
  return (
    <Dialog label={STRINGS.macros} kind="is-macros" onClose={onClose}>
      <Picker label={STRINGS.macros} hint={STRINGS.chooseMacro} choices={choices} onChoose={({ id }) => choose(id)}
        none={workspace.macros.length === 0 ? STRINGS.noMacros : STRINGS.noMatch}
        preview={({ id }) => <Preview macro={found(id)} text={filled(found(id)?.text ?? '', filling)} />} />
    </Dialog>
  );
}

function Preview({ macro, text }: { macro: Macro | undefined; text: string }) {
  if (!macro) return null;
  const { status, priority, tags } = macro;
  const does = [
    ...(status === null ? [] : [STRINGS.statuses[status]]),
    ...(priority === null ? [] : [STRINGS.priorities[priority]]), ...tags,
  ];
  return (
    <>
      <p class="macro-text">{text}</p>
      {does.length > 0 && (
        <p class="then">{STRINGS.then} {does.map((one) => <span key={one} class="fact is-tag">{one}</span>)}</p>
      )}
    </>
  );
}
