/**
 * What a section's JSON Schema says about a field: which editor it needs, its limits, whether it may be left out, and
 * what a new one begins as. Pure. The gateway makes the schema from the one that it checks with.
 */

/** The part of JSON Schema that the settings use. */
export interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Schema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: Schema | boolean;
  readonly prefixItems?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: Schema;
  readonly additionalProperties?: Schema | boolean;
}
export type Choice = string | number | boolean;

export type Field =
  | { readonly is: 'text'; readonly least: number; readonly most: number; readonly pattern: string | null }
  /** Whole numbers. */
  | { readonly is: 'number'; readonly least: number; readonly most: number }
  /** A length of time in milliseconds. */
  | { readonly is: 'time'; readonly least: number; readonly most: number }
  | { readonly is: 'flag' }
  | { readonly is: 'choice'; readonly of: readonly Choice[] }
  | { readonly is: 'hours' }
  | { readonly is: 'list'; readonly item: Schema; readonly most: number }
  /** Things of one kind, each under a key that somebody chooses. */
  | { readonly is: 'table'; readonly item: Schema; readonly keys: Schema }
  | { readonly is: 'group'; readonly fields: readonly (readonly [key: string, schema: Schema])[] }
  /** Nothing that a form can show: it stays as it is. */
  | { readonly is: 'unknown' };

/** Zod says "any whole number" as the safe integers. */
const SAFE = Number.MAX_SAFE_INTEGER;

/** `key`: the property's name; one that ends in `Ms` is a time. */
export function fieldOf(key: string, schema: Schema): Field {
  const { type, ...one } = solid(schema);
  if (one.enum || one.anyOf || one.const !== undefined) return choiceOf(one);
  switch (type) {
    case 'boolean': return { is: 'flag' };
    case 'string': return { is: 'text', least: one.minLength ?? 0, most: one.maxLength ?? 8000, pattern: one.pattern ?? null };
    case 'integer': case 'number': {
      const limits = { least: bound(one.minimum, -SAFE), most: bound(one.maximum, SAFE) };
      return key.endsWith('Ms') ? { is: 'time', ...limits } : { is: 'number', ...limits };
    }
    case 'array':
      return typeof one.items === 'object' ? { is: 'list', item: one.items, most: one.maxItems ?? SAFE } : { is: 'unknown' };
    case 'object':
      if (one.properties?.['zone'] && one.properties['week']) return { is: 'hours' };
      if (one.properties) return { is: 'group', fields: Object.entries(one.properties) };
      return typeof one.additionalProperties === 'object'
        ? { is: 'table', item: one.additionalProperties, keys: one.propertyNames ?? {} } : { is: 'unknown' };
    default: return { is: 'unknown' };
  }
}

/** How a field is left out: without a value, with `null`, or not at all. */
export function unsetOf(parent: Schema, key: string): 'absent' | 'null' | null {
  const own = parent.properties?.[key];
  if (own?.anyOf?.some(isNull)) return 'null';
  return own && own.default === undefined && !(parent.required ?? []).includes(key) ? 'absent' : null;
}

/** What a new one begins as: defaults where there are any, else the least that has the right shape. */
export function blank(schema: Schema): unknown {
  if (schema.default !== undefined) return structuredClone(schema.default);
  if (schema.anyOf?.some(isNull)) return null;
  const field = fieldOf('', schema);
  switch (field.is) {
    case 'text': return '';
    case 'number': case 'time': return Math.max(0, field.least);
    case 'flag': return false;
    case 'choice': return field.of[0];
    case 'hours': return { zone: 'UTC', week: [[], ...Array.from({ length: 5 }, () => [[540, 1020]]), []] };
    case 'list': return [];
    case 'table': case 'unknown': return {};
    case 'group': return Object.fromEntries(field.fields.filter(([key]) => unsetOf(schema, key) !== 'absent')
      .map(([key, one]) => [key, blank(one)]));
    default: return field satisfies never;
  }
}

/** The schema of what stands there when it is not null. */
export function solid(schema: Schema): Schema {
  const real = schema.anyOf?.filter((one) => !isNull(one));
  const only = real?.length === 1 ? real[0] : undefined;
  return only ? { ...only, ...(schema.description ? { description: schema.description } : {}) } : schema;
}

function choiceOf(schema: Schema): Field {
  const all = schema.enum ?? (schema.anyOf ?? [schema]).map((one) => one.const);
  return all.every(isChoice) ? { is: 'choice', of: all } : { is: 'unknown' };
}

function isNull(schema: Schema): boolean {
  return schema.type === 'null' || schema.const === null;
}

function isChoice(value: unknown): value is Choice {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function bound(limit: number | undefined, none: number): number {
  return limit === undefined || Math.abs(limit) >= SAFE ? none : limit;
}
