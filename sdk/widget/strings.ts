/**
 * Every word that the widget says, in the language that was settled when its script ran: the script tag's
 * `data-language`, or `language` of an element that stands there already; else the page's; else the browser's; else English.
 */
import { browserReads, spoken } from '../ui/language.ts';
import { cs } from './languages/cs.ts';
import { en, type Words } from './languages/en.ts';
import { it } from './languages/it.ts';
import { pt } from './languages/pt.ts';

/** What the script tag or the element asks for, whether we speak it or not. */
export const WISHED = asked();
const { language, locale } = spoken([WISHED, typeof document === 'undefined' ? '' : document.documentElement.lang], browserReads());

/** For screen readers, where the page speaks another. */
export const SPEAKS = language;
/** For dates and numbers: language and place, `pt-PT`. */
export const LANGUAGE = locale;
export const STRINGS: Words = { en, it, pt, cs }[language];

function asked(): string | undefined {
  if (typeof document === 'undefined') return undefined;
  return document.currentScript?.dataset['language'] ?? document.querySelector('parley-widget')?.getAttribute('language') ?? undefined;
}
