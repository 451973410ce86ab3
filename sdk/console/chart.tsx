/**
 * A small chart over quarters of an hour, as columns or as a line, drawn for the width there is; its numbers stand in a
 * table below.
 */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { clockTime } from '../ui/moments.ts';
import { hourMarks, linePath, ticks } from './scale.ts';
import { BOARD, LANGUAGE } from './strings.ts';

interface Props {
  title: string;
  /** What is measured, with its unit. */
  unit: string;
  form: 'columns' | 'line';
  moments: readonly number[];
  /** One for each moment; null where nothing was measured. */
  values: readonly (number | null)[];
  /** Between two lines of the grid. */
  step(most: number): number;
  say(value: number): string;
}

const HEIGHT = 168;
/** Below the ground stand the hours; above the top, the highest number. */
const FOOT = 22;
const HEAD = 16;
/** Pixels that an hour's name needs. */
const MARK_ROOM = 64;
/** Nearer to each other, points are only a line. */
const DOT_ROOM = 9;

export function Chart(props: Props) {
  const { title, unit, values, moments, say } = props;
  const known = values.filter((value) => value !== null);
  const said = known.length === 0 ? BOARD.noData : BOARD.chartSays(say(Math.max(...known)), say(known.at(-1) ?? 0));
  return (
    <figure class="chart">
      <figcaption><h4>{title}</h4><p>{unit}</p></figcaption>
      {known.length === 0 ? <p class="chart-empty">{BOARD.noData}</p> : <Drawing {...props} label={`${title}. ${said}`} />}
      {known.length > 0 && (
        <details>
          <summary>{BOARD.asTable}</summary>
          <div class="chart-table" tabIndex={0} role="group" aria-label={title}>
            <table>
              <thead><tr><th scope="col">{BOARD.from}</th><th scope="col">{title}</th></tr></thead>
              <tbody>
                {moments.map((at, i) => {
                  const value = values[i] ?? null;
                  if (value === null) return null;
                  return <tr key={at}><th scope="row">{clockTime(at, LANGUAGE)}</th><td>{say(value)}</td></tr>;
                }).reverse()}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </figure>
  );
}

function Drawing({ form, moments, values, step, say, label }: Props & { label: string }) {
  const [box, width] = useWidth();
  const most = Math.max(1, ...values.map((value) => value ?? 0));
  const lines = ticks(most, step(most));
  const top = lines.at(-1) ?? 1;
  const slot = width / Math.max(1, moments.length);
  const x = (i: number) => i * slot;
  const y = (value: number) => HEIGHT - FOOT - (value / top) * (HEIGHT - FOOT - HEAD);
  const points = values.map((value, i) => (value === null ? null : [x(i) + slot / 2, y(value)] as const));
  return (
    <svg ref={box} class="drawing" width="100%" height={HEIGHT} role="img" aria-label={label}>
      {lines.map((line) => (
        <line key={line} class={line === 0 ? 'ground' : 'grid'} x1="0" x2={width} y1={y(line)} y2={y(line)} />
      ))}
      {form === 'columns' && values.map((value, i) => (value === null ? null : (
        <rect key={moments[i]} class="column" x={x(i) + 1} y={y(value)} width={Math.max(1, slot - 2)}
          height={HEIGHT - FOOT - y(value)} rx={Math.min(3, slot / 4)} />
      )))}
      {form === 'line' && <path class="course" d={linePath(points)} />}
      {form === 'line' && points.map((point, i) => point && (slot > DOT_ROOM || (!points[i - 1] && !points[i + 1])) && (
        <circle key={moments[i]} class="dot" cx={point[0]} cy={point[1]} r="3" />
      ))}
      {lines.slice(1).map((line) => <text key={line} class="tick" x="0" y={y(line) - 4}>{say(line)}</text>)}
      {hourMarks(moments, width / MARK_ROOM).map((i) => {
        const last = x(i) + MARK_ROOM > width;
        return (
          <text key={i} class="tick" x={last ? width : x(i)} y={HEIGHT - 6} text-anchor={last ? 'end' : 'start'}>
            {clockTime(moments[i] ?? 0, LANGUAGE)}
          </text>
        );
      })}
      {values.map((value, i) => value !== null && (
        <rect key={moments[i]} class="touch" x={x(i)} y="0" width={slot} height={HEIGHT - FOOT}>
          <title>{`${clockTime(moments[i] ?? 0, LANGUAGE)}: ${say(value)}`}</title>
        </rect>
      ))}
    </svg>
  );
}

/** How many pixels the drawing has: its letters keep their size whatever the page's. */
function useWidth() {
  const box = useRef<SVGSVGElement>(null);
  const [width, setWidth] = useState(360);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setWidth(Math.max(120, Math.round(element.getBoundingClientRect().width)));
    look();
    const watching = new ResizeObserver(look);
    watching.observe(element);
    return () => watching.disconnect();
  }, []);
  return [box, width] as const;
}
