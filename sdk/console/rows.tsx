/** The rows of a list, however long: only those in sight are drawn. The marked one is where the keys are. */
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ConversationSummary } from '../index.ts';
import { useValue } from '../ui/value.ts';
import { useActs } from './acting.ts';
import { useConsole, useGatewayNow } from './context.ts';
import { focusOf } from './keys.ts';
import { PREFERENCES, type Density } from './preferences.ts';
import { Row } from './row.tsx';
import { drawnRows, nearsEnd, topFor, type Sight } from './rows-window.ts';
import { STRINGS } from './strings.ts';

/** As the style sheet has them, in pixels. */
const HEIGHTS: Readonly<Record<Density, number>> = { comfortable: 80, compact: 54 };
/** Before it has been measured. */
const USUAL_HEIGHT = 800;

interface Props {
  items: readonly ConversationSummary[];
  total: number;
  /** Brings the next ones; null when all are there. */
  more: (() => void) | null;
}

export function Rows({ items, total, more }: Props) {
  const { acting, place, go } = useConsole();
  const { density } = useValue(PREFERENCES);
  const now = useGatewayNow(20_000);
  const row = HEIGHTS[density];
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: USUAL_HEIGHT });
  const [marked, mark] = useState(place.open);
  const last = useRef(0);
  const takesFocus = useRef(false);
  const sight: Sight = { ...view, row };
  const { from, to } = drawnRows(sight, items.length);
  // One that has left the list hands the mark to whoever stands in its place.
  const found = useMemo(() => items.findIndex(({ id }) => id === marked), [items, marked]);
  if (found >= 0) last.current = found;
  const index = Math.min(last.current, items.length - 1);

  const look = () => {
    const { scrollTop: top = 0, clientHeight: height = 0 } = box.current ?? {};
    setView((seen) => (seen.top === top && seen.height === height ? seen : { top, height }));
  };
  useLayoutEffect(() => {
    const watching = new ResizeObserver(look);
    if (box.current) watching.observe(box.current);
    look();
    return () => watching.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (more && nearsEnd(sight, items.length)) more();
  }, [more, view.top, view.height, items.length]);
  useLayoutEffect(() => {
    if (place.open !== null) mark(place.open);
  }, [place.open]);

  const move = (by: number) => {
    const next = marked === null ? 0 : Math.min(Math.max(index + by, 0), items.length - 1);
    const item = items[next];
    if (!item || !box.current) return;
    const element = box.current;
    // A button elsewhere, for instance that of the list, would keep Enter for itself.
    takesFocus.current = focusOf(document.activeElement) === 'button';
    mark(item.id);
    element.scrollTop = topFor(sight, next);
  };
  // Before the next key, which may be Enter already.
  useLayoutEffect(() => {
    const element = takesFocus.current && box.current?.querySelector<HTMLElement>('.row.is-marked');
    if (!element) return;
    takesFocus.current = false;
    element.focus({ preventScroll: true });
  });
  useActs(acting, {
    next: () => move(1), previous: () => move(-1),
    enter: () => { const item = items[index]; if (item) go({ open: item.id }); },
  });

  return (
    <div class={`rows is-${density}`} ref={box} onScroll={look}>
      <Space height={from * row} />
      <ul aria-label={STRINGS.conversations}>
        {items.slice(from, to).map((item, i) => (
          <Row key={item.id} summary={item} now={now} place={from + i + 1} total={total} open={item.id === place.open}
            marked={from + i === index && marked !== null} reachable={from + i === index} onOpen={() => go({ open: item.id })} />
        ))}
      </ul>
      <Space height={(items.length - to) * row} />
      {more && <p class="rows-more" role="status">{STRINGS.loading}</p>}
    </div>
  );
}

/** Stands for rows that are not drawn. */
function Space({ height }: { height: number }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (element.current) element.current.style.height = `${height}px`;
  }, [height]);
  return <div ref={element} />;
}
