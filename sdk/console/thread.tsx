/** The open conversation: what may be done with its ticket, what was said, who else is here, and where to answer. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { AgentConversation } from '../agent.ts';
import { dayNumber, useNow } from '../ui/moments.ts';
import { receipt } from '../ui/receipts.ts';
import { Scroll } from '../ui/scroll.tsx';
import { useValue } from '../ui/value.ts';
import { Composer } from './composer.tsx';
import { useConsole } from './context.ts';
import { namesOf } from './face.tsx';
import { GroupOfLines } from './group.tsx';
import { createGroups } from './groups.ts';
import { heldOf } from './held.ts';
import { line } from './lines.ts';
import { opened } from './recent.ts';
import { Runs } from './runs.tsx';
import { STRINGS } from './strings.ts';
import { Subject } from './subject.tsx';
import { useTicketActs } from './ticket-acts.ts';
import type { Macro } from './workspace.ts';

/** Older messages are asked for when so many pixels are left above: a fling of the wheel finds them there. */
const AHEAD_PX = 2_400;
/** In one page, when a message far above is looked for. */
const PAGE = 200;

interface Props {
  conversation: AgentConversation;
  /** A macro that was chosen elsewhere, to be put into the composer. */
  macro: Macro | null;
  onMacroTaken(): void;
}

export function Thread({ conversation, macro, onMacroTaken }: Props) {
  const { agent, me, workspace, place, watch } = useConsole();
  useEffect(() => conversation.open(), [conversation]);
  useTicketActs(conversation);
  const { items, atStart, loading } = useValue(conversation.messages);
  const others = useValue(conversation.others);
  const summary = useValue(conversation.state);
  const live = useValue(agent.connection).status === 'live';
  const today = dayNumber(useNow(60_000));
  const handles = useMemo(() => new Set(workspace.agents.map(({ handle }) => handle)), [workspace]);
  const arrange = useMemo(() => createGroups((item) => line(item, workspace)), [conversation, workspace]);
  const held = heldOf(items, me?.id ?? '');
  const groups = arrange(held ? items.filter((item) => item.key !== held.outgoing.id) : items);
  const lastOurs = items.findLast((item) => item.kind === 'message' && item.author.role === 'agent' && item.seq !== null);
  const far = lastOurs?.seq == null ? null : receipt(lastOurs.seq, others, 'customer');
  const name = summary?.contact.name || STRINGS.visitor;
  const first = items[0]?.seq ?? 0;
  const nowhere = live && !loading && summary === null && items.length === 0;

  useEffect(() => {
    if (summary) opened({ id: summary.id, name });
  }, [summary?.id, name]);
  const askedFrom = useRef(0);
  useEffect(() => {
    // Until the message that was looked for is there: each page that comes begins earlier. A refusal is not asked again.
    if (place.at === 0 || first <= place.at || loading || !live || askedFrom.current === first) return;
    askedFrom.current = first;
    watch(conversation.older(PAGE));
  }, [place.at, first, loading, live]);
  const seen = () => {
    if (document.visibilityState === 'visible' && conversation.unread.get() > 0) conversation.read();
  };

  return (
    <main class="thread" aria-label={STRINGS.thread(name)}>
      <Subject conversation={conversation} />
      <Runs conversation={conversation} />
      <Scroll label={STRINGS.messages} newer={STRINGS.newer} newest={STRINGS.newest} first={items[0]?.key ?? ''} last={items.at(-1)?.key ?? ''}
        busy={loading} atStart={atStart} ahead={AHEAD_PX} aim={place.at > 0 ? `m${place.at}` : null}
        older={() => watch(conversation.older(PAGE))} seen={seen}>
        {nowhere ? <p class="line">{STRINGS.notThere}</p> : !atStart && <p class="line older">{STRINGS.older}</p>}
        {groups.map((group) => {
          const ours = lastOurs !== undefined && group.keys.has(lastOurs.key);
          return (
            <GroupOfLines key={group.key} group={group} today={today} handles={handles} aim={place.at}
              live={group.key !== 'leaving' || live} lastOurs={ours ? lastOurs.key : null} far={ours ? far : null} />
          );
        })}
        {others.filter(({ typing, role }) => typing && role === 'customer').map((other) => (
          <p key={other.id} class="typing">
            <i /><i /><i />{STRINGS.typing(other.name || STRINGS.visitor)}
            {other.draft !== '' && <span class="draft">{other.draft}</span>}
          </p>
        ))}
      </Scroll>
      <Colleagues others={others} />
      <Composer conversation={conversation} held={held} macro={macro} onMacroTaken={onMacroTaken} />
    </main>
  );
}

/** A colleague who writes here at this moment: nobody should answer twice. */
function Colleagues({ others }: { others: ReturnType<AgentConversation['others']['get']> }) {
  const writing = others.filter(({ role, typing }) => role === 'agent' && typing);
  if (writing.length === 0) return null;
  return <p class="colleagues" role="status"><i />{STRINGS.colleagueTypes(namesOf(writing), writing.length)}</p>;
}
