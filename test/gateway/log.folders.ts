/** Folders with logs for tests to break, and the records in them. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLog } from '../../gateway/log.cold.ts';
import { openFileLog, type FileLog } from '../../gateway/log.file.ts';
import { inspect, type Disk } from '../../gateway/log.folder.ts';
import { Scan } from '../../gateway/log.scan.ts';
import type { Log, Stored } from '../../gateway/log.ts';
import { hashOf, NO_HASH } from '../../gateway/record.ts';

/** A record as the log sees it: the hash of the one before, then any bytes. */
export function recordAfter(previous: Uint8Array | undefined, body: string | Uint8Array): Uint8Array {
  return Buffer.concat([previous ? hashOf(previous) : NO_HASH, Buffer.from(body)]);
}

/** Appends `count` records of text one after another. */
export async function fill(log: Log, shard: number, count: number, size = 0): Promise<Uint8Array[]> {
  const records: Uint8Array[] = [];
  const last = await log.last(shard);
  for (let seq = last?.seq ?? 0, previous = last?.bytes; records.length < count; seq++) {
    previous = recordAfter(previous, `${shard}:${seq + 1}`.padEnd(size));
    records.push(previous);
    await log.append(shard, seq, previous);
  }
  return records;
}

const made: string[] = [];

export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'parley-log-test-'));
  made.push(folder);
  return folder;
}

export async function removeFolders(): Promise<void> {
  await Promise.all(made.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

/** The folder as a power cut would leave it now: without the lock's holder, and not closed. */
export async function crashImage(folder: string): Promise<string> {
  const image = await newFolder();
  await cp(folder, image, { recursive: true });
  await bereave(image);
  return image;
}

/** Makes the folder's last holder a process that is dead. */
export async function bereave(folder: string): Promise<void> {
  const [lock = 'lock.1'] = (await readdir(folder)).filter((name) => name.startsWith('lock.'));
  await writeFile(join(folder, lock), '999999999 gone');
}

/** Changes one bit of a text that stands somewhere in the folder, and says in which file. */
export async function spoil(folder: string, text: string): Promise<string> {
  for (const name of await readdir(folder)) {
    const bytes = await readFile(join(folder, name));
    const at = bytes.indexOf(text);
    if (at < 0) continue;
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(join(folder, name), bytes);
    return name;
  }
  throw new Error(`No file of ${folder} has the text ${text}.`);
}

export async function contents(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).sort();
  const bytes = await Promise.all(names.map((name) => readFile(join(folder, name), 'base64')));
  return Object.fromEntries(names.map((name, i) => [name, bytes[i] ?? '']));
}

export async function coldRecords(folder: string): Promise<Stored[]> {
  const stored: Stored[] = [];
  for await (const each of readLog(folder)) stored.push(each);
  return stored;
}

/** Segments by name, as they are in the folder. */
export async function segmentsOf(folder: string): Promise<Map<string, Buffer>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.seg')).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)));
}

/** What a reader of these segments is served, and what it is told. */
export async function judged(segments: ReadonlyMap<string, Buffer>): Promise<{ served: Stored[]; scan: Scan }> {
  const readable = memoryDisk(segments);
  const scan = new Scan(await inspect('', readable), readable);
  const served: Stored[] = [];
  for await (const batch of scan.run()) served.push(...batch);
  return { served, scan };
}

/** Reads only, and fast enough to try every byte. */
function memoryDisk(files: ReadonlyMap<string, Buffer>): Disk {
  const no = (): Promise<never> => Promise.reject(new Error('This disk is for reading.'));
  return {
    readdir: async () => [...files.keys()],
    mkdir: no, rename: no, rm: no,
    open: async (path) => {
      const bytes = files.get(path) ?? Buffer.alloc(0);
      return {
        stat: async () => ({ size: bytes.length }),
        read: async (into, offset, length, position) => {
          const part = bytes.subarray(position, position + length);
          into.set(part, offset);
          return { bytesRead: part.length };
        },
        write: no, writev: no, truncate: no, datasync: no, sync: no,
        close: async () => {},
      };
    },
  };
}

/** `shard:seq` -> bytes, to compare two readings. */
export function byPlace(stored: readonly Stored[]): Map<string, string> {
  return new Map(stored.map(({ shard, seq, bytes }) => [`${shard}:${seq}`, Buffer.from(bytes).toString('base64')]));
}

/** Three small shards over three segments; shard 2 has its last record in the first segment. */
export async function smallLog(): Promise<{ folder: string; log: FileLog }> {
  const folder = await newFolder();
  const log = await openFileLog(folder, { shards: 3, segmentBytes: 500 });
  await fill(log, 2, 2);
  for (let round = 0; round < 5; round++) {
    await fill(log, 0, 1, 9);
    await fill(log, 1, 1, 9);
  }
  return { folder, log };
}
