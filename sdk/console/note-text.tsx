/** A note with the colleagues that it names, and its links. */
import { Written } from '../ui/written.tsx';
import { pieces } from './mentions.ts';

export function NoteText({ text, handles }: { text: string; handles: ReadonlySet<string> }) {
  const parts = pieces(text, handles);
  if (parts.every(({ handle }) => handle === null)) return <Written text={text} />;
  return (
    <div class="named-note">
      {parts.map(({ text: words, handle }, i) => (
        handle === null ? <Written key={i} text={words} /> : <b key={i} class="mention">{words}</b>
      ))}
    </div>
  );
}
