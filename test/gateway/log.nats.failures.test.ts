/** The log on JetStream while servers are killed, frozen and full. Whoever writes here does as a shard's owner does. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findNats, missing } from '../../gateway/cluster.nats.ts';
import { REPLICAS_LEAST } from '../../gateway/nats.fit.ts';
import type { Log } from '../../gateway/log.ts';
import { followed, readAll, reasonOf } from '../contracts/log.ts';
import { fill, recordAfter } from './log.folders.ts';
import { natsStage, type NatsStage } from './log.nats.stage.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });
const ends: (() => Promise<void>)[] = [];
afterEach(async () => { for (const end of ends.splice(0).reverse()) await end(); });

async function staged(...options: Parameters<typeof natsStage>): Promise<NatsStage> {
  const stage = await natsStage(...options);
  ends.push(() => stage.end());
  return stage;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });
const all: [number, number][] = Array.from({ length: 8 }, (_, shard) => [shard, 0]);

/** Appends one record, by the same bytes until it is known what became of it. */
async function insist(log: Log, shard: number, seq: number, record: Uint8Array): Promise<'done' | 'fenced'> {
  for (;;) {
    const reason = await reasonOf(log.append(shard, seq, record));
    if (reason === 'none') return 'done';
    if (reason === 'fenced') return 'fenced';
    if (reason !== 'unknown' && reason !== 'unavailable') throw new Error(String(reason));
    await pause(50);
  }
}

/** Owners of all shards, who write one record after another until they are told to end. */
function owners(log: Log, name = 'own') {
  const state = { ended: false, longest: 0 };
  const written = all.map(([shard]) => (async (): Promise<Buffer[]> => {
    const records: Buffer[] = [];
    let previous: Uint8Array | undefined;
    while (!state.ended) {
      previous = recordAfter(previous, `${name} ${shard}:${records.length + 1}`);
      const begun = performance.now();
      expect(await insist(log, shard, records.length, previous)).toBe('done');
      state.longest = Math.max(state.longest, performance.now() - begun);
      records.push(Buffer.from(previous));
    }
    return records;
  })());
  /** What each acknowledged to itself, shard by shard. */
  const end = (): Promise<Buffer[][]> => { state.ended = true; return Promise.all(written); };
  return { state, end };
}

/** The log, and a follower, have what was acknowledged: each record once, in order, and nothing else. */
async function agree(log: Log, follower: ReturnType<typeof followed>, written: Buffer[][]): Promise<void> {
  const count = written.reduce((sum, records) => sum + records.length, 0);
  await follower.count(count);
  const stored = await readAll(log, all);
  for (const records of [stored, follower.told]) {
    expect(records).toHaveLength(count);
    for (const [shard, mine] of written.entries()) {
      expect(records.filter((each) => each.shard === shard).map(({ bytes }) => Buffer.from(bytes).toString('latin1')))
        .toEqual(mine.map((bytes) => bytes.toString('latin1')));
    }
  }
  expect(follower.lost).toEqual([]);
}

describe('one server', () => {
  it('is killed and started again under load: what was acknowledged is there once, and followers go on', async () => {
    const { servers, open } = await staged();
    const log = await open('killed');
    const follower = followed(await open('killed'), all);
    const { state, end } = owners(log);
    for (let kill = 0; kill < 3; kill++) {
      const before = follower.told.length;
      await follower.until(() => follower.told.length > before + 200);
      await servers.kill(0);
      await servers.start(0);
    }
    const before = follower.told.length;
    await follower.until(() => follower.told.length > before + 200);
    await agree(log, follower, await end());
    // A killed server costs its start and one reconnection, not an append's whole time besides.
    expect(state.longest).toBeLessThan(3_000);
  });

  it('stands still: an append that was not answered is stored all the same, and its repeat is recognised', async () => {
    const { servers, open, freeze } = await staged();
    const log = await open('frozen');
    const [first] = await fill(log, 1, 1);
    await freeze(0);
    const record = recordAfter(first, 'while it stood still');
    expect(await reasonOf(log.append(1, 1, record))).toBe('unknown');
    expect(await reasonOf(log.append(1, 1, record))).toBe('unknown');
    servers.thaw(0);
    expect(await insist(log, 1, 1, record)).toBe('done');
    expect((await readAll(log, [[1, 0]])).map(({ seq }) => seq)).toEqual([1, 2]);
    expect(await insist(log, 1, 2, recordAfter(record, 'and on'))).toBe('done');
  });

  it('stands still while two write: one of them wins each shard, the other learns it, whoever asks first afterwards', async () => {
    const { servers, open, freeze } = await staged();
    const [one, two] = [await open('two'), await open('two')];
    const before = await Promise.all(all.map(([shard]) => fill(one, shard, 1)));
    await Promise.all(all.map(([shard]) => two.last(shard)));
    await freeze(0);
    const race = all.flatMap(([shard]) => [one, two].map(async (log, i) => {
      const record = recordAfter(before[shard]?.[0], `by ${i}`);
      const reason = await reasonOf(log.append(shard, 1, record));
      return { shard, log, record, reason, i };
    }));
    const raced = await Promise.all(race);
    expect(new Set(raced.map(({ reason }) => reason))).toEqual(new Set(['unknown']));
    servers.thaw(0);
    const results = await Promise.all(raced.map(async ({ shard, log, record, i }) => ({ shard, i, result: await insist(log, shard, 1, record) })));
    for (const [shard] of all) {
      const winners = results.filter((each) => each.shard === shard && each.result === 'done');
      expect(winners).toHaveLength(1);
      const stored = await readAll(two, [[shard, 0]]);
      expect(stored.map(({ seq }) => seq)).toEqual([1, 2]);
      expect(Buffer.from(stored[1]?.bytes ?? []).subarray(16).toString()).toBe(`by ${winners[0]?.i}`);
    }
  });

  it.each([
    ['stream', {}, { bytesMax: 2_000_000 }],
    ['server', { storeBytes: 2_000_000 }, {}],
  ] as const)('has no room left for the %s: nothing is stored, and it goes on once there is', async (_, options, more) => {
    const { open, said } = await staged(options);
    const log = await open('full', more);
    let records = 0;
    let reason: unknown;
    let previous: Uint8Array | undefined;
    for (; reason === undefined; records++) {
      const record = recordAfter(previous, 'x'.repeat(100_000));
      const result = await reasonOf(log.append(0, records, record));
      if (result === 'none') previous = record;
      else { reason = result; break; }
    }
    expect(reason).toBe('unavailable');
    expect(records).toBeGreaterThan(10);
    expect((await readAll(log, [[0, 0]])).length).toBe(records);
    expect(said.filter((line) => line.startsWith('warn: The log takes no records now'))).toHaveLength(1);
    await log.stream.trim(records - 2);
    expect(await insist(log, 0, records, recordAfter(previous, 'room again'))).toBe('done');
    expect((await log.last(0))?.seq).toBe(records + 1);
    expect(said.at(-1)).toContain('info: The log takes records again');
  });

  it('forgets who follows: they begin anew behind what they know', async () => {
    const { open, connections } = await staged();
    const log = await open('forgets');
    const follower = followed(log, all);
    await fill(log, 0, 10);
    await follower.count(10);
    const { api } = await connections();
    const { consumers } = await api.ask<{ consumers: string[] }>('CONSUMER.NAMES.PARLEY_forgets');
    expect(consumers).toHaveLength(1);
    await api.ask(`CONSUMER.DELETE.PARLEY_forgets.${consumers[0]}`);
    await fill(log, 0, 10);
    await follower.count(20);
    expect(follower.of(0)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  it('lets go of what a follower has yet to read while that one is held up: it learns that it is lost', async () => {
    const { open } = await staged();
    const log = await open('held');
    const told: number[] = [];
    const lost: string[] = [];
    let free = (): void => undefined;
    const held = new Promise<void>((resolve) => { free = resolve; });
    const end = (await open('held')).follow(new Map([[0, 0], [1, 0]]), (records) => {
      told.push(...records.map(({ seq }) => seq));
      return held;
    }, (why) => { lost.push(why); });
    await fill(log, 0, 1_500);
    // It asks for no more than a thousand at a time.
    await log.stream.trim(1_400);
    free();
    await fill(log, 0, 1);
    while (lost.length === 0) await pause(10);
    expect(lost).toEqual([expect.stringContaining('Shard 0 has no record')]);
    expect(told).toEqual(Array.from({ length: told.length }, (_, i) => i + 1));
    expect(told.length).toBeLessThan(1_400);
    end();
  });

  it('has a stream of that name that would lose records: it is refused in a sentence, and not touched', async () => {
    const { open, connections } = await staged();
    const { api } = await connections();
    const config = { name: 'PARLEY_other', subjects: ['parley.other.log.*'], retention: 'limits', storage: 'file', discard: 'old', max_msgs: 5, num_replicas: 1 };
    await api.ask('STREAM.CREATE.PARLEY_other', config);
    await expect(open('other')).rejects.toThrow(/PARLEY_other is not as Parley needs it \(discard, max_msgs\)/);
    expect((await api.ask<{ config: object }>('STREAM.INFO.PARLEY_other')).config).toMatchObject({ discard: 'old', max_msgs: 5 });
  });
});

const three = await findNats(REPLICAS_LEAST);
describe.skipIf(three === undefined)(`three servers${three === undefined ? ` (skipped: ${missing(REPLICAS_LEAST)})` : ''}`, () => {
  /** Who leads, once the others have all that it has: of three of which two are new, none can be spared. */
  async function leader(stage: NatsStage, stream: string): Promise<number> {
    const { api } = await stage.connections();
    for (;;) {
      const { cluster } = await api.ask<{ cluster: { leader: string; replicas: { current: boolean }[] } }>(`STREAM.INFO.${stream}`);
      if (cluster.replicas.length === 2 && cluster.replicas.every(({ current }) => current)) return Number(cluster.leader.slice('nats-'.length)) - 1;
    }
  }

  it.each(['kill', 'freeze'] as const)('%s of the leader under load is ridden through; nothing is lost, doubled or told twice', async (how) => {
    const stage = await staged({ servers: 3 });
    const { servers, open } = stage;
    const log = await open('three');
    const follower = followed(await open('three'), all);
    const { end, state } = owners(log);
    await follower.until(() => follower.told.length > 100);
    const fallen = await leader(stage, 'PARLEY_three');
    if (how === 'kill') await servers.kill(fallen);
    else await stage.freeze(fallen);
    const before = follower.told.length;
    await follower.until(() => follower.told.length > before + 200);
    if (how === 'kill') await servers.start(fallen);
    else servers.thaw(fallen);
    const after = follower.told.length;
    await follower.until(() => follower.told.length > after + 100);
    await agree(log, follower, await end());
    // An election, and a new connection where the frozen one was ours.
    expect(state.longest).toBeLessThan(15_000);
  });

  it('are given a log that one server had, with all that is in it', async () => {
    const { open, said } = await staged({ servers: 3 });
    const log = await open('grows', { replicas: 1 });
    await fill(log, 0, 5);
    const grown = await open('grows', { replicas: 3 });
    expect(said.at(-1)).toContain('A stream has more replicas now. {"stream":"PARLEY_grows","replicas":3}');
    await fill(log, 0, 5);
    expect((await readAll(grown, [[0, 0]])).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    await expect(open('grows', { replicas: 1 })).rejects.toThrow('set nats.replicas to 3');
  });

  it('lets one of two owners win each race', async () => {
    const { open } = await staged({ servers: 3 });
    const [one, two] = [await open('race'), await open('race')];
    for (let seq = 0, previous: Uint8Array | undefined; seq < 60; seq++) {
      const reasons = await Promise.all([one, two].map((log, i) => insist(log, 3, seq, recordAfter(previous, `${i}`))));
      expect(reasons.toSorted()).toEqual(['done', 'fenced']);
      previous = (await two.last(3))?.bytes;
      expect((await two.last(3))?.seq).toBe(seq + 1);
    }
  });
});
