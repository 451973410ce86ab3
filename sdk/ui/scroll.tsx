/**
 * The moving part of a thread: it stays at the newest message while the reader is there, keeps the reader's place when
 * older messages arrive above, and says when something new came below.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

/** Nearer to an end than this many pixels is at it. */
const NEAR = 48;

interface Props {
  label: string;
  /** Said on the button that leads down to what came meanwhile. */
  newer: string;
  /** Keys of the first and last thing shown: how a change above is told from one below. */
  first: string;
  last: string;
  busy: boolean;
  atStart: boolean;
  older(): void;
  /** The newest is in sight. */
  seen(): void;
  children: ComponentChildren;
}

export function Scroll(props: Props) {
  const box = useRef<HTMLDivElement>(null);
  const place = useRef({ bottom: true, height: 0, top: 0, first: props.first, last: props.last });
  const [missed, setMissed] = useState(false);

  const toBottom = () => {
    const element = box.current;
    if (element) element.scrollTop = element.scrollHeight;
    place.current.bottom = true;
    setMissed(false);
  };

  useLayoutEffect(() => {
    const element = box.current;
    const was = place.current;
    if (!element) return;
    if (was.bottom) element.scrollTop = element.scrollHeight;
    else if (was.first !== props.first) element.scrollTop = was.top + element.scrollHeight - was.height;
    else if (was.last !== props.last) setMissed(true);
    const { scrollHeight: height, scrollTop: top } = element;
    place.current = { bottom: was.bottom, height, top, first: props.first, last: props.last };
    if (was.bottom) props.seen();
  });

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const stay = new ResizeObserver(() => {
      if (place.current.bottom) element.scrollTop = element.scrollHeight;
    });
    stay.observe(element);
    for (const child of element.children) stay.observe(child);
    const back = () => {
      if (document.visibilityState === 'visible' && place.current.bottom) props.seen();
    };
    document.addEventListener('visibilitychange', back);
    return () => {
      stay.disconnect();
      document.removeEventListener('visibilitychange', back);
    };
  }, []);

  const moved = () => {
    const element = box.current;
    if (!element) return;
    const bottom = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    Object.assign(place.current, { bottom, top: element.scrollTop, height: element.scrollHeight });
    if (bottom) {
      setMissed(false);
      props.seen();
    }
    if (element.scrollTop < NEAR && !props.atStart && !props.busy) props.older();
  };

  return (
    <div class="scroll">
      <div class="log" ref={box} role="log" aria-live="polite" aria-label={props.label} aria-busy={props.busy}
        tabIndex={0} onScroll={moved}>
        <div class="flow">{props.children}</div>
      </div>
      {missed && <button type="button" class="newer" onClick={toBottom}>{props.newer}</button>}
    </div>
  );
}
