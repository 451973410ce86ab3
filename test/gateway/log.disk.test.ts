/** The disk that is full, fails or is slow, through the log's own seam to the file system. */
import * as disk from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readLog } from '../../gateway/log.cold.ts';
import { openFileLog, type FileLog } from '../../gateway/log.file.ts';
import type { Disk, DiskFile } from '../../gateway/log.folder.ts';
import { readAll, reasonOf } from '../contracts/log.ts';
import { crashImage, fill, newFolder, recordAfter, removeFolders } from './log.folders.ts';

afterAll(removeFolders);

/** The real file system, with faults that a test switches on and off. */
class Faults {
  /** Bytes that a write still takes, then ENOSPC after a part of it. */
  room = Infinity;
  /** Syncs that fail; what was written since the last good one is then lost, though reads still show it. */
  syncs: 'good' | 'failing' | 'failing once' = 'good';
  cuts: 'good' | 'failing' = 'good';
  creating: 'good' | 'failing' = 'good';
  written = 0;
  /** What went through plain writes, which the log uses at start. */
  readonly mended: string[] = [];
  synced = 0;
  /** A sync waits for this. */
  gate: Promise<void> = Promise.resolve();

  get disk(): Disk {
    return { ...disk, open: (path, flags) => this.#open(path, flags) };
  }

  async #open(path: string, flags: string): Promise<DiskFile> {
    if (this.creating === 'failing' && path.endsWith('.new')) throw problem('ENOSPC', 'no space left');
    const handle = await disk.open(path, flags);
    return {
      stat: () => handle.stat(),
      read: (...args) => handle.read(...args),
      write: (bytes, offset, length, position) => {
        this.mended.push(Buffer.from(bytes).toString('latin1'));
        return handle.write(bytes, offset, length, position);
      },
      sync: () => handle.sync(),
      close: () => handle.close(),
      writev: async (buffers, position) => {
        this.written++;
        const bytes = Buffer.concat(buffers);
        if (bytes.length <= this.room) return handle.writev(buffers, position);
        await handle.write(bytes, 0, this.room, position);
        throw problem('ENOSPC', 'no space left on device');
      },
      datasync: async () => {
        this.synced++;
        await this.gate;
        const failing = this.syncs !== 'good';
        if (this.syncs === 'failing once') this.syncs = 'good';
        if (failing) throw problem('EIO', 'i/o error');
        await handle.datasync();
      },
      truncate: async (length) => {
        if (this.cuts === 'failing') throw problem('EIO', 'i/o error');
        await handle.truncate(length);
      },
    };
  }
}

function problem(code: string, text: string): Error {
  return Object.assign(new Error(`${code}: ${text}`), { code });
}

async function faulty(segmentBytes = 1e6): Promise<{ faults: Faults; folder: string; lines: string[]; log: FileLog }> {
  const faults = new Faults();
  const folder = await newFolder();
  const lines: string[] = [];
  const options = { shards: 64, segmentBytes, disk: faults.disk, report: (line: string) => lines.push(line) };
  return { faults, folder, lines, log: await openFileLog(folder, options) };
}

describe('group commit', () => {
  it('writes and syncs once for all appends that wait, whatever their shards', async () => {
    const { faults, log } = await faulty();
    let open = (): void => {};
    faults.gate = new Promise((resolve) => (open = resolve));
    const first = log.append(0, 0, recordAfter(undefined, 'first'));
    while (faults.synced === 0) await new Promise(setImmediate);
    const others = Array.from({ length: 63 }, (_, i) => log.append(i + 1, 0, recordAfter(undefined, `${i}`)));
    open();
    expect(await Promise.all([first, ...others])).toEqual(Array.from({ length: 64 }, () => 1));
    expect([faults.written, faults.synced]).toEqual([2, 2]);
    await log.close();
  });

  it('acknowledges nothing before the sync, and readers see nothing of it', async () => {
    const { faults, log } = await faulty();
    let open = (): void => {};
    faults.gate = new Promise((resolve) => (open = resolve));
    let said = false;
    const writing = log.append(0, 0, recordAfter(undefined, 'first')).then(() => (said = true));
    while (faults.synced === 0) await new Promise(setImmediate);
    expect([said, await readAll(log, [[0, 0]]), await log.last(0)]).toEqual([false, [], undefined]);
    open();
    await writing;
    expect((await readAll(log, [[0, 0]])).length).toBe(1);
    await log.close();
  });
});

describe('a full disk', () => {
  it.each([0, 20, 50, 200, 500])('that takes %i bytes refuses, keeps nothing and recovers by itself', async (room) => {
    const { faults, folder, lines, log } = await faulty();
    await fill(log, 0, 3);
    faults.room = room;
    const records = Array.from({ length: 10 }, (_, shard) => recordAfter(undefined, `refused ${shard}`.padEnd(60)));
    const refused = records.map((record, shard) => reasonOf(log.append(shard + 1, 0, record)));
    expect(await Promise.all(refused)).toEqual(records.map(() => 'unavailable'));
    faults.room = Math.min(room, 100);
    expect(await reasonOf(log.append(1, 0, records[0] ?? recordAfter(undefined, '')))).toBe('unavailable');
    expect((await readLog(await crashImage(folder)).verify())).toMatchObject({ records: 3, torn: 0, damage: [] });
    faults.room = Infinity;
    for (let shard = 1; shard <= 10; shard++) await fill(log, shard, 2);
    expect(lines).toEqual([expect.stringContaining('ENOSPC'), 'The log can be written again.']);
    await log.close();
    expect(await readLog(folder).verify()).toMatchObject({ records: 23, torn: 0, damage: [], notes: [] });
  });

  it('that has no room for a new segment refuses until it has', async () => {
    const { faults, folder, log } = await faulty(1000);
    await fill(log, 0, 1);
    const [first] = await fill(log, 1, 1);
    faults.creating = 'failing';
    expect(await reasonOf(log.append(2, 0, recordAfter(undefined, 'x')))).toBe('unavailable');
    faults.creating = 'good';
    expect(await log.append(1, 1, recordAfter(first, 'y'))).toBe(2);
    await log.close();
    expect(await readLog(folder).verify()).toMatchObject({ records: 3, damage: [], notes: [] });
  });
});

describe('a sync that fails', () => {
  it('is not believed again: the segment is left, and what it may hold of the batch is no history', async () => {
    const { faults, folder, log } = await faulty();
    const [first] = await fill(log, 0, 1);
    faults.syncs = 'failing';
    faults.cuts = 'failing';
    expect(await reasonOf(log.append(0, 1, recordAfter(first, 'perhaps')))).toBe('unavailable');
    faults.syncs = 'good';
    expect(await log.append(0, 1, recordAfter(first, 'instead'))).toBe(2);
    expect((await disk.readFile(join(folder, '00000001.seg'))).includes('perhaps')).toBe(true);
    const image = await crashImage(folder);
    await log.close();
    for (const each of [folder, image]) {
      const again = await openFileLog(each);
      const read = await readAll(again, [[0, 0]]);
      expect(read.map(({ bytes }) => Buffer.from(bytes).subarray(16).toString())).toEqual(['0:1', 'instead']);
      expect(again.damage).toEqual([]);
      await again.close();
    }
  });

  it('ends the segment even when the cut succeeds', async () => {
    const { faults, folder, log } = await faulty();
    const [first] = await fill(log, 0, 1);
    faults.syncs = 'failing once';
    expect(await reasonOf(log.append(0, 1, recordAfter(first, 'perhaps')))).toBe('unavailable');
    await fill(log, 0, 1);
    expect((await disk.readdir(folder)).sort()).toEqual(['00000001.seg', '00000002.seg', 'lock.1']);
    await log.close();
    expect(await readLog(folder).verify()).toMatchObject({ records: 2, torn: 0, damage: [], notes: [] });
  });

  it('may have been the last act of the process before: what it left is written once more at start', async () => {
    const { folder, log } = await faulty();
    await fill(log, 0, 2);
    const image = await crashImage(folder);
    await log.close();
    const faults = new Faults();
    const again = await openFileLog(image, { disk: faults.disk });
    expect(faults.mended).toEqual([expect.stringContaining('0:2')]);
    expect(faults.mended[0]).not.toContain('0:1');
    expect(faults.synced).toBe(1);
    await again.close();
    expect(await readLog(image).verify()).toMatchObject({ records: 2, damage: [], notes: [] });
  });

  it('without a way to settle it is unknown; the same bytes decide it later', async () => {
    const { faults, folder, log } = await faulty();
    const [first] = await fill(log, 0, 1);
    const record = recordAfter(first, 'perhaps');
    Object.assign(faults, { syncs: 'failing', cuts: 'failing', creating: 'failing' });
    expect(await reasonOf(log.append(0, 1, record))).toBe('unknown');
    // It was not tried again, for nothing can be until the first is settled.
    expect(await reasonOf(log.append(1, 0, recordAfter(undefined, 'other')))).toBe('unavailable');
    const image = await crashImage(folder);
    Object.assign(faults, { syncs: 'good', creating: 'good' });
    expect(await log.append(0, 1, record)).toBe(2);
    await log.close();
    expect(await readLog(folder).verify()).toMatchObject({ records: 2, damage: [] });
    // Had the process died while it was unknown, it would stand, once.
    const again = await openFileLog(image);
    expect(await again.append(0, 1, record)).toBe(2);
    await again.close();
    expect(await readLog(image).verify()).toMatchObject({ records: 2, damage: [] });
  });
});

describe('segments', () => {
  it('follow one another at record boundaries, and readers cross them from any position', async () => {
    const folder = await newFolder();
    const log = await openFileLog(folder, { shards: 2, segmentBytes: 2000 });
    await Promise.all([fill(log, 0, 40, 100), fill(log, 1, 3, 100)]);
    expect((await disk.readdir(folder)).filter((name) => name.endsWith('.seg')).length).toBeGreaterThan(2);
    await log.close();
    const again = await openFileLog(folder, { segmentBytes: 2000 });
    expect(again.shards).toBe(2);
    for (let after = 0; after <= 40; after++) {
      const read = await readAll(again, [[0, after], [1, 1]]);
      const seqs = Array.from({ length: 40 - after }, (_, i) => after + i + 1);
      expect(read.filter(({ shard }) => shard === 0).map(({ seq }) => seq)).toEqual(seqs);
      expect(read.filter(({ shard }) => shard === 1).map(({ seq }) => seq)).toEqual([2, 3]);
    }
    await again.close();
  });
});
