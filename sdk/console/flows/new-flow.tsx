/** A new empty flow: its name is all that is asked. */
import { useState } from 'preact/hooks';
import type { Agent } from '../../agent.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { idFrom } from '../admin/keyed.ts';
import { LANGUAGE } from '../strings.ts';
import { troubleOf } from '../trouble.ts';
import { hashOfFlow } from './place.ts';
import { blankFlow } from './steps.ts';
import { FLOWS } from './words.ts';

interface Props {
  agent: Agent;
  /** Ids of the flows that there are. */
  taken: readonly string[];
  onClose(): void;
}

export function NewFlow({ agent, taken, onClose }: Props) {
  const [name, setName] = useState('');
  const [trouble, setTrouble] = useState('');
  const begin = async () => {
    if (name.trim() === '') return setTrouble(FLOWS.nameIt);
    try {
      const id = idOfFlow(name, taken);
      await agent.flows.save(id, blankFlow(name.trim(), LANGUAGE.split('-')[0] ?? 'en'), 0);
      onClose();
      location.hash = hashOfFlow(id);
    } catch (error) {
      const { what, mend } = troubleOf(error);
      setTrouble(`${what} ${mend}`);
    }
  };
  return (
    <Dialog label={FLOWS.newFlow} kind="is-ask" onClose={onClose}>
      <form class="ask-card settings-page" noValidate onSubmit={(event) => { event.preventDefault(); void begin(); }}>
        <h2>{FLOWS.newFlow}</h2>
        <div class="field">
          <label for="new-flow">{FLOWS.flowName}</label>
          <input id="new-flow" type="text" value={name} maxLength={80} autoComplete="off" autoFocus
            aria-invalid={trouble !== ''}
            onInput={(event) => setName(event.currentTarget.value)} />
          {trouble !== '' && <p class="wrong" role="alert">{trouble}</p>}
        </div>
        <div class="form-foot">
          <button type="button" class="secondary" onClick={onClose}>{FLOWS.cancel}</button>
          <button type="submit" class="primary">{FLOWS.begin}</button>
        </div>
      </form>
    </Dialog>
  );
}

/** Of its name; of a name without Latin letters a number. */
export function idOfFlow(name: string, taken: readonly string[]): string {
  return idFrom(name, taken) || idFrom('flow', taken);
}
