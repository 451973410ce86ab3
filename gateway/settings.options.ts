/**
 * Settings outside the file: each that is one value, or a list of words, has a flag and a variable of the environment. Both
 * follow from the schema, and so does what is said of them. A flag stands over the environment, that over the file.
 */
import { z } from 'zod';
import { nearest } from '../machines/nearest.ts';
import { readLine } from './arguments.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface Option {
  /** Where it stands in the file. */
  path: readonly string[];
  /** Without the dashes. */
  flag: string;
  env: string;
  takes: 'number' | 'switch' | 'list' | 'text';
  /** What it takes, in words. */
  expects: string;
  /** Whether it may be this number or word; the schema itself looks at all else. */
  fits(value: unknown): boolean;
  about: string;
  /** What stands for it in a line of help. */
  as: string;
  unit: string;
  fallback: unknown;
  /** Heading of the settings that it is one of; '' for those of no heading. */
  group: string;
  /** Nobody is shown its value. */
  secret: boolean;
}

/** What is given besides the file, laid over it. */
export interface Spoken {
  json: unknown;
  faults: string[];
  /** How whoever gave the setting at a path of the file knows it: `--nats-servers`; undefined when the file gives it. */
  nameOf(path: readonly PropertyKey[]): string | undefined;
}

interface Shape {
  type?: string;
  properties?: Record<string, Shape>;
  items?: Shape;
  anyOf?: Shape[];
  enum?: (string | number)[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
  default?: unknown;
  description?: string;
  unit?: string;
  as?: string;
  secret?: boolean;
}

/** Variables that are ours and no settings: the file of them, an agent's token for `npm run flow`. */
const OTHER_VARIABLES = ['PARLEY_CONFIG', 'PARLEY_TOKEN'];
const PREFIX = 'PARLEY_';
/** Of a Service named "parley", Kubernetes makes variables of its own. */
const KUBERNETES = /^PARLEY_(SERVICE_(HOST|PORT)|PORT_\d+_)/;

export function optionsOf(schema: z.ZodType): Option[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;
  return Object.entries(properties).flatMap(([name, shape]) => (shape.properties === undefined ? optionOf([name], shape, '')
    : Object.entries(shape.properties).flatMap(([inner, own]) => optionOf([name, inner], own, shape.description ?? ''))));
}

function optionOf(path: string[], shape: Shape, group: string): Option[] {
  const { type, description: about = '', unit = '', secret = false, default: fallback } = shape;
  const takes = type === 'boolean' ? 'switch' : type === 'array' ? 'list' : type === 'number' || type === 'integer' ? 'number'
    : type === 'string' ? 'text' : undefined;
  // What holds more than one value stands in the file alone.
  if (takes === undefined) return [];
  const words = path.join('-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const expects = expected(shape, takes);
  const as = shape.as ?? shape.enum?.join('|') ?? { number: 'N', switch: '', list: 'LIST', text: 'TEXT' }[takes];
  return [{
    path, flag: words, env: PREFIX + words.toUpperCase().replaceAll('-', '_'), takes, expects, about, as, unit, fallback, group, secret,
    fits: (value) => fits(shape, value),
  }];
}

function expected({ type, enum: one, minimum, exclusiveMinimum, maximum }: Shape, takes: Option['takes']): string {
  if (one !== undefined) return `one of ${one.join(', ')}`;
  if (takes === 'switch') return 'true or false';
  if (takes !== 'number') return takes === 'list' ? 'words with commas between' : 'a text';
  const number = type === 'integer' && minimum === undefined ? 'a whole number' : 'a number';
  // JSON Schema says of every whole number that it is a safe one.
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (minimum === undefined) return `${number} above ${exclusiveMinimum ?? 0}`;
  return most === undefined ? `${number} of at least ${minimum}` : `${number} from ${minimum} to ${most}`;
}

function fits({ type, enum: one, minimum = -Infinity, exclusiveMinimum = -Infinity, maximum = Infinity }: Shape, value: unknown): boolean {
  if (one !== undefined) return one.includes(value as string | number);
  if (typeof value !== 'number') return true;
  return value >= minimum && value > exclusiveMinimum && value <= maximum && (type === 'number' || Number.isInteger(value));
}

/** What else stands on the command line: the file, and what to do. */
export interface Line {
  config: string | undefined;
  rebuild: boolean;
  help: boolean;
  /** Flags of settings, without the dashes. */
  flags: Readonly<Record<string, string | boolean>>;
}

/** @throws Error in a sentence or two */
export function readFlags(args: readonly string[], options: readonly Option[]): Line {
  const own = options.flatMap(({ flag, takes }): [string, { type: 'string' | 'boolean' }][] => (
    takes === 'switch' ? [[flag, { type: 'boolean' }], [`no-${flag}`, { type: 'boolean' }]] : [[flag, { type: 'string' }]]));
  const { values } = readLine(args, {
    ...Object.fromEntries(own), config: { type: 'string' }, rebuild: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  }, false);
  const { config, rebuild, help, ...flags } = values as Record<string, string | boolean> & { config?: string; rebuild: boolean; help: boolean };
  return { config, rebuild, help, flags };
}

/** Lays the environment over what the file says, and the flags over both. Empty variables count as absent. */
export function speak(file: unknown, env: Env, flags: Line['flags'], options: readonly Option[]): Spoken {
  const faults = unknownOf(env, options);
  const names = new Map<string, string>();
  let json = file;
  for (const option of options) {
    const said = saidOf(option, env, flags);
    if (said === undefined) continue;
    const value = read(option, said.text);
    const fault = value === undefined || !option.fits(value);
    if (fault) faults.push(`${said.name} takes ${option.expects}${option.secret ? '' : `, not "${said.text.slice(0, 80)}"`}`);
    else json = laid(json, option.path, value);
    names.set(option.path.join('.'), said.name);
  }
  return { json, faults, nameOf: (path) => names.get(path.join('.')) ?? names.get(path.slice(0, -1).join('.')) };
}

function saidOf({ flag, env: variable }: Option, env: Env, flags: Line['flags']): { name: string; text: string } | undefined {
  const negated = flags[`no-${flag}`] === true;
  const given = negated ? false : flags[flag];
  if (given !== undefined) return { name: `--${negated ? 'no-' : ''}${flag}`, text: String(given) };
  const text = env[variable];
  return text === undefined || text === '' ? undefined : { name: variable, text };
}

/** Undefined when the text cannot be read as what the option takes. */
function read({ takes }: Option, text: string): unknown {
  switch (takes) {
    case 'text': return text;
    case 'list': return text.split(',').map((word) => word.trim()).filter((word) => word !== '');
    case 'number': return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
    case 'switch': return { true: true, false: false }[text];
  }
}

/** What is no object is left for the schema to refuse. */
function laid(json: unknown, [name = '', ...rest]: readonly string[], value: unknown): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  const own: unknown = Object.hasOwn(json, name) ? (json as Record<string, unknown>)[name] : undefined;
  return { ...json, [name]: rest.length === 0 ? value : laid(own ?? {}, rest, value) };
}

function unknownOf(env: Env, options: readonly Option[]): string[] {
  const known = [...options.map(({ env: name }) => name), ...OTHER_VARIABLES];
  return Object.keys(env).filter((name) => name.startsWith(PREFIX) && !known.includes(name)).sort().map((name) => {
    if (KUBERNETES.test(name)) return `${name} is no setting: Kubernetes makes it for a Service named "parley"; set enableServiceLinks to false`;
    const meant = nearest(name.slice(PREFIX.length), known.map((other) => other.slice(PREFIX.length)));
    return `${name} is no setting; ${meant === undefined ? '--help lists them' : `did you mean ${PREFIX}${meant}?`}`;
  });
}
