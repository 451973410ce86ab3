/** The value of the drawing before, as long as it says the same: what is drawn from it need not be drawn anew. */
import { useRef } from 'preact/hooks';
import { same } from '../admin/tree.ts';

export function useSame<T>(value: T): T {
  const kept = useRef(value);
  if (!same(kept.current, value)) kept.current = value;
  return kept.current;
}
