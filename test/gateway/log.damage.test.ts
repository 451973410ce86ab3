/** What a log's folder may have gone through between two starts: every harm is found, none is served. */
import { readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readLog } from '../../gateway/log.cold.ts';
import { openFileLog } from '../../gateway/log.file.ts';
import { FRAME_BYTES, HEADER_BYTES, headsFrameBytes } from '../../gateway/segment.ts';
import { readAll, reasonOf } from '../contracts/log.ts';
import {
  bereave, byPlace, coldRecords, contents, crashImage, fill, newFolder, recordAfter, removeFolders, smallLog, spoil,
} from './log.folders.ts';

afterAll(removeFolders);

async function last(folder: string): Promise<string> {
  const segments = (await readdir(folder)).filter((name) => name.endsWith('.seg'));
  return join(folder, segments.sort().at(-1) ?? '');
}

describe('a crash', () => {
  it('may cut the last record at any byte: it is cut off, said in one line, and the log goes on', async () => {
    const { folder, log } = await smallLog();
    const before = (await stat(await last(folder))).size;
    const [record = new Uint8Array(0)] = await fill(log, 1, 1, 40);
    const image = await crashImage(folder);
    await log.close();
    const path = await last(image);
    const whole = await readFile(path);
    expect(whole.length).toBe(before + FRAME_BYTES + record.length);
    for (let size = before + 1; size < whole.length; size++) {
      await writeFile(path, whole.subarray(0, size));
      const lines: string[] = [];
      const again = await openFileLog(image, { report: (line) => lines.push(line) });
      expect(lines, `cut to ${size}`).toEqual([expect.stringContaining(`Cut ${size - before} bytes`)]);
      expect([again.damage.length, (await again.last(1))?.seq]).toEqual([0, 5]);
      expect(await again.append(1, 5, record)).toBe(6);
      await again.close();
      expect(await readLog(image).verify()).toMatchObject({ torn: 0, damage: [], notes: [], positions: [5, 6, 2] });
      await bereave(image);
    }
  }, 60_000);

  it('may write the end of a batch and not its beginning, or zeros: all of it is cut', async () => {
    const { folder, log } = await smallLog();
    const before = (await stat(await last(folder))).size;
    await Promise.all([fill(log, 0, 1, 40), fill(log, 1, 1, 40)]);
    const image = await crashImage(folder);
    await log.close();
    const path = await last(image);
    const whole = await readFile(path);
    const zeros = Buffer.concat([whole.subarray(0, before), Buffer.alloc(9999)]);
    for (const harm of [Buffer.from(whole).fill(0, before, before + 50), zeros]) {
      await writeFile(path, harm);
      const torn = harm.length - before;
      expect(await readLog(image).verify()).toMatchObject({ torn, damage: [], positions: [5, 5, 2] });
    }
  });

  it('that takes the whole last record leaves a log that goes on', async () => {
    const { folder, log } = await smallLog();
    const before = (await stat(await last(folder))).size;
    await fill(log, 1, 1, 40);
    const image = await crashImage(folder);
    await log.close();
    await truncate(await last(image), before);
    const again = await openFileLog(image);
    expect((await again.last(1))?.seq).toBe(5);
    await fill(again, 1, 1);
    await again.close();
    // After a proper close there was no crash, so a log without its end is worth a line.
    await truncate(await last(folder), before);
    const lines: string[] = [];
    await (await openFileLog(folder, { report: (line) => lines.push(line) })).close();
    expect(lines).toEqual([expect.stringContaining('The log was not closed and no process died over it')]);
  });
});

describe('damage', () => {
  it('stops its shard for good while all others go on', async () => {
    const { folder, log } = await smallLog();
    await log.close();
    await spoil(folder, '1:2 ');
    for (let start = 1; start <= 3; start++) {
      const lines: string[] = [];
      const again = await openFileLog(folder, { report: (line) => lines.push(line) });
      expect(again.damage).toMatchObject([{ shard: 1, seq: 2 }]);
      const line = /^Damage at \d{8}.seg, byte \d+: .*Shard 1 is stopped after record 1, all others go on; restore/;
      expect(lines).toEqual([expect.stringMatching(line)]);
      expect(await reasonOf(again.last(1))).toBe('damaged');
      expect(await reasonOf(again.append(1, 5, recordAfter(undefined, 'x')))).toBe('damaged');
      expect((await readAll(again, [[1, 0]])).map(({ seq }) => seq)).toEqual([1]);
      await fill(again, 0, 1);
      expect((await again.last(0))?.seq).toBe(5 + start);
      await again.close();
    }
  });

  it('by a missing segment stops exactly the shards that had records in it', async () => {
    const { folder, log } = await smallLog();
    await log.close();
    const before = byPlace(await coldRecords(folder));
    const names = (await readdir(folder)).filter((name) => name.endsWith('.seg'));
    expect(names.length).toBeGreaterThanOrEqual(3);
    await rm(join(folder, '00000002.seg'));
    const verdict = await readLog(folder).verify();
    expect(verdict.damage.map(({ shard }) => shard)).toEqual([0, 1]);
    expect(verdict.positions[2]).toBe(2);
    expect(verdict.notes).toEqual([expect.stringContaining('Segments missing before')]);
    for (const [place, bytes] of byPlace(await coldRecords(folder))) expect(bytes).toBe(before.get(place));
  });

  it('that hides whose records it held stops what may be affected, and what later records clear goes on', async () => {
    const folder = await newFolder();
    const log = await openFileLog(folder, { shards: 4 });
    await fill(log, 3, 1);
    const from = (await stat(await last(folder))).size;
    await fill(log, 0, 1);
    await fill(log, 1, 1);
    const to = (await stat(await last(folder))).size;
    await fill(log, 3, 3);
    const image = await crashImage(folder);
    await log.close();
    const bytes = await readFile(await last(image));
    await writeFile(await last(image), bytes.fill(0, from, to));
    for (let start = 1; start <= 2; start++) {
      const again = await openFileLog(image);
      expect(again.damage.map(({ shard, seq }) => [shard, seq])).toEqual([[0, 1], [1, 1], [2, 1]]);
      expect(again.damage[0]?.where).toBe(`00000001.seg, byte ${from}`);
      await fill(again, 3, 1);
      expect((await again.last(3))?.seq).toBe(4 + start);
      await again.close();
    }
  });

  it('by an old copy of a part is seen in the chain, though every checksum is right', async () => {
    const folder = await newFolder();
    await (await openFileLog(folder, { shards: 2 })).close();
    const twin = await crashImage(folder);
    for (const [each, body] of [[folder, 'one'], [twin, 'two']] as const) {
      const log = await openFileLog(each);
      const first = recordAfter(undefined, body);
      await log.append(0, 0, first);
      await log.append(0, 1, recordAfter(first, body));
      await log.close();
    }
    const bytes = await readFile(await last(folder));
    const at = bytes.indexOf('one');
    (await readFile(await last(twin))).copy(bytes, 0, 0, at + 3);
    await writeFile(await last(folder), bytes);
    const { damage, positions } = await readLog(folder).verify();
    expect(positions).toEqual([1, 0]);
    expect(damage).toMatchObject([{ shard: 0, seq: 2, report: expect.stringContaining('hashes differ') }]);
  });

  it('never lets what a customer sent pass for a record', async () => {
    const folder = await newFolder();
    const log = await openFileLog(folder, { shards: 2 });
    const from = (await stat(await last(folder))).size;
    await fill(log, 0, 1);
    const frame = (await readFile(await last(folder))).subarray(from);
    await log.append(1, 0, recordAfter(undefined, Buffer.concat([frame, frame])));
    await fill(log, 0, 1);
    await log.close();
    const bytes = await readFile(await last(folder));
    await writeFile(await last(folder), bytes.fill(0, from + frame.length, from + frame.length + 9));
    expect((await readLog(folder).verify()).damage).toMatchObject([{ shard: 1, seq: 1 }]);
    expect((await readLog(folder).verify()).positions).toEqual([2, 0]);
  });

  it('to both headers of a segment stops the start and changes nothing', async () => {
    const { folder, log } = await smallLog();
    await log.close();
    const bytes = await readFile(join(folder, '00000002.seg'));
    bytes[30] = (bytes[30] ?? 0) ^ 1;
    bytes[100] = (bytes[100] ?? 0) ^ 1;
    await writeFile(join(folder, '00000002.seg'), bytes);
    const before = await contents(folder);
    await expect(openFileLog(folder)).rejects.toThrow(/header of .*00000002.seg is damaged.*Restore this file/);
    expect(await contents(folder)).toEqual(before);
  });

  it('to the table that a segment begins with costs nothing but a line', async () => {
    const folder = await newFolder();
    await (await openFileLog(folder, { shards: 3 })).close();
    const path = join(folder, '00000001.seg');
    const bytes = await readFile(path);
    expect(bytes.length).toBe(HEADER_BYTES + headsFrameBytes(3));
    await writeFile(path, bytes.fill(7, HEADER_BYTES + 2));
    const log = await openFileLog(folder);
    await fill(log, 1, 2);
    await log.close();
    const notes = [expect.stringContaining('no record is lost')];
    expect(await readLog(folder).verify()).toMatchObject({ damage: [], positions: [0, 2, 0], notes });
  });
});
