/** Whatever lies above the page, one at a time; each closes by Escape and gives the focus back. */
import type { AgentConversation } from '../agent.ts';
import type { Over } from './context.ts';
import { FlowPicker } from './flow-picker.tsx';
import { HandOver } from './hand-over.tsx';
import { KeysHelp } from './keys-help.tsx';
import { MacroPicker } from './macro-picker.tsx';
import { Palette } from './palette.tsx';
import { PreferencesCard } from './preferences-card.tsx';
import { PriorityPicker } from './priority-picker.tsx';
import { Reach } from './reach.tsx';
import { SnoozePicker } from './snooze-picker.tsx';
import { StatusPicker } from './status-picker.tsx';
import { TagPicker } from './tag-picker.tsx';
import type { Macro } from './workspace.ts';

interface Props {
  over: Over | null;
  conversation: AgentConversation | null;
  onClose(): void;
  onMacro(macro: Macro): void;
}

export function Overlay({ over, conversation, onClose, onMacro }: Props) {
  switch (over) {
    case null: return null;
    case 'palette': return <Palette conversation={conversation} onMacro={onMacro} onClose={onClose} />;
    case 'keys': return <KeysHelp onClose={onClose} />;
    case 'preferences': return <PreferencesCard onClose={onClose} />;
    case 'status': return <StatusPicker onClose={onClose} />;
    default: break;
  }
  if (!conversation) return null;
  const props = { conversation, onClose };
  switch (over) {
    case 'handOver': return <HandOver {...props} />;
    case 'snooze': return <SnoozePicker {...props} />;
    case 'priority': return <PriorityPicker {...props} />;
    case 'tags': return <TagPicker {...props} />;
    case 'runFlow': return <FlowPicker {...props} />;
    case 'reach': return <Reach {...props} />;
    case 'macros': return <MacroPicker {...props} onMacro={onMacro} />;
    default: return over satisfies never;
  }
}
