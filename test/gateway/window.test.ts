import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sort } from '../../gateway/lists.ts';
import { Window, type Moved, type Ranked } from '../../gateway/window.ts';
import { belongs, LISTS, rowsOf, talkOf, type Talk } from './lists.model.ts';
import { conversation, START } from './store.story.ts';

interface Row extends Ranked { talk: Talk }
const same = (): boolean => false;
/** So many that rows lie behind every edge: a window knows some tens more than it shows. */
const TALKS = 260;
const LIST = 'open';

/** Tables, what they have told and what is still on its way, and a client that keeps what the window shows. */
class Stage {
  readonly talks = new Map<string, Talk>();
  readonly rows = new Map<string, Row>();
  n = 0;
  #told: Moved<Row>[] = [];
  window: Window<Row>;
  readonly client = new Map<string, Row>();
  #answers: (() => void)[] = [];
  readonly #sort: Sort;

  constructor(sort: Sort, limit: number) {
    this.#sort = sort;
    this.window = new Window(LIST, sort, limit);
  }

  change(talk: Talk): void {
    const old = this.talks.get(talk.actor);
    this.talks.set(talk.actor, talk);
    const now = (list: string): boolean => belongs(list, talk);
    const then = (list: string): boolean => old !== undefined && belongs(list, old);
    const row = { actor: talk.actor, at: talk.at, waiting: talk.waitingSince, n: ++this.n, lists: LISTS.filter(now), talk, same };
    this.rows.set(talk.actor, row);
    this.#told.push({ row, joined: LISTS.filter((list) => now(list) && !then(list)), left: LISTS.filter((list) => !now(list) && then(list)) });
  }

  /** What the tables have said so far arrives, as far as `count`. */
  hear(count: number): void {
    for (const moved of this.#told.splice(0, count)) {
      if ([...moved.row.lists, ...moved.left].includes(LIST)) this.window.take(moved);
    }
    this.tell();
  }

  /** The tables answer now; the answer arrives later. */
  ask(): boolean {
    const asked = this.window.ask();
    if (asked === undefined) return false;
    const all = rowsOf(this.talks.values(), LIST, this.#sort).map((talk) => this.rows.get(talk.actor) as Row);
    const behind = asked.after === null ? all : all.filter((row) => this.#compare(row, asked.after as Row) > 0);
    const [rows, n] = [behind.slice(0, asked.limit), this.n];
    const { window } = this;
    this.#answers.push(() => window.extend({ rows, n, total: all.length, whole: rows.length < asked.limit }));
    return true;
  }

  answer(): void {
    for (const arrive of this.#answers.splice(0)) arrive();
    this.tell();
  }

  tell(): void {
    const difference = this.window.difference();
    for (const actor of difference?.gone ?? []) this.client.delete(actor);
    for (const row of difference?.rows ?? []) {
      expect(row.n).toBeGreaterThanOrEqual(this.client.get(row.actor)?.n ?? 0);
      this.client.set(row.actor, row);
    }
  }

  grow(limit: number): void {
    if (limit <= this.window.limit) return;
    this.#answers = [];
    this.window = new Window(LIST, this.#sort, limit, this.window);
    this.tell();
  }

  settle(): void {
    this.hear(Infinity);
    for (this.answer(); this.ask(); this.answer());
  }

  wanted(): Row[] {
    return rowsOf(this.talks.values(), LIST, this.#sort).slice(0, this.window.limit).map((talk) => this.rows.get(talk.actor) as Row);
  }

  #compare(a: Row, b: Row): number {
    const [first] = rowsOf([a.talk, b.talk].map((talk) => ({ ...talk, status: 'open', snoozed: false })), LIST, this.#sort);
    return a.actor === b.actor ? 0 : first?.actor === a.actor ? -1 : 1;
  }
}

/** Most stay in the list, so that it is longer than the window. */
const open = fc.oneof(fc.nat(TALKS - 1), fc.nat(9)).chain((i) => fc.tuple(talkOf(i), fc.boolean())
  .map(([talk, inList]): Talk => (inList ? { ...talk, status: 'open', snoozed: false } : talk)));
type Step = (stage: Stage) => void;
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: open.map((talk): Step => (stage) => stage.change(talk)) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 9 }).map((count): Step => (stage) => stage.hear(count)) },
  { weight: 2, arbitrary: fc.constant<Step>((stage) => void stage.ask()) },
  { weight: 2, arbitrary: fc.constant<Step>((stage) => stage.answer()) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }).map((limit): Step => (stage) => stage.grow(limit)) },
);
const steps = fc.array(step, { minLength: 20, maxLength: 200 });
const sort = fc.constantFrom<Sort[]>('newest', 'waiting');
const limit = fc.integer({ min: 1, max: 30 });
/** Most of them open, at few times. */
const beginning = fc.tuple(fc.integer({ min: 0, max: TALKS }), fc.integer(), talkOf(0)).map(([count, seed, sample]) => Array.from({ length: count }, (_, i): Talk => {
  const dice = Math.imul(i + 1, seed | 1) >>> 4;
  return { ...sample, actor: conversation(i), status: dice % 7 === 0 ? 'closed' : 'open', snoozed: false, waitingSince: dice % 3 === 0 ? START - (dice % 5) : 0, at: START + (dice % 40) };
}));

test('however changes, questions and answers overtake each other, what is shown is what the list begins with', () => {
  fc.assert(fc.property(sort, limit, beginning, steps, (by, first, begin, all) => {
    const stage = new Stage(by, first);
    for (const talk of begin) stage.change(talk);
    stage.hear(Infinity);
    for (const each of all) each(stage);
    stage.settle();
    expect([...stage.client.keys()].sort()).toEqual(stage.wanted().map((row) => row.actor).sort());
    for (const row of stage.wanted()) expect(stage.client.get(row.actor)).toBe(row);
    const total = rowsOf(stage.talks.values(), LIST, by).length;
    expect([stage.window.total, stage.window.more, stage.window.full]).toEqual([total, total > first && total > stage.client.size, true]);
  }), { numRuns: 300 });
});

test('whoever comes back with what they had is told no less than they lack', () => {
  let told = 0;
  fc.assert(fc.property(sort, limit, beginning, fc.array(open, { maxLength: 60 }), (by, first, begin, missed) => {
    const stage = new Stage(by, first);
    for (const talk of begin) stage.change(talk);
    stage.settle();
    const had = new Map(stage.client);
    for (const talk of missed) stage.change(talk);
    stage.settle();
    const difference = stage.window.since(new Set(missed.map((talk) => talk.actor)));
    if (difference === undefined) return;
    told += 1;
    for (const actor of difference.gone) had.delete(actor);
    for (const row of difference.rows) had.set(row.actor, row);
    expect(had).toEqual(stage.client);
  }), { numRuns: 500 });
  expect(told).toBeGreaterThan(50);
});

/** Number `i` of a list by activity: the higher, the newer. */
const [sample] = fc.sample(talkOf(0), 1) as [Talk];
const nth = (i: number, more: Partial<Talk> = {}): Talk => ({ ...sample, actor: conversation(i), status: 'open', snoozed: false, at: START + i, ...more });

test('a list that grows far beyond what is kept, and shrinks again, is shown exactly', () => {
  for (const leave of [0, 45]) {
    const stage = new Stage('newest', 20);
    for (let i = 0; i < 120; i++) stage.change(nth(i));
    stage.settle();
    for (let i = 0; i < leave; i++) stage.change(nth(119 - i, { status: 'closed' }));
    stage.hear(Infinity);
    // What was asked for then comes when all has changed.
    expect(stage.ask()).toBe(leave > 0);
    for (let i = 120; i < 400; i++) {
      stage.change(nth(i));
      stage.hear(1);
    }
    for (let i = 399; i > 30; i--) {
      stage.change(nth(i, { status: 'closed' }));
      stage.settle();
      expect(stage.client.size).toBe(20);
      expect(new Set(stage.client.values())).toEqual(new Set(stage.wanted()));
    }
  }
});

test('what the tables knew before it was heard does not go back', () => {
  const stage = new Stage('newest', 20);
  for (const at of [1, 2, 3]) stage.change(nth(1, { at: START + at }));
  stage.ask();
  stage.answer();
  for (let i = 0; i < 3; i++) {
    stage.hear(1);
    expect([...stage.client.values()].map((row) => row.at)).toEqual([START + 3]);
  }
});

test('a change that does not show is not told', () => {
  const stage = new Stage('newest', 20);
  stage.change(nth(1));
  stage.settle();
  const row: Row = { ...stage.wanted()[0] as Row, n: 9, same: () => true };
  stage.window.take({ row: { ...row, same }, joined: [], left: [] });
  expect(stage.window.difference()?.rows).toHaveLength(1);
  stage.window.take({ row: { ...row, n: 10 }, joined: [], left: [] });
  expect(stage.window.difference()?.rows).toHaveLength(1);
  stage.window.take({ row: { ...row, n: 11 }, joined: [], left: [] });
  expect(stage.window.difference()).toBeUndefined();
});

test('whoever may have seen further than is known is not told a part of it', () => {
  const stage = new Stage('newest', 100);
  for (let i = 0; i < 500; i++) stage.change(nth(i));
  stage.settle();
  const come = (from: number, to: number) => {
    const actors = Array.from({ length: to - from }, (_, i) => conversation(from + i));
    for (let i = from; i < to; i++) stage.change(nth(i));
    stage.hear(Infinity);
    return stage.window.since(new Set(actors));
  };
  expect(come(500, 530)?.gone).toHaveLength(30);
  expect(come(530, 640)).toBeUndefined();
});

test('a long list costs the tables one question, and one for each forty that leave', () => {
  const stage = new Stage('newest', 20);
  for (let i = 0; i < 1000; i++) stage.change(nth(i));
  stage.settle();
  let asked = 0;
  for (let i = 999; i >= 500; i--) {
    stage.change(nth(i, { status: 'closed' }));
    stage.hear(1);
    expect(stage.client.size).toBe(20);
    if (stage.ask()) asked += 1;
    stage.answer();
  }
  expect(asked).toBeLessThanOrEqual(13);
});
