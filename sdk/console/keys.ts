/** Which key means which act. Letters are silent while somebody writes. */
export type Act =
  | 'next' | 'previous' | 'enter' | 'reply' | 'note' | 'accept' | 'solved' | 'pending' | 'onHold' | 'open' | 'filter'
  | 'help' | 'back' | 'tab1' | 'tab2' | 'tab3' | 'tab4';

const LETTERS: Record<string, Act> = {
  j: 'next', ArrowDown: 'next', k: 'previous', ArrowUp: 'previous', Enter: 'enter', r: 'reply', n: 'note', a: 'accept',
  s: 'solved', p: 'pending', h: 'onHold', o: 'open', '/': 'filter', '?': 'help', Escape: 'back',
  1: 'tab1', 2: 'tab2', 3: 'tab3', 4: 'tab4',
};

export function actOf(event: KeyboardEvent): Act | null {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return null;
  const act = LETTERS[event.key] ?? null;
  const target = event.target instanceof HTMLElement ? event.target : null;
  if (act === 'back') return act;
  if (target?.matches('input, textarea, select')) return null;
  // A button under the focus keeps its Enter, and a scrolled thread its arrows.
  if (act === 'enter' && target?.matches('button, a, summary')) return null;
  if (event.key.startsWith('Arrow') && target?.matches('[role="log"], [role="tab"], [role="radio"]')) return null;
  return act;
}
