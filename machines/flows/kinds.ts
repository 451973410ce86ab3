/**
 * The kinds of values that people give, and the one form in which each is kept: what a customer answers, what a contact's
 * field holds, what a condition asks whether it matches.
 */
import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/min';
import type { FieldType } from '../world.ts';
import type { Get } from './fields.ts';

export type FieldKind = FieldType['type'];

/** What is known of whoever gave it: of a phone number without its country's code, of `1.500`. */
export interface Local {
  country?: string | undefined;
  language?: string | undefined;
  choices?: readonly string[] | undefined;
}

/** No value is longer, in characters. */
export const VALUE_CHARS = 1_000;

/** What would be right, for whoever gave something else. */
export const RIGHT: Readonly<Record<FieldKind, string>> = {
  text: 'a text that is not empty', email: 'an e-mail address, for instance ada@example.com',
  phone: 'a phone number with its country, for instance +39 02 1234 5678', url: 'a web address, for instance https://example.com',
  number: 'a number, for instance 12 or 3.5', date: 'a date, for instance 2026-11-26 or 26.11.2026', choice: 'one of its choices',
  boolean: 'yes or no', language: 'a language, for instance en or pt-BR', country: 'a country\'s two letters, for instance IT',
};

/** A value in the form that its kind has; undefined when it is none of that kind. */
export function normal(kind: FieldKind, text: string, local: Local = {}): string | undefined {
  const given = text.trim();
  switch (kind) {
    case 'text': return given === '' ? undefined : beginning(given, VALUE_CHARS);
    case 'email': return email(given);
    case 'phone': return phone(given, local.country)?.number;
    case 'number': return number(given, local.language);
    case 'date': return date(given);
    case 'url': return url(given);
    case 'language': return language(given);
    case 'country': return country(given);
    case 'boolean': return YES.includes(fold(given)) ? 'true' : NO.includes(fold(given)) ? 'false' : undefined;
    case 'choice': return (local.choices ?? []).find((choice) => fold(choice.trim()) === fold(given));
    default: return kind satisfies never;
  }
}

/** Of the contact. */
export function localOf(get: Get): Local {
  const [country, language] = [get('contact.country') ?? get('contact.phoneCountry'), get('contact.language')];
  return { country: country === undefined ? undefined : String(country), language: language === undefined ? undefined : String(language) };
}

/** Two letters of the country that a phone number belongs to, if one number tells. */
export function phoneCountry(text: string): string | undefined {
  return phone(text.trim(), undefined)?.country;
}

/** Without case and accents, as texts are compared. */
export function fold(text: string): string {
  // Up before down, because only so `ß` and `SS` become one.
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase().toLowerCase();
}

/** The moment that a date begins, or a date with a time is, in milliseconds since 1970. Without a zone it is UTC. */
export function moment(text: string): number | undefined {
  const iso = date(text.trim());
  return iso === undefined ? undefined : Date.parse(iso);
}

/** At most so many characters, never half of one. */
export function beginning(text: string, chars: number): string {
  return text.length <= chars ? text : text.slice(0, chars).replace(/[\ud800-\udbff]$/, '');
}

const LABEL = String.raw`[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?`;
const EMAIL = new RegExp(String.raw`^[^\s@"(),:;<>[\]\\\p{C}]{1,64}@(?:${LABEL}\.)+${LABEL}$`, 'u');

function email(given: string): string | undefined {
  if (given.length > 254 || !EMAIL.test(given) || /^\.|\.\.|\.@/.test(given)) return undefined;
  return given.toLowerCase();
}

function phone(given: string, of: string | undefined) {
  const home = of?.toUpperCase() ?? '';
  const defaults = isSupportedCountry(home) ? { defaultCountry: home satisfies CountryCode } : {};
  // A call prefix of the world over is meant as `+`; without it a text with a number in it would be one.
  const parsed = parsePhoneNumberFromString(given.replace(/^00(?=[1-9])/, '+'), { ...defaults, extract: false });
  return parsed?.isValid() === true && parsed.ext === undefined ? parsed : undefined;
}

/** Nothing that `String` would write with an exponent. */
const GREATEST = 1e15;

function number(given: string, of: string | undefined): string | undefined {
  const plain = given.replace(/(?<=\d)[\s'’](?=\d{3}(?!\d))/g, '').replace(/^[−–]/, '-');
  if (!/^[+-]?(\d+|\d{1,3}([.,]\d{3})+)([.,]\d+)?$/.test(plain)) return undefined;
  const marks = [...plain.matchAll(/[.,]/g)];
  const last = marks.at(-1);
  const decimal = last !== undefined && isDecimal(plain, marks.map(([mark]) => mark), of) ? last.index : plain.length;
  const value = Number(`${plain.slice(0, decimal).replace(/[.,]/g, '')}.${plain.slice(decimal + 1)}`.replace(/\.$/, ''));
  if (Math.abs(value) > GREATEST || (value !== 0 && Math.abs(value) < 1e-6)) return undefined;
  return String(value === 0 ? 0 : value);
}

/** Whether the last mark begins the fraction. Only a single mark before three digits leaves it to the language. */
function isDecimal(plain: string, marks: readonly string[], of: string | undefined): boolean {
  const last = marks.at(-1);
  if (marks.length > 1) return last !== marks[0];
  if (!/^[+-]?[1-9]\d{0,2}[.,]\d{3}$/.test(plain)) return true;
  return last === (COMMAS.includes(languageOf(of)) ? ',' : '.');
}

/** Languages that write 1,5 for one and a half. */
const COMMAS = 'bg ca cs da de el es et fi fr hr hu it lt lv nb nl nn no pl pt ro ru sk sl sr sv tr uk vi'.split(' ');

/** The language of a BCP 47 tag, without script and region. */
export function languageOf(tag: string | undefined): string {
  return (tag ?? '').split(/[-_]/)[0]?.toLowerCase() ?? '';
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/i;
const DAY_FIRST = /^(\d{1,2})(\.|\/|-)\s?(\d{1,2})\2\s?(\d{4})$/;

function date(given: string): string | undefined {
  const [, d, , m, y] = DAY_FIRST.exec(given) ?? [];
  if (d !== undefined && m !== undefined && y !== undefined) return real(`${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`);
  const [, year, month, day, hour, minute, second = '00', fraction = '0', zone = 'Z'] = ISO.exec(given) ?? [];
  const only = year === undefined ? undefined : real(`${year}-${month ?? ''}-${day ?? ''}`);
  if (only === undefined || hour === undefined || minute === undefined) return only;
  const offset = /^z$/i.test(zone) ? 'Z' : `${zone.slice(0, 3)}:${zone.slice(-2)}`;
  const at = Date.parse(`${only}T${hour}:${minute}:${second}.${fraction.padEnd(3, '0').slice(0, 3)}${offset}`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** The 30th of February is none. */
function real(iso: string): string | undefined {
  const at = Date.parse(`${iso}T00:00:00.000Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === iso ? iso : undefined;
}

function url(given: string): string | undefined {
  if (/\s/.test(given)) return undefined;
  const whole = /^[a-z][a-z0-9+.-]*:/i.test(given) && !/^[\w.-]+:\d/.test(given) ? given : `https://${given}`;
  if (!URL.canParse(whole)) return undefined;
  const { protocol, hostname, username, password, href } = new URL(whole);
  return /^https?:$/.test(protocol) && username === '' && password === '' && hostname.includes('.') && href.length <= VALUE_CHARS
    ? href : undefined;
}

function language(given: string): string | undefined {
  const tag = given.replaceAll('_', '-');
  if (tag.length > 35 || !/^[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|\d{3}))?(-([a-z0-9]{5,8}|\d[a-z0-9]{3}))*$/i.test(tag)) return undefined;
  return tag.split('-').map((part, i) => {
    if (i === 0 || part.length > 4) return part.toLowerCase();
    return part.length === 4 ? `${part.slice(0, 1).toUpperCase()}${part.slice(1).toLowerCase()}` : part.toUpperCase();
  }).join('-');
}

function country(given: string): string | undefined {
  const code = given.toUpperCase() === 'UK' ? 'GB' : given.toUpperCase();
  return isSupportedCountry(code) ? code : undefined;
}

const YES = ['true', 'yes', 'y', '1', 'si', 's', 'sim', 'ano', 'a', 'ja', 'oui'];
const NO = ['false', 'no', 'n', '0', 'nao', 'ne', 'nein', 'non'];
