/** The statechart: the state that the ticket is in is lit, the arrow just taken runs, a durable timer counts down. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useNow } from '../ui/moments.ts';
import { drawn, STATE, type Arrow } from './layout.ts';
import { duration, lastSteps, left, type Course, type Machine } from './machine.ts';
import { STRINGS } from './strings.ts';

export function Chart({ machine, course }: { machine: Machine; course: Course }) {
  const picture = useMemo(() => drawn(machine), [machine]);
  const now = useNow(1_000);
  const here = course.visits.at(-1);
  const steps = lastSteps(course);
  const label = machine.states.find(({ key }) => key === here?.state)?.label ?? STRINGS.nobody;
  const box = useRef<HTMLDivElement>(null);
  const at = picture.states.find(({ key }) => key === here?.state)?.x ?? 0;
  // Where the paper is wider than its window, the state that the ticket is in stays in sight.
  useEffect(() => {
    const { scrollWidth = 0, clientWidth = 0 } = box.current ?? {};
    box.current?.scrollTo({ left: (at / picture.width) * scrollWidth - clientWidth / 2, behavior: 'smooth' });
  }, [at, picture]);

  return (
    <div class="sheet" ref={box} role="region" aria-label={STRINGS.sheet} tabIndex={0}>
      <svg class="chart" viewBox={`0 0 ${picture.width} ${picture.height}`} role="img" aria-label={STRINGS.chart(label)}
        style={{ '--wide': `${picture.width}px`, '--high': `${picture.height}px` }}>
        <defs>
          <marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0.5 7.5 4 0 7.5z" />
          </marker>
        </defs>
        {picture.arrows.map((arrow) => {
          const taken = steps.findIndex(({ from, to }) => from === arrow.from && to === arrow.to);
          const run = steps[taken];
          const waits = arrow.after !== null && arrow.from === here?.state ? remaining(arrow.after, here.at, now) : null;
          const look = `arrow${arrow.rare ? ' is-rare' : ''}${arrow.from === here?.state ? ' is-possible' : ''}${run ? ' is-taken' : ''}`;
          return (
            <g key={`${arrow.from} ${arrow.to}`} class={look}>
              <path d={arrow.path} marker-end="url(#head)" />
              {run && <path key={run.seq} class={`runs turn${Math.min(taken, 2)}`} d={arrow.path} pathLength="1" />}
              <Label arrow={arrow} waits={waits} />
            </g>
          );
        })}
        {picture.states.map(({ key, label: name, x, y }) => (
          <g key={key} class={`state is-${key} ${key === here?.state ? 'is-here' : ''}`}
            transform={`translate(${x} ${y})`}>
            <rect x={-STATE.width / 2} y={-STATE.height / 2} width={STATE.width} height={STATE.height} rx="10" />
            <text dy="0.35em">{name}</text>
          </g>
        ))}
      </svg>
    </div>
  );
}

/** A letter's line. */
const LINE = 15;

function Label({ arrow, waits }: { arrow: Arrow; waits: string | null }) {
  const lines = waits ? [...arrow.label, waits] : arrow.label;
  const top = arrow.at.y - ((lines.length - 1) * LINE) / 2;
  return lines.map((line, index) => (
    <text key={index} class={line === waits ? 'label waits' : 'label'} x={arrow.at.x} y={top + index * LINE}
      dy="0.35em">
      {line}
    </text>
  ));
}

function remaining(after: string, since: number, now: number): string | null {
  const whole = duration(after);
  return whole === null ? null : STRINGS.left(left(Math.min(whole, since + whole - now)));
}
