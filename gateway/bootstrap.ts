/**
 * What a node of a cluster starts with: its own tables, as long as the log has what follows them; otherwise the newest
 * backup of another node's, which is never older than what the log begins with.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Backup, Backups } from './backups.ts';
import type { Clock } from './clock.ts';
import { LogRefusal, type Log } from './log.ts';
import type { Report } from './report.ts';
import { adopt, positionsIn, STORE_FILE } from './store.sqlite.ts';

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
  const { log, backups, folder, report } = parts;
  const file = join(folder, STORE_FILE);
  const own = await positionsIn(file, log.shards);
  if (await goesOn(parts, own ?? [])) return;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const why = own === undefined ? 'it has no tables that it could use' : 'its tables are older than what the log begins with';
  for (const backup of await backups.list()) {
    if (!await take(parts, backup, file)) continue;
    report('info', 'This node starts from a backup.', { why, backup: backup.name, bytes: backup.bytes, made: new Date(backup.at).toISOString() });
    return;
  }
  throw new Error(`This node cannot start: ${why}, and there is no backup that it could use. `
    + 'Start a node that has its tables; it keeps a backup within nats.backupMinutes, and then this one can start.');
}

/** Whether the log has everything behind these positions. */
async function goesOn({ log, clock, report }: BootstrapParts, positions: readonly number[]): Promise<boolean> {
  const after = new Map(Array.from({ length: log.shards }, (_, shard) => [shard, positions[shard] ?? 0]));
  for (;;) {
    try {
      for await (const _ of log.read(after)) break;
      return true;
    } catch (error) {
      if (!(error instanceof LogRefusal)) throw error;
      if (error.reason === 'trimmed') return false;
      report('warn', 'The log cannot be read now, trying again', { why: error.message });
      await new Promise<void>((resolve) => { clock.after(AGAIN_MS, resolve); });
    }
  }
}

async function take(parts: BootstrapParts, backup: Backup, file: string): Promise<boolean> {
  const { log, backups, report } = parts;
  const copy = `${file}.fetched`;
  try {
    await rm(copy, { force: true });
    await backups.fetch(backup, copy);
    const positions = await positionsIn(copy, log.shards);
    if (positions === undefined) throw new Error('its tables are of another version of Parley, or of another number of shards');
    if (!await goesOn(parts, positions)) throw new Error('it is older than what the log begins with');
    await adopt(copy, file);
    return true;
  } catch (error) {
    report('warn', 'A backup cannot be used.', { backup: backup.name, why: error instanceof Error ? error.message : String(error) });
    return false;
  } finally {
    for (const part of ['', '-wal', '-shm']) await rm(copy + part, { force: true });
  }
}
