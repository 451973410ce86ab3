import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catchUp } from '../../gateway/catchup.ts';
import { connect, openFile } from '../../gateway/store.file.ts';
import { WordIndex } from '../../gateway/store.index.ts';
import { Queries } from '../../gateway/store.queries.ts';
import type { Found } from '../../gateway/store.ts';
import { STORE_FILE } from '../../gateway/store.sqlite.ts';
import { Tables } from '../../gateway/tables.ts';
import { encodeEntry } from '../../sdk/protocol/codec.ts';
import type { Entry } from '../../sdk/protocol/entry.ts';
import { aFolder, foundAll, opened } from './store.stage.ts';
import { Scribe, START, story } from './store.story.ts';

interface Said { workspace: string; talk: number; kind: 'message' | 'note' | 'status'; author: string; text: string }
const idOf = (talk: number): string => `01ARZ3NDEKTSV4RRFFQ69${String(talk).padStart(5, '0')}`;

/** Tables with an index, and all that was said, newest last. */
class Stage {
  readonly said: (Said & { seq: number })[] = [];
  readonly #file = join(aFolder(), STORE_FILE);
  readonly #db = openFile(this.#file, 1, []).db;
  readonly tables = new Tables(this.#db);
  readonly index = new WordIndex(this.#db);
  readonly queries = new Queries(connect(this.#file), 1);
  readonly #scribe = new Scribe(1);
  readonly #seqs = new Map<string, number>();

  /** In one transaction. */
  async say(all: readonly Said[]): Promise<void> {
    const batch = [];
    for (const said of all) {
      const { workspace, talk, kind, author, text } = said;
      const actor = `c/${workspace}/${idOf(talk)}`;
      const seq = (this.#seqs.get(actor) ?? 0) + 1;
      this.#seqs.set(actor, seq);
      this.said.push({ ...said, seq });
      const body = kind === 'status' ? { status: 'open', ticket: 1, text } : { text };
      const entry = { seq, prev: seq - 1, n: 0, kind, at: START + this.said.length, author: { role: 'agent', id: author, name: author }, cmid: null, body } as Entry;
      const state = Buffer.from(JSON.stringify({ workspace, contact: { id: `p${talk}`, name: `Contact ${talk}` }, at: 1, ticket: { value: 'open' } }));
      batch.push(await this.#scribe.write(0, [{ actor, state, due: 0, pending: false, entries: [{ audience: 'agents', bytes: encodeEntry(entry) }] }]));
    }
    this.tables.apply(batch);
  }

  find(workspace: string, query: string, page: number): Found[] {
    const found: Found[] = [];
    for (let next: string | null = null; ;) {
      const answer = this.queries.search(workspace, query, next, page);
      expect(answer.found.length).toBeLessThanOrEqual(page);
      found.push(...answer.found);
      if (answer.next === null) return found;
      next = answer.next;
    }
  }
}

const plain = (text: string): string => ` ${text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().split(/[^a-z0-9]+/).filter(Boolean).join(' ')} `;

/** Each term alone, by plain comparison of texts. */
function has(said: Said, terms: readonly { text: string; begun: boolean }[]): boolean {
  if (said.kind === 'status') return false;
  return terms.every(({ text, begun }) => [said.text, said.author].some((where) => plain(where).includes(begun ? plain(text).trimEnd() : plain(text))));
}

const word = fc.constantFrom('Parcel', 'parcels', 'déjà', 'Deja', 'vu', 'l’été', 'no', 'refund', 're-fund', 'maria', 'OR', 'x');
const text = fc.array(word, { minLength: 1, maxLength: 8 }).chain((words) => fc.constantFrom(' ', ', ', '  ', ' "').map((between) => words.join(between)));
const said: fc.Arbitrary<Said> = fc.record({
  workspace: fc.constantFrom('demo', 'demo2', 'de/mo"'.replace('/', '-')), talk: fc.nat(3), kind: fc.constantFrom('message', 'message', 'note', 'status'),
  author: fc.constantFrom('Maria Rossi', 'Deja'), text,
});
const term = fc.oneof(
  word.map((text) => ({ query: text, text, begun: false })),
  fc.array(word, { minLength: 2, maxLength: 3 }).map((words) => ({ query: `"${words.join(' ')}"`, text: words.join(' '), begun: false })),
);
/** What is typed, and what it means. */
const query = fc.tuple(fc.array(term, { minLength: 1, maxLength: 3 }), fc.boolean(), fc.integer({ min: 2, max: 6 })).map(([terms, begun, chars]) => {
  const last = begun ? { query: 'parcels'.slice(0, chars), text: 'parcels'.slice(0, chars), begun } : undefined;
  const all = last === undefined ? terms : [...terms, last];
  return { query: all.map(({ query }) => query).join(' ') + (last === undefined ? ' ' : ''), terms: all };
});

test('every line that has all words is found once, the newest first, of this workspace alone, in pages of any size', async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.array(said, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 6 }), fc.array(query, { minLength: 1, maxLength: 8 }), fc.integer({ min: 1, max: 7 }), async (batches, queries, page) => {
    const stage = new Stage();
    for (const batch of batches) {
      await stage.say(batch);
      if (batch.length % 2 === 0) stage.index.step();
    }
    expect(stage.index.step()).toBe(true);
    for (const { query: typed, terms } of queries) {
      const found = stage.find('demo', typed, page);
      const name = (line: { conversation: string; seq: number }): string => `${line.conversation} ${line.seq}`;
      const wanted = stage.said.filter((one) => one.workspace === 'demo' && has(one, terms)).map(({ talk, seq }) => name({ conversation: idOf(talk), seq }));
      expect(found.map(name).sort(), typed).toEqual(wanted.sort());
      for (const line of found) expect(line.contact.name).toBe(`Contact ${Number(line.conversation.slice(-5))}`);
    }
  }), { numRuns: 60 });
});

test('whatever is typed, or given as the next page, is an answer', async () => {
  const stage = new Stage();
  await stage.say([{ workspace: 'demo', talk: 1, kind: 'message', author: 'Ada', text: 'hello world' }]);
  stage.index.step();
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (typed) => { stage.find('demo', typed, 5); }), { numRuns: 2000 });
  for (const typed of ['scope:w64656d6f', 'said:hello', '"hello', 'hello*', 'NOT hello', 'NEAR(hello world)', '{said}:hello', '^hello', 'hello OR nothing', 'a'.repeat(5000), '\0hello', '(']) stage.find('demo', typed, 5);
  for (const next of ['', '1', '-1.2', '1.2.3', '99999999999999999.1', 'x.y', '1e3.4', '0.0']) expect(stage.queries.search('demo', 'hello', next, 5)).toEqual({ found: [], next: null });
});

test('newer lines are found before older ones, and a page goes on where the one before it ended, though more was said', async () => {
  const stage = new Stage();
  const one = (text: string): Said => ({ workspace: 'demo', talk: 1, kind: 'message', author: 'Ada', text });
  await stage.say(Array.from({ length: 30 }, (_, i) => one(`needle ${i}`)));
  await stage.say([one('needle 30')]);
  stage.index.step();
  const first = stage.queries.search('demo', 'needle', null, 4);
  expect(first.found.map(({ pieces }) => pieces.join(''))).toEqual(['needle 30', 'needle 29', 'needle 28', 'needle 27']);
  await stage.say([one('needle 31')]);
  stage.index.step();
  expect(stage.queries.search('demo', 'needle', first.next, 4).found.map(({ seq }) => seq)).toEqual([27, 26, 25, 24]);
});

test('chunks that have all words, but in no one line, do not make a page endless', async () => {
  const stage = new Stage();
  const one = (text: string): Said => ({ workspace: 'demo', talk: 1, kind: 'message', author: 'Ada', text });
  await stage.say([one('left right')]);
  for (let i = 0; i < 600; i++) await stage.say([one('left'), one('right')]);
  while (!stage.index.step());
  const page = stage.queries.search('demo', 'left right ', null, 10);
  expect(page.found).toEqual([]);
  expect(stage.queries.search('demo', 'left right ', page.next, 10)).toMatchObject({ found: [{ seq: 1 }], next: null });
});

test('what was just applied is found; an index that has far to go says so, and goes on', async () => {
  const { log, records } = await story({ messages: 5000, perRecord: 20 });
  const store = await opened(log);
  store.apply(records.slice(0, 2));
  await store.settled();
  expect(await store.search('demo', '"line 3"', null, 10)).toMatchObject({ found: [{ pieces: ['', 'line 3', ''] }], next: null, whole: true });
  store.apply(records.slice(2));
  await store.settled();
  expect((await store.search('demo', 'line', null, 10)).whole).toBe(false);
  expect(await foundAll(store, 'line')).toHaveLength(5000);
});

test('tables that are opened again, or made anew, find the same', async () => {
  const { log } = await story({ messages: 2500 });
  const folder = aFolder();
  const first = await opened(log, { folder });
  await catchUp(log, first);
  const found = await foundAll(first, 'line');
  expect(found).toHaveLength(2500);
  await first.close();
  const again = await opened(log, { folder });
  // Nothing is taken into the index twice.
  expect((await again.search('demo', 'line', null, 1)).whole).toBe(true);
  expect(await foundAll(again, 'line')).toEqual(found);
  await again.close();
  const anew = await opened(log);
  await catchUp(log, anew);
  expect(await foundAll(anew, 'line')).toEqual(found);
  expect(await foundAll(anew, '"line 77"')).toHaveLength(1);
});
