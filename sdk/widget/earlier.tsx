/** All conversations of this customer on this channel, newest first, and the beginning of another. */
import type { Client, Conversation, ConversationSummary } from '../index.ts';
import { Icon } from '../ui/icons.tsx';
import { ago, useNow } from '../ui/moments.ts';
import { useValue } from '../ui/value.ts';
import { LANGUAGE, STRINGS } from './strings.ts';

interface Props {
  client: Client;
  items: readonly ConversationSummary[];
  onChoose(id: string): void;
  onBegin(): void;
}

export function Earlier({ client, items, onChoose, onBegin }: Props) {
  const now = useNow(30_000);
  return (
    <div class="earlier">
      <ul>
        {items.map((summary) => (
          <li key={summary.conversation}>
            <button type="button" onClick={() => onChoose(summary.conversation)}>
              <span class="preview">{summary.preview || STRINGS.nothingYet}</span>
              <span class="when">{ago(summary.at, now, LANGUAGE)}</span>
              <Unread conversation={client.conversation(summary.conversation)} />
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="begin" onClick={onBegin}><Icon name="plus" />{STRINGS.begin}</button>
    </div>
  );
}

function Unread({ conversation }: { conversation: Conversation }) {
  const count = useValue(conversation.unread);
  return count === 0 ? null : <span class="badge" aria-label={STRINGS.unread(count)}>{count}</span>;
}
