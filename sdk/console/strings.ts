/**
 * Every word that the console says, in the language that was settled when the page loaded. English words stand in
 * `languages/en.ts`; a word that another language does not have yet is said in English.
 */
import { SPOKEN } from './languages/choice.ts';
import { csBoard } from './languages/cs.board.ts';
import { cs } from './languages/cs.ts';
import { enBoard, type BoardWords } from './languages/en.board.ts';
import { en, type Words } from './languages/en.ts';
import { filled } from './languages/fallback.ts';
import { itBoard } from './languages/it.board.ts';
import { it } from './languages/it.ts';
import { ptBoard } from './languages/pt.board.ts';
import { pt } from './languages/pt.ts';

/** For dates and numbers: language and place, `pt-PT`. */
export const LANGUAGE = SPOKEN.locale;

export const STRINGS: Words = filled<Words>(en, { en: {}, it, pt, cs }[SPOKEN.language]);
export const BOARD: BoardWords = filled<BoardWords>(enBoard, { en: {}, it: itBoard, pt: ptBoard, cs: csBoard }[SPOKEN.language]);
