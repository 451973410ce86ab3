/**
 * What is wrong with a value before the gateway has seen it, by the place where it stands; and where the gateway's own
 * words belong. Pure.
 */
import { fieldOf, solid, unsetOf, type Schema } from './schema.ts';
import { isTree } from './tree.ts';
import { weekOf } from './week.ts';

export type Problem =
  | { readonly is: 'missing' }
  | { readonly is: 'long' | 'short' | 'many'; readonly limit: number }
  | { readonly is: 'least' | 'most'; readonly limit: number; readonly time: boolean }
  | { readonly is: 'twice' | 'notWhole' | 'hours' }
  /** Not made of what it may be made of. */
  | { readonly is: 'pattern'; readonly of: 'id' | 'subject' | 'lower' };

/** By path, `0.offerMs`; the section itself is ''. */
export type Problems = ReadonlyMap<string, Problem>;

export function problemsOf(schema: Schema, value: unknown): Problems {
  const found = new Map<string, Problem>();
  look('', '', schema, value, found);
  return found;
}

export function within(path: string, key: string | number): string {
  return path === '' ? String(key) : `${path}.${key}`;
}

function look(path: string, key: string, schema: Schema, value: unknown, found: Map<string, Problem>): void {
  if (value === null || value === undefined) return;
  const one = solid(schema);
  const field = fieldOf(key, one);
  const tell = (problem: Problem) => found.set(path, problem);
  switch (field.is) {
    case 'text': {
      const text = String(value);
      if (text === '' && (field.least > 0 || field.pattern)) tell({ is: 'missing' });
      else if (text.length < field.least) tell({ is: 'short', limit: field.least });
      else if (text.length > field.most) tell({ is: 'long', limit: field.most });
      else if (field.pattern && !new RegExp(field.pattern, 'u').test(text)) tell({ is: 'pattern', of: madeOf(field.pattern) });
      return;
    }
    case 'number': case 'time': {
      const time = field.is === 'time';
      if (typeof value !== 'number' || !Number.isFinite(value)) tell({ is: 'missing' });
      else if (value < field.least) tell({ is: 'least', limit: field.least, time });
      else if (value > field.most) tell({ is: 'most', limit: field.most, time });
      else if (!Number.isInteger(value)) tell({ is: 'notWhole' });
      return;
    }
    case 'list': {
      const list: readonly unknown[] = Array.isArray(value) ? value : [];
      if (list.length > field.most) tell({ is: 'many', limit: field.most });
      list.forEach((item, i) => look(within(path, i), '', field.item, item, found));
      const ids = list.map((item) => (isTree(item) ? item['id'] : item));
      ids.forEach((id, i) => {
        if (typeof id !== 'string' || id === '' || ids.indexOf(id) === i) return;
        found.set(isTree(list[i]) ? within(within(path, i), 'id') : within(path, i), { is: 'twice' });
      });
      return;
    }
    case 'table':
      for (const [name, item] of Object.entries(isTree(value) ? value : {})) {
        const pattern = solid(field.keys).pattern;
        const at = within(path, name);
        if (pattern && !new RegExp(pattern, 'u').test(name)) found.set(at, { is: 'pattern', of: madeOf(pattern) });
        look(at, name, field.item, item, found);
      }
      return;
    case 'group':
      for (const [name, inner] of field.fields) {
        const there = isTree(value) ? value[name] : undefined;
        const at = within(path, name);
        const needed = unsetOf(one, name) === null && inner.default === undefined;
        if (there === undefined && needed) found.set(at, { is: 'missing' });
        look(at, name, inner, there, found);
      }
      return;
    case 'hours':
      unsound(value).forEach((day) => found.set(within(within(path, 'week'), day), { is: 'hours' }));
      return;
    default:
  }
}

/** Days, Sunday 0, with an opening that does not end after it begins, or that begins before the one before it has ended. */
function unsound(value: unknown): number[] {
  return weekOf(value).flatMap((day, at) =>
    (day.every(([from, to], i) => from < to && from >= (day[i - 1]?.[1] ?? 0)) ? [] : [at]));
}

/** Which of the settings' patterns it is: of ids, of agents' sign-in names, or of words without capitals. */
export function madeOf(pattern: string): 'id' | 'subject' | 'lower' {
  if (pattern.includes('[^A-Z]')) return 'lower';
  return pattern.includes('A-Z') ? 'subject' : 'id';
}

/**
 * Where the gateway's words belong: `agents.2.capacity.messaging: is below 4; agents.3: ...` is two sentences of the section
 * `agents`, at `2.capacity.messaging` and at `3`. What names no place stands at ''.
 */
export function placed(section: string, detail: string): { readonly path: string; readonly words: string }[] {
  return detail.split(/; (?=[a-zA-Z][\w-]*(?:\.[\w:@+-]+)*: )/u).filter((one) => one.trim() !== '').map((one) => {
    const [, where = '', words = one] = /^\s*([a-zA-Z][\w-]*(?:\.[\w@+-]+)*): (.+)$/su.exec(one) ?? [];
    if (where === section || where === '') return { path: '', words };
    // What does not fit may stand in another section.
    return where.startsWith(`${section}.`) ? { path: where.slice(section.length + 1), words } : { path: '', words: one };
  });
}
