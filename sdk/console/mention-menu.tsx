/** Colleagues to name in a note, while an `@` is being typed. */
import { useMemo, useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import { ranked } from '../ui/fuzzy.ts';
import { useConsole } from './context.ts';
import { Face } from './face.tsx';
import { asked as askedAt, type Asked } from './mentions.ts';
import { STRINGS } from './strings.ts';
import type { Colleague } from './workspace.ts';

const SHOWN = 6;
const LIST = 'mention-menu';

export interface Mentions {
  readonly open: boolean;
  readonly asked: Asked | null;
  readonly found: readonly Colleague[];
  readonly at: number;
  readonly completes: { list: string; marked: string } | null;
  /** The text or the caret has changed. */
  look(): void;
  mark(at: number): void;
  close(): void;
  /** Takes the keys of the menu while it is open. */
  onKey(event: KeyboardEvent, take: (handle: string) => void): void;
}

export function useMentions(field: RefObject<HTMLTextAreaElement>, on: boolean): Mentions {
  const { workspace } = useConsole();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [at, mark] = useState(0);
  const found = useMemo(() => (asked === null ? []
    : ranked(asked.typed, workspace.agents, ({ name, handle }) => [name, handle]).slice(0, SHOWN)), [asked, workspace]);
  const open = on && found.length > 0;
  const close = () => setAsked(null);
  return {
    open, asked, found, at, mark, close,
    completes: open ? { list: LIST, marked: `${LIST}-${at}` } : null,
    look() {
      const element = field.current;
      if (!on || !element) return;
      const next = askedAt(element.value, element.selectionStart);
      if (next?.from === asked?.from && next?.typed === asked?.typed) return;
      setAsked(next);
      mark(0);
    },
    onKey(event, take) {
      if (!open || event.isComposing || event.ctrlKey || event.metaKey) return;
      if (event.key === 'ArrowDown') mark((at + 1) % found.length);
      else if (event.key === 'ArrowUp') mark((at + found.length - 1) % found.length);
      else if (event.key === 'Enter' || event.key === 'Tab') take(found[at]?.handle ?? '');
      else if (event.key === 'Escape') close();
      else return;
      event.preventDefault();
    },
  };
}

export function MentionMenu({ mentions: { found, at, mark }, onTake }: { mentions: Mentions; onTake(handle: string): void }) {
  return (
    <ul class="mention-menu" id={LIST} role="listbox" aria-label={STRINGS.colleagues}>
      {found.map(({ id, name, handle }, i) => (
        <li key={id} id={`${LIST}-${i}`} class="choice" role="option" aria-selected={i === at}
          onMouseMove={() => i !== at && mark(i)} onMouseDown={(event) => { event.preventDefault(); onTake(handle); }}>
          <Face id={id} name={name} /><span class="named">{name}</span><span class="choice-hint">@{handle}</span>
        </li>
      ))}
    </ul>
  );
}
