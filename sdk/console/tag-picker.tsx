/** Puts tags on a ticket and takes them off; what is typed and no tag yet becomes one. */
import { useState } from 'preact/hooks';
import { factsOf, type AgentConversation } from '../agent.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { Picker, type Choice } from '../ui/picker.tsx';
import { useConsole } from './context.ts';
import { STRINGS } from './strings.ts';

/** As the protocol has it. */
const MAX_TAGS = 20;
const MAX_LENGTH = 40;
const OWN = 'own ';

export function TagPicker({ conversation, onClose }: { conversation: AgentConversation; onClose(): void }) {
  const { workspace, watch } = useConsole();
  const summary = conversation.state.get();
  const before = summary ? factsOf(summary).tags : [];
  const [tags, setTags] = useState(before);
  const all = [...new Set([...before, ...tags, ...workspace.tags])];
  const choices = all.map((tag) => ({ id: tag, name: tag, checked: tags.includes(tag) }));
  const free = (typed: string): Choice | null => {
    const tag = typed.replace(/\s+/gu, ' ').toLowerCase().slice(0, MAX_LENGTH);
    return choices.some(({ name }) => name === tag) ? null
      : { id: OWN + tag, name: STRINGS.newTag(tag), lead: <Icon name="plus" /> };
  };
  const choose = ({ id }: Choice) => {
    const tag = id.startsWith(OWN) ? id.slice(OWN.length) : id;
    setTags((now) => (now.includes(tag) ? now.filter((one) => one !== tag) : [...now, tag].slice(0, MAX_TAGS)));
  };
  const close = () => {
    onClose();
    // All at once when one is done: a colleague sees one change, not each step.
    if (tags.length !== before.length || tags.some((tag) => !before.includes(tag))) watch(conversation.setTags(tags));
  };
  return (
    <Dialog label={STRINGS.tags} kind="is-picker" onClose={close}>
      <Picker label={STRINGS.tags} hint={STRINGS.chooseTags} choices={choices} none={STRINGS.noTags} free={free}
        onChoose={choose} />
      <div class="picker-foot">
        <span class="muted">{STRINGS.tagsHow}</span>
        <button type="button" class="primary" onClick={close}>{STRINGS.done}</button>
      </div>
    </Dialog>
  );
}
