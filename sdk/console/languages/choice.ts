/** The person's own choice of language, remembered in this browser; without one, the browser's. */
import { browserReads, spoken, type Language } from '../../ui/language.ts';
import { keep, kept } from '../../ui/keep.ts';

const KEPT = 'parley.console.language';

/** In which language the console speaks: settled once, when the page loads. */
export const SPOKEN = spoken([kept(KEPT)], browserReads());

/** Another language is another page: everything is said anew. */
export function speak(language: Language): void {
  keep(KEPT, language);
  location.reload();
}

/** Screen readers pronounce the page by this, and browsers hyphenate. */
export function showLanguage(): void {
  document.documentElement.lang = SPOKEN.language;
}
