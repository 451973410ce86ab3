/** A store on a stage of its own: what it needs is made for one test and taken away after it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, vi } from 'vitest';
import type { Log } from '../../gateway/log.ts';
import type { Report } from '../../gateway/report.ts';
import type { Range, Store } from '../../gateway/store.ts';
import { openStore, type StoreOptions } from '../../gateway/store.sqlite.ts';

/** Each store has two threads to start, on machines that may be busy. */
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => { for (const end of ends.splice(0).reverse()) await end(); });

export function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parley-test-'));
  ends.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** What the newest store told the operator, and whoever waits for it. */
export const said: string[] = [];
let listening: { words: string; heard: () => void }[] = [];
export const report: Report = (level, what, facts) => {
  said.push(`${level}: ${what} ${JSON.stringify(facts ?? {})}`);
  for (const { words, heard } of listening) if (what.includes(words)) heard();
};

export function heard(words: string): Promise<void> {
  return new Promise((resolve) => { listening.push({ words, heard: resolve }); });
}

/** In memory unless a folder is named. */
export async function opened(log: Log, more: Partial<StoreOptions> & { folder?: string } = {}): Promise<Store> {
  said.length = 0;
  listening = [];
  const { folder, ...rest } = more;
  const store = await openStore({ ...(folder === undefined ? { memory: true } : { folder }), ...rest, log, report });
  ends.push(() => store.close());
  return store;
}

export const range = (more: Partial<Range> = {}): Range =>
  ({ after: 0, before: 0, limit: 1000, newest: false, audience: 'agents', ...more });

/** All that search finds in the demo workspace, when its index has everything. */
export async function foundAll(store: Store, query: string): Promise<string[]> {
  while (!(await store.search('demo', query, null, 1)).whole);
  const lines: string[] = [];
  for (let next: string | null = null; ;) {
    const page = await store.search('demo', query, next, 100);
    lines.push(...page.found.map(({ conversation, seq, kind, pieces }) => `${conversation} ${seq} ${kind} ${pieces.join('|')}`));
    if (page.next === null) return lines.sort();
    next = page.next;
  }
}
