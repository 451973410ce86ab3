import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, expect, test } from 'vitest';
import { catchUp } from '../../gateway/catchup.ts';
import { openStore, STORE_FILE } from '../../gateway/store.sqlite.ts';
import { foundAll } from './store.stage.ts';
import { story, tablesOf } from './store.story.ts';

const MESSAGES = 3000;
const folders: string[] = [];
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  folders.push(folder);
  return folder;
}

/** Applies in another process and kills it after so many transactions; says what it had told of last. */
async function killedAfter(folder: string, transactions: number): Promise<number[]> {
  const child = spawn(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'store.child.ts'), folder, String(MESSAGES)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let positions: number[] = [];
  let told = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    positions = line === 'done' ? positions : line.split(' ').map(Number);
    if (++told < transactions && line !== 'done') continue;
    child.kill('SIGKILL');
    break;
  }
  if (child.signalCode === null) await once(child, 'exit');
  return positions;
}

test('a process that is killed again and again leaves tables that catch up to what a rebuild makes', async () => {
  const folder = aFolder();
  const file = join(folder, STORE_FILE);
  const { log } = await story({ messages: MESSAGES });
  let id = '';
  for (const transactions of [1, 40, 200, 3]) {
    const told = await killedAfter(folder, transactions);
    const store = await openStore({ folder, log, report: (...what) => { throw new Error(what.join(' ')); } });
    expect(store.positions.every((seq, shard) => seq >= (told[shard] ?? 0))).toBe(true);
    expect(id === '' || store.id === id).toBe(true);
    id = store.id;
    await store.close();
  }
  const store = await openStore({ folder, log, report: () => {} });
  expect(await catchUp(log, store)).toBeGreaterThan(0);
  const found = await foundAll(store, 'line');
  await store.close();

  const fresh = aFolder();
  const rebuilt = await openStore({ folder: fresh, log, report: () => {} });
  await catchUp(log, rebuilt);
  expect(found).toEqual(await foundAll(rebuilt, 'line'));
  expect(found).toHaveLength(MESSAGES);
  await rebuilt.close();
  expect(tablesOf(file)).toEqual(tablesOf(join(fresh, STORE_FILE)));
}, 60_000);
