/** A flow to look at and not to change: its steps or its statechart, with the steps that somebody points at lit. */
import { useMemo, useState } from 'preact/hooks';
import type { FlowChart } from '../../agent.ts';
import type { Tree } from '../admin/tree.ts';
import { inWords } from './chart-words.ts';
import { Chart } from './chart.tsx';
import type { Names } from './names.ts';
import { Outline } from './outline.tsx';
import { useSame } from './use-same.ts';
import { FLOWS } from './words.ts';

interface Props {
  flow: Tree;
  names: Names;
  /** Of the texts. */
  language: string;
  chart: FlowChart | null;
  /** The chart is of an earlier draft. */
  outdated: boolean;
  /** The id of a step, null for none. */
  lit: string | null;
}

const NONE: ReadonlySet<string | null> = new Set();
/** No step has this id: none is lit. */
const NO_STEP = '';

export function FlowView({ flow, names, language, chart, outdated, lit }: Props) {
  const [view, show] = useState<'tree' | 'chart'>('tree');
  const worded = useSame(useMemo(() => chart && inWords(chart, flow, names), [chart, flow, names]));
  const fallback = typeof flow['language'] === 'string' ? flow['language'] : 'en';
  return (
    <section class="flow-left flow-view" aria-label={FLOWS.steps}>
      <div class="segments" role="group" aria-label={FLOWS.view}>
        {(['tree', 'chart'] as const).map((one) => (
          <button key={one} type="button" aria-pressed={view === one} onClick={() => show(one)}>{FLOWS.views[one]}</button>
        ))}
      </div>
      {view === 'chart' ? (
        <div class="flow-middle">
          <Chart chart={worded} selected={lit ?? NO_STEP} wrong={NONE} outdated={outdated} onSelect={nothing} />
        </div>
      ) : (
        <Outline flow={flow} names={names} language={language} fallback={fallback} selected={lit ?? NO_STEP}
          wrong={NONE} may={false} onSelect={nothing} onAdd={nothing} onMove={nothing} onTurn={nothing}
          onCopy={nothing} onRemove={nothing} onEnter={nothing} />
      )}
    </section>
  );
}

function nothing(): void {}
