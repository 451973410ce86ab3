/** One conversation in the list. */
import type { ComponentChildren } from 'preact';
import { factsOf } from '../agent.ts';
import type { ConversationSummary } from '../index.ts';
import { Icon } from '../ui/icons.tsx';
import { ago } from '../ui/moments.ts';
import { useValue } from '../ui/value.ts';
import { brief, tone } from './ages.ts';
import { Chip } from './chip.tsx';
import { useConsole } from './context.ts';
import { Face } from './face.tsx';
import { isOver } from './lanes.ts';
import { PriorityMark } from './priority-mark.tsx';
import { until } from './snoozes.ts';
import { LANGUAGE, STRINGS } from './strings.ts';
import { groupOf, teamName } from './workspace.ts';

/** Tags shown before the rest becomes a number. */
const MAX_TAGS = 1;

interface Props {
  summary: ConversationSummary;
  now: number;
  /** Which of how many, for those who do not see the list. */
  place: number;
  total: number;
  open: boolean;
  marked: boolean;
  /** The one row of the list that Tab stops at. */
  reachable: boolean;
  onOpen(): void;
}

export function Row({ summary, now, place, total, open, marked, reachable, onOpen }: Props) {
  const { me, workspace } = useConsole();
  const { unread, assignee, contact } = summary;
  const { team, priority, snoozedUntil, tags } = factsOf(summary);
  const name = contact.name || STRINGS.visitor;
  return (
    <li aria-setsize={total} aria-posinset={place}>
      <button type="button" class={`row${marked ? ' is-marked' : ''}${unread > 0 ? ' is-unread' : ''}`}
        aria-current={open} tabIndex={reachable ? 0 : -1} onClick={onOpen}>
        <Face id={contact.id} name={name} />
        <span class="name"><span>{name}</span><PriorityMark priority={priority} /></span>
        <Wait summary={summary} now={now} />
        <span class="preview">{summary.preview}</span>
        {unread > 0 && (
          <span class="badge">
            <span class="unseen">{STRINGS.unread(unread)}</span>
            <span aria-hidden="true">{unread}</span>
          </span>
        )}
        <span class="facts">
          <Chip status={summary.status} />
          {snoozedUntil > now && <Fact kind="snoozed"><Icon name="alarm" />{until(snoozedUntil, now, LANGUAGE)}</Fact>}
          {assignee?.id === me?.id && assignee !== null && <Over summary={summary} />}
          {team !== '' && workspace.teams.length > 1 && <Fact kind="team">{teamName(workspace, team)}</Fact>}
          {tags.slice(0, MAX_TAGS).map((tag) => <Fact key={tag} kind="tag">{tag}</Fact>)}
          {tags.length > MAX_TAGS && <Fact kind="tag">+{tags.length - MAX_TAGS}</Fact>}
        </span>
        {assignee && (
          <span class="assignee"><Face id={assignee.id} name={assignee.name} you={assignee.id === me?.id} /></span>
        )}
      </button>
    </li>
  );
}

function Fact({ kind, children }: { kind: string; children: ComponentChildren }) {
  return <span class={`fact is-${kind}`}>{children}</span>;
}

/** How long the customer has waited, growing worse to the eye; else when something was said last. */
function Wait({ summary, now }: { summary: ConversationSummary; now: number }) {
  const { waitingSince } = factsOf(summary);
  if (waitingSince === 0) {
    return <time class="when" dateTime={new Date(summary.at).toISOString()}>{ago(summary.at, now, LANGUAGE)}</time>;
  }
  const waited = Math.max(0, now - waitingSince);
  const said = brief(waited, LANGUAGE);
  return (
    <time class={`when waits is-${tone(waited, summary.style)}`} title={STRINGS.waits(said)}
      dateTime={new Date(waitingSince).toISOString()}>
      <span class="unseen">{STRINGS.waits(said)}</span><span aria-hidden="true">{said}</span>
    </time>
  );
}

/** One of one's own, on a channel where one holds more than one's places. */
function Over({ summary }: { summary: ConversationSummary }) {
  const { agent, workspace } = useConsole();
  const desk = useValue(agent.desk.state);
  const over = isOver(desk?.lanes ?? [], groupOf(workspace, summary.channel));
  return over ? <span class="fact is-over" title={STRINGS.overTitle}>{STRINGS.overShort}</span> : null;
}
