/** Lists of the inbox, read from the tables: rows in their order, a part at a time, from indexes that have that order. */
import { isCounted, SHELVES, SHELVES_OF, type Rank, type Sort } from './lists.ts';
import type { Listed } from './store.ts';

export type Value = string | number;
/** Reads rows as arrays. */
export type Ask = <Row>(sql: string, ...values: Value[]) => Row[];

type Row = [n: number, actor: string, state: string, at: number, waiting: number];
type Rows = Listed['rows'];

/**
 * The rows of a list that stand behind `after`, in order.
 * By waiting time, first those who wait, then the rest by activity: each half has an index of its own.
 */
export function listed(ask: Ask, workspace: string, list: string, sort: Sort, after: Rank | null, limit: number): Rows {
  const sources = sourcesOf(list);
  if (sort === 'newest') return ordered(ask, workspace, sources, after, limit);
  const waiting = after?.waiting === 0 ? [] : waitingOnes(ask, workspace, list, after, limit);
  if (waiting.length === limit || list === 'waiting') return waiting;
  const rest = sources.map((source) => ({ ...source, where: `${source.where} and waiting = 0` }));
  return [...waiting, ...ordered(ask, workspace, rest, after?.waiting === 0 ? after : null, limit - waiting.length)];
}

/** All conversations of a workspace, newest activity first. */
export function newest(ask: Ask, workspace: string, limit: number): Rows {
  const sources = SHELVES.map((shelf) => ({ index: 'shelf', where: 'shelf = ?3', value: shelf }));
  return ordered(ask, workspace, sources, null, limit);
}

/** How many conversations a list has. */
export function countOf(ask: Ask, workspace: string, list: string): number {
  const sql = isCounted(list) ? 'select count from tally where workspace = ? and list = ?'
    : 'select count(*) from actor indexed by conversation_contact where workspace = ? and contact = ?';
  const [row] = ask<[number]>(sql, workspace, isCounted(list) ? list : nameIn(list));
  return row?.[0] ?? 0;
}

export function tallies(ask: Ask, workspace: string): [list: string, count: number][] {
  return ask('select list, count from tally where workspace = ? order by list', workspace);
}

/** One index, and the part of it that a list takes: a condition on `actor`, and the value of its `?3`. */
interface Source {
  index: string;
  where: string;
  value: Value;
}

const OPEN = SHELVES_OF.open ?? [];
const nameIn = (list: string): string => list.slice(list.indexOf(':') + 1);

/** What a list's rows have in common, beside a shelf. */
function conditionOf(list: string): [where: string, value: Value] {
  if (list === 'waiting') return [`waiting > ?3`, 0];
  if (SHELVES_OF[list] !== undefined) return [`?3 = ''`, ''];
  const value = nameIn(list);
  switch (list.slice(0, list.indexOf(':'))) {
    case 'agent': return ['agent = ?3', value];
    case 'team': return ['team = ?3', value];
    case 'contact': return ['contact = ?3', value];
    default: return ['mentions is not null and instr(mentions, ?3) > 0', `\n${value}\n`];
  }
}

/** Short lists are sorted when they are read; the others are parts of shelves, which lie in order. */
function sourcesOf(list: string): Source[] {
  const [where, value] = conditionOf(list);
  const short = ['contact', 'mentions'].find((name) => list.startsWith(`${name}:`));
  if (short !== undefined) return [{ index: short, where, value }];
  return (SHELVES_OF[list] ?? OPEN).map((shelf) => ({ index: 'shelf', where: `shelf = ${shelf} and ${where}`, value }));
}

/** Those of a list who wait, from the index of all who do. */
function waitingSourceOf(list: string): Source {
  const [source, ...more] = sourcesOf(list);
  if (source !== undefined && more.length === 0 && source.index !== 'shelf') return source;
  const [where, value] = conditionOf(list);
  return { index: 'waiting', where: `shelf in (${(SHELVES_OF[list] ?? OPEN).join(', ')}) and ${where}`, value };
}

/** By activity, from each source as many as are wanted, merged. */
function ordered(ask: Ask, workspace: string, sources: readonly Source[], after: Rank | null, limit: number): Rows {
  const edge = after === null ? '' : 'and at <= ?4 and (at < ?4 or id > ?5)';
  const values: Value[] = after === null ? [] : [after.at, after.actor];
  const found = sources.flatMap(({ index, where, value }) => ask<Row>(
    `select n, id, state, at, waiting from actor indexed by conversation_${index} where workspace = ?1 and ${where} ${edge}
    order by at desc, id limit ?2`, workspace, limit, value, ...values));
  if (sources.length > 1) found.sort((a, b) => b[3] - a[3] || (a[1] < b[1] ? -1 : 1));
  return found.slice(0, limit).map(toRow);
}

function waitingOnes(ask: Ask, workspace: string, list: string, after: Rank | null, limit: number): Rows {
  const { index, where, value } = waitingSourceOf(list);
  const edge = after === null ? '' : 'and waiting >= ?4 and (waiting > ?4 or at < ?5 or (at = ?5 and id > ?6))';
  const values: Value[] = after === null ? [] : [after.waiting, after.at, after.actor];
  return ask<Row>(`select n, id, state, at, waiting from actor indexed by conversation_${index}
    where workspace = ?1 and waiting > 0 and ${where} ${edge} order by waiting, at desc, id limit ?2`,
  workspace, limit, value, ...values).map(toRow);
}

const toRow = ([n, actor, state, at, waiting]: Row): Rows[number] => ({ n, actor, state, at, waiting });
