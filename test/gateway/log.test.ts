import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileLog } from '../../gateway/log.file.ts';
import { memoryLog } from '../../gateway/log.memory.ts';
import { followContract, logContract, readAll, reasonOf, type Maker } from '../contracts/log.ts';
import { fill, recordAfter } from './log.folders.ts';

const inMemory: Maker = async (shards) => {
  const log = memoryLog({ shards });
  return { log, rival: log.share(), end: () => log.close() };
};
logContract('the memory log', inMemory);
followContract('the memory log', inMemory);

logContract('the file log', async (shards) => {
  const folder = await mkdtemp(join(tmpdir(), 'parley-log-'));
  const log = await openFileLog(folder, { shards, segmentBytes: 64 * 1024 });
  const end = async (): Promise<void> => {
    await log.close();
    await rm(folder, { recursive: true });
  };
  return { log, rival: log, end };
});

describe('the memory log in the hands of a test', () => {
  it('refuses the next append as told, and only that', async () => {
    const log = memoryLog();
    const record = recordAfter(undefined, 'a');
    log.failNext('unavailable');
    expect(await reasonOf(log.append(0, 0, record))).toBe('unavailable');
    expect(await log.last(0)).toBeUndefined();
    expect(await log.append(0, 0, record)).toBe(1);
  });

  it('can write and not say so: the repeat resolves', async () => {
    const log = memoryLog();
    const record = recordAfter(undefined, 'a');
    log.failNext('unknown', true);
    expect(await reasonOf(log.append(0, 0, record))).toBe('unknown');
    expect((await log.last(0))?.seq).toBe(1);
    expect(await log.append(0, 0, record)).toBe(1);
  });

  it('holds appends until released', async () => {
    const log = memoryLog();
    const release = log.hold();
    const writing = log.append(0, 0, recordAfter(undefined, 'a'));
    expect(await log.last(0)).toBeUndefined();
    release();
    expect(await writing).toBe(1);
  });

  it('stops a harmed shard before the harm', async () => {
    const log = memoryLog();
    await fill(log, 1, 5);
    log.harm(1, 3);
    expect(await reasonOf(log.append(1, 5, recordAfter(undefined, 'a')))).toBe('damaged');
    expect(await reasonOf(log.last(1))).toBe('damaged');
    expect((await readAll(log, [[1, 0]])).map(({ seq }) => seq)).toEqual([1, 2]);
  });
});
