/** A section's things in one shape, whether the settings have them as a list, or in a table under their names. Pure. */
import { within } from './problems.ts';
import { fieldOf, type Schema } from './schema.ts';
import { idOf, isTree } from './tree.ts';

export interface Thing {
  /** Its id, or its name in the table; '' while it has none. */
  readonly key: string;
  readonly value: unknown;
}

export interface Keyed {
  readonly item: Schema;
  readonly things: readonly Thing[];
  /** A table: each thing is named once, when it is added. The schema of those names. */
  readonly names: Schema | null;
  /** Things without an id: their place is their name. */
  readonly numbered: boolean;
  pathOf(at: number): string;
  whole(things: readonly Thing[]): unknown;
}

export function keyed(schema: Schema, value: unknown): Keyed {
  const field = fieldOf('', schema);
  if (field.is === 'table') {
    const things = Object.entries(isTree(value) ? value : {}).map(([key, one]) => ({ key, value: one }));
    return {
      item: field.item, things, names: field.keys, numbered: false, pathOf: (at) => things[at]?.key ?? '',
      whole: (all) => Object.fromEntries(all.map((one) => [one.key, one.value])),
    };
  }
  const item = field.is === 'list' ? field.item : {};
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  return {
    item, things: list.map((one) => ({ key: idOf(one) ?? '', value: one })), names: null, numbered: !item.properties?.['id'],
    pathOf: (at) => within('', at), whole: (all) => all.map((one) => one.value),
  };
}

/** An id made of a name, `Returns & refunds` → `returns-refunds`, that no other thing has. '' for a name without letters. */
export function idFrom(name: string, taken: readonly string[]): string {
  const letters = name.normalize('NFD').replace(/\p{Mark}/gu, '').toLowerCase();
  const plain = letters.replace(/[^a-z0-9]+/gu, '-').replace(/^-|-$/gu, '').slice(0, 36);
  if (plain === '' || !taken.includes(plain)) return plain;
  for (let n = 2; ; n++) {
    if (!taken.includes(`${plain}-${n}`)) return `${plain}-${n}`;
  }
}
