/** The words that settings are made of: ids, names and the like, and what is said of one that is none. */
import { z } from 'zod';
import { wellFormed } from '../sdk/protocol/utf8.ts';

/** A letter or digit first, so that no id is a name of JavaScript's own. */
export const id = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,39}$/, 'is no id: it has 1 to 40 of a-z, 0-9, "-" and "_", a letter or digit first');

/** A text for people, in any language. */
export function text(longest: number, shortest = 1) {
  return z.string().trim().min(shortest).max(longest).refine(wellFormed, 'holds half a character');
}

/** @param what for whoever reads the error: what one of them is */
export function named<T extends { id: string }>(item: z.ZodType<T>, most: number, what: string) {
  return z.array(item).max(most).superRefine((list, context) => {
    const seen = new Set<string>();
    for (const [i, { id: own }] of list.entries()) {
      if (seen.has(own)) context.addIssue({ code: 'custom', path: [i, 'id'], message: `there is another ${what} "${own}"; each needs an id of its own` });
      seen.add(own);
    }
  });
}

/** A list in which nothing stands twice. */
export function distinct<T extends z.ZodType<string>>(item: T, most: number) {
  return z.array(item).max(most).refine((list) => new Set(list).size === list.length, 'names something twice');
}

/** @param least,most milliseconds */
export function span(least: number, most: number) {
  return z.int().min(least).max(most);
}
export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
