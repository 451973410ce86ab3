/** What somebody wrote: text with its line breaks, and links that are safe to click. Never markup. */
import { parts } from './links.ts';

export function Written({ text }: { text: string }) {
  return (
    <p class="written">
      {parts(text).map((part) => (part.href === null ? part.text : (
        <a href={part.href} title={part.href} target="_blank" rel="noopener noreferrer nofollow ugc">{part.text}</a>
      )))}
    </p>
  );
}
