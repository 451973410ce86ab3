/**
 * What a node of a cluster starts with: its own tables, as long as the log has what follows them; otherwise the newest
 * backup of another node's, which is never older than what the log begins with.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backup, Backups } from './backups.ts';
import { rest, type Clock } from './clock.ts';
import { LogRefusal, type Log } from './log.ts';
import { messageOf, type Report } from './report.ts';
import { adopt, examineStore, STORE_FILE } from './store.sqlite.ts';

export interface BootstrapParts {
  log: Pick<Log, 'shards' | 'read'>;
  backups: Backups;
  /** Of the store, which must not be open. */
  folder: string;
  clock: Clock;
  report: Report;
}

const AGAIN_MS = 1_000;

/**
 * Resolves when the store can be opened and will catch up from the log. Waits for as long as the log cannot be read.
 *
 * @throws Error with a sentence for the operator, when neither the log nor a backup has what this node lacks
 */
export async function bootstrap(parts: BootstrapParts): Promise<void> {
  const { log, folder, report } = parts;
  const file = join(folder, STORE_FILE);
  const own = await examineStore(file, log.shards);
  if (await goesOn(parts, 'positions' in own ? own.positions : [])) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const why = `its tables are ${'wrong' in own ? own.wrong : 'older than what the log begins with'}`;
  for (const backup of await insisting(parts, () => parts.backups.list())) {
    if (!await take(parts, backup, file)) continue;
    report('info', 'This node starts from a backup.', { why, backup: backup.name, bytes: backup.bytes, made: new Date(backup.at).toISOString() });
    return;
  }
  throw new Error(`This node cannot start: ${why}; the log begins later, and there is no backup that it could use. Nothing was changed. `
    + 'Start a node that has its tables, or the version of Parley that made these: it keeps a backup, and then this one can start.');
}

/** Whether the log has everything behind these positions. */
function goesOn(parts: BootstrapParts, positions: readonly number[]): Promise<boolean> {
  const { log } = parts;
  const after = new Map(Array.from({ length: log.shards }, (_, shard) => [shard, positions[shard] ?? 0]));
  return insisting(parts, async () => {
    try {
      for await (const _ of log.read(after)) break;
      return true;
    } catch (error) {
      if (error instanceof LogRefusal && error.reason === 'trimmed') return false;
      throw error;
    }
  });
}

/** Until NATS answers. */
async function insisting<T>({ clock, report }: BootstrapParts, ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      report('warn', 'This node cannot see now what it starts with, trying again', { why: messageOf(error) });
      await rest(clock, AGAIN_MS);
    }
  }
}

async function take(parts: BootstrapParts, backup: Backup, file: string): Promise<boolean> {
  const { log, backups, report } = parts;
  const copy = `${file}.fetched`;
  try {
    await rm(copy, { force: true });
    await backups.fetch(backup, copy);
    const examined = await examineStore(copy, log.shards);
    if ('wrong' in examined) throw new Error(`its tables are ${examined.wrong}`);
    if (!await goesOn(parts, examined.positions)) throw new Error('it is older than what the log begins with');
    await adopt(copy, file);
    return true;
  } catch (error) {
    report('warn', 'A backup cannot be used.', { backup: backup.name, why: messageOf(error) });
    return false;
  } finally {
    for (const part of ['', '-wal', '-shm']) await rm(copy + part, { force: true });
  }
}
