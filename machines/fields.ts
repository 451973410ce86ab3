/** The fields of contacts: what each type of them takes, in which form it is kept, and what is said of what it does not take. */
import { beginning, normal, RIGHT, VALUE_CHARS } from './flows/kinds.ts';
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

/** So much is quoted of what is wrong. */
const SHOWN_CHARS = 60;
/** As all ids of settings are: no name of JavaScript's own. */
const FIELD_NAME = /^[a-z0-9][a-z0-9_-]{0,39}$/;
const NAME_IS = 'a field\'s name has 1 to 40 of a-z, 0-9, "-" and "_", a letter or digit first';

/** No text that people write, and none that the wire can say. */
const HALF = /[\ud800-\udfff]/u;
/** What no type describes. */
const PLAIN: Pick<FieldType, 'type' | 'choices'> = { type: 'text', choices: [] };
/** A phone number may be read by the country, so that is looked at first. */
const FIRST = ['country', 'language'];

/**
 * The fields after some are set; '' removes one. `set` names what was taken, though it may have been the same already,
 * `wrong` says of each of the others what would be right.
 */
export function keep(old: Fields, wanted: Fields, rules: Rules): { fields: Fields; set: string[]; wrong: string[] } {
  const fields = new Map(Object.entries(old));
  const set: string[] = [];
  const wrong: string[] = [];
  for (const [name, text] of inOrder(wanted)) {
    if (rules.ifMissing && fields.has(name)) continue;
    const read = valueOf(name, text, fields, rules);
    if ('problem' in read) {
      wrong.push(read.problem);
      continue;
    }
    set.push(name);
    if (read.value === '') fields.delete(name);
    else fields.set(name, read.value);
  }
  return { fields: Object.fromEntries(fields), set, wrong };
}

/** As it is kept, '' for nothing; or what is wrong and what would be right. */
function valueOf(
  name: string, text: string, known: ReadonlyMap<string, string>, { types, most, others = false }: Rules,
): { value: string } | { problem: string } {
  const field = types.find(({ id }) => id === name) ?? (others ? PLAIN : undefined);
  if (field === undefined) return { problem: `there is no field "${beginning(name, SHOWN_CHARS)}": an administrator adds it in the settings` };
  if (!FIELD_NAME.test(name)) return { problem: NAME_IS };
  if (text.trim() === '') return { value: '' };
  if (text.length > VALUE_CHARS) return { problem: `${name}: a field's value has at most ${VALUE_CHARS} characters` };
  if (HALF.test(text)) return { problem: `${name}: holds half a character` };
  const { type, choices } = field;
  // Without the contact's language: a number is read again as it was kept, and whoever writes one need not speak it.
  const value = normal(type, text, { choices, country: known.get('country') });
  const right = type === 'choice' ? `one of ${choices.join(', ')}` : RIGHT[type];
  if (value === undefined) return { problem: `${name}: "${beginning(text, SHOWN_CHARS)}" is not ${right}` };
  if (!known.has(name) && known.size >= most) return { problem: `a contact has at most ${most} fields: remove one first` };
  return { value };
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
