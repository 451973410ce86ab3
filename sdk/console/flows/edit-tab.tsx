/** The editor of a flow: its tree, its statechart and the form of what is selected, beside each other. */
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import { Icon, Stroke } from '../../ui/icons.tsx';
import { useValue } from '../../ui/value.ts';
import type { Tree } from '../admin/tree.ts';
import { useConsole } from '../context.ts';
import { LANGUAGE } from '../strings.ts';
import { AddStep } from './add-step.tsx';
import { inWords } from './chart-words.ts';
import { Chart } from './chart.tsx';
import { duplicated, inserted, moved, neighbour, removed, slotBehind, turned, type Slot, type Turn } from './edits.ts';
import type { TabProps } from './editor.tsx';
import { FormContext, type Form } from './form.ts';
import { BIN, COPY, KindIcon } from './kind-icon.tsx';
import { namesOf } from './names.ts';
import { Outline } from './outline.tsx';
import { placed, type Placed } from './places.ts';
import { Problems } from './problems.tsx';
import { stepName } from './said.ts';
import {
  allSteps, blankStep, find, freshId, identified, idOfStep, kindOf, put, stepsOf, type Kind, type ListKind,
} from './steps.ts';
import { StepForm } from './step-form.tsx';
import { languageName, languagesIn } from './texts.tsx';
import { FlowSettings } from './triggers.tsx';
import { useSame } from './use-same.ts';
import { FLOWS } from './words.ts';

/** Languages that are always offered: those that the templates speak. */
const ALWAYS = ['en', 'it', 'pt', 'cs'];

export function EditTab({ draft, open, library, may }: TabProps) {
  const { agent } = useConsole();
  const settings = useValue(agent.settings.value);
  const { drafting: { value: flow }, view } = open;
  const [chosen, select] = useState<string | null>(null);
  const selected = chosen !== null && find(flow, chosen) ? chosen : null;
  const [adding, add] = useState<Slot | null>(null);
  const [side, show] = useState<'tree' | 'chart'>('tree');
  const fallback = typeof flow['language'] === 'string' ? flow['language'] : 'en';
  const own = LANGUAGE.split('-')[0] ?? 'en';
  const languages = useMemo(() => [...new Set([fallback, ...languagesIn(flow), ...ALWAYS])], [flow, fallback]);
  const [language, speak] = useState(() => (languagesIn(flow).includes(own) ? own : fallback));
  const names = useSame(
    useMemo(() => namesOf(settings, library.flows, view.id, flow, stepName), [settings, library, flow]));
  const problems = useMemo(() => placed(flow, open.problems), [flow, open.problems]);
  const faulty = useSame(problems.map(({ step }) => step));
  const wrong = useMemo(() => new Set(faulty), [faulty]);
  const taken = useMemo(() => new Set([
    ...allSteps(flow).map(({ step }) => idOfStep(step)),
    ...view.versions.flatMap((version) => allSteps(identified(version.flow)).map(({ step }) => idOfStep(step))),
  ]), [flow, view]);
  // In words, and the same one until it says something else: drawing it is costly.
  const chart = useSame(useMemo(() => open.chart && inWords(open.chart, flow, names), [open.chart, flow, names]));
  const inspector = useRef<HTMLElement>(null);

  const edit = (next: Tree) => draft.edit(next, null);
  const addStep = (kind: Kind) => {
    const id = freshId(kind, taken);
    edit(inserted(flow, adding ?? slotBehind(flow, selected), blankStep(kind, id, names.teams[0]?.id ?? '')));
    select(id);
    focusForm();
  };
  const copy = (id: string) => {
    const copied = duplicated(flow, id, taken);
    edit(copied.flow);
    select(copied.id);
  };
  const remove = (id: string) => {
    select(neighbour(flow, id));
    edit(removed(flow, id));
  };
  const move = (id: string, slot: Slot) => {
    edit(moved(flow, id, slot));
    select(id);
  };
  const latest = useRef(move);
  latest.current = move;
  const moveLatest = useCallback((id: string, slot: Slot) => latest.current(id, slot), []);
  const turn = (id: string, to: Turn) => {
    const slot = turned(flow, id, to);
    if (slot) move(id, slot);
  };
  const focusForm = (field = '') => requestAnimationFrame(() => {
    const all = [...inspector.current?.querySelectorAll<HTMLElement>('[data-field]') ?? []];
    // The field itself, else the nearest one around it.
    const at = all.filter(({ dataset: { field: one = '' } }) => field === one || field.startsWith(`${one}.`))
      .sort((a, b) => (b.dataset['field']?.length ?? 0) - (a.dataset['field']?.length ?? 0))[0];
    const editor = field === '' ? '.flow-form :is(input, textarea, select)'
      : 'input:not([type="checkbox"]), textarea, select';
    (at ?? inspector.current)?.querySelector<HTMLElement>(editor)?.focus();
  });
  const go = ({ step, field }: Placed) => {
    select(step);
    focusForm(field);
  };
  const openList = (list: ListKind) => {
    const found = selected === null ? null : find(flow, selected);
    if (found) add({ list: [...found.way, list], at: stepsOf(found.step[list]).length });
  };

  const tree = (
    <Outline flow={flow} names={names} language={language} fallback={fallback} selected={selected} wrong={wrong}
      may={may} onSelect={select}
      onAdd={add} onMove={moveLatest} onTurn={turn} onCopy={copy} onRemove={remove} onEnter={() => focusForm()} />
  );
  const form: Form = {
    value: formValue(flow, selected), problems: problems.filter(({ step }) => step === selected),
    names, language, fallback, fills: true,
    change(path, to) {
      const now = draft.value.get().drafting.value;
      const step = selected === null ? [] : find(now, selected)?.way ?? [];
      draft.edit(put(now, [...step, ...(path === '' ? [] : path.split('.'))], to), `${selected ?? ''} ${path}`);
    },
  };
  return (
    <div class={`flow-body shows-${side}`}>
      <section class="flow-left" aria-label={FLOWS.steps}>
        <div class="segments side-switch" role="group" aria-label={FLOWS.view}>
          {(['tree', 'chart'] as const).map((one) => (
            <button key={one} type="button" aria-pressed={side === one}
              onClick={() => show(one)}>{FLOWS.views[one]}</button>
          ))}
        </div>
        {tree}
        <Problems flow={flow} problems={problems} checked={open.checked} onGo={go} />
      </section>
      <section class="flow-middle" aria-label={FLOWS.chart}>
        <Chart chart={chart} selected={selected} wrong={wrong} outdated={open.outdated} onSelect={select} />
      </section>
      <aside ref={inspector} class="flow-right settings-page" aria-label={FLOWS.inspector} tabIndex={-1}>
        <Head flow={flow} id={selected} may={may} onTurn={turn} onCopy={copy} onRemove={remove} />
        {selected !== null && ['say', 'ask'].includes(String(form.value['do'])) && (
          <Languages all={languages} language={language} onSpeak={speak} said={languagesIn(form.value)} />
        )}
        <fieldset class="bare" disabled={!may}>
          <FormContext value={form}>
            {form.problems.filter(({ field }) => field === '').map(({ problem }) => <p key={problem} class="wrong"
              role="alert">{problem}</p>)}
            {selected === null ? <FlowSettings /> : <StepForm key={selected} onOpen={openList} />}
          </FormContext>
        </fieldset>
      </aside>
      {adding && <AddStep onChoose={addStep} onClose={() => add(null)} />}
    </div>
  );
}

function formValue(flow: Tree, selected: string | null): Tree {
  return selected === null ? flow : find(flow, selected)?.step ?? {};
}


interface LanguagesProps {
  all: readonly string[];
  /** Those in which the step says anything. */
  said: readonly string[];
  language: string;
  onSpeak(language: string): void;
}

function Languages({ all, said, language, onSpeak }: LanguagesProps) {
  return (
    <div class="segments languages" role="group" aria-label={FLOWS.textsIn}>
      {all.map((one) => (
        <button key={one} type="button" aria-pressed={one === language} title={languageName(one)}
          onClick={() => onSpeak(one)}
          class={said.includes(one) ? 'is-said' : ''}>
          {one === language ? languageName(one) : one}
        </button>
      ))}
    </div>
  );
}

interface HeadProps {
  flow: Tree;
  id: string | null;
  may: boolean;
  onTurn(id: string, turn: Turn): void;
  onCopy(id: string): void;
  onRemove(id: string): void;
}

function Head({ flow, id, may, onTurn, onCopy, onRemove }: HeadProps) {
  if (id === null) {
    return (
      <header class="form-head">
        <span class="step-icon"><Icon name="sliders" /></span><h3>{FLOWS.flowSettings}</h3>
      </header>
    );
  }
  const step = find(flow, id)?.step ?? {};
  const kind = kindOf(step);
  return (
    <header class={`form-head is-${kind ?? 'strange'}`}>
      <span class="step-icon"><KindIcon kind={kind} /></span>
      <h3>{kind === null ? FLOWS.unknownStep : FLOWS.kinds[kind]}</h3>
      {may && (
        <div class="form-acts">
          <Act words={FLOWS.moveUp} keys="Alt ↑" up off={turned(flow, id, 'up') === null}
            onClick={() => onTurn(id, 'up')} />
          <Act words={FLOWS.moveDown} keys="Alt ↓" off={turned(flow, id, 'down') === null}
            onClick={() => onTurn(id, 'down')} />
          <button type="button" class="plain" aria-label={FLOWS.copy} title={`${FLOWS.copy} (Ctrl D)`}
            onClick={() => onCopy(id)}><Stroke d={COPY} /></button>
          <button type="button" class="plain" aria-label={FLOWS.removeStep} title={`${FLOWS.removeStep} (Del)`}
            onClick={() => onRemove(id)}><Stroke d={BIN} /></button>
        </div>
      )}
    </header>
  );
}

interface ActProps {
  words: string;
  keys: string;
  up?: boolean;
  off: boolean;
  onClick(): void;
}

function Act({ words, keys, up, off, onClick }: ActProps) {
  return (
    <button type="button" class={up ? 'plain up' : 'plain'} disabled={off} aria-label={words}
      title={`${words} (${keys})`} onClick={onClick}>
      <Icon name="down" />
    </button>
  );
}
