/** The fields of contacts: what each type of them takes, in which form it is kept, and what is said of what it does not take. */
import type { FieldType } from './world.ts';

export type Fields = Readonly<Record<string, string>>;

interface Rules {
  types: readonly FieldType[];
  /** Leaves what is there. */
  ifMissing: boolean;
  /** So many fields there may be. */
  most: number;
  /** Whether names that are no types are kept too, as text. Default false. */
  others?: boolean;
}

/** Characters of a value. */
const VALUE_CHARS = 500;
/** As all ids of settings are: no name of JavaScript's own. */
const FIELD_NAME = /^[a-z0-9][a-z0-9_-]{0,39}$/;
const NAME_IS = 'a field\'s name has 1 to 40 of a-z, 0-9, "-" and "_", a letter or digit first';

/** What would be right, by type. */
const RIGHT: Readonly<Record<FieldType['type'], string>> = {
  text: 'a text', email: 'an address like "ann@example.com"', phone: 'a number with its country like "+39 06 1234 5678"',
  url: 'an address like "https://example.com"', number: 'a number like 12.5', date: 'a date like 2026-12-24', choice: '',
  boolean: '"true" or "false"', language: 'a language code like "pt"', country: 'a country code like "BR"',
};
/** A phone number may be read by the country, so that is looked at first. */
const FIRST = ['country', 'language'];

/**
 * The fields after some are set; '' removes one. `set` names what was taken, though it may have been the same already,
 * `wrong` says of each of the others what would be right.
 */
export function keep(old: Fields, wanted: Fields, { types, ifMissing, most, others = false }: Rules): {
  fields: Fields; set: string[]; wrong: string[];
} {
  const fields = new Map(Object.entries(old));
  const set: string[] = [];
  const wrong: string[] = [];
  for (const [name, text] of inOrder(wanted)) {
    if (ifMissing && fields.has(name)) continue;
    const type = types.find(({ id }) => id === name) ?? (others ? { id: name, name, type: 'text', choices: [] } as const : undefined);
    const value = type === undefined || !FIELD_NAME.test(name) ? undefined : text.trim() === '' ? '' : valueOf(type, text, fields);
    if (type === undefined) wrong.push(`there is no field "${name.slice(0, 60)}"; there are ${types.map(({ id }) => id).join(', ')}`);
    else if (!FIELD_NAME.test(name)) wrong.push(NAME_IS);
    else if (value === undefined) wrong.push(`${name}: ${problemOf(type, text)}`);
    else if (value === '') fields.delete(name);
    else if (!fields.has(name) && fields.size >= most) wrong.push(`a contact has at most ${most} fields: remove one first`);
    else fields.set(name, value);
    if (value !== undefined) set.push(name);
  }
  return { fields: Object.fromEntries(fields), set, wrong };
}

/** As it is kept; undefined for what the type does not take. */
export function valueOf({ type, choices }: FieldType, text: string, _known: ReadonlyMap<string, string>): string | undefined {
  if (text.length > VALUE_CHARS) return undefined;
  const value = text.trim();
  if (type === 'choice') return choices.find((choice) => choice.toLowerCase() === value.toLowerCase());
  return value;
}

/** What is wrong with a value, and what would be right. */
export function problemOf({ type, choices }: FieldType, text: string): string {
  if (text.length > VALUE_CHARS) return `a field's value has at most ${VALUE_CHARS} characters`;
  return `"${text.slice(0, 60)}" is not ${type === 'choice' ? `one of ${choices.join(', ')}` : RIGHT[type]}`;
}

/** `pt-BR` says a language and a country, `pt` only a language; whatever is no such tag says nothing. */
export function fieldsOfLocale(tag: string): Fields {
  const [, language, country] = /^([a-z]{2,3})(?:[-_][a-z]{4})?(?:[-_]([a-z]{2}))?(?:[-_.@].*)?$/i.exec(tag) ?? [];
  return {
    ...language === undefined ? {} : { language: language.toLowerCase() }, ...country === undefined ? {} : { country: country.toUpperCase() },
  };
}

function inOrder(wanted: Fields): [name: string, value: string][] {
  const rank = (name: string): number => (FIRST.includes(name) ? 0 : 1);
  return Object.entries(wanted).sort(([a], [b]) => rank(a) - rank(b));
}
