/**
 * Every word that the console says, in the language that was settled when the page loaded. English words stand in
 * `languages/en.ts`; a word that another language does not have yet is said in English.
 */
import { SPOKEN } from './languages/choice.ts';
import { cs } from './languages/cs.ts';
import { en, type Words } from './languages/en.ts';
import { filled } from './languages/fallback.ts';
import { it } from './languages/it.ts';
import { pt } from './languages/pt.ts';

/** For dates and numbers: language and place, `pt-PT`. */
export const LANGUAGE = SPOKEN.locale;

const OTHERS = { en: {}, it, pt, cs };
export const STRINGS: Words = filled<Words>(en, OTHERS[SPOKEN.language]);
