/** The course of the day on the board: who waited, how soon they were answered, and how the open work is spread now. */
import { useState } from 'preact/hooks';
import type { Board } from '../agent.ts';
import { span } from '../ui/span.ts';
import { Bars } from './bars.tsx';
import { Chart } from './chart.tsx';
import { quarters } from './quarters.ts';
import { countStep, timeStep } from './scale.ts';
import { BOARD, LANGUAGE } from './strings.ts';

const RANGES = { h4: 16, h12: 48, h24: 96 } as const;
type Range = keyof typeof RANGES;

export function Course({ board }: { board: Board }) {
  const [range, setRange] = useState<Range>('h4');
  const these = quarters(board, RANGES[range]);
  const moments = these.map(({ from }) => from);
  const count = new Intl.NumberFormat(LANGUAGE);
  return (
    <section class="panel course" aria-labelledby="board-course">
      <div class="course-head">
        <h3 id="board-course">{BOARD.today}</h3>
        <div class="ranges" role="group" aria-label={BOARD.range}>
          {(Object.keys(RANGES) as Range[]).map((one) => (
            <button key={one} type="button" aria-pressed={one === range} onClick={() => setRange(one)}>{BOARD.ranges[one]}</button>
          ))}
        </div>
      </div>
      <div class="charts">
        <Chart title={BOARD.waitingChart} unit={BOARD.waitingUnit} form="columns" moments={moments} step={countStep}
          values={these.map(({ waiting }) => waiting)} say={(value) => count.format(value)} />
        <Chart title={BOARD.responseChart} unit={BOARD.responseUnit} form="line" moments={moments} step={timeStep}
          values={these.map(({ responseMs }) => responseMs)} say={(value) => span(value, LANGUAGE)} />
        <Bars title={BOARD.openChart} unit={BOARD.openUnit} rows={board.agents.filter(({ here, open }) => here || open > 0)
          .map(({ id, name, open }) => ({ id, name, value: open }))} />
      </div>
    </section>
  );
}
