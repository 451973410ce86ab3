/** A person as two letters on a colour of their own. */
import { LANGUAGE, STRINGS } from './strings.ts';

/** Hues that hold white letters at AA; see `.face` in the style sheet. */
const HUES = 8;

export function Face({ id, name, you = false }: { id: string; name: string; you?: boolean }) {
  const words = name.trim().split(/\s+/u).filter((word) => word !== '');
  const first = [...(words[0] ?? '?')][0] ?? '?';
  const last = words.length > 1 ? [...(words.at(-1) ?? '')][0] ?? '' : '';
  const said = you ? `${name} (${STRINGS.you})` : name;
  const letters = (first + last).toUpperCase();
  return <span class={`face hue${hue(id)}`} role="img" aria-label={said} title={said}>{letters}</span>;
}

/** "Ada, Ben and Cleo". */
export function namesOf(people: readonly { readonly name: string }[]): string {
  return new Intl.ListFormat(LANGUAGE).format(people.map(({ name }) => name));
}

function hue(id: string): number {
  let sum = 7;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum % HUES;
}
