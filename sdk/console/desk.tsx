/** The whole console: list, thread and panel side by side, or one at a time on a phone; and what the keys do. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Client } from '../index.ts';
import { useValue } from '../ui/value.ts';
import { About } from './about.tsx';
import { belongs, FILTERS, matches, type Filter } from './filters.ts';
import { KeysHelp } from './keys-help.tsx';
import { actOf, type Act } from './keys.ts';
import { List } from './list.tsx';
import { useOpen } from './route.ts';
import { whyNotAccept, whyNotStatus } from './statuses.ts';
import { STRINGS } from './strings.ts';
import { Thread } from './thread.tsx';
import { Toasts, useToasts } from './toasts.tsx';
import { Top } from './top.tsx';

/** Reply or note, and how often the keyboard has asked for the field. */
interface Writing { note: boolean; asked: number }
const SILENT: Writing = { note: false, asked: 0 };

export function Desk({ client, onLeave }: { client: Client; onLeave(): void }) {
  const list = useValue(client.conversations);
  const me = useValue(client.me);
  const unread = useValue(client.unread);
  const [openId, setOpen] = useOpen();
  const [filter, setFilter] = useState<Filter>('open');
  const [words, setWords] = useState('');
  const [cursor, setCursor] = useState<string | null>(openId);
  const [asking, setAsking] = useState<Writing & { id: string | null }>({ id: null, ...SILENT });
  const [help, setHelp] = useState(false);
  const { toasts, watch, dismiss } = useToasts();
  const search = useRef<HTMLInputElement>(null);

  const conversation = useMemo(() => (openId ? client.conversation(openId) : null), [client, openId]);
  // The open one stays in sight even when its status has just left the tab; a search shows only what it found.
  const shown = list.items.filter((item) => (words ? matches(item, words)
    : belongs(item, filter, me) || item.id === openId));

  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) ${STRINGS.title}` : STRINGS.title;
  }, [unread]);
  useEffect(() => {
    if (openId) setCursor(openId);
  }, [openId]);

  // What was asked for in one conversation says nothing about the next.
  const writing: Writing = asking.id === openId ? asking : SILENT;
  const write = (note: boolean) => setAsking({ id: openId, note, asked: writing.asked + 1 });
  const move = (by: number) => {
    const at = shown.findIndex((item) => item.id === cursor);
    const to = shown[at === -1 ? 0 : Math.min(Math.max(at + by, 0), shown.length - 1)];
    if (to) setCursor(to.id);
  };
  const back = () => {
    if (help) return setHelp(false);
    const focused = document.activeElement;
    if (focused instanceof HTMLElement && focused.matches('input, textarea')) {
      if (focused === search.current) setWords('');
      return focused.blur();
    }
    if (openId) setOpen(null);
  };

  const act = (what: Act) => {
    const summary = conversation?.state.get() ?? null;
    switch (what) {
      case 'next': return move(1);
      case 'previous': return move(-1);
      case 'enter': return cursor !== null && setOpen(cursor);
      case 'reply': return write(false);
      case 'note': return write(true);
      case 'accept':
        return conversation && whyNotAccept(summary, me) === null && watch(conversation.accept());
      case 'open': case 'pending': case 'onHold': case 'solved':
        return conversation && whyNotStatus(summary, what) === null && watch(conversation.setStatus(what));
      case 'filter': return search.current?.focus();
      case 'help': return setHelp(!help);
      case 'back': return back();
      default: {
        const tab = FILTERS[Number(what.slice(3)) - 1];
        return tab && setFilter(tab);
      }
    }
  };
  const latest = useRef(act);
  latest.current = act;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const what = actOf(event);
      if (!what) return;
      event.preventDefault();
      latest.current(what);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  return (
    <div class={conversation ? 'desk has-open' : 'desk'}>
      <Top client={client} onHelp={() => setHelp(true)} onLeave={onLeave} />
      <List list={list} shown={shown} me={me} filter={filter} onFilter={setFilter} words={words}
        onWords={setWords} search={search} cursor={cursor} openId={openId} onOpen={setOpen} />
      {conversation ? (
        <>
          <Thread key={conversation.id} client={client} conversation={conversation} writing={writing}
            onNote={write} watch={watch}
            onBack={() => setOpen(null)} />
          <About key={`about ${conversation.id}`} conversation={conversation} me={me} watch={watch} />
        </>
      ) : <Nothing />}
      {help && <KeysHelp onClose={() => setHelp(false)} />}
      <Toasts toasts={toasts} dismiss={dismiss} />
    </div>
  );
}

function Nothing() {
  return (
    <main class="nothing">
      <h2>{STRINGS.choose}</h2>
      <p>{STRINGS.chooseHow.map((key) => <kbd key={key}>{key}</kbd>)} {STRINGS.chooseMore}</p>
    </main>
  );
}
