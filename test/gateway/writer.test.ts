/** The end of a shard's log: what an owner has proved of its ownership, and how long that counts. */
import { expect, it } from 'vitest';
import { handClock } from '../../gateway/clock.ts';
import { LogRefusal, type Log } from '../../gateway/log.ts';
import { encodeRecord, NO_HASH } from '../../gateway/record.ts';
import { Shard, type ShardParts } from '../../gateway/shard.ts';
import { Writer } from '../../gateway/writer.ts';

/** A writer whose appends are answered by hand. */
function stage() {
  const clock = handClock(1_000);
  const answers: (() => void)[] = [];
  const log = {
    last: async () => undefined,
    append: (_shard: number, expected: number) => new Promise<number>((resolve) => { answers.push(() => resolve(expected + 1)); }),
  } as unknown as Log;
  const writer = new Writer(0, { log, clock, node: 'n1' });
  /** Its record is sent, and answered so many milliseconds later. */
  const write = async (ms: number): Promise<void> => {
    const written = writer.write(clock.now(), []);
    clock.advance(ms);
    answers.shift()?.();
    await written;
  };
  return { clock, log, answers, writer, write };
}

it('a proof is as old as the moment in which its record was sent, however late the answer came', async () => {
  const { clock, writer, write } = stage();
  expect(writer.isProven(1_000)).toBe(false);
  await write(900);
  expect(writer.isProven(1_000)).toBe(true);
  clock.advance(101);
  expect(writer.isProven(1_000)).toBe(false);
  await write(5_000);
  expect(writer.isProven(1_000)).toBe(false);
});

it('does not claim from an owner who, as it reads, has written a moment ago', async () => {
  const { log, answers } = stage();
  const record = encodeRecord(NO_HASH, { epoch: 1, counter: 0, node: 'n2', at: 0, changes: [] });
  const writer = new Writer(0, { log: { ...log, last: async () => ({ shard: 0, seq: 5, bytes: record }) }, clock: handClock(1_000), node: 'n1' });
  let lives = false;
  expect(await writer.claim(() => !lives, async () => { lives = true; })).toBeUndefined();
  expect(answers).toEqual([]);
});

it('what was proved before a doubt counts no more: this node was cut off since, or stood still', async () => {
  const { clock, writer, write } = stage();
  await write(10);
  writer.doubt();
  expect(writer.isProven(1_000)).toBe(false);
  clock.advance(1);
  await write(10);
  expect(writer.isProven(1_000)).toBe(true);
});

function shardOn({ log, clock }: Pick<ReturnType<typeof stage>, 'log' | 'clock'>): Shard {
  return new Shard(0, {
    log, clock, node: 'n1', store: { positions: [0] }, soon: queueMicrotask, report: () => undefined, committed: () => undefined,
    changed: () => undefined, measures: { appended: () => undefined, fenced: () => undefined },
  } as unknown as ShardParts);
}

/** A shard that this node has claimed. */
async function owned() {
  const { clock, log, answers } = stage();
  const shard = shardOn({ log, clock });
  /** The append under way is answered so many milliseconds later. */
  const answered = async (ms: number): Promise<void> => {
    await expect.poll(() => answers.length).toBe(1);
    clock.advance(ms);
    answers.shift()?.();
  };
  const claimed = shard.claim(() => true);
  await answered(10);
  await claimed;
  return { clock, shard, answered };
}

it('a shard is proved by a record that was sent lately, not by the late answer to an old one', async () => {
  const { clock, shard, answered } = await owned();
  clock.advance(2_000);
  const prompt = shard.prove(1_000);
  await answered(10);
  expect(await prompt).toBe(true);
  clock.advance(2_000);
  const late = shard.prove(1_000);
  await answered(3_000);
  expect(await late).toBe(false);
});

it('what is being written is waited for, though there is a proof: it may say that what is to be done was done', async () => {
  const { clock, shard, answered } = await owned();
  clock.advance(500);
  const written = shard.prove(100);
  await new Promise((resolve) => { setImmediate(resolve); });
  let isProven: boolean | undefined;
  void shard.prove(1_000).then((is) => { isProven = is; });
  await new Promise((resolve) => { setImmediate(resolve); });
  expect(isProven).toBeUndefined();
  await answered(10);
  expect(await written).toBe(true);
  await expect.poll(() => isProven).toBe(true);
});

it('an owner that is fenced by a record of its own that came late knows that the shard is its own, whatever the log\'s end seems to be', async () => {
  const { shard } = await owned();
  shard.follow([{ shard: 0, seq: 2, bytes: encodeRecord(NO_HASH, { epoch: 1, counter: 1, node: 'n1', at: 0, changes: [] }) }]);
  await new Promise((resolve) => { setImmediate(resolve); });
  expect([shard.isOpen, shard.isFollowing, shard.owner]).toEqual([false, true, 'n1']);
});

it('what came while a claim was on its way is taken, also when the claim fails in the end', async () => {
  const { clock, log, answers } = stage();
  const shard = shardOn({ log, clock });
  const claimed = shard.claim(() => true);
  await expect.poll(() => answers.length).toBe(1);
  log.last = () => Promise.reject(new LogRefusal('unavailable', 'No answer came.'));
  shard.follow([{ shard: 0, seq: 1, bytes: encodeRecord(NO_HASH, { epoch: 1, counter: 0, node: 'n2', at: 0, changes: [] }) }]);
  await expect(claimed).rejects.toThrow('No answer came.');
  expect([shard.copy.head, shard.owner]).toEqual([1, 'n2']);
});
