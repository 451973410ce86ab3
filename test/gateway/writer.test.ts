/** The end of a shard's log: what an owner has proved of its ownership, and how long that counts. */
import { expect, it } from 'vitest';
import { handClock } from '../../gateway/clock.ts';
import type { Log } from '../../gateway/log.ts';
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
  return { clock, writer, write };
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

it('what was proved before a doubt counts no more: this node was cut off since, or stood still', async () => {
  const { clock, writer, write } = stage();
  await write(10);
  writer.doubt();
  expect(writer.isProven(1_000)).toBe(false);
  clock.advance(1);
  await write(10);
  expect(writer.isProven(1_000)).toBe(true);
});
