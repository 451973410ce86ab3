/** Where an agent writes: to the customer, or a note that only agents see. Ctrl or Cmd with Enter sends. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { factsOf, type AgentConversation } from '../agent.ts';
import type { Outgoing } from '../index.ts';
import { Field, useDraft } from '../ui/field.tsx';
import { Icon } from '../ui/icons.tsx';
import { useValue } from '../ui/value.ts';
import { useActs } from './acting.ts';
import { AfterChips } from './after-chips.tsx';
import { Caps, withKeys } from './caps.tsx';
import { useConsole } from './context.ts';
import { HeldReply } from './held-reply.tsx';
import type { Held } from './held.ts';
import { afterOf, filled, fillingOf, joined, type After } from './macros.ts';
import { completed } from './mentions.ts';
import { MentionMenu, useMentions } from './mention-menu.tsx';
import { whyNotStatus } from './statuses.ts';
import { STRINGS } from './strings.ts';
import type { Macro } from './workspace.ts';

interface Props {
  conversation: AgentConversation;
  /** A reply of ours that a colleague was faster than. */
  held: Held | null;
  macro: Macro | null;
  onMacroTaken(): void;
}

const SOLVES: After = { status: 'solved', priority: null, tags: [] };

export function Composer({ conversation, held, macro, onMacroTaken }: Props) {
  const { me, acting, show, watch } = useConsole();
  const field = useRef<HTMLTextAreaElement>(null);
  const [note, setNote] = useState(false);
  const [asked, setAsked] = useState(0);
  const [caret, setCaret] = useState<{ caret: number } | null>(null);
  /** What a macro does besides, for the field that its words stand in. */
  const [planned, plan] = useState<{ note: boolean; after: After | null }>({ note: false, after: null });
  const after = planned.note === note ? planned.after : null;
  const setAfter = (then: After | null) => plan({ note, after: then });
  /** What waits for a message to be durable, by the message. */
  const afters = useRef(new Map<string, After>());
  const closed = useValue(conversation.state)?.status === 'closed' && !note;
  const [text, setText] = useDraft(`parley.${note ? 'note' : 'reply'}.${conversation.id}`);
  const mentions = useMentions(field, note);
  // Before the next key: a letter that came too early would be taken for a command.
  useLayoutEffect(() => {
    if (asked > 0) field.current?.focus();
  }, [asked]);
  useLayoutEffect(() => {
    if (caret) field.current?.setSelectionRange(caret.caret, caret.caret);
  }, [caret]);

  const empty = text.trim() === '' || closed;
  const write = (written: string) => {
    setText(written);
    mentions.look();
    // A note is nobody's business but the house's: no typing is shown for it.
    if (!note) conversation.typing(written.trim() !== '');
  };
  const kind = (chosen: boolean) => {
    setNote(chosen);
    setAsked((times) => times + 1);
  };
  const insert = (words: string) => {
    write(text.trim() === '' ? words : `${text.trimEnd()} ${words}`);
    setAsked((times) => times + 1);
  };
  useEffect(() => {
    if (macro === null) return;
    onMacroTaken();
    const then = afterOf(macro);
    // One without words has nothing to wait for.
    if (macro.text === '' && then) return watch(apply(then));
    insert(filled(macro.text, fillingOf(conversation.state.get(), me)));
    setAfter(then);
  }, [macro]);

  const apply = async ({ status, priority, tags }: After) => {
    const summary = conversation.state.get();
    if (summary && tags.length > 0) await conversation.setTags(joined(factsOf(summary).tags, tags));
    if (priority !== null) await conversation.setPriority(priority);
    // Last, for it may close the ticket.
    if (status !== null && whyNotStatus(conversation.state.get(), status) === null) await conversation.setStatus(status);
  };
  /** Once the words stand, the ticket changes as they were meant to change it. */
  const settle = (outgoing: Outgoing) => void outgoing.committed.then(() => {
    const then = afters.current.get(outgoing.id);
    afters.current.delete(outgoing.id);
    if (then) watch(apply(then));
  }, () => {
    // The message says itself that it failed; what was to follow waits for its next try.
  });

  const send = (solve = false) => {
    if (empty) return;
    const outgoing = conversation.send({ text: text.trim(), note });
    const then = solve ? { ...(after ?? SOLVES), status: SOLVES.status } : after;
    if (then) afters.current.set(outgoing.id, then);
    settle(outgoing);
    conversation.typing(false);
    setText('');
    setAfter(null);
    field.current?.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    mentions.onKey(event, take);
    if (event.defaultPrevented || event.isComposing) return;
    const command = event.ctrlKey || event.metaKey;
    if (event.key === '/' && text === '' && !command) show('macros');
    else if (event.key === 'Enter' && command && event.shiftKey && !note) send(true);
    else return;
    event.preventDefault();
  };
  const take = (handle: string) => {
    const made = mentions.asked && completed(text, mentions.asked, handle);
    if (!made) return;
    setText(made.text);
    setCaret(made);
    mentions.close();
  };
  useActs(acting, { reply: () => kind(false), note: () => kind(true), macros: () => show('macros') });

  const edit = ({ outgoing, text: words }: Held) => {
    outgoing.discard();
    setNote(false);
    plan({ note: false, after: afters.current.get(outgoing.id) ?? null });
    write(text.trim() === '' ? words : `${words}\n\n${text}`);
    setAsked((times) => times + 1);
  };
  const hint = note ? STRINGS.noteHint : closed ? STRINGS.closedHint : STRINGS.replyHint;
  return (
    <form class={note ? 'composer is-note' : 'composer'} onSubmit={(event) => { event.preventDefault(); send(); }}>
      {held && (
        <HeldReply key={held.outgoing.id} held={held} onEdit={() => edit(held)} onDiscard={() => held.outgoing.discard()}
          onAnyway={() => { held.outgoing.retry(); settle(held.outgoing); }} />
      )}
      <div class="kinds" role="group" aria-label={STRINGS.kind}>
        <button type="button" aria-pressed={!note} title={withKeys(STRINGS.acts.reply, 'reply')} onClick={() => kind(false)}>
          {STRINGS.reply}
        </button>
        <button type="button" aria-pressed={note} title={withKeys(STRINGS.acts.note, 'note')} onClick={() => kind(true)}>
          {STRINGS.note}
        </button>
      </div>
      {mentions.open && <MentionMenu mentions={mentions} onTake={take} />}
      <Field field={field} text={text} label={note ? STRINGS.note : STRINGS.reply} sends="ctrl+enter" disabled={closed}
        hint={hint} completes={mentions.completes} onText={write} onSend={send} onKey={onKey} onCaret={mentions.look}
        onLeave={() => { conversation.typing(false); mentions.close(); }} />
      <div class="foot">
        <button type="button" class="plain" aria-label={STRINGS.acts.macros} title={withKeys(STRINGS.acts.macros, 'macros')}
          onClick={() => show('macros')}>
          <Icon name="bolt" />
        </button>
        <AfterChips after={after} onChange={setAfter} />
        <span class="hint"><Caps act="send" /></span>
        {!note && (
          <button type="button" class="secondary" title={withKeys(STRINGS.acts.sendSolved, 'sendSolved')}
            disabled={empty} onClick={() => send(true)}>{STRINGS.sendSolved}</button>
        )}
        <button type="submit" class="primary" title={withKeys(STRINGS.acts.send, 'send')} disabled={empty}>
          {note ? STRINGS.addNote : STRINGS.send}
        </button>
      </div>
    </form>
  );
}
