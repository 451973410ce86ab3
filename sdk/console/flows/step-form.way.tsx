/** Forms of the steps that lead the way: branch, wait, jump. */
import { Icon } from '../../ui/icons.tsx';
import { ConditionEditor } from './condition.tsx';
import { Duration, Fieldset, Line, NumberField, Select, written } from './fields.tsx';
import { useAt, useForm } from './form.ts';
import { fillsOf } from './names.ts';
import { blankCase, casesOf, idOfStep } from './steps.ts';
import { FLOWS } from './words.ts';

export function BranchForm() {
  const { value, change } = useForm();
  const cases = casesOf(value);
  const move = (at: number, by: number) => {
    const order = cases.filter((_, i) => i !== at);
    order.splice(at + by, 0, ...cases.slice(at, at + 1));
    change('cases', order);
  };
  return (
    <>
      {cases.map((_, i) => (
        <section key={i} class="case" aria-label={FLOWS.caseNumber(i + 1)} data-field={`cases.${i}`}>
          <header>
            <h4>{FLOWS.caseNumber(i + 1)}</h4>
            {cases.length > 1 && (
              <>
                <CaseButton words={FLOWS.caseUp(i + 1)} up off={i === 0} onClick={() => move(i, -1)} />
                <CaseButton words={FLOWS.caseDown(i + 1)} off={i === cases.length - 1} onClick={() => move(i, 1)} />
                <button type="button" class="plain" aria-label={FLOWS.removeCase(i + 1)} title={FLOWS.removeCase(i + 1)}
                  onClick={() => change('cases', cases.filter((_case, at) => at !== i))}><Icon name="close" /></button>
              </>
            )}
          </header>
          <ConditionEditor path={`cases.${i}.when`} label={FLOWS.when} />
          <Line path={`cases.${i}.name`} label={FLOWS.caseName} optional />
        </section>
      ))}
      <button type="button" class="plain-add"
        onClick={() => change('cases', [...cases, blankCase()])}><Icon name="plus" />{FLOWS.addCase}</button>
    </>
  );
}

function CaseButton({ words, up, off, onClick }: { words: string; up?: boolean; off: boolean; onClick(): void }) {
  return (
    <button type="button" class={up ? 'plain up' : 'plain'} aria-label={words} title={words} disabled={off}
      onClick={onClick}><Icon name="down" /></button>
  );
}

export function JumpForm() {
  const { value, names } = useForm();
  return (
    <>
      <Select path="to" label={FLOWS.jumpWhere} of={names.steps.filter(({ id }) => id !== idOfStep(value))} />
      <NumberField path="times" label={FLOWS.jumpTimes} least={1} most={20} />
    </>
  );
}

/** Each is one way for the wait to end; the first to happen ends it. */
export function WaitForm() {
  const replies = Object.entries(FLOWS.untilReply).map(([id, name]) => ({ id, name }));
  return (
    <>
      <Duration path="forMs" label={FLOWS.waitFor} none={FLOWS.noTime} />
      <Select path="untilReply" label={FLOWS.waitReply} of={replies} none={FLOWS.noReply} />
      <UntilOpen />
      <UntilDate />
    </>
  );
}

function UntilOpen() {
  const { names } = useForm();
  const { id, value, set } = useAt('untilOpen');
  const chosen = typeof value === 'string' ? `open:${value}` : '';
  return (
    <div class="field" data-field="untilOpen">
      <label for={id}>{FLOWS.waitOpen}</label>
      <select id={id} value={chosen}
        onChange={({ currentTarget: { value: next } }) => set(next === '' ? undefined : next.slice('open:'.length))}>
        <option value="">{FLOWS.noOpen}</option>
        <option value="open:">{FLOWS.houseHours}</option>
        {names.teams.map((team) => <option key={team.id} value={`open:${team.id}`}>{FLOWS.hoursOf(team.name)}</option>)}
      </select>
    </div>
  );
}

function UntilDate() {
  const { names } = useForm();
  const { id, value, set, shared } = useAt('untilDate');
  const date = written(value);
  const fills = fillsOf(names).filter(({ id: one }) => /^(contact|vars)\./u.test(one));
  const how = value === undefined ? '' : /^\d{4}/u.test(date) || date === '' ? 'date' : date;
  return (
    <Fieldset path="untilDate" label={FLOWS.waitDate}>
      <div class="keep-in">
        <select id={`${id}-how`} aria-label={FLOWS.waitDate} value={how}
          onChange={({ currentTarget: { value: next } }) => set(next === '' ? undefined : next === 'date' ? '' : next)}>
          <option value="">{FLOWS.noDate}</option>
          <option value="date">{FLOWS.date}</option>
          {fills.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
          {how !== '' && how !== 'date' && fills.every((one) => one.id !== how) && <option value={how}>{how}</option>}
        </select>
        {how === 'date' && <input {...shared} type="date" aria-label={FLOWS.date} value={date.slice(0, 10)}
          onInput={(event) => set(event.currentTarget.value)} />}
      </div>
    </Fieldset>
  );
}
