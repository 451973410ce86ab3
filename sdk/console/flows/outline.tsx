/**
 * A flow as a tree: its steps from top to bottom, the lists inside a step indented under what they are for. Arrows go
 * through it, with Alt they move a step; steps are dragged, added between two others, copied and removed.
 */
import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon, Stroke } from '../../ui/icons.tsx';
import { still } from '../../ui/still.ts';
import type { Tree } from '../admin/tree.ts';
import type { Slot, Turn } from './edits.ts';
import { GRIP, KindIcon } from './kind-icon.tsx';
import type { Names } from './names.ts';
import { listSaid, stepName, stepSaid, triggerSaid } from './said.ts';
import { allSteps, idOfStep, kindOf, listsIn, stepsOf, type Way } from './steps.ts';
import { startsOf } from './triggers.tsx';
import { FLOWS } from './words.ts';

interface Props {
  flow: Tree;
  names: Names;
  language: string;
  fallback: string;
  /** Null: the flow itself. */
  selected: string | null;
  /** Steps with a problem, and whether the flow itself has one. */
  wrong: ReadonlySet<string | null>;
  may: boolean;
  onSelect(id: string | null): void;
  onAdd(slot: Slot): void;
  onMove(id: string, slot: Slot): void;
  onTurn(id: string, turn: Turn): void;
  onCopy(id: string): void;
  onRemove(id: string): void;
  /** Into the form of what is selected. */
  onEnter(): void;
}

/** What is dragged is a step, and nothing else that may come over the page. */
const STEP = 'application/x-parley-step';
const TURN_KEYS: Readonly<Record<string, Turn>> = {
  ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: 'out', ArrowRight: 'in',
};

export function Outline(props: Props) {
  const { flow, selected, may } = props;
  const [dragged, drag] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const focused = useRef(false);
  /** A step that went by a key takes its focus with it; the next one gets it. */
  const follows = useRef(false);
  useLayoutEffect(() => {
    const row = box.current?.querySelector<HTMLElement>('[aria-current="true"]');
    row?.scrollIntoView({ block: 'nearest' });
    if (focused.current || follows.current) row?.focus();
    follows.current = false;
  }, [selected, flow, props.wrong]);

  const step = (by: number) => {
    const all = [null, ...allSteps(flow).map(({ step: one }) => idOfStep(one))];
    const next = all[all.indexOf(selected) + by];
    if (next !== undefined) props.onSelect(next);
  };
  const onKey = (event: KeyboardEvent) => {
    if (!(event.target instanceof HTMLElement) || !event.target.matches('.step-row')) return;
    const turn = TURN_KEYS[event.key];
    const mod = event.ctrlKey || event.metaKey;
    if (event.altKey && turn) { if (may && selected !== null) props.onTurn(selected, turn); }
    else if (mod && event.key === 'd') { if (may && selected !== null) props.onCopy(selected); }
    else if (mod || event.altKey) return;
    else if (event.key === 'ArrowDown') step(1);
    else if (event.key === 'ArrowUp') step(-1);
    else if (event.key === 'Enter') props.onEnter();
    else if (['Delete', 'Backspace'].includes(event.key)) { if (may && selected !== null) props.onRemove(selected); }
    else return;
    follows.current = event.key !== 'Enter';
    event.preventDefault();
  };
  const starts = startsOf(flow).map(triggerSaid).join(' · ');
  return (
    <div ref={box} class={dragged === null ? 'outline' : 'outline is-dragging'} onKeyDown={onKey}
      onFocusIn={() => (focused.current = true)} onFocusOut={() => (focused.current = false)}>
      <button type="button" class={`step-row is-start${props.wrong.has(null) ? ' is-wrong' : ''}`}
        aria-current={selected === null}
        tabIndex={selected === null ? 0 : -1} onClick={() => props.onSelect(null)}>
        <span class="step-icon"><Icon name="bolt" /></span>
        <span class="step-words"><b>{FLOWS.startsWith}</b><span>{starts || FLOWS.startsNever}</span></span>
        {props.wrong.has(null) && <Wrong />}
      </button>
      <Steps names={props.names} language={props.language} fallback={props.fallback} selected={selected} may={may}
        wrong={props.wrong} list="steps" steps={stepsOf(flow['steps'])} dragged={dragged} onSelect={props.onSelect}
        onAdd={props.onAdd} onMove={props.onMove} onDrag={drag} />
    </div>
  );
}

interface ListProps extends Omit<Props, 'flow' | 'onTurn' | 'onCopy' | 'onRemove' | 'onEnter'> {
  /** Its way, with dots. */
  list: string;
  steps: readonly Tree[];
  dragged: string | null;
  onDrag(id: string | null): void;
}

/** Drawn again only when one of its own steps is another: a key typed into one step costs nothing in all the others. */
const Steps = still(function Steps(props: ListProps): VNode {
  const { steps, may } = props;
  return (
    <ol class="steps">
      {steps.map((one, i) => <Item key={idOfStep(one)} {...props} at={i} step={one} />)}
      {may ? <li><Gap {...props} at={steps.length} last /></li>
        : steps.length === 0 && <li class="inner-none">{FLOWS.noSteps}</li>}
    </ol>
  );
});

const Item = still(function Item({ at, step, ...props }: Omit<ListProps, 'steps'> & { at: number; step: Tree }): VNode {
  return (
    <li>
      {props.may && <Gap {...props} at={at} />}
      <StepRow {...props} step={step} />
      {listsIn(step).map((inner) => {
        const said = listSaid(inner, step, props.names);
        return (
          <div key={inner.way.join('.')} class={`inner is-${inner.kind}`} role="group" aria-label={said}>
            <p class="inner-name" title={said}>{said}</p>
            <Steps {...props} list={[props.list, at, ...inner.way].join('.')} steps={inner.steps} />
          </div>
        );
      })}
    </li>
  );
});

interface GapProps extends Omit<ListProps, 'steps'> {
  at: number;
  last?: boolean;
}

/** Between two steps, where another one may come. The last one of a list is always seen. */
function Gap({ list, at, last = false, onAdd, onMove, onDrag }: GapProps) {
  const [over, setOver] = useState(false);
  const slot = { list: wayOf(list), at };
  return (
    <div class={`gap${last ? ' is-last' : ''}${over ? ' is-over' : ''}`}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes(STEP)) return;
        event.preventDefault();
        setOver(true);
      }} onDragLeave={() => setOver(false)} onDrop={(event) => {
        const id = event.dataTransfer?.getData(STEP) ?? '';
        event.preventDefault();
        setOver(false);
        onDrag(null);
        if (id !== '') onMove(id, slot);
      }}>
      <button type="button" tabIndex={last ? 0 : -1} aria-label={last ? undefined : FLOWS.addHere} title={FLOWS.addHere}
        onClick={() => onAdd(slot)}>
        <Icon name="plus" />{last && <span>{FLOWS.addStep}</span>}
      </button>
    </div>
  );
}

function StepRow(props: Omit<ListProps, 'steps' | 'list'> & { step: Tree }) {
  const { step, names, language, fallback, selected, wrong, may, dragged, onSelect, onDrag } = props;
  const id = idOfStep(step);
  const kind = kindOf(step);
  const here = selected === id;
  const said = stepSaid(step, names, language, fallback);
  const row = (
    <button type="button" class={`step-row is-${kind ?? 'strange'}${wrong.has(id) ? ' is-wrong' : ''}`} aria-current={here}
      tabIndex={here ? 0 : -1} data-step={id} onClick={() => onSelect(id)}>
      <span class="step-icon"><KindIcon kind={kind} /></span>
      <span class="step-words"><b>{stepName(step)}</b>{said !== '' && <span>{said}</span>}</span>
      {wrong.has(id) && <Wrong />}
    </button>
  );
  if (!may) return row;
  return (
    <div class={dragged === id ? 'step-line is-dragged' : 'step-line'} draggable onDragEnd={() => onDrag(null)}
      onDragStart={(event) => {
        event.stopPropagation();
        event.dataTransfer?.setData(STEP, id);
        // A page that changes at once ends the drag before it has begun.
        requestAnimationFrame(() => onDrag(id));
      }}>
      <span class="step-grip" aria-hidden="true"><Stroke d={GRIP} /></span>
      {row}
    </div>
  );
}

/** Places in lists are numbers again. */
function wayOf(list: string): Way {
  return list.split('.').map((key) => (/^\d+$/u.test(key) ? Number(key) : key));
}

function Wrong() {
  return <span class="step-wrong" role="img" aria-label={FLOWS.hasProblem} title={FLOWS.hasProblem}>!</span>;
}
