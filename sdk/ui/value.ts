/** Draws again when an observable value of the SDK changes. */
import { useLayoutEffect, useReducer } from 'preact/hooks';
import type { Value } from '../index.ts';

export function useValue<T>(value: Value<T>): T {
  const [, redraw] = useReducer((count: number, _: null) => count + 1, 0);
  const shown = value.get();
  useLayoutEffect(() => {
    // It may have moved between the drawing and this subscription.
    if (value.get() !== shown) redraw(null);
    return value.subscribe(() => redraw(null));
  }, [value]);
  return shown;
}
