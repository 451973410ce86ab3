/** Finding by what somebody types: every word somewhere, its letters in order; a word's beginning counts most. */

export interface Match {
  /** More is better. */
  readonly score: number;
  /** Which characters of the text were meant, ascending. */
  readonly at: readonly number[];
}

/** Case and accents do not matter. Null: it does not match. Nothing typed matches everything alike. */
export function fuzzy(typed: string, text: string): Match | null {
  return match(wordsOf(typed), lettersOf(text), []);
}

/** The best first; those that match alike keep their order. `texts`: the name, then what else it may be found by. */
export function ranked<T>(typed: string, all: readonly T[], texts: (one: T) => readonly string[]): T[] {
  const words = wordsOf(typed);
  if (words.length === 0) return [...all];
  const scored = all.flatMap((one) => {
    const [name = '', ...others] = texts(one);
    const found = match(words, lettersOf(name), lettersOf(others.join(' ')));
    return found ? [{ one, score: found.score }] : [];
  });
  return scored.sort((a, b) => b.score - a.score).map(({ one }) => one);
}

function match(words: readonly Letters[], name: Letters, others: Letters): Match | null {
  const found = new Set<number>();
  let score = 0;
  for (const word of words) {
    const there = whole(word, name) ?? scattered(word, name);
    // In what is not read, only a word's beginning was meant.
    const elsewhere = there ? null : whole(word, others);
    if (!there && (elsewhere === null || elsewhere.score < BEGINS)) return null;
    score += there?.score ?? 1;
    there?.at.forEach((place) => found.add(place));
  }
  // Of two that match alike, the shorter says more with the same letters.
  return { score: score - name.length / 1000, at: [...found].sort((a, b) => a - b) };
}

type Letters = readonly string[];
const BEGINS = 10;
/** A word in more pieces than that was not meant. */
const MOST_BREAKS = 2;

function whole(word: Letters, letters: Letters): Match | null {
  let inside: Match | null = null;
  for (let from = 0; from + word.length <= letters.length; from++) {
    if (!word.every((letter, i) => letters[from + i] === letter)) continue;
    const at = word.map((_, i) => from + i);
    if (begins(letters, from)) return { score: from === 0 ? BEGINS + 2 : BEGINS, at };
    inside ??= { score: 6, at };
  }
  return inside;
}

/** Letters in order from a word's beginning, with others between them: the fewer breaks, the better; none is at a word's beginning. */
function scattered(word: Letters, letters: Letters): Match | null {
  const at: number[] = [];
  let breaks = 0;
  for (const letter of word) {
    const after = (at.at(-1) ?? -1) + 1;
    const beginning = (one: string, i: number) => i >= after && one === letter && begins(letters, i);
    const near = letters[after] === letter ? after : letters.findIndex(beginning);
    const place = near >= 0 || at.length === 0 ? near : letters.indexOf(letter, after);
    if (place < 0) return null;
    if (place !== after && !begins(letters, place)) breaks += 1;
    if (breaks > MOST_BREAKS) return null;
    at.push(place);
  }
  return { score: 4 - breaks, at };
}

function begins(letters: Letters, at: number): boolean {
  return at === 0 || !/[\p{L}\p{N}]/u.test(letters[at - 1] ?? '');
}

const wordsOf = (typed: string): Letters[] => typed.split(/\s+/u).filter((word) => word !== '').map(lettersOf);
const lettersOf = (text: string): string[] => [...text].map(folded);

/** One character stays one, so that places in the text stay what they are. */
function folded(letter: string): string {
  return [...letter.normalize('NFD')][0]?.toLowerCase() ?? letter;
}
