/**
 * Words as search knows them: how a text falls into words, what somebody looks for, and where a text has it. Pure.
 *
 * The index gets words as they are made here, not texts, so that index and reader never disagree on what a word is: case
 * and accents do not count, and in scripts without spaces each character is a word.
 */

/** A word, and where it stands in its text. */
interface Word {
  word: string;
  from: number;
  to: number;
}

/** Words that must follow each other; of the last one the beginning is enough, if it is a `prefix`. */
export interface Term {
  words: readonly string[];
  prefix: boolean;
}

const ASCII = /^[\x00-\x7f]*$/;
const ASCII_WORD = /[A-Za-z0-9]+/g;
const WORD = /[\p{L}\p{N}\p{Co}\p{M}]+/gu;
const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const PARTS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]\p{M}*|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+/gu;
/** Longer ones are no words: what follows does not count. */
const WORD_CHARS = 64;
const TERMS_MAX = 12;
/** One letter is the beginning of too many words. */
const PREFIX_CHARS = 2;
/** How much of a text is shown around what was found. */
const SHOWN_CHARS = 160;
const SHOWN_BEFORE = 40;

export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  const ascii = ASCII.test(text);
  for (const { 0: run, index } of text.matchAll(ascii ? ASCII_WORD : WORD)) {
    // Most words are plain, and cost their case alone.
    if (ascii || ASCII.test(run)) words.push(wordOf(run.toLowerCase(), index, run.length));
    else if (!IDEOGRAPH.test(run)) words.push(wordOf(folded(run), index, run.length));
    else for (const { 0: part, index: within } of run.matchAll(PARTS)) words.push(wordOf(folded(part), index + within, part.length));
  }
  return words.filter(({ word }) => word !== '');
}

const wordOf = (word: string, from: number, length: number): Word => ({ word: word.slice(0, WORD_CHARS), from, to: from + length });

/** Without accents and case; the Greek sigma at the end of a word is a sigma. */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ς', 'σ');
}

/**
 * What somebody looks for: all of these. Words in quotes follow each other; the last word may be only begun, unless a
 * space or a quote ends it.
 */
export function termsOf(query: string): Term[] {
  const terms: Term[] = [];
  for (const [i, part] of query.split('"').entries()) {
    const quoted = i % 2 === 1;
    for (const piece of quoted ? [part] : part.split(/\s+/)) {
      const words = wordsOf(piece).map(({ word }) => word);
      if (words.length > 0) terms.push({ words, prefix: false });
    }
  }
  const last = terms.at(-1);
  const begun = /[^\s"]$/u.test(query) && (last?.words.at(-1)?.length ?? 0) >= PREFIX_CHARS;
  if (last !== undefined && begun) terms[terms.length - 1] = { ...last, prefix: true };
  return terms.slice(0, TERMS_MAX);
}

/** Where a text has a term; each place from its first to behind its last character. */
function placesOf({ words, prefix }: Term, text: readonly Word[]): Word[] {
  const places: Word[] = [];
  for (let at = 0; at + words.length <= text.length; at++) {
    const fits = words.every((word, i) => {
      const there = text[at + i]?.word ?? '';
      return prefix && i === words.length - 1 ? there.startsWith(word) : there === word;
    });
    const [first, last] = [text[at], text[at + words.length - 1]];
    if (fits && first !== undefined && last !== undefined) places.push({ word: '', from: first.from, to: last.to });
  }
  return places;
}

/**
 * The part of a text around what was found, in pieces, of which every second one was; undefined unless each term is in
 * the text or in the name of its author.
 */
export function found(terms: readonly Term[], text: string, author: string): string[] | undefined {
  const words = wordsOf(text);
  const name = wordsOf(author);
  const places: Word[] = [];
  for (const term of terms) {
    const here = placesOf(term, words);
    if (here.length === 0 && placesOf(term, name).length === 0) return undefined;
    places.push(...here);
  }
  return piecesOf(text, places.sort((a, b) => a.from - b.from || b.to - a.to));
}

function piecesOf(text: string, places: readonly Word[]): string[] {
  const [first] = places;
  const from = first === undefined || first.from <= SHOWN_BEFORE ? 0 : wordStart(text, first.from - SHOWN_BEFORE);
  const to = whole(text, Math.min(text.length, from + SHOWN_CHARS));
  const pieces: string[] = [];
  let at = from;
  for (const place of places) {
    if (place.from < at || place.from >= to) continue;
    const end = Math.min(place.to, to);
    pieces.push(text.slice(at, place.from), text.slice(place.from, end));
    at = end;
  }
  pieces.push(text.slice(at, to) + (to < text.length ? '…' : ''));
  if (from > 0) pieces[0] = `…${pieces[0] ?? ''}`;
  return pieces;
}

/** The next beginning of a word, or the place itself in a text without spaces. */
function wordStart(text: string, at: number): number {
  const space = text.slice(at, at + SHOWN_BEFORE).search(/\s\S/u);
  return space < 0 ? whole(text, at) : at + space + 1;
}

/** Never between the halves of one character. */
function whole(text: string, at: number): number {
  return /[\ud800-\udbff]/.test(text.charAt(at - 1)) && /[\udc00-\udfff]/.test(text.charAt(at)) ? at - 1 : at;
}
