/**
 * What a template is, and what its form is made of: a schema with a default, a limit and a sentence for each parameter, and
 * a function from what was filled in to a flow.
 */
import { z } from 'zod';
import { DEFAULTS, LONGEST_WAIT_MS, type Assign, type Flow, type Text } from '../flow.ts';

/** Every sentence of the templates is there in these. */
export const LANGUAGES = ['en', 'it', 'pt', 'cs'] as const;
type Spoken = Readonly<Record<(typeof LANGUAGES)[number], string>>;

export interface Template {
  readonly id: string;
  readonly name: Text;
  readonly about: Text;
  /** Every parameter has a default: `{}` is a form that nobody has touched. */
  readonly parameters: z.ZodType;
  /** @throws ZodError for what `parameters` does not take. */
  make(parameters: unknown): Flow;
}

/** @param shape the parameters, beside the names of the flow and of its voice, which every template has. */
export function template<S extends z.ZodRawShape>(
  { id, name, about }: Pick<Template, 'id'> & { name: Spoken; about: Spoken }, shape: S,
  make: (given: z.output<z.ZodObject<S>>) => Omit<Flow, 'name' | 'about' | 'sender'>,
): Template {
  const own = z.object(shape);
  const names = z.object({
    name: z.string().trim().min(1).max(80).default(name.en).describe('What operators call the flow'),
    sender: z.string().trim().min(1).max(60).default(DEFAULTS.sender).describe('Under which name it writes to customers'),
  });
  const parameters = z.strictObject({ ...names.shape, ...shape });
  return {
    id, name, about, parameters,
    make(given) {
      const whole = parameters.parse(given);
      return { ...names.parse(whole), about: about.en, ...make(own.parse(whole)) };
    },
  };
}

const TEXT_CHARS = 2_000;
const said = z.string().trim().min(1).max(TEXT_CHARS);
const language = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is no language, for instance "en" or "pt-BR"');

/** A sentence or a word, the same for all or one for each language. */
export function words(what: string) {
  return z.union([z.record(language, said), said]).describe(what);
}

export function sentence(spoken: Spoken, what: string) {
  return words(what).default(spoken).describe(what);
}

/** @param ms the default. One second to 28 days. */
export function duration(ms: number, what: string) {
  return z.int().min(1_000).max(LONGEST_WAIT_MS).default(ms).describe(`${what}, in milliseconds`);
}

const id = z.string().max(60);

export function team(of: string, what: string) {
  return id.min(1).default(of).describe(`${what}: the id of a team`);
}

/** May be left empty. */
export function maybe(of: string, what: string) {
  return id.default(of).describe(`${what}; empty: none`);
}

export function tagged(tag: string, what: string) {
  return z.string().trim().toLowerCase().min(1).max(40).default(tag).describe(what);
}

/** So many more tries. */
export function attempts(default_: number, what: string) {
  return z.int().min(0).max(10).default(default_).describe(what);
}

const HEADERS_MAX = 20;

/** Where a request goes, without its body. `headers` may name secrets: `Bearer {{secrets.crm}}`. */
export function request(url: string, method: 'GET' | 'POST') {
  return {
    method: z.enum(['GET', 'POST', 'PUT', 'PATCH']).default(method).describe('How the CRM is asked'),
    url: z.string().max(2_000).default(url).describe('Where the CRM answers; {{contact.email}} and other fields are filled in'),
    headers: z.array(z.object({ name: z.string().min(1).max(100), value: z.string().max(1_000) })).max(HEADERS_MAX).default([])
      .describe('What is sent along; {{secrets.crm}} stands for a secret of the configuration'),
    body: z.array(z.object({ name: z.string().min(1).max(100), value: z.string().max(1_000) })).max(HEADERS_MAX),
    timeoutMs: z.int().min(100).max(60_000).default(5_000).describe('How long one try may take, in milliseconds'),
    httpRetries: z.int().min(0).max(5).default(1).describe('So many more tries when the CRM does not answer'),
  };
}

/** The fields of a request as JSON; none for a request without. */
export function bodyOf(fields: readonly { name: string; value: string }[]): Record<string, string> | undefined {
  return fields.length === 0 ? undefined : Object.fromEntries(fields.map(({ name, value }) => [name, value]));
}

/** To a person if one is named, else to the team. */
export function assignTo(step: string, name: string, teamId: string, agent = ''): Assign {
  return agent === '' ? { id: step, name, do: 'assign', team: teamId } : { id: step, name, do: 'assign', agent };
}

/** Puts words into a sentence in place of `{{<name>}}`, each language in its own. */
export function inserted(text: Text, name: string, words: Text): Text {
  const put = (one: string, spoken: string): string => one.replaceAll(`{{${name}}}`, () => spoken);
  if (typeof text === 'string') return put(text, wordsIn(words, 'en'));
  return Object.fromEntries(Object.entries(text).map(([spoken, one]) => [spoken, put(one, wordsIn(words, spoken))]));
}

function wordsIn(words: Text, spoken: string): string {
  if (typeof words === 'string') return words;
  return words[spoken] ?? words[spoken.split('-')[0] ?? ''] ?? words['en'] ?? Object.values(words)[0] ?? '';
}
