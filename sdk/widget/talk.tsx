/** One conversation: its messages, who is typing, and the place to write. */
import { useEffect, useRef } from 'preact/hooks';
import type { Client, Conversation } from '../index.ts';
import { blocks } from '../ui/blocks.ts';
import { dayName, useNow } from '../ui/moments.ts';
import { Scroll } from '../ui/scroll.tsx';
import { useValue } from '../ui/value.ts';
import { Choices } from './choices.tsx';
import { Composer } from './composer.tsx';
import { line } from './lines.ts';
import { Run } from './run.tsx';
import { LANGUAGE, STRINGS } from './strings.ts';

interface Props {
  client: Client;
  conversation: Conversation;
  onTalk(): void;
}

export function Talk({ client, conversation, onTalk }: Props) {
  useEffect(() => conversation.open(), [conversation]);
  const field = useRef<HTMLTextAreaElement>(null);
  const { items, choices, atStart, loading } = useValue(conversation.messages);
  const others = useValue(conversation.others);
  const live = useValue(client.connection).status === 'live';
  const now = useNow(60_000);
  const arranged = blocks(items, line);
  const lastOwn = items.findLast((item) => item.kind === 'message' && item.author.role === 'customer');
  const typing = others.find((other) => other.role === 'agent' && other.typing);

  const seen = () => {
    if (document.visibilityState === 'visible' && conversation.unread.get() > 0) conversation.read();
  };

  return (
    <>
      <Scroll label={STRINGS.thread} newer={STRINGS.newer} first={items[0]?.key ?? ''} last={items.at(-1)?.key ?? ''}
        busy={loading} atStart={atStart} older={() => void conversation.older().catch(() => {})} seen={seen}>
        {loading && <p class="line">{STRINGS.loading}</p>}
        {items.length === 0 && !loading && <Welcome />}
        {arranged.map((block) => {
          switch (block.is) {
            case 'day': return <p key={block.key} class="day">{dayName(block.at, now, LANGUAGE)}</p>;
            case 'line': return <p key={block.key} class="line">{block.text}</p>;
            default: return (
              <Run key={block.key} run={block} others={others} live={live} lastOwn={lastOwn?.key ?? null} />
            );
          }
        })}
        {choices.length > 0 && (
          <Choices conversation={conversation} choices={choices} field={field} onTalk={onTalk} />
        )}
        {typing && <p class="typing"><i /><i /><i /><span class="unseen">{STRINGS.typing(typing.name)}</span></p>}
      </Scroll>
      <Composer conversation={conversation} field={field} onTalk={onTalk} />
    </>
  );
}

function Welcome() {
  return (
    <div class="welcome">
      <p class="greeting">{STRINGS.welcome}</p>
      <p>{STRINGS.welcomeMore}</p>
    </div>
  );
}
