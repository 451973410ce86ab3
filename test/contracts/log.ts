/** What every log must do. An implementation's test hands in how to make one, and a second handle of its history. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log, Stored } from '../../gateway/log.ts';
import { fill, recordAfter } from '../gateway/log.folders.ts';

/** A log with its own fresh history; `rival` is another owner of it where two can hold one, else the same handle. */
export interface Maker {
  (shards: number): Promise<{ log: Log; rival: Log; end(): Promise<void> }>;
}

export async function readAll(log: Log, after: Iterable<readonly [number, number]>): Promise<Stored[]> {
  const stored: Stored[] = [];
  for await (const each of log.read(new Map(after))) stored.push(each);
  return stored;
}

/** What a refusal says, `none` when there was none. */
export async function reasonOf(action: Promise<unknown>): Promise<unknown> {
  return action.then(() => 'none', (error: { reason?: string; message: string }) => error.reason ?? error.message);
}

export function logContract(name: string, make: Maker): void {
  describe(`${name} keeps the contract of the log`, () => {
    let made: Awaited<ReturnType<Maker>>;
    let log: Log;
    beforeEach(async () => {
      made = await make(8);
      log = made.log;
    });
    afterEach(() => made.end());

    it('numbers the records of each shard from 1, without gaps', async () => {
      expect(log.shards).toBe(8);
      await fill(log, 3, 5);
      await fill(log, 4, 2);
      expect((await readAll(log, [[3, 0]])).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
      expect((await readAll(log, [[4, 0]])).map(({ seq }) => seq)).toEqual([1, 2]);
      expect(log.damage).toEqual([]);
    });

    it('gives back exactly the bytes, of any length', async () => {
      const bodies = [0, 1, 35, 4096, 70_000, 5_000_000].map((size) => new Uint8Array(size).map((_, i) => i * 31));
      let previous: Uint8Array | undefined;
      const records: Uint8Array[] = [];
      for (const [seq, body] of bodies.entries()) {
        previous = recordAfter(previous, body);
        records.push(previous);
        await log.append(0, seq, previous);
      }
      const read = await readAll(log, [[0, 0]]);
      expect(read.map(({ bytes }) => bytes.length)).toEqual(records.map((record) => record.length));
      for (const [i, { bytes }] of read.entries()) {
        expect(Buffer.compare(bytes, records[i] ?? bytes.subarray(1))).toBe(0);
      }
    });

    it('knows the newest record, and none of an empty shard', async () => {
      const records = await fill(log, 1, 3);
      const last = await log.last(1);
      expect(last).toMatchObject({ shard: 1, seq: 3 });
      expect(Buffer.from(last?.bytes ?? [])).toEqual(Buffer.from(records[2] ?? []));
      expect(await log.last(2)).toBeUndefined();
    });

    it('fences a writer that has not seen the newest record, or that claims to have seen more', async () => {
      const [first, second] = await fill(log, 1, 2);
      expect(await reasonOf(log.append(1, 0, recordAfter(undefined, 'late')))).toBe('fenced');
      expect(await reasonOf(log.append(1, 1, recordAfter(first, 'late')))).toBe('fenced');
      expect(await reasonOf(log.append(1, 3, recordAfter(second, 'early')))).toBe('fenced');
      expect((await log.last(1))?.seq).toBe(2);
    });

    it('lets exactly one of two owners win each race', async () => {
      const wins = { here: 0, there: 0 };
      let previous: Uint8Array | undefined;
      for (let seq = 0; seq < 50; seq++) {
        const ours = recordAfter(previous, `here ${seq}`);
        const theirs = recordAfter(previous, `there ${seq}`);
        const race = [log.append(5, seq, ours), made.rival.append(5, seq, theirs)];
        const [here, there] = await Promise.all((seq % 2 ? race : race.reverse()).map(reasonOf));
        expect([here, there].sort()).toEqual(['fenced', 'none']);
        const last = await log.last(5);
        expect(last?.seq).toBe(seq + 1);
        previous = last?.bytes;
        wins[Buffer.from(previous ?? []).includes('here') ? 'here' : 'there']++;
      }
      expect(wins.here + wins.there).toBe(50);
    });

    it('takes a repeat of the same bytes for the same append, however late', async () => {
      const records = await fill(log, 6, 4);
      for (const [seq, record] of records.entries()) {
        expect(await log.append(6, seq, new Uint8Array(record))).toBe(seq + 1);
      }
      expect((await readAll(log, [[6, 0]])).length).toBe(4);
      const next = recordAfter(records[3], 'twice at once');
      expect(await Promise.all([log.append(6, 4, next), log.append(6, 4, new Uint8Array(next))])).toEqual([5, 5]);
      expect((await readAll(log, [[6, 4]])).length).toBe(1);
    });

    it('keeps the record that it was given, whatever becomes of the memory', async () => {
      const record = recordAfter(undefined, 'as it was');
      await log.append(0, 0, record);
      record.fill(0);
      const [stored] = await readAll(log, [[0, 0]]);
      expect(Buffer.from(stored?.bytes ?? []).subarray(16).toString()).toBe('as it was');
    });

    it('refuses a record that does not continue the shard', async () => {
      const [first] = await fill(log, 2, 2);
      expect(await reasonOf(log.append(2, 2, recordAfter(first, 'another past')))).toBe('fenced');
      expect((await log.last(2))?.seq).toBe(2);
    });

    it('reads only the shards asked for, after the positions asked for', async () => {
      for (const shard of [0, 1, 2, 3]) await fill(log, shard, 6);
      const read = await readAll(log, [[1, 4], [2, 6], [3, 0], [7, 0]]);
      const of = (shard: number): number[] => read.filter((each) => each.shard === shard).map(({ seq }) => seq);
      expect([of(0), of(1), of(2), of(3), of(7)]).toEqual([[], [5, 6], [], [1, 2, 3, 4, 5, 6], []]);
    });

    it('shows a record to readers from the moment that its append resolves, and ends at the newest', async () => {
      for (let seq = 0; seq < 20; seq++) {
        await fill(log, 0, 1);
        expect((await readAll(log, [[0, seq]])).map((each) => each.seq)).toEqual([seq + 1]);
      }
      const reading = log.read(new Map([[0, 0]]))[Symbol.asyncIterator]();
      let seen = 0;
      for (let next = await reading.next(); !next.done; next = await reading.next(), seen++) await fill(log, 0, 1);
      expect(seen).toBeGreaterThanOrEqual(20);
      expect(seen).toBeLessThan(40);
    });

    it('lets a reader leave early', async () => {
      await fill(log, 0, 3);
      for await (const stored of log.read(new Map([[0, 0]]))) {
        expect(stored.seq).toBe(1);
        break;
      }
      await fill(log, 0, 1);
    });

    it('keeps every shard in order under many appends at once', async () => {
      await Promise.all(Array.from({ length: 8 }, (_, shard) => fill(log, shard, 100)));
      const read = await readAll(log, Array.from({ length: 8 }, (_, shard) => [shard, 0] as const));
      for (let shard = 0; shard < 8; shard++) {
        const mine = read.filter((each) => each.shard === shard);
        expect(mine.map(({ seq }) => seq)).toEqual(Array.from({ length: 100 }, (_, i) => i + 1));
        expect(Buffer.from(mine[99]?.bytes ?? []).subarray(16).toString()).toBe(`${shard}:100`);
      }
    });

    it('finishes what is being written, then refuses', async () => {
      const record = recordAfter(undefined, 'last words');
      const writing = log.append(0, 0, record);
      const closing = log.close();
      expect(await writing).toBe(1);
      await closing;
      await log.close();
      expect(await reasonOf(log.append(0, 1, recordAfter(record, 'too late')))).toBe('unavailable');
      expect(await reasonOf(log.last(0))).toBe('unavailable');
      expect(await reasonOf(readAll(log, [[0, 0]]))).toBe('unavailable');
    });

    it('has no shards but its own', async () => {
      expect(await reasonOf(log.append(8, 0, recordAfter(undefined, 'x')))).toContain('no shard 8');
      expect(await reasonOf(log.last(-1))).toContain('no shard -1');
    });
  });
}

/** What a follower was told, and a way to wait until it was told as much. */
export function followed(log: Log, after: Iterable<readonly [number, number]>) {
  const told: Stored[] = [];
  const lost: string[] = [];
  let stirred = (): void => undefined;
  const end = log.follow(new Map(after), (records) => { told.push(...records); stirred(); }, (why) => { lost.push(why); stirred(); });
  const until = async (reached: () => boolean): Promise<void> => {
    while (!reached()) await new Promise<void>((resolve) => { stirred = resolve; });
  };
  const of = (shard: number): number[] => told.filter((each) => each.shard === shard).map(({ seq }) => seq);
  return { told, lost, end, of, until, count: (count: number) => until(() => told.length >= count) };
}

/** What a log must do besides, if others append to it too. */
export function followContract(name: string, make: Maker): void {
  describe(`${name} can be followed`, () => {
    let made: Awaited<ReturnType<Maker>>;
    let log: Log;
    const upTo = (last: number, after = 0): number[] => Array.from({ length: last - after }, (_, i) => after + i + 1);
    const all = (after: number): [number, number][] => Array.from({ length: 8 }, (_, shard) => [shard, after]);
    beforeEach(async () => {
      made = await make(8);
      log = made.log;
    });
    afterEach(() => made.end());

    it('tells each record once, in its shard\'s order, whoever wrote it, with exactly its bytes', async () => {
      const early = await fill(log, 1, 30);
      const follower = followed(log, all(0));
      await Promise.all([fill(log, 2, 40), fill(made.rival, 3, 40)]);
      for (let i = 0; i < 10; i++) await fill(i % 2 ? log : made.rival, 4, 1);
      await follower.count(120);
      expect([1, 2, 3, 4].map(follower.of)).toEqual([upTo(30), upTo(40), upTo(40), upTo(10)]);
      const first = follower.told.filter(({ shard }) => shard === 1).map(({ bytes }) => Buffer.from(bytes));
      expect(first).toEqual(early.map((bytes) => Buffer.from(bytes)));
      expect(follower.lost).toEqual([]);
      follower.end();
    });

    it('begins behind the positions that are known', async () => {
      for (const shard of [1, 2, 3]) await fill(log, shard, 20);
      const follower = followed(made.rival, [[1, 13], [2, 20], [3, 0], [6, 0]]);
      for (const shard of [1, 2, 6]) await fill(log, shard, 5);
      await follower.count(12 + 5 + 20 + 5);
      expect([1, 2, 3, 6].map(follower.of)).toEqual([upTo(25, 13), upTo(25, 20), upTo(20), upTo(5)]);
      follower.end();
    });

    it('tells each of those who follow, and none that has ended', async () => {
      const here = followed(log, all(0));
      const there = followed(made.rival, all(0));
      await fill(log, 0, 5);
      await Promise.all([here.count(5), there.count(5)]);
      here.end();
      await fill(log, 0, 5);
      await there.count(10);
      expect([here.of(0), there.of(0)]).toEqual([upTo(5), upTo(10)]);
      there.end();
    });

    it('waits for whoever takes long, and then goes on', async () => {
      const free: (() => void)[] = [];
      const told: Stored[] = [];
      const end = log.follow(new Map(all(0)), (records) => {
        told.push(...records);
        return new Promise<void>((resolve) => { free.push(resolve); });
      }, () => undefined);
      const other = followed(made.rival, all(0));
      for (let i = 0; i < 4; i++) await fill(log, i, 50, 20_000);
      await other.count(200);
      const letGo = setInterval(() => free.splice(0).forEach((call) => call()), 5);
      for (let i = 4; i < 6; i++) await fill(log, i, 50);
      await other.count(300);
      while (told.length < 300) await new Promise<void>((resolve) => { setImmediate(resolve); });
      clearInterval(letGo);
      expect(told.filter(({ shard }) => shard === 2).map(({ seq }) => seq)).toEqual(upTo(50));
      expect(told).toHaveLength(300);
      end();
      other.end();
    });

    it('is quiet once it is closed', async () => {
      const follower = followed(log, all(0));
      await fill(made.rival, 0, 3);
      await follower.count(3);
      await log.close();
      await fill(made.rival, 0, 3);
      const witness = followed(made.rival, all(0));
      await witness.count(6);
      expect(follower.of(0)).toEqual(upTo(3));
    });
  });
}
