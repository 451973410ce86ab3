/** The library: the workspace's flows with how each stands, and the templates that one can begin with. */
import { useState } from 'preact/hooks';
import type { Agent, FlowRow, Library, Template } from '../../agent.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Icon, Stroke } from '../../ui/icons.tsx';
import { ago, useNow } from '../../ui/moments.ts';
import { isTree } from '../admin/tree.ts';
import { useConsole } from '../context.ts';
import { LANGUAGE } from '../strings.ts';
import { BIN, KindIcon } from './kind-icon.tsx';
import { NewFlow } from './new-flow.tsx';
import { hashOfFlow } from './place.ts';
import { stepName, triggerSaid } from './said.ts';
import { idOfStep, kindOf, stepsOf } from './steps.ts';
import { sentenceIn } from './texts.tsx';
import { UseTemplate } from './use-template.tsx';
import { FLOWS } from './words.ts';

interface Props {
  agent: Agent;
  library: Library;
  may: boolean;
  refresh(): Promise<void>;
}

export function LibraryPage({ agent, library, may, refresh }: Props) {
  const { watch } = useConsole();
  const [making, make] = useState<'empty' | Template | null>(null);
  const [removing, remove] = useState<FlowRow | null>(null);
  const turn = (row: FlowRow, version: number) => {
    const to = (one: number) => agent.flows.live(row.id, one).then(refresh);
    const said = version === 0 ? FLOWS.turnedOff(row.name) : FLOWS.turnedOn(row.name);
    watch(to(version), { said, undo: () => to(row.live) });
  };
  const taken = library.flows.map(({ id }) => id);
  return (
    <main class="library" aria-label={FLOWS.title}>
      <header class="library-head">
        <div><h2>{FLOWS.title}</h2><p>{FLOWS.titleMeans}</p></div>
        {may && (
          <button type="button" class="primary"
            onClick={() => make('empty')}><Icon name="plus" /> {FLOWS.newFlow}</button>
        )}
      </header>
      <section class="panel" aria-label={FLOWS.yours}>
        {library.flows.length === 0 ? <p class="none">{may ? FLOWS.none : FLOWS.noneToSee}</p> : (
          <div class="table-sheet">
            <table class="figures flow-table">
              <thead>
                <tr>
                  {[FLOWS.flow, FLOWS.stands, FLOWS.startsOn, FLOWS.changed].map((name) => <th key={name} scope="col">{name}</th>)}
                  {may && <td />}
                </tr>
              </thead>
              <tbody>
                {library.flows.map((row) => <Row key={row.id} row={row} may={may}
                  onTurn={(version) => turn(row, version)} onRemove={() => remove(row)} />)}
              </tbody>
            </table>
          </div>
        )}
      </section>
      <h3 class="templates-name">{FLOWS.templates}</h3>
      <ul class="templates">
        {library.templates.map((template) => <TemplateCard key={template.id} template={template} may={may}
          onUse={() => make(template)} />)}
      </ul>
      {making === 'empty' && <NewFlow agent={agent} taken={taken} onClose={() => make(null)} />}
      {making !== null && making !== 'empty' && <UseTemplate agent={agent} template={making} taken={taken}
        onClose={() => make(null)} />}
      {removing && (
        <Remove row={removing} onClose={() => remove(null)} onRemove={() => {
          remove(null);
          watch(agent.flows.remove(removing.id).then(refresh), { said: FLOWS.removed(removing.name) });
        }} />
      )}
    </main>
  );
}

interface RowProps {
  row: FlowRow;
  may: boolean;
  onTurn(version: number): void;
  onRemove(): void;
}

function Row({ row, may, onTurn, onRemove }: RowProps) {
  const now = useNow(30_000);
  const { id, name, about, live, draft, problems, versions, start, by, at } = row;
  return (
    <tr>
      <th scope="row"><a href={hashOfFlow(id)}>{name || id}</a>{about !== '' && <p>{about}</p>}</th>
      <td>
        <span class="flow-state">
          <span class={live > 0 ? 'chip is-solved' : 'chip is-closed'}>
            {live > 0 ? FLOWS.liveVersion(live) : versions > 0 ? FLOWS.off : FLOWS.draftOnly}
          </span>
          {draft && live > 0 && <span class="fact">{FLOWS.draftDiffers}</span>}
          {problems > 0 && <span class="fact is-over">{FLOWS.problemCount(problems)}</span>}
        </span>
      </td>
      <td class="muted">{start.map(triggerSaid).join(' · ')}</td>
      <td class="muted flow-by">
        {by !== '' && <span>{by}</span>} <time dateTime={new Date(at).toISOString()}>{ago(at, now, LANGUAGE)}</time>
      </td>
      {may && (
        <td class="flow-acts">
          {live > 0 && <button type="button" class="secondary" onClick={() => onTurn(0)}>{FLOWS.turnOff}</button>}
          {live === 0 && versions > 0 && (
            <button type="button" class="secondary" onClick={() => onTurn(versions)}>{FLOWS.turnOn}</button>
          )}
          {live === 0 && (
            <button type="button" class="plain" aria-label={FLOWS.remove(name)} title={FLOWS.remove(name)}
              onClick={onRemove}><Stroke d={BIN} /></button>
          )}
        </td>
      )}
    </tr>
  );
}

/** Steps that a card has room for. */
const MOST_STEPS = 6;

function TemplateCard({ template, may, onUse }: { template: Template; may: boolean; onUse(): void }) {
  const name = sentenceIn(template.name, language(), 'en');
  const steps = isTree(template.definition) ? stepsOf(template.definition['steps']) : [];
  return (
    <li class="template panel">
      <h4>{name}</h4>
      <p>{sentenceIn(template.about, language(), 'en')}</p>
      <ol class="template-steps" aria-label={FLOWS.steps}>
        {steps.slice(0, MOST_STEPS).map((step) => (
          <li key={idOfStep(step)} class={`is-${kindOf(step) ?? 'strange'}`}>
            <span class="step-icon"><KindIcon kind={kindOf(step)} /></span>{stepName(step)}
          </li>
        ))}
        {steps.length > MOST_STEPS && <li class="muted">{FLOWS.moreSteps(steps.length - MOST_STEPS)}</li>}
      </ol>
      {may && <button type="button" class="secondary" aria-label={FLOWS.useIt(name)}
        onClick={onUse}>{FLOWS.useTemplate}</button>}
    </li>
  );
}

function Remove({ row, onClose, onRemove }: { row: FlowRow; onClose(): void; onRemove(): void }) {
  return (
    <Dialog label={FLOWS.remove(row.name)} kind="is-ask" onClose={onClose}>
      <div class="ask-card">
        <h2>{FLOWS.removeAsk(row.name)}</h2>
        <p>{FLOWS.removeMeans}</p>
        <div class="form-foot">
          <button type="button" class="secondary" onClick={onClose}>{FLOWS.cancel}</button>
          <button type="button" class="primary is-danger" onClick={onRemove}>{FLOWS.removeIt}</button>
        </div>
      </div>
    </Dialog>
  );
}

function language(): string {
  return LANGUAGE.split('-')[0] ?? 'en';
}
