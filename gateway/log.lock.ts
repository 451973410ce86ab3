/**
 * The lock of a log's folder: one process at a time. Holders are numbered: `lock.7` names the seventh by pid and by
 * when that process started, and is emptied when it lets go. The highest number counts. Whoever finds its holder gone
 * makes the next one, which only one can, so a lock is never taken away from anybody, and one that a killed process
 * left needs no manual step, even when its pid is in use again.
 *
 * It tells processes of one machine apart; two containers that share a volume must not be given the same folder.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { link, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FolderRefusal } from './log.folder.ts';

export interface Lock {
  /** Whether the holder before died without letting go. */
  inherited: boolean;
  release(): Promise<void>;
}

/** @throws FolderRefusal when a living process holds the folder. */
export async function lockFolder(folder: string): Promise<Lock> {
  const mine = `${process.pid} ${await startOf(process.pid)}`;
  for (;;) {
    const newest = numberIn(await readdir(folder));
    const found = newest === 0 ? '' : await read(join(folder, `lock.${newest}`));
    // The holder after this one has cleared it away.
    if (found === undefined) continue;
    const pid = Number.parseInt(found, 10);
    if (found !== '' && found === `${pid} ${await startOf(pid)}`) {
      const mend = 'Stop that process, or name another folder.';
      throw new FolderRefusal(`The folder ${folder} is in use by process ${pid}. ${mend}`);
    }
    const name = `lock.${newest + 1}`;
    const path = join(folder, name);
    if (!(await place(folder, path, mine))) continue;
    const names = await readdir(folder);
    if (numberIn(names) > newest + 1) {
      // What we had read was old: others have come and gone since, and cleared away behind them.
      await rm(path, { force: true });
      continue;
    }
    for (const each of names) {
      if (each.startsWith('lock.') && each !== name) await rm(join(folder, each), { force: true });
    }
    // Emptying needs no room on a full disk.
    return { inherited: found !== '', release: () => truncate(path, 0) };
  }
}

function numberIn(names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => Number(/^lock\.(\d+)$/.exec(name)?.[1] ?? 0)));
}

/** The file is written aside and linked, so nobody ever reads half of it. False when another process was quicker. */
async function place(folder: string, path: string, text: string): Promise<boolean> {
  const aside = join(folder, `lock.${randomUUID()}`);
  try {
    await writeFile(aside, text);
    await link(aside, path);
    return true;
  } catch (error) {
    if (['EEXIST', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    const why = (error as Error).message;
    throw new FolderRefusal(`The lock ${path} cannot be written (${why}). Let this user write there, and make room.`);
  } finally {
    await rm(aside, { force: true });
  }
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** What tells a process from a later one with its pid; undefined when there is none. */
async function startOf(pid: number): Promise<string | undefined> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return undefined;
  }
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  if (stat) {
    // The name, in brackets, may contain anything; after it come the state and, 20th, the start in ticks since boot.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
    return `${fields[19]} ${boot.trim()}`;
  }
  // Elsewhere `ps` knows; where there is none either, the pid alone must do.
  const told = promisify(execFile)('ps', ['-o', 'lstart=', '-p', `${pid}`]);
  return told.then(({ stdout }) => stdout.trim(), () => 'unknown');
}
