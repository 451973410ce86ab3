/** Which key means which act, and how keys are written. Letters are silent while somebody writes. */
import { ACT_IDS, ACTS, type ActId } from './acts.ts';

/** What of a key press decides; a `KeyboardEvent` has it all. */
export interface Press {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
  readonly isComposing: boolean;
  readonly defaultPrevented: boolean;
}
/** Where the focus is: in a field, on something with an Enter or arrows of its own, or on nothing that wants keys. */
export type Focus = 'field' | 'button' | 'scrolls' | 'free';

const BY_KEY = new Map(ACT_IDS.flatMap((id) => ACTS[id].keys.map((key): [string, ActId] => [key, id])));
/** The composer itself sends: it knows what to. */
const FIELDS_OWN: readonly ActId[] = ['send', 'sendSolved'];

export function actOf(press: Press, focus: Focus): ActId | null {
  if (press.isComposing || press.defaultPrevented) return null;
  const id = BY_KEY.get(nameOf(press)) ?? null;
  if (id === null || FIELDS_OWN.includes(id)) return null;
  if (id === 'back' || press.ctrlKey || press.metaKey || press.altKey) return id;
  if (focus === 'field') return null;
  // A button under the focus keeps its Enter, and a scrolled thread its arrows.
  if (id === 'enter' && focus === 'button') return null;
  return press.key.startsWith('Arrow') && focus === 'scrolls' ? null : id;
}

function nameOf({ key, code, ctrlKey, metaKey, altKey, shiftKey }: Press): string {
  // With Alt the key says what it writes, `å` on a Mac; the code says which key it is.
  if (altKey) return ctrlKey || metaKey || shiftKey ? '' : `alt+${code.replace(/^Key/u, '').toLowerCase()}`;
  return ctrlKey || metaKey ? `mod+${shiftKey ? 'shift+' : ''}${key.length === 1 ? key.toLowerCase() : key}` : key;
}

export function focusOf(target: EventTarget | null): Focus {
  if (!(target instanceof HTMLElement)) return 'free';
  if (target.matches('input, textarea, select') || target.isContentEditable) return 'field';
  if (target.matches('[role="log"], [role="tab"], [role="radio"], [role="option"]')) return 'scrolls';
  return target.matches('button, a, summary') ? 'button' : 'free';
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowDown: '↓', ArrowUp: '↑', Enter: '↵', Escape: 'Esc', shift: '⇧',
};

/** The caps to press together: `mod+k` is Ctrl and K, or ⌘ and K on a Mac. */
export function caps(key: string, mac: boolean): readonly string[] {
  return key.split('+').map((part) => {
    if (part === 'mod') return mac ? '⌘' : 'Ctrl';
    if (part === 'alt') return mac ? '⌥' : 'Alt';
    return SIGNS[part] ?? (key === part ? part : part.toUpperCase());
  });
}
