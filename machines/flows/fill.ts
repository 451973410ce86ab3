/**
 * Fields in texts: `{{contact.name}}` and the like become what they hold, each place with its own escape. What is filled in
 * is never read again, so nobody's name can be a template; what is not known leaves nothing.
 */
import { isField, type Get } from './fields.ts';
import type { Json, Text, Value } from './flow.ts';
import { beginning, languageOf } from './kinds.ts';

/** No text is longer once it is filled in, in characters; what is behind is cut off. */
export const FILLED_CHARS = 4_000;

const FIELD = /\{\{\s*([^{}\s]+)\s*\}\}/g;
const ALONE = /^\{\{\s*([^{}\s]+)\s*\}\}$/;

/** A text for people. */
export function fill(text: string, get: Get): string {
  return beginning(replaced(text, (field) => said(look(field, get))), FILLED_CHARS);
}

/** Of a URL: a value can be part of a path or of a query, and never more than that part. */
export function fillUrl(url: string, get: Get): string {
  return replaced(url, (field) => {
    const value = wellFormed(said(look(field, get)));
    // As parts of a path, `.` and `..` lead elsewhere however they are written.
    return /^\.+$/.test(value) ? '' : encodeURIComponent(value);
  });
}

/** Of a header: one line of Latin-1, whatever it holds. Secrets stay names, for the gateway to fill in as it sends. */
export function fillHeader(value: string, get: Get): (string | { secret: string })[] {
  const parts: (string | { secret: string })[] = [];
  let text = '';
  let end = 0;
  for (const match of value.matchAll(FIELD)) {
    const field = match[1] ?? '';
    text += value.slice(end, match.index);
    end = match.index + match[0].length;
    if (!field.startsWith('secrets.')) {
      text += inHeader(said(look(field, get)));
      continue;
    }
    if (text !== '') parts.push(text);
    parts.push({ secret: field.slice('secrets.'.length) });
    text = '';
  }
  text += value.slice(end);
  return text === '' ? parts : [...parts, text];
}

/** Of a tree: texts are filled in, and one that is a field alone becomes its value with its type, null for none. */
export function fillJson(tree: Json, get: Get): Json {
  if (typeof tree === 'string') {
    const alone = ALONE.exec(tree)?.[1];
    if (alone === undefined) return fill(tree, get);
    const value = look(alone, get) ?? null;
    return typeof value === 'string' ? wellFormed(value) : value;
  }
  if (isList(tree)) return tree.map((item) => fillJson(item, get));
  if (tree === null || typeof tree !== 'object') return tree;
  // Each becomes a property of its own, also one that is called `__proto__`.
  return Object.fromEntries(Object.entries(tree).map(([name, value]) => [name, fillJson(value, get)]));
}

/** The sentence in somebody's language: `pt-BR`, else `pt`, else in the flow's, else in the first that there is. */
export function textIn(text: Text, language: string | undefined, fallback: string): string {
  if (typeof text === 'string') return text;
  const known = Object.entries(text);
  for (const wanted of [language, fallback]) {
    if (wanted === undefined) continue;
    const exact = known.find(([tag]) => tag.toLowerCase() === wanted.toLowerCase().replaceAll('_', '-'));
    const near = exact ?? known.find(([tag]) => tag.toLowerCase() === languageOf(wanted));
    if (near !== undefined) return near[1];
  }
  return known[0]?.[1] ?? '';
}

/** The fields that a text names, as they stand there. */
export function fieldsIn(text: string): string[] {
  return [...text.matchAll(FIELD)].map((match) => match[1] ?? '');
}

/** The field that a text is, if it is one alone. */
export function aloneIn(text: string): string | undefined {
  return ALONE.exec(text)?.[1];
}

function replaced(text: string, by: (field: string) => string): string {
  return text.replace(FIELD, (_, field: string) => by(field));
}

function look(field: string, get: Get): Value | undefined {
  return isField(field) ? get(field) : undefined;
}

function said(value: Value | undefined): string {
  return value === undefined ? '' : String(value);
}

function inHeader(value: string): string {
  return wellFormed(value).replace(/\p{Cc}+/gu, ' ').replace(/[^\x20-\x7e\xa0-\xff]/gu, (char: string) => encodeURIComponent(char)).trim();
}

/** Half a character can be sent nowhere. */
function wellFormed(text: string): string {
  return text.replace(/\p{Cs}/gu, '\ufffd');
}

function isList(tree: Json): tree is readonly Json[] {
  return Array.isArray(tree);
}
