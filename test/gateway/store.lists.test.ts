import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { factsOf, type Rank, type Sort } from '../../gateway/lists.ts';
import { connect, openFile } from '../../gateway/store.file.ts';
import { Queries } from '../../gateway/store.queries.ts';
import type { FeedRow } from '../../gateway/store.ts';
import { Tables } from '../../gateway/tables.ts';
import { changeOf, LISTS, rowsOf, talkOf, type Talk } from './lists.model.ts';
import { aFolder } from './store.stage.ts';
import { Scribe } from './store.story.ts';

const SORTS: Sort[] = ['newest', 'waiting'];

function someTables() {
  const file = join(aFolder(), 'store.sqlite');
  const { db } = openFile(file, 1, []);
  return { tables: new Tables(db), queries: new Queries(connect(file), 1), scribe: new Scribe(1), talks: new Map<string, Talk>(), moved: new Map<string, number>() };
}
type Stage = ReturnType<typeof someTables>;

/** Each inner list is a record, all of them one transaction. */
async function happen({ tables, scribe, talks, moved }: Stage, records: readonly Talk[][]): Promise<void> {
  const batch = [];
  for (const talksOfRecord of records) {
    for (const talk of talksOfRecord) talks.set(talk.actor, talk);
    batch.push(await scribe.write(0, talksOfRecord.map(changeOf)));
  }
  for (const { joined, left } of tables.apply(batch).feed) {
    for (const list of joined) moved.set(list, (moved.get(list) ?? 0) + 1);
    for (const list of left) moved.set(list, (moved.get(list) ?? 0) - 1);
  }
}

function rankOf({ actor, state }: FeedRow): Rank {
  const facts = factsOf(JSON.parse(state) as object);
  if (facts === undefined) throw new Error(`${actor} is no conversation.`);
  return { ...facts, actor };
}

/** The whole list, read in parts. */
function read(queries: Queries, list: string, sort: Sort, part: number): string[] {
  const actors: string[] = [];
  for (let after: Rank | null = null; ;) {
    const { rows } = queries.list('demo', list, sort, after, part);
    actors.push(...rows.map((row) => row.actor));
    const last = rows.at(-1);
    if (last === undefined || rows.length < part) return actors;
    after = rankOf(last);
  }
}

const record = fc.uniqueArray(fc.integer({ min: 0, max: 11 }).chain(talkOf), { selector: (talk) => talk.actor, minLength: 1, maxLength: 4 });
const batches = fc.array(fc.array(record, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 8 });

test('whatever changes together or alone, each list has its conversations in order, in parts of any size, and its number is theirs', async () => {
  await fc.assert(fc.asyncProperty(batches, fc.integer({ min: 1, max: 5 }), async (all, part) => {
    const stage = someTables();
    for (const records of all) {
      await happen(stage, records);
      const counts = new Map(stage.queries.tallies('demo').counts);
      for (const list of LISTS) {
        for (const sort of SORTS) {
          const wanted = rowsOf(stage.talks.values(), list, sort).map((talk) => talk.actor);
          expect(read(stage.queries, list, sort, part), `${list} by ${sort}`).toEqual(wanted);
          expect(stage.queries.list('demo', list, sort, null, 1).total).toBe(wanted.length);
          expect(stage.moved.get(list) ?? 0).toBe(wanted.length);
          expect(counts.get(list) ?? 0).toBe(list.startsWith('contact:') ? 0 : wanted.length);
        }
      }
    }
  }), { numRuns: 40 });
});

test('a batch that fails counts nothing', async () => {
  const stage = someTables();
  const [talk] = fc.sample(talkOf(1), 1);
  if (talk === undefined) throw new Error('There is no sample.');
  await happen(stage, [[talk]]);
  const before = stage.queries.tallies('demo');
  const next = await stage.scribe.write(0, [changeOf({ ...talk, status: talk.status === 'new' ? 'closed' : 'new' })]);
  expect(() => stage.tables.apply([next, { ...next, seq: 9 }])).toThrow();
  expect(stage.queries.tallies('demo')).toEqual(before);
});

test('what an agent wrote before there were desks is in the lists that need no more than its ticket', async () => {
  const stage = someTables();
  const state = { workspace: 'demo', contact: { id: 'p0' }, at: 5, spokeAt: 3, ticket: { value: 'new', context: { agent: null } } };
  stage.tables.apply([await stage.scribe.write(0, [
    { actor: 'c/demo/old', state: Buffer.from(JSON.stringify(state)), due: 0, pending: false, entries: [] }])]);
  expect(stage.queries.tallies('demo').counts).toEqual([['open', 1], ['status:new', 1], ['unassigned', 1], ['waiting', 1]]);
  expect(read(stage.queries, 'waiting', 'waiting', 5)).toEqual(['c/demo/old']);
});

test('conversations of another workspace are in no list of this one', async () => {
  const stage = someTables();
  const state = { workspace: 'other', contact: { id: 'p0' }, at: 5, ticket: { value: 'open', context: { agent: { id: 'a_ada' } } }, mentions: ['a_ada'] };
  stage.tables.apply([await stage.scribe.write(0, [
    { actor: 'c/other/1', state: Buffer.from(JSON.stringify(state)), due: 0, pending: false, entries: [] }])]);
  for (const list of LISTS) for (const sort of SORTS) expect(stage.queries.list('demo', list, sort, null, 9)).toMatchObject({ rows: [], total: 0 });
  expect(stage.queries.tallies('demo').counts).toEqual([]);
  expect(stage.queries.list('other', 'agent:a_ada', 'newest', null, 9).rows).toHaveLength(1);
});

test('changes since a feed number are named, oldest first', async () => {
  const stage = someTables();
  const talks = [0, 1, 2].flatMap((i) => fc.sample(talkOf(i), 1));
  await happen(stage, talks.map((talk) => [talk]));
  const { n } = stage.queries.tallies('demo');
  expect(stage.queries.changed('demo', n - 2, 10)).toEqual(talks.slice(1).map((talk) => talk.actor));
  expect(stage.queries.changed('demo', n - 2, 1)).toEqual(talks.slice(1, 2).map((talk) => talk.actor));
  expect(stage.queries.changed('demo', n, 10)).toEqual([]);
});
