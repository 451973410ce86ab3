/**
 * Every word that the widget says, in the language that was settled when its script ran: the script tag's
 * `data-language`, or `language` of an element that stands there already; else the page's; else the browser's; else English.
 */
import { browserReads, spoken } from '../ui/language.ts';
import { cs } from './languages/cs.ts';
import { en, type Words } from './languages/en.ts';
import { it } from './languages/it.ts';
import { pt } from './languages/pt.ts';

const { language, locale } = spoken(wishes(), browserReads());

/** For screen readers, where the page speaks another. */
export const SPEAKS = language;
/** For dates and numbers: language and place, `pt-PT`. */
export const LANGUAGE = locale;
export const STRINGS: Words = { en, it, pt, cs }[language];

function wishes(): (string | null | undefined)[] {
  if (typeof document === 'undefined') return [];
  const placed = document.querySelector('parley-widget')?.getAttribute('language');
  return [document.currentScript?.dataset['language'], placed, document.documentElement.lang];
}
