/** The statechart of a flow as the gateway compiles it; the step that is selected is lit, and a click selects one. */
import type { VNode } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { FlowChart } from '../../agent.ts';
import { still } from '../../ui/still.ts';
import { drawn, isDot, isStep } from './chart-layout.ts';
import { KindIcon } from './kind-icon.tsx';
import { KIND_IDS } from './steps.ts';
import { FLOWS } from './words.ts';

interface Props {
  chart: FlowChart | null;
  selected: string | null;
  wrong: ReadonlySet<string | null>;
  /** It is of an earlier draft: the one of now cannot be drawn. */
  outdated: boolean;
  onSelect(id: string): void;
}

export const Chart = still(function Chart({ chart, selected, wrong, outdated, onSelect }: Props): VNode {
  const picture = useMemo(() => (chart === null ? null : drawn(chart)), [chart]);
  const [whole, show] = useState(false);
  const sheet = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const seen = sheet.current?.querySelector(selected === null ? '.is-begin' : '.is-here');
    seen?.scrollIntoView({ block: 'center', inline: 'center' });
  }, [selected, picture, whole]);
  if (picture === null) return <p class="chart-none">{FLOWS.noChart}</p>;
  return (
    <>
      {outdated && <p class="chart-old" role="status">{FLOWS.oldChart}</p>}
      <button type="button" class="chart-whole" aria-pressed={whole}
        onClick={() => show(!whole)}>{whole ? FLOWS.large : FLOWS.whole}</button>
      <div ref={sheet} class={`flow-sheet${outdated ? ' is-old' : ''}${whole ? ' is-whole' : ''}`} role="region"
        aria-label={FLOWS.chart} tabIndex={0}>
        <svg class="flow-chart" viewBox={`0 0 ${picture.width} ${picture.height}`} width={picture.width}
          height={picture.height}
          role="img" aria-label={FLOWS.chartOf(picture.nodes.length)}>
          <defs>
            <marker id="flow-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"
              markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0.5 7.5 4 0 7.5z" /></marker>
          </defs>
          {picture.ways.map(({ from, to, path, full, label, at }) => (
            <g key={`${from} ${to}`} class={from === selected || to === selected ? 'way is-near' : 'way'}>
              <path d={path} marker-end="url(#flow-head)" />
              {at && <text x={at.x} y={at.y} dy="0.35em"><title>{full}</title>{label}</text>}
            </g>
          ))}
          {picture.nodes.map(({ id, kind, label, x, y, width, height }) => (
            <g key={id} class={`node is-${kind}${id === selected ? ' is-here' : ''}${wrong.has(id) ? ' is-wrong' : ''}`}
              transform={`translate(${x - width / 2} ${y - height / 2})`} onClick={() => isStep(kind) && onSelect(id)}>
                <rect width={width} height={height} rx={isDot(kind) ? width / 2 : 9} />
              {!isDot(kind) && (
                <>
                  <svg x="9" y={height / 2 - 8} width="16"
                    height="16"><KindIcon kind={KIND_IDS.find((one) => one === kind) ?? null} /></svg>
                  <text x="31" y={height / 2} dy="0.35em">{label}</text>
                </>
              )}
            </g>
          ))}
        </svg>
      </div>
    </>
  );
});
