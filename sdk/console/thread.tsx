/** The open conversation: what may be done with its ticket, what was said, and where to answer. */
import { useEffect } from 'preact/hooks';
import type { Client, Conversation } from '../index.ts';
import { blocks } from '../ui/blocks.ts';
import { Icon } from '../ui/icons.tsx';
import { dayName, useNow } from '../ui/moments.ts';
import { Scroll } from '../ui/scroll.tsx';
import { useValue } from '../ui/value.ts';
import { Chip } from './chip.tsx';
import { Composer } from './composer.tsx';
import { line } from './lines.ts';
import { Run } from './run.tsx';
import { SETTABLE, shows, whyNotAccept, whyNotStatus } from './statuses.ts';
import { LANGUAGE, STRINGS } from './strings.ts';

interface Props {
  client: Client;
  conversation: Conversation;
  writing: { note: boolean; asked: number };
  onNote(note: boolean): void;
  watch(act: Promise<unknown>): void;
  onBack(): void;
}

export function Thread({ client, conversation, writing, onNote, watch, onBack }: Props) {
  useEffect(() => conversation.open(), [conversation]);
  const { items, atStart, loading } = useValue(conversation.messages);
  const others = useValue(conversation.others);
  const summary = useValue(conversation.state);
  const live = useValue(client.connection).status === 'live';
  const now = useNow(60_000);
  const name = summary?.contact.name || STRINGS.visitor;
  const lastOurs = items.findLast((item) => item.kind === 'message' && item.author.role === 'agent');
  const typing = others.filter((other) => other.typing);
  const seen = () => {
    if (document.visibilityState === 'visible' && conversation.unread.get() > 0) conversation.read();
  };

  return (
    <main class="thread" aria-label={STRINGS.thread(name)}>
      <header class="subject">
        <button type="button" class="plain back" aria-label={STRINGS.back} onClick={onBack}>
          <Icon name="back" />
        </button>
        <div class="who">
          <h2>{name}</h2>
          {summary && !shows(summary.status) && <Chip status={summary.status} />}
        </div>
        <Acts client={client} conversation={conversation} watch={watch} />
        {summary?.status === 'closed' && <p class="why">{STRINGS.closedIsFinal}</p>}
      </header>
      <Scroll label={STRINGS.messages} newer={STRINGS.newer} first={items[0]?.key ?? ''} last={items.at(-1)?.key ?? ''}
        busy={loading} atStart={atStart} older={() => watch(conversation.older())} seen={seen}>
        {loading && <p class="line">{STRINGS.older}</p>}
        {blocks(items, line).map((block) => {
          switch (block.is) {
            case 'day': return <p key={block.key} class="day"><span>{dayName(block.at, now, LANGUAGE)}</span></p>;
            case 'line': return <p key={block.key} class="line">{block.text}</p>;
            default: return (
              <Run key={block.key} run={block} others={others} live={live} lastOurs={lastOurs?.key ?? null} />
            );
          }
        })}
        {typing.map(({ id, name: who }) => (
          <p key={id} class="typing"><i /><i /><i />{STRINGS.typing(who || STRINGS.visitor)}</p>
        ))}
      </Scroll>
      <Composer conversation={conversation} writing={writing} onNote={onNote} />
    </main>
  );
}

/** Accept, and the four statuses that an agent sets by hand. */
function Acts({ client, conversation, watch }: Pick<Props, 'client' | 'conversation' | 'watch'>) {
  const summary = useValue(conversation.state);
  const me = useValue(client.me);
  const notAccept = whyNotAccept(summary, me);
  const waits = summary?.status === 'new';
  return (
    <div class="acts">
      {notAccept === null && (
        <button type="button" class={waits ? 'primary' : 'secondary'} onClick={() => watch(conversation.accept())}>
          {waits ? STRINGS.accept : STRINGS.takeOver}
        </button>
      )}
      <div class="statuses" role="group" aria-label={STRINGS.setStatus}>
        {SETTABLE.map((status) => {
          const why = whyNotStatus(summary, status);
          return (
            <button key={status} type="button" aria-pressed={summary?.status === status} aria-disabled={why !== null}
              title={why ?? STRINGS.statuses[status]} class={`is-${status}`}
              onClick={() => why === null && watch(conversation.setStatus(status))}>
              {STRINGS.statuses[status]}
            </button>
          );
        })}
      </div>
    </div>
  );
}
