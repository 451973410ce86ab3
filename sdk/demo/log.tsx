/** The conversation's log as it grows, line by line. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Item } from '../index.ts';
import { LANGUAGE, STRINGS } from './strings.ts';

const TIME = new Intl.DateTimeFormat(LANGUAGE, {
  hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
});

export function Log({ items }: { items: readonly Item[] }) {
  const box = useRef<HTMLDivElement>(null);
  const lines = items.filter((item) => item.seq !== null);
  useLayoutEffect(() => {
    if (box.current) box.current.scrollTop = box.current.scrollHeight;
  }, [lines.at(-1)?.key]);
  if (lines.length === 0) return <p class="log-empty">{STRINGS.logEmpty}</p>;
  const { columns } = STRINGS;
  return (
    <div class="lines" ref={box} role="region" aria-label={STRINGS.log} tabIndex={0}>
      <table>
        <thead>
          <tr>{Object.entries(columns).map(([key, name]) => <th key={key}>{name}</th>)}</tr>
        </thead>
        <tbody>
          {lines.map((item) => (
            <tr key={item.key} class={`kind-${item.kind}`}>
              <td>{item.seq}</td>
              <td>{TIME.format(item.at)}</td>
              <td>{item.kind}</td>
              <td>{item.author.name || item.author.role}</td>
              <td>{said(item)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function said(item: Item): string {
  switch (item.kind) {
    case 'message': case 'note': return item.body.text;
    case 'status': return STRINGS.statuses[item.body.status];
    case 'assigned': return item.body.agent?.name ?? STRINGS.nobody;
    case 'ticket': return STRINGS.ticketBegan(item.body.ticket);
    case 'flow': return STRINGS.flow(item.body.name, item.body.what);
    case 'session': return `${item.body.state}, ${item.body.reason}`;
    default: return '';
  }
}
