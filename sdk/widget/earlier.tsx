/** All conversations of this customer on this channel, newest first, and the beginning of another. */
import type { ConversationSummary } from '../index.ts';
import { Icon } from '../ui/icons.tsx';
import { ago, useNow } from '../ui/moments.ts';
import { LANGUAGE, STRINGS } from './strings.ts';

interface Props {
  items: readonly ConversationSummary[];
  onChoose(id: string): void;
  onBegin(): void;
}

export function Earlier({ items, onChoose, onBegin }: Props) {
  const now = useNow(30_000);
  return (
    <div class="earlier">
      <ul>
        {items.map((summary) => (
          <li key={summary.id}>
            <button type="button" onClick={() => onChoose(summary.id)}>
              <span class="preview">{summary.preview || STRINGS.nothingYet}</span>
              <span class="when">{ago(summary.at, now, LANGUAGE)}</span>
              {summary.unread > 0 && (
                <span class="badge">
                  <span class="unseen">{STRINGS.unread(summary.unread)}</span>
                  <span aria-hidden="true">{summary.unread}</span>
                </span>
              )}
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="begin" onClick={onBegin}><Icon name="plus" />{STRINGS.begin}</button>
    </div>
  );
}
