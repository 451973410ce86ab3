/** A bit that flips, in any byte of a log: it is found, what is served is right, and only the shard it hit stops. */
import { readdir } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { readAll, reasonOf } from '../contracts/log.ts';
import { byPlace, crashImage, judged, recordAfter, removeFolders, segmentsOf, smallLog, spoil } from './log.folders.ts';

afterAll(removeFolders);

describe('a flipped bit', () => {
  /** Seven steps through the bits, so that every byte is hit, in all its bits by turns. */
  const BITS = 7;

  /** Everything served must be as it was, and something must be said. */
  async function flipAll(folder: string, mayCut: boolean): Promise<void> {
    const segments = await segmentsOf(folder);
    const before = byPlace((await judged(segments)).served);
    expect(before.size).toBe(12);
    for (const [name, bytes] of segments) {
      for (let bit = 0; bit < bytes.length * 8; bit += BITS) {
        const at = bit >> 3;
        const flip = (): number => (bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7)));
        flip();
        const here = `${name}, byte ${at}, bit ${bit & 7}`;
        const { served, scan } = await judged(segments);
        expect(scan.damage.length + scan.notes.length + scan.torn, here).toBeGreaterThan(0);
        const places = byPlace(served);
        expect(served.length, here).toBe(places.size);
        for (const [place, record] of places) {
          if (record !== before.get(place)) expect.fail(`${here}: served a wrong ${place}`);
        }
        const stopped = new Set(scan.damage.map(({ shard }) => shard));
        expect(stopped.size, here).toBeLessThanOrEqual(1);
        const lost = [...before.keys()].filter((place) => !places.has(place));
        if (scan.torn === 0) expect(lost.filter((place) => !stopped.has(Number(place[0]))), here).toEqual([]);
        else expect(mayCut ? lost.length <= 1 : lost.length === 0, here).toBe(true);
        flip();
      }
    }
  }

  it('anywhere in a closed log is found, stops the shard that it hit, and no other', async () => {
    const { folder, log } = await smallLog();
    await log.close();
    expect((await readdir(folder)).length).toBeGreaterThanOrEqual(3);
    await flipAll(folder, false);
  }, 60_000);

  it('anywhere in a log that crashed is found; in the very last record it passes for torn', async () => {
    const { folder, log } = await smallLog();
    const image = await crashImage(folder);
    await log.close();
    await flipAll(image, true);
  }, 60_000);

  it('under a running log is found by the reader', async () => {
    const { folder, log } = await smallLog();
    const name = await spoil(folder, '0:2 ');
    const read = await readAll(log, [[0, 0], [1, 0]]);
    expect(read.filter(({ shard }) => shard === 0).map(({ seq }) => seq)).toEqual([1]);
    expect(read.filter(({ shard }) => shard === 1).map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5]);
    expect(log.damage).toMatchObject([{ shard: 0, seq: 2, where: expect.stringContaining(`${name}, byte `) }]);
    expect(await reasonOf(log.append(0, 5, recordAfter(undefined, 'x')))).toBe('damaged');
    await log.close();
  });
});
