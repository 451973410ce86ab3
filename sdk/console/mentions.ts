/** Names of colleagues in a note: `@` and the handle, which is the id without the gateway's prefix. */

/** What is being typed after an `@`, and where that stands. */
export interface Asked {
  readonly from: number;
  readonly typed: string;
}

/** As the gateway finds them: never the middle of an e-mail address, and no full stop that ends the sentence. */
const NAMED = /(?<![\w.@:+-])@([A-Za-z0-9_](?:[A-Za-z0-9_.@:+-]{0,58}[A-Za-z0-9_])?)/gu;
const BEGUN = /(?<![\w.@:+-])@([\w.@:+-]{0,60})$/u;

/** Null when the caret is not behind an `@` that begins a word. */
export function asked(text: string, caret: number): Asked | null {
  const typed = BEGUN.exec(text.slice(0, caret))?.[1];
  return typed === undefined ? null : { from: caret - typed.length - 1, typed };
}

/** The text with the handle in it, and where the caret goes. */
export function completed(text: string, { from, typed }: Asked, handle: string): { text: string; caret: number } {
  const after = text.slice(from + 1 + typed.length);
  const name = `@${handle}${/^\s/u.test(after) ? '' : ' '}`;
  return { text: text.slice(0, from) + name + after, caret: from + name.length + (/^\s/u.test(after) ? 1 : 0) };
}

export interface Piece {
  readonly text: string;
  /** The handle that it names, null for words. */
  readonly handle: string | null;
}

/** Parts of a note; only handles that exist are names. */
export function pieces(text: string, known: ReadonlySet<string>): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(NAMED)) {
    const handle = match[1] ?? '';
    if (!known.has(handle)) continue;
    if (match.index > from) found.push({ text: text.slice(from, match.index), handle: null });
    found.push({ text: `@${handle}`, handle });
    from = match.index + handle.length + 1;
  }
  if (from < text.length) found.push({ text: text.slice(from), handle: null });
  return found;
}
