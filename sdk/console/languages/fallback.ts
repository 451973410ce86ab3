/** A language that does not yet have every word says the rest in English. */

/** Any part of a table of words. */
export type Some<T> = T extends string | readonly unknown[] | ((...given: never) => string) ? T
  : { readonly [Key in keyof T]?: Some<T[Key]> };

export function filled<T extends object>(whole: T, some: Some<T>): T {
  const made = Object.fromEntries(Object.entries(whole));
  for (const [key, word] of Object.entries(some)) {
    const base = made[key];
    made[key] = isTable(base) && isTable(word) ? filled(base, word) : word;
  }
  return made as T;
}

function isTable(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
