/** Publishing a draft: what changes from the live version, a note, and what becomes of the conversations in which it runs. */
import { useEffect, useId, useMemo, useState } from 'preact/hooks';
import type { FlowView, Library } from '../../agent.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useValue } from '../../ui/value.ts';
import { same, type Tree } from '../admin/tree.ts';
import { useConsole } from '../context.ts';
import { LANGUAGE } from '../strings.ts';
import { troubleOf } from '../trouble.ts';
import { Changes } from './changes.tsx';
import type { FlowDraft, Open } from './draft.ts';
import { namesOf } from './names.ts';
import { placed } from './places.ts';
import { stepName, triggerSaid } from './said.ts';
import { allSteps, find, identified } from './steps.ts';
import { startsOf } from './triggers.tsx';
import { FLOWS, VERSIONS } from './words.ts';

interface Props {
  draft: FlowDraft;
  open: Open;
  library: Library;
}

export function Publish({ draft, open, library }: Props) {
  const [shown, show] = useState(false);
  const why = useMemo(() => whyNot(open), [open]);
  return (
    <>
      <button type="button" class="primary flow-publish" aria-disabled={why !== null} title={why ?? undefined}
        onClick={() => why === null && show(true)}>{VERSIONS.publish}</button>
      {shown && <PublishCard draft={draft} open={open} library={library} onClose={() => show(false)} />}
    </>
  );
}

/** Null: it can be published. */
function whyNot({ drafting, problems, checked, view }: Open): string | null {
  if (drafting.clash !== null) return VERSIONS.notYet.clash;
  if (problems.length > 0) return VERSIONS.notYet.problems(problems.length);
  if (!checked) return VERSIONS.notYet.checking;
  const live = flowOf(view, view.live);
  return live !== null && same(live, drafting.value) ? VERSIONS.notYet.same : null;
}

/** A version as the editor sees one; null: there is none such. */
export function flowOf({ versions }: FlowView, version: number): Tree | null {
  const found = versions.find((one) => one.version === version);
  return found ? identified(found.flow) : null;
}

function PublishCard({ draft, open: { drafting: { value: flow }, view }, library, onClose }: Props & { onClose(): void }) {
  const { agent, watch } = useConsole();
  const settings = useValue(agent.settings.value);
  const [fresh, setFresh] = useState(false);
  const [trouble, setTrouble] = useState('');
  const [note, write] = useState('');
  const [migrate, choose] = useState(false);
  const [working, work] = useState(false);
  const noteId = useId();
  const names = useMemo(() => namesOf(settings, library.flows, view.id, flow, stepName), [settings, library, flow]);
  const name = String(flow['name'] ?? '') || view.id;
  const live = useMemo(() => flowOf(view, view.live), [view]);
  const next = Math.max(0, ...view.versions.map(({ version }) => version)) + 1;
  const told = (error: unknown) => {
    const { what, mend } = troubleOf(error);
    setTrouble(`${what} ${mend}`);
  };
  // What is compared, and whether runs can go over, is said of the draft that the gateway has.
  useEffect(() => {
    draft.save().then(() => draft.refresh()).then(() => setFresh(true), told);
  }, [draft]);
  const publish = async () => {
    work(true);
    setTrouble('');
    try {
      await draft.save();
      const version = await agent.flows.publish(view.id, { rev: draft.value.get().drafting.rev, migrate, note: note.trim() });
      await draft.refresh();
      const undo = () => agent.flows.live(view.id, view.live).then(() => draft.refresh());
      onClose();
      watch(Promise.resolve(), { said: VERSIONS.published(name, version), undo });
    } catch (error) {
      told(error);
      work(false);
    }
  };
  return (
    <Dialog label={VERSIONS.publishName(name)} kind="is-publish" onClose={onClose}>
      <header>
        <h2>{VERSIONS.publishName(name)}</h2>
        <button type="button" class="plain" aria-label={FLOWS.cancel} onClick={onClose}><Icon name="close" /></button>
      </header>
      <form class="publish-form settings-page" noValidate onSubmit={(event) => { event.preventDefault(); void publish(); }}>
        {!fresh && trouble === '' && <p class="means" role="status">{VERSIONS.reading}</p>}
        {fresh && (
          <>
            <section aria-label={live ? VERSIONS.changesFrom(view.live) : VERSIONS.first}>
              <h3>{live ? VERSIONS.changesFrom(view.live) : view.versions.length > 0 ? VERSIONS.isOff : VERSIONS.first}</h3>
              {live ? <Changes old={live} next={flow} names={names} language={LANGUAGE.split('-')[0] ?? 'en'} /> : (
                <p class="means">
                  {VERSIONS.firstMeans(startsOf(flow).map(triggerSaid).join(' · '), FLOWS.stepCount(allSteps(flow).length))}
                </p>
              )}
              <p class="means">{VERSIONS.newOnes}</p>
            </section>
            {live && <Runs view={view} flow={flow} migrate={migrate} onChoose={choose} />}
            <div class="field">
              <label for={noteId}>{VERSIONS.note}</label>
              <textarea id={noteId} rows={2} maxLength={500} value={note} onInput={(event) => write(event.currentTarget.value)} />
              <p class="means">{VERSIONS.noteHint}</p>
            </div>
          </>
        )}
        {trouble !== '' && <p class="refused" role="alert">{trouble}</p>}
        <div class="form-foot">
          <button type="button" class="secondary" onClick={onClose}>{FLOWS.cancel}</button>
          <button type="submit" class="primary" disabled={!fresh || working}>{VERSIONS.publishNow(next)}</button>
        </div>
      </form>
    </Dialog>
  );
}

interface RunsProps {
  view: FlowView;
  flow: Tree;
  migrate: boolean;
  onChoose(migrate: boolean): void;
}

function Runs({ view: { live, migration }, flow, migrate, onChoose }: RunsProps) {
  const clean = migration.length === 0;
  const name = useId();
  return (
    <fieldset class="field group publish-runs">
      <legend>{VERSIONS.runs}</legend>
      <label class="tick">
        <input type="radio" name={name} checked={!migrate} onChange={() => onChoose(false)} /> <span>{VERSIONS.finish(live)}</span>
      </label>
      <label class="tick">
        <input type="radio" name={name} checked={migrate && clean} disabled={!clean} onChange={() => onChoose(true)} />
        <span>{VERSIONS.goOver}</span>
        {clean && <span class="means">{VERSIONS.goOverHow}</span>}
      </label>
      {!clean && (
        <div class="publish-why">
          <p class="means">{VERSIONS.cannotGoOver}</p>
          <ul>
            {placed(flow, migration).map(({ step, field }, i) => (
              <li key={i}><b>{placeSaid(flow, step, field)}</b> {migration[i]?.problem}</li>
            ))}
          </ul>
        </div>
      )}
    </fieldset>
  );
}

/** "Look them up › Keep of the answer": the gateway's sentence goes on from there. */
function placeSaid(flow: Tree, step: string | null, field: string): string {
  const props: Readonly<Record<string, string>> = FLOWS.props;
  const key = field.split('.')[0] ?? '';
  if (step === null) return key === 'steps' ? FLOWS.steps : FLOWS.theFlow;
  return [stepName(find(flow, step)?.step ?? {}), ...(props[key] === undefined ? [] : [props[key]])].join(' › ');
}
