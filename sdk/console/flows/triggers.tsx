/** What a flow starts on, and its own settings beside its steps. */
import { Icon } from '../../ui/icons.tsx';
import { isTree, type Tree } from '../admin/tree.ts';
import { STRINGS } from '../strings.ts';
import { Ticks } from '../ticks.tsx';
import { ConditionEditor } from './condition.tsx';
import { Area, Fieldset, Line, Options, Select, Tick, written } from './fields.tsx';
import { useAt, useForm } from './form.ts';
import { keptIn, type Option } from './names.ts';
import { blankTest, stepsOf } from './steps.ts';
import { languageName } from './texts.tsx';
import { FLOWS } from './words.ts';

const TRIGGERS = ['opened', 'message', 'status', 'idle', 'ended', 'assigned', 'field', 'called'] as const;
/** That are offered; any other may stand in a flow, too. */
const LANGUAGES = ['en', 'it', 'pt', 'cs', 'de', 'es', 'fr'];
type Trigger = (typeof TRIGGERS)[number];

function blankTrigger(on: Trigger): Tree {
  const more: Readonly<Record<string, Tree>> = { message: { from: 'customer' }, field: { field: 'contact.email' } };
  return { on, ...more[on] };
}

export function FlowSettings() {
  const { value, change, fallback } = useForm();
  const languages = [...new Set([fallback, ...LANGUAGES])].map((id) => ({ id, name: languageName(id) }));
  const again = Object.entries(FLOWS.again).map(([id, name]) => ({ id, name }));
  const onAgent = Object.entries(FLOWS.onAgent).map(([id, name]) => ({ id, name }));
  return (
    <div class="flow-form">
      <Line path="name" label={FLOWS.flowName} />
      <Area path="about" label={FLOWS.about} rows={2} optional />
      <Triggers />
      <div class="field tick">
        <input type="checkbox" id="flow-when" checked={value['when'] !== undefined}
          onChange={(event) => change('when', event.currentTarget.checked ? { all: [blankTest()] } : undefined)} />
        <label for="flow-when">{FLOWS.whenTick}</label>
      </div>
      {value['when'] !== undefined && <ConditionEditor path="when" label={FLOWS.when} />}
      <Tick path="inboundOnly" label={FLOWS.inboundOnly} hint={FLOWS.inboundHint} />
      <Select path="again" label={FLOWS.againLabel} of={again} standard="ignore" />
      <Select path="onAgent" label={FLOWS.onAgentLabel} of={onAgent} none={FLOWS.onAgentDefault} />
      <Line path="sender" label={FLOWS.sender} placeholder="Assistant" hint={FLOWS.senderHint} optional />
      <Select path="language" label={FLOWS.flowLanguage} of={languages} standard="en" hint={FLOWS.flowLanguageHint} />
    </div>
  );
}

function Triggers() {
  const { value, set } = useAt('start');
  const all = stepsOf(value);
  return (
    <Fieldset path="start" label={FLOWS.startsOn}>
      <ul class="tests triggers">
        {all.map((trigger, i) => (
          <TriggerRow key={i} at={i} trigger={trigger} onRemove={() => set(all.filter((_, at) => at !== i))} />
        ))}
      </ul>
      <button type="button" class="plain-add"
        onClick={() => set([...all, blankTrigger('opened')])}><Icon name="plus" />{FLOWS.addTrigger}</button>
    </Fieldset>
  );
}

function TriggerRow({ at, trigger, onRemove }: { at: number; trigger: Tree; onRemove(): void }) {
  const path = `start.${at}`;
  const { set, said } = useAt(path);
  const on = TRIGGERS.find((one) => one === trigger['on']);
  return (
    <li class="test" data-field={path}>
      <select aria-label={FLOWS.startsOn} value={on ?? ''} aria-invalid={said.length > 0}
        onChange={(event) => set(blankTrigger(TRIGGERS.find((one) => one === event.currentTarget.value) ?? 'opened'))}>
        {on === undefined && <option value="">{FLOWS.choose}</option>}
        {TRIGGERS.map((one) => <option key={one} value={one}>{FLOWS.triggers[one]}</option>)}
      </select>
      <TriggerMore path={path} trigger={trigger} on={on} />
      <button type="button" class="plain" aria-label={FLOWS.removeTrigger} title={FLOWS.removeTrigger}
        onClick={onRemove}><Icon name="close" /></button>
    </li>
  );
}

function TriggerMore({ path, trigger, on }: { path: string; trigger: Tree; on: Trigger | undefined }) {
  const { names, change } = useForm();
  switch (on) {
    case 'message':
      return (
        <select aria-label={FLOWS.messageFrom} value={written(trigger['from'])}
          onChange={(event) => change(`${path}.from`, event.currentTarget.value)}>
          {(['customer', 'agent'] as const).map((one) => <option key={one} value={one}>{FLOWS.senders[one]}</option>)}
        </select>
      );
    case 'field':
      return (
        <select aria-label={FLOWS.field} value={written(trigger['field'])}
          onChange={(event) => change(`${path}.field`, event.currentTarget.value)}>
          <Options of={keptIn(names).filter(({ id }) => id.startsWith('contact.'))}
            chosen={written(trigger['field'])} />
        </select>
      );
    case 'status':
      return <AnyOf path={`${path}.to`} none={FLOWS.anyStatus}
        of={Object.entries(STRINGS.statuses).map(([id, name]) => ({ id, name }))} />;
    case 'idle':
      return <AnyOf path={`${path}.reasons`} none={FLOWS.anyReason}
        of={Object.entries(FLOWS.idleFor).map(([id, name]) => ({ id, name }))} />;
    default: return null;
  }
}

/** None of them means any. */
function AnyOf({ path, of, none }: { path: string; of: readonly Option[]; none: string }) {
  const { id: name, value, set } = useAt(path);
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [];
  return (
    <div class="picks test-words" role="group" aria-label={none}>
      <Ticks name={name} of={of} chosen={chosen} onChange={(next) => set(next.length === 0 ? undefined : next)} />
      {chosen.length === 0 && <span class="means">{none}</span>}
    </div>
  );
}

export function startsOf(flow: Tree): string[] {
  return stepsOf(flow['start']).map((one) => (isTree(one) ? String(one['on'] ?? '') : ''));
}
