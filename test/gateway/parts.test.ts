/** An actor whose state lies in parts: a record holds what changed, and whatever fails or ends, the parts fit together. */
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { ActorCommand, ActorState, Kind, Reply } from '../../machines/actor.ts';
import type { Host } from '../../gateway/host.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import type { Log } from '../../gateway/log.ts';
import { decodeRecord } from '../../gateway/record.ts';
import { Refusal } from '../../sdk/protocol/codes.ts';
import { openHouse, type House } from './house.ts';
import { opened } from './store.stage.ts';
import { conversation, Scribe, START, state } from './store.story.ts';

interface Shelf extends ActorState {
  readonly moves: number;
  readonly books: ReadonlyMap<string, string>;
}
type Put = { type: 'put'; books: Record<string, string | null> } | { type: 'look' };

/** Books by name, each a part of its own; null takes one away. */
const shelf: Kind<Shelf> = {
  prefix: 's',
  step(_id, old, anyCommand, at) {
    const command = anyCommand as Put;
    const state = old ?? { timers: [], outbox: [], moves: 0, books: new Map() };
    const reply = { seq: 0, n: state.moves, at, repeated: false };
    if (command.type === 'look') return { state, lines: [], reply };
    const books = new Map(state.books);
    for (const [name, text] of Object.entries(command.books)) {
      if (text === null) books.delete(name);
      else books.set(name, text);
    }
    return { state: { ...state, moves: state.moves + 1, books }, lines: [], reply: { ...reply, n: state.moves + 1 } };
  },
  mayRepeat: () => undefined,
  freeze: ({ moves }) => JSON.stringify({ moves }),
  *parts(state, before) {
    for (const [name, text] of state.books) if (before?.books.get(name) !== text) yield [name, JSON.stringify(text)];
    for (const name of before?.books.keys() ?? []) if (!state.books.has(name)) yield [name, null];
  },
  thaw(json, parts) {
    const { moves } = JSON.parse(json) as { moves: number };
    return { timers: [], outbox: [], moves, books: new Map(Array.from(parts ?? [], ([name, text]) => [name, JSON.parse(text) as string])) };
  },
};

const houses: House[] = [];
const open = async (log: Log, settings = {}): Promise<House> => {
  const house = await openHouse({ log, settings, kinds: [shelf as unknown as Kind<ActorState>] });
  houses.push(house);
  return house;
};
afterEach(async () => { for (const house of houses.splice(0)) await house.close(); });

const tell = (host: Host, actor: string, command: object): Promise<Reply | Refusal> =>
  new Promise((resolve) => { host.tell(actor, command as ActorCommand, resolve); });
const put = (host: Host, actor: string, books: Record<string, string | null>) => tell(host, actor, { type: 'put', books });
const booksOf = (host: Host, actor: string): Promise<Record<string, string>> =>
  new Promise((resolve) => { host.peek(actor, (found) => resolve(Object.fromEntries((found as Shelf | undefined)?.books ?? []))); });

async function changes(log: Log, from: string): Promise<string[][]> {
  const found = [];
  for await (const { bytes } of log.read(new Map([[0, 0]]))) {
    const own = decodeRecord(bytes).changes.filter(({ actor }) => actor === from || actor.startsWith(`${from}#`));
    if (own.length > 0) found.push(own.map(({ actor, state }) => actor.slice(from.length) + (state.length === 0 ? ' gone' : '')));
  }
  return found;
}

describe('a record', () => {
  it('holds the parts that changed, and says of one that it is gone', async () => {
    const log = memoryLog({ shards: 1 });
    const { gateway: { host } } = await open(log);
    await put(host, 's/demo', { a: '1', b: '1', c: '1' });
    await put(host, 's/demo', { b: '2' });
    await put(host, 's/demo', { a: null, d: '1' });
    expect(await changes(log, 's/demo')).toEqual([['', '#a', '#b', '#c'], ['', '#b'], ['', '#d', '#a gone']]);
  });

  it('of several steps holds each part once, as it is in the end', async () => {
    const log = memoryLog({ shards: 1 });
    const { gateway: { host } } = await open(log);
    await put(host, 's/demo', { a: '1' });
    await Promise.all([put(host, 's/demo', { a: '2', b: '1' }), put(host, 's/demo', { a: '3' }), put(host, 's/demo', { b: null })]);
    expect(await changes(log, 's/demo')).toEqual([['', '#a'], ['', '#a']]);
    expect(await booksOf(host, 's/demo')).toEqual({ a: '3' });
  });

  it('that could not be written is as if it had never been: the next holds what has changed since the last that stands', async () => {
    const log = memoryLog({ shards: 1 });
    const { gateway: { host } } = await open(log);
    await put(host, 's/demo', { a: '1', b: '1' });
    log.failNext('unavailable');
    expect(await put(host, 's/demo', { a: '2', c: '1' })).toMatchObject({ name: 'storeUnavailable' });
    expect(await booksOf(host, 's/demo')).toEqual({ a: '1', b: '1' });
    await put(host, 's/demo', { b: '2' });
    expect(await changes(log, 's/demo')).toEqual([['', '#a', '#b'], ['', '#b']]);
  });

  it('is not made for what changes nothing, also while another is being written', async () => {
    const log = memoryLog({ shards: 1 });
    const { gateway: { host } } = await open(log);
    await put(host, 's/demo', { a: '1' });
    const release = log.hold();
    const begun = new Promise<void>((resolve) => {
      const append = log.append.bind(log);
      log.append = (...record) => { resolve(); return append(...record); };
    });
    const heard: string[] = [];
    const written = put(host, 's/demo', { a: '2' }).then(() => heard.push('put'));
    await begun;
    const looked = tell(host, 's/demo', { type: 'look' }).then(() => heard.push('look'));
    await new Promise((resolve) => { setImmediate(resolve); });
    expect(heard).toEqual([]);
    release();
    await Promise.all([written, looked]);
    expect(heard).toEqual(['put', 'look']);
    expect(await changes(log, 's/demo')).toEqual([['', '#a'], ['', '#a']]);
  });
});

describe('waking', () => {
  it('after a restart, and after leaving memory, finds every part and those of nobody else', async () => {
    const log = memoryLog({ shards: 1 });
    const first = await open(log.share(), { idleMs: 60_000 });
    const { host } = first.gateway;
    for (const actor of ['s/demo', 's/demo2', 's/dem', 's/demo/x']) await put(host, actor, { own: actor, 'a#b': '\u{1F600}', z: '' });
    await put(host, 's/demo', { z: null });
    await new Promise((resolve) => { setImmediate(resolve); });
    await first.store.settled();
    first.clock.advance(120_000);
    // The desk and the library of flows stay.
    expect(host.residents).toBe(2);
    expect(await booksOf(host, 's/demo')).toEqual({ own: 's/demo', 'a#b': '\u{1F600}' });
    await first.close();
    const second = await open(log.share());
    expect(await booksOf(second.gateway.host, 's/demo')).toEqual({ own: 's/demo', 'a#b': '\u{1F600}' });
    expect(await booksOf(second.gateway.host, 's/demo/x')).toEqual({ own: 's/demo/x', 'a#b': '\u{1F600}', z: '' });
  });

  it('an actor whose newest parts the tables do not show yet stays in memory', async () => {
    const house = await open(memoryLog({ shards: 1 }), { idleMs: 60_000 });
    const { host } = house.gateway;
    // Of what the desk has begun with, they have heard.
    await new Promise((resolve) => { setImmediate(resolve); });
    await house.store.settled();
    await put(host, 's/demo', { a: '1' });
    // The tables learn of it in a later turn; until then nobody may wake it from them.
    house.clock.advance(120_000);
    expect(host.residents).toBe(3);
    expect(await booksOf(host, 's/demo')).toEqual({ a: '1' });
  });

  it('however appends fail and nodes end, there is what was acknowledged, part by part', async () => {
    const books = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.option(fc.string({ maxLength: 3 })), { minKeys: 1 });
    const steps = fc.array(fc.tuple(books, fc.constantFrom('fine', 'unavailable', 'unknown', 'restart')), { minLength: 1, maxLength: 8 });
    await fc.assert(fc.asyncProperty(steps, async (list) => {
      const log = memoryLog({ shards: 1 });
      let house = await open(log.share());
      const expected = new Map<string, string>();
      for (const [change, event] of list) {
        if (event === 'restart') {
          await house.close();
          house = await open(log.share());
        } else if (event === 'unavailable') log.failNext('unavailable');
        else if (event === 'unknown') log.failNext('unknown', true);
        let answer: Reply | Refusal | undefined;
        void put(house.gateway.host, 's/demo', change).then((found) => { answer = found; });
        while (answer === undefined) {
          await new Promise((resolve) => { setImmediate(resolve); });
          house.clock.advance(100);
        }
        if (answer instanceof Refusal) continue;
        for (const [name, text] of Object.entries(change)) {
          if (text === null) expected.delete(name);
          else expected.set(name, text);
        }
        expect(await booksOf(house.gateway.host, 's/demo')).toEqual(Object.fromEntries(expected));
      }
      await house.close();
      const last = await open(log.share());
      expect(await booksOf(last.gateway.host, 's/demo')).toEqual(Object.fromEntries(expected));
      await last.close();
    }), { numRuns: 8 });
  }, 60_000);
});

describe('the tables', () => {
  it('give an actor with all its parts, whichever transaction they came in, and forget one that is gone', async () => {
    const scribe = new Scribe(1);
    const store = await opened(scribe.log);
    const change = (actor: string, text: string) => ({ actor, state: Buffer.from(text), due: 0, pending: false, entries: [] });
    store.apply([await scribe.write(0, [change('d/demo', '{}'), change('d/demo#a', '1'), change('d/demo#b', '2')])]);
    await store.settled();
    // One transaction: a part that comes and goes in it was never there.
    store.apply([await scribe.write(0, [change('d/demo#c', '3'), change('d/demo#a', '')]), await scribe.write(0, [change('d/demo', '{"v":2}'), change('d/demo#c', '')])]);
    await store.settled();
    const found = await store.actor('d/demo');
    expect([Buffer.from(found?.state ?? '').toString(), [...found?.parts ?? []].map(([key, text]) => [key, Buffer.from(text).toString()])]).toEqual(['{"v":2}', [['b', '2']]]);
    expect(await store.actor('d/dem')).toBeUndefined();
  });

  it('do not list parts, ring for them or look into their outbox', async () => {
    const scribe = new Scribe(1);
    const store = await opened(scribe.log);
    const change = (actor: string) => ({ actor, state: state('ada', START), due: 0, pending: false, entries: [] });
    store.apply([await scribe.write(0, [change(conversation(1)), change('d/demo'), change('d/demo#c/demo/x')])]);
    await store.settled();
    expect((await store.newest('demo', null, 10)).rows.map(({ actor }) => actor)).toEqual([conversation(1)]);
    expect([await store.pending(), (await store.due(START * 2, 10)).actors]).toEqual([[], []]);
  });
});
