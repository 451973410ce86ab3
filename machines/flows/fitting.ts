/** Whether what the steps of a flow name is there in its workspace, and whether what they keep fits where it goes. */
import { noSuch } from '../nearest.ts';
import type { FieldType } from '../world.ts';
import { namesOf as namesOfChoice } from './answer.ts';
import type { Known } from './check.ts';
import { fieldsOf } from './fields.ts';
import { fieldsIn } from './fill.ts';
import type { Ask, Condition, Field, Flow, Http, Json, Step, Test, Text, Value } from './flow.ts';
import { fold, moment, normal, RIGHT } from './kinds.ts';
import { placed } from './shape.ts';
import { keptBy } from './uses.ts';

/** Says that something is wrong at a path within what is looked at. Which name was meant takes time to find, so that is only
 * asked for when it is told. */
export type Say = (at: string, problem: string | (() => string)) => void;

/** Everything that the fields of a flow can be compared with. */
export interface Names {
  fields: readonly string[];
  types: readonly FieldType[];
  vars: readonly string[];
  secrets: readonly string[];
  /** What a field can hold, where that is a list; also without case and accents. */
  values: ReadonlyMap<Field, { all: readonly string[]; folded: ReadonlySet<string> }>;
}

export function namesOf(flow: Flow, { teams, agents, fields, secrets }: Known): Names {
  const steps = placed(flow).map(({ step }) => step);
  const kept = steps.flatMap((step) => keptBy(step).map((field) => ({ field, step })));
  const values = new Map<Field, readonly string[]>([
    ['conversation.style', ['chat', 'repeat', 'social']], ['conversation.status', ['new', 'open', 'pending', 'onHold', 'solved', 'closed']],
    ['conversation.team', teams], ['conversation.agent', agents], ['conversation.lastWord', ['customer', 'agent']],
    ['conversation.priority', ['0', '1', '2', '3']], ['conversation.inbound', ['true', 'false']], ['contact.identified', ['true', 'false']],
    ...['hours', ...teams.map((team) => `hours.${team}`)].map((field): [Field, string[]] => [field, ['open', 'closed']]),
    ...fields.filter(({ type }) => type === 'choice').map(({ id, choices }): [Field, readonly string[]] => [`contact.${id}`, choices]),
  ]);
  const vars = [...new Set(kept.map(({ field }) => field).filter((field) => field.startsWith('vars.')))];
  for (const name of vars) {
    const choices = kept.filter(({ field }) => field === name).map(({ step }) => valuesOf(step));
    if (choices.every((list) => list !== undefined)) values.set(name, choices.flat());
  }
  const folded = new Map([...values].map(([field, all]) => [field, { all, folded: new Set(all.map(fold)) }]));
  return { fields: fieldsOf(fields, teams), types: fields, vars, secrets, values: folded };
}

/** What a question of choice can give; undefined for steps that can give anything. */
function valuesOf(step: Step): string[] | undefined {
  return step.do === 'ask' && step.answer === 'choice' ? (step.choices ?? []).map(({ value }) => value) : undefined;
}

export function fitField(field: Field, names: Names, say: Say, at: string): boolean {
  const isVar = field.startsWith('vars.');
  const known = isVar ? names.vars : names.fields;
  if (known.includes(field)) return true;
  say(at, isVar && known.length === 0 ? `"${field}" is never set: ask for it, or "set" it before`
    : () => noSuch('field', field, isVar ? known : nearby(field, known)));
  return false;
}

/** Of very many fields, those with the same beginning. */
function nearby(field: string, known: readonly string[]): readonly string[] {
  const alike = known.filter((other) => other.split('.')[0] === field.split('.')[0]);
  return alike.length > 0 ? alike : known;
}

export function fitCondition(condition: Condition, names: Names, say: Say, at: string): void {
  const [tests, word] = 'all' in condition ? [condition.all, 'all'] : [condition.any, 'any'];
  for (const [i, test] of tests.entries()) {
    if (fitField(test.field, names, say, `${at}.${word}.${i}.field`)) fitTest(test, names, say, `${at}.${word}.${i}.value`);
  }
}

function fitTest({ field, is, value }: Test, { values }: Names, say: Say, at: string): void {
  const given = [value ?? []].flat() as readonly Value[];
  const possible = values.get(field);
  if (possible !== undefined && ['equal', 'notEqual', 'in', 'notIn'].includes(is)) {
    for (const one of given.map(String)) {
      if (!possible.folded.has(fold(one))) say(at, () => noSuch(`value of ${field}`, one, possible.all));
    }
  }
  if (!['greater', 'less', 'between'].includes(is)) return;
  const sizes = given.map(sizeOf);
  const [first, last] = sizes;
  if (sizes.includes(undefined)) {
    say(at, `is compared by size, but is no number and no date: give one, or use another operator than "${is}"`);
  } else if (first !== undefined && last !== undefined && first > last) {
    say(at, 'has its greater value first, so nothing lies between: turn them round');
  }
}

function sizeOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  const text = String(value);
  return /^\s*[+-]?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : moment(text);
}

/** Fields in a text. `secrets`: whether they may stand there. */
export function fitTemplate(text: string, names: Names, say: Say, at: string, secrets = false): void {
  for (const field of fieldsIn(text)) {
    const secret = field.startsWith('secrets.') ? field.slice('secrets.'.length) : undefined;
    if (secret === undefined) fitField(field, names, say, at);
    else if (!secrets) say(at, `shows the secret "${field}": secrets stand in headers of "http" only`);
    else if (!names.secrets.includes(secret)) say(at, () => noSuch('secret', secret, names.secrets));
  }
  const odd = text.replace(/\{\{\s*[^{}\s]+\s*\}\}/g, '').match(/\{\{.{0,40}/)?.[0];
  if (odd !== undefined) say(at, `has "${odd}", which is no field: write for instance {{contact.name}}`);
}

export function fitText(text: Text, names: Names, say: Say, at: string): void {
  if (typeof text === 'string') fitTemplate(text, names, say, at);
  else for (const [language, own] of Object.entries(text)) fitTemplate(own, names, say, `${at}.${language}`);
}

/** What a contact's field would not take. */
export function fitKept(field: Field, value: string, names: Names, say: Say, at: string): void {
  const type = names.types.find(({ id }) => `contact.${id}` === field);
  if (type === undefined || value === '' || fieldsIn(value).length > 0 || normal(type.type, value, type) !== undefined) return;
  const right = type.type === 'choice' ? `one of ${type.choices.join(', ')}` : RIGHT[type.type];
  say(at, `"${value.slice(0, 60)}" is not ${right}, which "${field}" holds`);
}

export function fitTarget(field: Field, names: Names, say: Say, at: string): void {
  if (!field.startsWith('contact.') || names.fields.includes(field)) return;
  say(at, () => noSuch('field', field, names.types.map(({ id }) => `contact.${id}`)));
}

export function fitAsk(step: Ask, names: Names, say: Say): void {
  const choices = step.choices ?? [];
  if (step.answer !== 'choice' && choices.length > 0) say('choices', 'go with "answer": "choice" only: change that, or leave them out');
  if (step.answer === 'choice' && choices.length === 0) say('choices', 'are missing: a question of choice needs at least one');
  const seen = new Map<string, number>();
  for (const [i, { value, label }] of choices.entries()) {
    fitText(label, names, say, `choices.${i}.label`);
    for (const name of namesOfChoice({ value, label })) {
      const other = seen.get(name) ?? i;
      if (other !== i) say(`choices.${i}`, `is also called "${name}" like choices.${other}: nobody could tell them apart`);
      seen.set(name, other);
    }
    if (step.answer === 'choice') fitKept(step.save, value, names, say, `choices.${i}.value`);
  }
  const type = names.types.find(({ id }) => `contact.${id}` === step.save)?.type;
  if (type === undefined || type === 'text' || type === step.answer || step.answer === 'choice') return;
  const mend = ASKED_FOR.includes(type) ? `ask for "${type}"` : 'keep it elsewhere';
  say('answer', `is "${step.answer}", but "${step.save}" holds ${RIGHT[type]}: ${mend}`);
}
const ASKED_FOR: readonly string[] = ['email', 'phone', 'number', 'date', 'choice'] satisfies Ask['answer'][];

/** Set by whoever calls out. */
const OURS = new RegExp('^(host|connection|content-length|transfer-encoding|expect|upgrade|te|trailer|keep-alive|accept-encoding'
  + '|idempotency-key|proxy-.*)$', 'i');

export function fitHttp(step: Http, names: Names, say: Say, path: Known['path']): void {
  fitTemplate(step.url, names, say, 'url');
  const wrong = wrongUrl(step.url);
  if (wrong !== undefined) say('url', wrong);
  const headers = (step.headers ?? []).map(({ name }) => name.toLowerCase());
  for (const [i, { name, value }] of (step.headers ?? []).entries()) {
    if (OURS.test(name)) say(`headers.${i}.name`, `"${name}" is set by whoever calls out: leave it out`);
    if (headers.indexOf(name.toLowerCase()) !== i) say(`headers.${i}.name`, `"${name}" stands there twice`);
    fitTemplate(value, names, say, `headers.${i}.value`, true);
  }
  if (step.body !== undefined && step.method === 'GET') say('body', 'goes with no GET: use POST, or put it into the URL');
  fitJson(step.body ?? null, names, say, 'body');
  for (const [i, mapped] of (step.map ?? []).entries()) {
    const problem = path?.(mapped.path);
    if (problem !== undefined) say(`map.${i}.path`, problem);
    fitTarget(mapped.save, names, say, `map.${i}.save`);
  }
}

function wrongUrl(url: string): string | undefined {
  const filled = (value: string): string => url.replace(/\{\{[^{}]*\}\}/g, value);
  const whole = filled('x');
  // A URL's own reading decides what its host is: `https:///x` has one, too.
  const moves = URL.canParse(whole) && (!URL.canParse(filled('y')) || new URL(whole).origin !== new URL(filled('y')).origin);
  if (moves || /^[^/]*\/\/[^/?#]*\{\{/.test(url)) return 'has a field in its host: write the host itself, so that nobody can send it elsewhere';
  if (!/^https?:\/\//i.test(whole) || !URL.canParse(whole)) {
    return 'is no web address: write for instance "https://crm.example.com/customers"';
  }
  return new URL(whole).username === '' ? undefined : 'has a name and a password: put them into a header, as secrets';
}

function fitJson(tree: Json, names: Names, say: Say, at: string): void {
  if (typeof tree === 'string') fitTemplate(tree, names, say, at);
  if (tree === null || typeof tree !== 'object') return;
  for (const [name, value] of Object.entries(tree)) fitJson(value, names, say, `${at}.${name}`);
}
