/** Which of our languages a person reads, and how their dates and numbers look. Pure: what they want is passed in. */

/** The languages that we speak, each by its own name, with the place whose dates stand in when the browser names none. */
export const LANGUAGES = {
  en: { name: 'English', locale: 'en' },
  it: { name: 'Italiano', locale: 'it-IT' },
  pt: { name: 'Português', locale: 'pt-PT' },
  cs: { name: 'Čeština', locale: 'cs-CZ' },
} as const;
export type Language = keyof typeof LANGUAGES;

export interface Spoken {
  readonly language: Language;
  /** For dates and numbers: the language as the person's browser has it, `en-GB`, `pt-BR`. */
  readonly locale: string;
}

/** The first wish that we speak, else English. `browser`: what the browser reads, best first. */
export function spoken(wishes: readonly (string | null | undefined)[], browser: readonly string[]): Spoken {
  const language = [...wishes, ...browser].map(ours).find((one) => one !== null) ?? 'en';
  return { language, locale: browser.find((tag) => ours(tag) === language) ?? LANGUAGES[language].locale };
}

function ours(tag: string | null | undefined): Language | null {
  const primary = (tag ?? '').trim().toLowerCase().split(/[-_]/u)[0] ?? '';
  return Object.hasOwn(LANGUAGES, primary) ? primary as Language : null;
}

/** What the browser reads; nothing where there is none. */
export function browserReads(): readonly string[] {
  return typeof navigator === 'undefined' ? [] : navigator.languages ?? [];
}

/** The same table with any words in it: what another language must have. */
export type Widened<T> =
  T extends string ? string
    : T extends (...given: infer Given) => string ? (...given: Given) => string
      : { readonly [Key in keyof T]: Widened<T[Key]> };

/** A `#` stands for the number. */
type Forms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> & { readonly other: string };

/** A noun with its number, `{ one: '1 agent', other: '# agents' }`, by the plural rules of the language. */
export function counted(locale: string): (count: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (count, forms) => (forms[rules.select(count)] ?? forms.other).replace('#', numbers.format(count));
}
