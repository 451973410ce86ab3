/**
 * The moving part of a thread: it stays at the newest message while the reader is there, keeps the reader's place when
 * older messages arrive above, asks for those in good time, and says when something new came below.
 */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';

/** Nearer to the end than this many pixels is at it. */
const NEAR = 48;

interface Props {
  label: string;
  /** Said on the button that leads down to what came meanwhile. */
  newer: string;
  /** Said on the button that leads down from far above; none without it. */
  newest?: string;
  /** Keys of the first and last thing shown: how a change above is told from one below. */
  first: string;
  last: string;
  busy: boolean;
  atStart: boolean;
  /** Older messages are asked for when the beginning is so many pixels away. Default 48. */
  ahead?: number;
  /** Id of an element to bring into sight once it is there; null for none. */
  aim?: string | null;
  older(): void;
  /** The newest is in sight. */
  seen(): void;
  children: ComponentChildren;
}

export function Scroll(props: Props) {
  const { ahead = NEAR, aim = null } = props;
  const box = useRef<HTMLDivElement>(null);
  const place = useRef({ bottom: true, height: 0, top: 0, first: props.first, last: props.last });
  /** The beginning for which older messages were asked last: a refusal is not asked again by itself. */
  const asked = useRef<string | null>(null);
  const aimed = useRef<string | null>(null);
  const [missed, setMissed] = useState(false);
  const [far, setFar] = useState(false);

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
    const target = aim !== null && aim !== aimed.current ? document.getElementById(aim) : null;
    if (aim === null) aimed.current = null;
    if (target) {
      aimed.current = aim;
      was.bottom = false;
      target.scrollIntoView({ block: 'center' });
    } else if (was.bottom) element.scrollTop = element.scrollHeight;
    else if (was.first !== props.first) element.scrollTop = was.top + element.scrollHeight - was.height;
    else if (was.last !== props.last) setMissed(true);
    const { scrollHeight: height, scrollTop: top } = element;
    place.current = { bottom: was.bottom, height, top, first: props.first, last: props.last };
    if (was.bottom) props.seen();
    if (top < ahead && props.first !== '' && asked.current !== props.first) older();
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

  const older = () => {
    if (props.atStart || props.busy) return;
    asked.current = props.first;
    props.older();
  };
  const moved = () => {
    const element = box.current;
    if (!element) return;
    const below = element.scrollHeight - element.scrollTop - element.clientHeight;
    const bottom = below < NEAR;
    setFar(below > element.clientHeight);
    Object.assign(place.current, { bottom, top: element.scrollTop, height: element.scrollHeight });
    if (bottom) {
      setMissed(false);
      props.seen();
    }
    if (element.scrollTop < ahead) older();
  };

  return (
    <div class="scroll">
      <div class="log" ref={box} role="log" aria-live="polite" aria-label={props.label} aria-busy={props.busy}
        tabIndex={0} onScroll={moved}>
        <div class="flow">{props.children}</div>
      </div>
      {missed && <button type="button" class="newer" onClick={toBottom}>{props.newer}</button>}
      {far && !missed && props.newest !== undefined && (
        <button type="button" class="newest" aria-label={props.newest} title={props.newest} onClick={toBottom}><Icon name="down" /></button>
      )}
    </div>
  );
}
