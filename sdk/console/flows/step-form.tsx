/** The form of one step: its name, what its kind needs, and what happens when it does not go as hoped. */
import { choiceWord } from '../admin/words.ts';
import { STRINGS } from '../strings.ts';
import { AskForm, NoteForm, SayForm } from './step-form.talk.tsx';
import { BranchForm, JumpForm, WaitForm } from './step-form.way.tsx';
import { HttpForm } from './step-form.http.tsx';
import { Fieldset, Line, Picks, Select, Words, written } from './fields.tsx';
import { useAt, useForm } from './form.ts';
import { KeepIn } from './keep-in.tsx';
import type { Option } from './names.ts';
import { OPTIONAL, kindOf, type Kind, type ListKind } from './steps.ts';
import { FLOWS } from './words.ts';

/** `onOpen`: shows a list of steps of this step, so that one can write in it. */
export function StepForm({ onOpen }: { onOpen(list: ListKind): void }) {
  const { value } = useForm();
  const kind = kindOf(value);
  if (kind === null) return <p class="refused">{FLOWS.unknownStepHow}</p>;
  return (
    <div class="flow-form">
      <p class="means kind-means">{FLOWS.kindMeans[kind]}</p>
      <Own kind={kind} />
      {(OPTIONAL[kind] ?? []).map((list) => <Outcome key={list} list={list} onOpen={() => onOpen(list)} />)}
      <Line path="name" label={FLOWS.stepName} placeholder={FLOWS.kinds[kind]} hint={FLOWS.stepNameHint} optional />
      <p class="fixed-id">{FLOWS.stepId} <code>{written(value['id'])}</code></p>
    </div>
  );
}

function Own({ kind }: { kind: Kind }) {
  const { names } = useForm();
  switch (kind) {
    case 'say': return <SayForm />;
    case 'ask': return <AskForm />;
    case 'note': return <NoteForm />;
    case 'branch': return <BranchForm />;
    case 'wait': return <WaitForm />;
    case 'jump': return <JumpForm />;
    case 'http': return <HttpForm />;
    case 'run': return <Select path="flow" label={FLOWS.whichFlow} of={names.flows} hint={FLOWS.whichFlowHint} />;
    case 'assign': return <AssignForm />;
    case 'tag':
      return (
        <>
          <Words path="add" label={FLOWS.addTags} known={names.tags} />
          <Words path="remove" label={FLOWS.removeTags} known={names.tags} />
        </>
      );
    case 'priority': return <Select path="priority" label={STRINGS.priority} of={PRIORITIES} numbers />;
    case 'status': return <Select path="status" label={FLOWS.becomes} of={STATUSES} hint={FLOWS.statusHint} />;
    case 'set': return <SetForm />;
    case 'close': case 'end': return null;
    default: return kind satisfies never;
  }
}

const PRIORITIES: readonly Option[] = Object.entries(STRINGS.priorities).map(([id, name]) => ({ id, name }));
const STATUSES: readonly Option[] = (['open', 'pending', 'onHold', 'solved'] as const)
  .map((id) => ({ id, name: STRINGS.statuses[id] }));
const METHODS: readonly Option[] = ['leastBusy', 'roundRobin', 'longestIdle']
  .map((id) => ({ id, name: choiceWord('method', id) }));
/** What says to whom a ticket goes: one of them at a time. */
const TO = ['team', 'agent', 'skills', 'by', 'nobody'];

function AssignForm() {
  const { value, change, names } = useForm();
  const to = value['nobody'] === true ? 'nobody' : value['agent'] !== undefined ? 'agent' : 'team';
  const turn = (next: 'team' | 'agent' | 'nobody') => {
    const rest = Object.fromEntries(Object.entries(value).filter(([key]) => !TO.includes(key)));
    const first = { nobody: true, agent: names.agents[0]?.id ?? '', team: names.teams[0]?.id ?? '' };
    change('', { ...rest, [next]: first[next] });
  };
  return (
    <>
      <div class="field">
        <div class="segments" role="group" aria-label={FLOWS.assignTo}>
          {(['team', 'agent', 'nobody'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={to === one}
              onClick={() => turn(one)}>{FLOWS.assign[one]}</button>
          ))}
        </div>
      </div>
      {to === 'team' && (
        <>
          <Select path="team" label={STRINGS.team} of={names.teams} none={FLOWS.anyTeam} />
          {(names.skills.length > 0 || value['skills'] !== undefined) && (
            <Picks path="skills" label={FLOWS.skills} of={names.skills} empty="" />
          )}
          <Select path="by" label={FLOWS.byLabel} of={METHODS} none={FLOWS.byDefault} />
        </>
      )}
      {to === 'agent' && <Select path="agent" label={FLOWS.assign.agent} of={names.agents} hint={FLOWS.agentHint} />}
      {to === 'nobody' && <p class="means">{FLOWS.nobodyHint}</p>}
    </>
  );
}

function SetForm() {
  return (
    <>
      <KeepIn path="field" label={FLOWS.setWhat} />
      <Line path="value" label={FLOWS.value} hint={FLOWS.setHint} />
      <Fieldset path="ifMissing" label={FLOWS.setWhen}><IfMissing /></Fieldset>
    </>
  );
}

function IfMissing() {
  const { value, set } = useAt('ifMissing');
  return (
    <div class="segments" role="group" aria-label={FLOWS.setWhen}>
      <button type="button" aria-pressed={value !== true} onClick={() => set(undefined)}>{FLOWS.setAlways}</button>
      <button type="button" aria-pressed={value === true} onClick={() => set(true)}>{FLOWS.setIfMissing}</button>
    </div>
  );
}

/** A way out that a step may have: without it the step fails or the flow goes on; with it, steps of its own come. */
function Outcome({ list, onOpen }: { list: Exclude<ListKind, 'case'>; onOpen(): void }) {
  const { value, set, id } = useAt(list);
  const there = value !== undefined;
  const count = Array.isArray(value) ? value.length : 0;
  return (
    <div class="field outcome" data-field={list}>
      <label for={id}>{FLOWS.lists[list]}</label>
      <div class="outcome-how">
        <select id={id} value={there ? 'steps' : ''}
          onChange={(event) => set(event.currentTarget.value === '' ? undefined : [])}>
          <option value="">{FLOWS.without[list]}</option>
          <option value="steps">{FLOWS.withSteps}</option>
        </select>
        {there && <button type="button" class="secondary" onClick={onOpen}>{FLOWS.stepCount(count)}</button>}
      </div>
    </div>
  );
}
