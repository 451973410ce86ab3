/** Puts a conversation out of sight until a time, or brings it back. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { factsOf, type AgentConversation } from '../agent.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Icon } from '../ui/icons.tsx';
import { Picker, type Choice } from '../ui/picker.tsx';
import { useConsole } from './context.ts';
import { SNOOZES, snoozedUntil, until } from './snoozes.ts';
import { LANGUAGE, STRINGS } from './strings.ts';

export function SnoozePicker({ conversation, onClose }: { conversation: AgentConversation; onClose(): void }) {
  const { watch } = useConsole();
  const [now] = useState(() => Date.now());
  const [dated, setDated] = useState(false);
  const summary = conversation.state.get();
  const sleeps = summary !== null && factsOf(summary).snoozedUntil > now;
  const choices: Choice[] = [
    ...(sleeps ? [{ id: 'wake', name: STRINGS.wake, lead: <Icon name="bell" /> }] : []),
    ...SNOOZES.map((snooze) => ({
      id: snooze, name: STRINGS.snoozes[snooze], lead: <Icon name="alarm" />,
      hint: until(snoozedUntil(snooze, now), now, LANGUAGE),
    })),
    { id: 'date', name: STRINGS.snoozeDate, lead: <Icon name="alarm" /> },
  ];
  const snooze = (at: number) => {
    onClose();
    const done = { said: STRINGS.snoozedUntil(until(at, now, LANGUAGE)), undo: () => conversation.snooze(0) };
    watch(conversation.snooze(at), at === 0 ? undefined : done);
  };
  const choose = ({ id }: Choice) => {
    const chosen = SNOOZES.find((one) => one === id);
    if (id === 'date') setDated(true);
    else snooze(chosen ? snoozedUntil(chosen, Date.now()) : 0);
  };
  return (
    <Dialog label={STRINGS.acts.snooze} kind="is-picker" onClose={onClose}>
      {dated ? <Dated now={now} onSnooze={snooze} />
        : <Picker label={STRINGS.acts.snooze} hint={STRINGS.chooseSnooze} choices={choices} none={STRINGS.noMatch}
          onChoose={choose} />}
    </Dialog>
  );
}

/** A day and a time of one's own. */
function Dated({ now, onSnooze }: { now: number; onSnooze(at: number): void }) {
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    const at = new Date(field.current?.value ?? '').getTime();
    if (at > Date.now()) onSnooze(at);
    else {
      field.current?.setCustomValidity(STRINGS.inTheFuture);
      field.current?.reportValidity();
    }
  };
  return (
    <form class="dated" onSubmit={submit}>
      <label>{STRINGS.snoozeUntil}
        <input ref={field} type="datetime-local" required defaultValue={local(snoozedUntil('tomorrow', now))}
          onInput={(event) => event.currentTarget.setCustomValidity('')} />
      </label>
      <button type="submit" class="primary">{STRINGS.acts.snooze}</button>
    </form>
  );
}

/** As the field wants it: the wall's time, without a zone. */
function local(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
