/** A small chart of one bar for each person, longest first. It is a table, so it needs no other. */
import { BOARD, LANGUAGE } from './strings.ts';

interface Props {
  title: string;
  unit: string;
  rows: readonly { readonly id: string; readonly name: string; readonly value: number }[];
}

/** More bars than this are no picture any more; the table of agents has them all. */
const MAX_BARS = 10;

export function Bars({ title, unit, rows }: Props) {
  const sorted = [...rows].sort((a, b) => b.value - a.value || a.name.localeCompare(b.name, LANGUAGE));
  const most = Math.max(1, sorted[0]?.value ?? 0);
  const number = new Intl.NumberFormat(LANGUAGE);
  return (
    <figure class="chart">
      <figcaption><h4>{title}</h4><p>{unit}</p></figcaption>
      {sorted.length === 0 ? <p class="chart-empty">{BOARD.noData}</p> : (
        <table class="bars">
          <thead class="unseen"><tr><th scope="col">{BOARD.agent}</th><th scope="col">{unit}</th></tr></thead>
          <tbody>
            {sorted.slice(0, MAX_BARS).map(({ id, name, value }) => (
              <tr key={id}>
                <th scope="row">{name}</th>
                <td>
                  <svg class="bar" width="100%" height="14" aria-hidden="true">
                    <rect class="column" width={`${(value / most) * 100}%`} height="14" rx="3" />
                  </svg>
                  <span>{number.format(value)}</span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {sorted.length > MAX_BARS && <p class="chart-more">{BOARD.others(sorted.length - MAX_BARS)}</p>}
    </figure>
  );
}
