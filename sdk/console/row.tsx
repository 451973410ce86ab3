/** One conversation in the list. */
import { useEffect, useRef } from 'preact/hooks';
import type { ConversationSummary, Me } from '../index.ts';
import { ago } from '../ui/moments.ts';
import { Face } from './face.tsx';
import { Chip } from './chip.tsx';
import { LANGUAGE, STRINGS } from './strings.ts';

interface Props {
  summary: ConversationSummary;
  now: number;
  me: Me | null;
  open: boolean;
  marked: boolean;
  onOpen(): void;
}

export function Row({ summary, now, me, open, marked, onOpen }: Props) {
  const { unread } = summary;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (marked) button.current?.scrollIntoView({ block: 'nearest' });
  }, [marked]);
  const name = summary.contact.name || STRINGS.visitor;
  const assignee = summary.assignee ? (summary.assignee.id === me?.id ? STRINGS.you : summary.assignee.name) : null;
  return (
    <li>
      <button type="button" ref={button} class={`row${marked ? ' is-marked' : ''}${unread > 0 ? ' is-unread' : ''}`}
        aria-current={open} onClick={onOpen}>
        <Face id={summary.contact.id} name={name} />
        <span class="name">{name}</span>
        <time class="when" dateTime={new Date(summary.at).toISOString()}>{ago(summary.at, now, LANGUAGE)}</time>
        <span class="preview">{summary.preview}</span>
        {unread > 0 && (
          <span class="badge">
            <span class="unseen">{STRINGS.unread(unread)}</span>
            <span aria-hidden="true">{unread}</span>
          </span>
        )}
        <span class="facts">
          <Chip status={summary.status} />
          <span>{STRINGS.styles[summary.style]}</span>
          {assignee && <span class="assignee">{assignee}</span>}
        </span>
      </button>
    </li>
  );
}
