/** Hands a ticket over to a colleague or a team, with a note for them; to somebody who is full only deliberately. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { AgentConversation, Board } from '../agent.ts';
import { ParleyError } from '../index.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { Picker, type Choice } from '../ui/picker.tsx';
import { useValue } from '../ui/value.ts';
import { Caps } from './caps.tsx';
import { useConsole, type Console } from './context.ts';
import { Face } from './face.tsx';
import { candidates, type Candidate } from './candidates.ts';
import { statusDot, statusesOf } from './my-status.tsx';
import { BOARD, STRINGS } from './strings.ts';

const MAX_NOTE = 2_000;

export function HandOver({ conversation, onClose }: { conversation: AgentConversation; onClose(): void }) {
  const context = useConsole();
  const { agent, workspace, me } = context;
  const [to, setTo] = useState<Candidate | null>(null);
  useEffect(() => agent.desk.watchBoard(), [agent]);
  const board = useValue(agent.desk.board);
  const people = useValue(agent.people);
  const assignee = conversation.state.get()?.assignee?.id ?? null;
  const all = useMemo(() => candidates(workspace, board, people.map(({ id }) => id), [me?.id ?? '', assignee ?? '']),
    [workspace, board, people, me, assignee]);
  // The board moves on while one writes; what is shown of the chosen one does, too.
  const chosen = to && (all.find(({ id }) => id === to.id) ?? to);
  return (
    <Dialog label={STRINGS.acts.handOver} kind={chosen ? 'is-form' : 'is-picker'} onClose={onClose}>
      {chosen ? <Note to={chosen} conversation={conversation} onBack={() => setTo(null)} onClose={onClose} /> : (
        <Picker label={STRINGS.handOverTo} hint={STRINGS.handOverTo} none={STRINGS.noMatch}
          choices={all.map((one) => choiceOf(one, context, board))}
          onChoose={({ id }) => setTo(all.find((one) => one.id === id) ?? null)} />
      )}
    </Dialog>
  );
}

function choiceOf(one: Candidate, context: Console, board: Board | null): Choice {
  const { id, name, words } = one;
  if (one.is === 'team') {
    const waiting = board?.teams.find(({ team }) => team === one.team)?.waiting;
    const hint = waiting === undefined ? '' : STRINGS.waitingCount(waiting);
    return { id, name, words, group: STRINGS.teams, lead: <Icon name="team" />, hint };
  }
  return {
    id, name, words, group: STRINGS.colleagues, hint: stateOf(one, context),
    lead: <span class="with-dot"><Face id={one.agent} name={name} /><i class={statusDot(one.status)} /></span>,
  };
}

function stateOf(one: Candidate & { is: 'agent' }, context: Console): string {
  // Statuses and places of colleagues are for supervisors.
  if (one.limit === null) return one.here ? BOARD.here : BOARD.notHere;
  const status = statusesOf(context).find(({ id }) => id === one.status)?.name ?? one.status;
  return `${one.here ? status : BOARD.notHere} · ${STRINGS.placesHeld(one.held, one.limit)}`;
}

interface NoteProps {
  to: Candidate;
  conversation: AgentConversation;
  onBack(): void;
  onClose(): void;
}

function Note({ to, conversation, onBack, onClose }: NoteProps) {
  const context = useConsole();
  const note = useRef<HTMLTextAreaElement>(null);
  const [over, setOver] = useState(false);
  /** Why the desk would not, when it was asked without `over`. */
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const full = to.is === 'agent' && (refused !== null || to.full || to.absent);
  // Before the next key: what is typed at once belongs into the note.
  useLayoutEffect(() => note.current?.focus(), []);
  const submit = () => {
    if (busy || (full && !over)) return;
    setBusy(true);
    const target = to.is === 'agent' ? { agent: to.agent } : { team: to.team };
    const act = conversation.handOver(target, note.current?.value.trim() ?? '', over);
    act.then(onClose, (error: unknown) => {
      setBusy(false);
      // They have become full in this moment: one may still want it.
      if (error instanceof ParleyError && error.name === 'noCapacity' && !over) setRefused(error.detail);
      else context.watch(Promise.reject(error));
    });
    if (!full || over) context.watch(act.catch(() => new Promise(() => {})), { said: STRINGS.handedOver(to.name) });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    submit();
  };
  return (
    <form class="hand-over" onSubmit={(event) => { event.preventDefault(); submit(); }} onKeyDown={onKey}>
      <h2>{STRINGS.handOverHead(to.name)}</h2>
      {to.is === 'agent' && <p class="muted">{refused ?? stateOf(to, context)}</p>}
      <label>{STRINGS.handOverNote}
        <textarea ref={note} rows={4} maxLength={MAX_NOTE} placeholder={STRINGS.handOverNoteHint} />
      </label>
      {full && (
        <label class="deliberate">
          <input type="checkbox" checked={over} onChange={(event) => setOver(event.currentTarget.checked)} />
          <span>{to.is === 'agent' && to.full ? STRINGS.overFull(to.name) : STRINGS.overAbsent(to.name)}</span>
        </label>
      )}
      <div class="form-foot">
        <button type="button" class="secondary" onClick={onBack}>{STRINGS.another}</button>
        <button type="submit" class="primary" disabled={busy || (full && !over)}>
          {STRINGS.acts.handOver}<Caps act="send" />
        </button>
      </div>
    </form>
  );
}
