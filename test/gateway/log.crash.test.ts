/** Who may open a folder, and what is left when a process is killed over it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { crc32 } from 'node:zlib';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readLog } from '../../gateway/log.cold.ts';
import { openFileLog } from '../../gateway/log.file.ts';
import { bereave, byPlace, coldRecords, contents, fill, newFolder, removeFolders } from './log.folders.ts';

let appender = '';
const children = new Set<ChildProcess>();
beforeAll(async () => {
  appender = join(await newFolder(), 'appender.mjs');
  const entryPoints = [join(import.meta.dirname, 'log.appender.ts')];
  await build({ entryPoints, outfile: appender, bundle: true, platform: 'node', format: 'esm', target: 'node20' });
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
});
afterAll(removeFolders);

/** Runs the appender until it has acknowledged so many records, kills it, and gives what it had acknowledged. */
async function appendAndKill(folder: string, count: number): Promise<string[]> {
  const child = spawn(process.execPath, [appender, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const exited = once(child, 'exit');
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === count) child.kill('SIGKILL');
  }
  expect((await exited)[1]).toBe('SIGKILL');
  return acknowledged;
}

describe('kill -9', () => {
  it('loses nothing that was acknowledged, in 20 rounds over one folder', async () => {
    const folder = await newFolder();
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < 20; round++) {
      for (const line of await appendAndKill(folder, 1 + round * 17)) {
        // The pipe may end within a line; what was not printed in full was not acknowledged to anybody.
        const [shard, seq, bytes] = line.split(' ');
        if (bytes && bytes.length % 4 === 0) acknowledged.set(`${shard}:${seq}`, bytes);
      }
      const { damage, positions } = await readLog(folder).verify();
      expect(damage).toEqual([]);
      expect(positions).toHaveLength(8);
    }
    const there = byPlace(await coldRecords(folder));
    const lost = [...acknowledged].filter(([place, bytes]) => there.get(place) !== bytes);
    expect(acknowledged.size).toBeGreaterThan(3000);
    expect(lost).toEqual([]);
    await (await openFileLog(folder)).close();
  }, 120_000);
});

describe('the lock', () => {
  it('refuses a second process and names the first; a killed one needs no manual step', async () => {
    const folder = await newFolder();
    const child = spawn(process.execPath, [appender, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.add(child);
    const exited = once(child, 'exit');
    await once(child.stdout, 'data');
    await expect(openFileLog(folder)).rejects.toThrow(`is in use by process ${child.pid}. Stop that process, or`);
    child.kill('SIGKILL');
    child.stdout.resume();
    await exited;
    await (await openFileLog(folder)).close();
  });

  it('refuses the same process too, until the log is closed', async () => {
    const folder = await newFolder();
    const log = await openFileLog(folder);
    await expect(openFileLog(folder)).rejects.toThrow(`in use by process ${process.pid}`);
    await log.close();
    await (await openFileLog(folder)).close();
    expect(Object.keys(await contents(folder))).toEqual(['00000001.seg', 'lock.2']);
  });

  it('lets one of many openers in', async () => {
    const folder = await newFolder();
    for (let round = 0; round < 20; round++) {
      if (round % 2) await bereave(folder);
      const tries = await Promise.allSettled(Array.from({ length: 5 }, () => openFileLog(folder)));
      const opened = tries.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      expect(opened).toHaveLength(1);
      await opened[0]?.close();
    }
  });

  it('of a dead process counts for nothing though its pid lives again', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'lock.3'), `${process.pid} 12345 another-boot`);
    await (await openFileLog(folder)).close();
  });
});

describe('a folder that is not this log', () => {
  const put = (name: string) => (folder: string) => writeFile(join(folder, name), 'hello');
  const cases: [string, (folder: string) => Promise<void>, RegExp][] = [
    ['has other files', put('photo.jpg'), /no part of a log: photo\.jpg\. Name an empty/],
    ['has another folder in it', async (folder) => void (await mkdir(join(folder, 'sub'))), /no part of a log: sub/],
    ['has a file that only sounds right', put('00000001.seg'), /not a segment of a log/],
    ['is of a later format', (folder) => rewrite(folder, (bytes) => stamp(bytes, 24, 2)), /of format 2, .* Start the/],
    ['has segments of two logs', async (folder) => {
      const other = await newFolder();
      await (await openFileLog(other)).close();
      const bytes = stamp(await readFile(join(other, '00000001.seg')), 28, 2);
      await writeFile(join(folder, '00000002.seg'), bytes);
    }, /belongs to another log/],
  ];

  it.each(cases)('%s: it is refused with a sentence and left as it was', async (_, harm, sentence) => {
    const folder = await newFolder();
    const log = await openFileLog(folder);
    await fill(log, 0, 2);
    await log.close();
    await harm(folder);
    const before = await contentsOf(folder);
    await expect(openFileLog(folder)).rejects.toThrow(sentence);
    expect(await contentsOf(folder)).toEqual(before);
  });

  it('has another number of shards than asked: it is refused, and opens when not asked', async () => {
    const folder = await newFolder();
    await (await openFileLog(folder, { shards: 5 })).close();
    await expect(openFileLog(folder, { shards: 6 })).rejects.toThrow(/has 5 shards, not 6\. Ask for 5/);
    const log = await openFileLog(folder);
    expect(log.shards).toBe(5);
    await log.close();
  });

  it('is made, with those above it, when there is none', async () => {
    const folder = join(await newFolder(), 'a', 'b');
    await (await openFileLog(folder)).close();
    expect(Object.keys(await contents(folder))).toEqual(['00000001.seg', 'lock.1']);
    await expect(readLog(join(folder, 'c')).verify()).rejects.toThrow('There is no log in');
  });
});

async function contentsOf(folder: string): Promise<unknown> {
  return contents(folder).catch(() => 'has folders in it');
}

async function rewrite(folder: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  const path = join(folder, '00000001.seg');
  await writeFile(path, change(await readFile(path)));
}

/** Changes a number in both headers and makes their checksums right. */
function stamp(bytes: Buffer, at: number, value: number): Buffer {
  for (const copy of [0, 64]) {
    bytes.writeUInt16LE(value, copy + at);
    bytes.writeUInt32LE(crc32(bytes.subarray(copy, copy + 60)), copy + 60);
  }
  return bytes;
}
