/** What every storage must do, and that a file is whole or not there when the process is killed. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IDBFactory } from 'fake-indexeddb';
import { afterAll, describe, expect, test } from 'vitest';
import { file } from '../../sdk/file.ts';
import { indexedDb, memory, type Storage } from '../../sdk/index.ts';
import { asyncStorage } from '../../sdk/react-native.ts';

const folders: string[] = [];
async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'parley-storage-'));
  folders.push(path);
  return path;
}
afterAll(() => Promise.all(folders.map((path) => rm(path, { recursive: true }))));

function asyncMemory() {
  const values = new Map([['other/key', 'not ours']]);
  return {
    getItem: async (key: string) => values.get(key) ?? null,
    setItem: async (key: string, value: string) => void values.set(key, value),
    removeItem: async (key: string) => void values.delete(key),
    getAllKeys: async () => [...values.keys()],
  };
}

const MADE: Record<string, () => Promise<Storage>> = {
  memory: async () => memory(),
  file: async () => file(join(await folder(), 'not', 'there', 'yet')),
  indexedDb: async () => indexedDb('parley', new IDBFactory()),
  asyncStorage: async () => asyncStorage(asyncMemory()),
};

describe.each(Object.keys(MADE))('%s', (name) => {
  const make = MADE[name]!;

  test('keeps, replaces and deletes', async () => {
    const storage = await make();
    expect(await storage.get('a/b')).toBeUndefined();
    await storage.set('a/b', '{"text":"Grüße 📦"}');
    expect(await storage.get('a/b')).toBe('{"text":"Grüße 📦"}');
    await storage.set('a/b', '');
    expect(await storage.get('a/b')).toBe('');
    await storage.delete('a/b');
    await storage.delete('a/b');
    expect(await storage.get('a/b')).toBeUndefined();
  });

  test('lists keys by prefix, in order', async () => {
    const storage = await make();
    for (const key of ['outbox/2', 'token', 'outbox/1', 'outboxes']) await storage.set(key, key);
    expect(await storage.keys('outbox/')).toEqual(['outbox/1', 'outbox/2']);
    expect(await storage.keys('')).toEqual(['outbox/1', 'outbox/2', 'outboxes', 'token']);
  });

  test('the last of several writes at a time wins', async () => {
    const storage = await make();
    await Promise.all(Array.from({ length: 20 }, (_, i) => storage.set('key', `${i}`)));
    expect(await storage.get('key')).toBe('19');
    await Promise.all([storage.set('key', 'x'), storage.delete('key')]);
    expect(await storage.get('key')).toBeUndefined();
  });
});

test('file: another one on the same folder reads it; what a crash left half-written counts for nothing', async () => {
  const path = await folder();
  await file(path).set('outbox/1', 'whole');
  await writeFile(join(path, 'outbox%2F2.1.1.tmp'), 'hal');
  const again = file(path);
  expect(await again.keys('')).toEqual(['outbox/1']);
  expect(await again.get('outbox/1')).toBe('whole');
});

test('file: a value is replaced as a whole, never rewritten in place', async () => {
  const path = await folder();
  const storage = file(path);
  await storage.set('key', 'old');
  const reader = await open(join(path, 'key'));
  await storage.set('key', 'new and longer');
  expect(await reader.readFile('utf8')).toBe('old');
  await reader.close();
});

test('file: after kill -9 in the middle of writing, everything that was promised is there and nothing is torn', async () => {
  const path = await folder();
  for (let kill = 0; kill < 8; kill++) {
    const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'storage.child.ts'), path, `${kill}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.split('\n').length > 10 + kill * 3) child.kill('SIGKILL');
    });
    await once(child, 'close');
    const promised = new Map(said.split('\n').slice(0, -1).map((line) => line.split(' ') as [string, string]));
    const storage = file(path);
    expect(await storage.keys('')).toEqual(['key/0', 'key/1', 'key/2', 'key/3']);
    for (const key of await storage.keys('')) {
      const value = (await storage.get(key))!;
      const [first = ''] = value.split(';', 1);
      expect(value).toBe(`${first};`.repeat(20_000));
      const [run, turn] = first.split('.').map(Number);
      expect(run).toBe(kill);
      expect(turn).toBeGreaterThanOrEqual(Number(promised.get(key)));
    }
  }
}, 60_000);

test('indexedDb: opens again when the browser has closed it', async () => {
  const factory = new IDBFactory();
  const opened: IDBDatabase[] = [];
  const openIt = factory.open.bind(factory);
  factory.open = (...args) => {
    const request = openIt(...args);
    request.addEventListener('success', () => opened.push(request.result as unknown as IDBDatabase));
    return request;
  };
  const storage = indexedDb('parley', factory);
  await storage.set('key', 'value');
  opened[0]!.close();
  await storage.get('key').catch(() => {});
  expect(await storage.get('key')).toBe('value');
  expect(opened).toHaveLength(2);
});
