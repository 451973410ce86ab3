/**
 * The lock of a log's folder: one process at a time. The file names its holder by pid and by when that process started,
 * so the lock of a killed process is nobody's, even when the pid is in use again, and needs no manual step.
 *
 * It tells processes of one machine apart; two containers that share a volume must not be given the same folder.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { FolderRefusal } from './log.folder.ts';

export interface Lock {
  /** Whether the holder before died without letting go. */
  inherited: boolean;
  /** Whether the file is still ours. */
  held(): Promise<boolean>;
  release(): Promise<void>;
}

/** @throws FolderRefusal when a living process holds the folder. */
export async function lockFolder(folder: string): Promise<Lock> {
  const path = join(folder, 'lock');
  const mine = `${process.pid} ${await startOf(process.pid)}`;
  const held = async (): Promise<boolean> => (await read(path)) === mine;
  const release = async (): Promise<void> => {
    if (await held()) await rm(path, { force: true });
  };
  let inherited = false;
  for (;;) {
    if (await place(path, mine)) return { inherited, held, release };
    const found = await read(path);
    if (found === undefined) continue;
    const pid = Number.parseInt(found, 10);
    if (Number.isInteger(pid) && found === `${pid} ${await startOf(pid)}`) throw inUse(folder, pid);
    await clear(path, found);
    inherited = true;
  }
}

/** The file is written aside and linked, which only one can do, so nobody ever reads half a lock. */
async function place(path: string, text: string): Promise<boolean> {
  const aside = `${path}.${randomUUID()}`;
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

/** Moves a dead process's lock away. When another process was quicker, what was moved is theirs, and goes back. */
async function clear(path: string, dead: string): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
    if ((await read(aside)) !== dead) await link(aside, path);
  } catch (error) {
    if (!['ENOENT', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
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

function inUse(folder: string, pid: number): FolderRefusal {
  const mend = 'Stop that process, or name another folder.';
  return new FolderRefusal(`The folder ${folder} is in use by process ${pid}. ${mend}`);
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
