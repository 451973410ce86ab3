/** What a search finds: conversations of the list that match by name, then whatever was said, newest first. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Found } from '../agent.ts';
import type { ConversationSummary } from '../index.ts';
import { fuzzy } from '../ui/fuzzy.ts';
import { Icon } from '../ui/icons.tsx';
import { ago, useNow } from '../ui/moments.ts';
import { useConsole } from './context.ts';
import { Face } from './face.tsx';
import { LANGUAGE, STRINGS } from './strings.ts';

/** The gateway is asked when nothing was typed for so long. */
const PAUSE_MS = 180;
/** Matches of the list above what was found everywhere. */
const HERE = 5;

interface Props {
  words: string;
  /** What the list has loaded. */
  here: readonly ConversationSummary[];
  onOpen(conversation: string, at: number): void;
}

interface State {
  readonly words: string;
  readonly found: readonly Found[];
  readonly next: string | null;
}

export function Results({ words, here, onOpen }: Props) {
  const { agent, place, watch } = useConsole();
  const now = useNow(60_000);
  const [state, setState] = useState<State | null>(null);
  const [busy, setBusy] = useState(false);
  /** The words to which the gateway had no answer; why, a toast says. */
  const [failed, fail] = useState('');
  const asked = useRef(0);

  const ask = (from?: string) => {
    const turn = ++asked.current;
    setBusy(true);
    fail('');
    const answer = agent.search(words, from).then((page) => {
      // An answer to what was typed before is nobody's any more.
      if (turn !== asked.current) return;
      setState((known) => ({ words, next: page.next, found: from && known ? [...known.found, ...page.found] : page.found }));
    });
    const over = (without: string) => {
      if (turn !== asked.current) return;
      setBusy(false);
      fail(without);
    };
    answer.then(() => over(''), () => over(words));
    watch(answer);
  };
  useEffect(() => {
    const pause = setTimeout(() => ask(), PAUSE_MS);
    return () => clearTimeout(pause);
  }, [words]);

  const walk = (event: KeyboardEvent & { readonly currentTarget: HTMLElement }) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined) return;
    const all = [...event.currentTarget.querySelectorAll<HTMLElement>('.result')];
    all[all.findIndex((one) => one === document.activeElement) + by]?.focus();
    event.preventDefault();
  };
  const named = here.filter(({ contact, preview }) => fuzzy(words, `${contact.name} ${preview}`)).slice(0, HERE);
  const { found = [], next = null } = state ?? {};
  return (
    <div class="results" aria-busy={busy} onKeyDown={walk}>
      {named.length > 0 && <h3>{STRINGS.inThisList}</h3>}
      <ul>
        {named.map(({ id, contact, preview, at }) => (
          <Result key={id} person={contact} at={at} now={now} open={id === place.open} onOpen={() => onOpen(id, 0)}>
            {preview}
          </Result>
        ))}
      </ul>
      <h3>{STRINGS.everywhere}</h3>
      <ul>
        {found.map((one) => (
          <Result key={`${one.conversation} ${one.seq}`} person={one.contact} at={one.at} now={now}
            note={one.kind === 'note'} open={one.conversation === place.open && one.seq === place.at}
            onOpen={() => onOpen(one.conversation, one.seq)}>
            <span class="by">{one.author.name}: </span>
            {one.pieces.map((piece, i) => (i % 2 === 1 ? <mark key={i}>{piece}</mark> : piece))}
          </Result>
        ))}
      </ul>
      {failed === words && (
        <p class="empty"><button type="button" class="secondary" onClick={() => ask()}>{STRINGS.retry}</button></p>
      )}
      {found.length === 0 && failed !== words && (
        <p class="empty" role="status">{busy || state?.words !== words ? STRINGS.searching : STRINGS.nothingFound}</p>
      )}
      {next !== null && <button type="button" class="secondary" onClick={() => ask(next)}>{STRINGS.moreResults}</button>}
    </div>
  );
}

interface ResultProps {
  person: { id: string; name: string };
  at: number;
  now: number;
  note?: boolean;
  open: boolean;
  onOpen(): void;
  children: preact.ComponentChildren;
}

function Result({ person, at, now, note = false, open, onOpen, children }: ResultProps) {
  const name = person.name || STRINGS.visitor;
  return (
    <li>
      <button type="button" class="result" aria-current={open} onClick={onOpen}>
        <Face id={person.id} name={name} />
        <span class="name">{name}{note && <Icon name="lock" />}</span>
        <time class="when" dateTime={new Date(at).toISOString()}>{ago(at, now, LANGUAGE)}</time>
        <span class="piece">{children}</span>
      </button>
    </li>
  );
}
