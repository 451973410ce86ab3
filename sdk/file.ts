/** Storage in a folder, one file per key: for Node. A file is complete or not there, whenever the process ends. */
import { mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Storage } from './storage.ts';

/** A file that is being written; left behind by a crash it counts for nothing. */
const UNFINISHED = '.tmp';

export function file(folder: string): Storage {
  const pathOf = (key: string): string => join(folder, encodeURIComponent(key));
  /** Writes of one key, one behind another. */
  const busy = new Map<string, Promise<void>>();
  let count = 0;

  const inTurn = (key: string, work: () => Promise<void>): Promise<void> => {
    const turn = (busy.get(key) ?? Promise.resolve()).catch(() => {}).then(work);
    busy.set(key, turn);
    const done = (): void => void (busy.get(key) === turn && busy.delete(key));
    turn.then(done, done);
    return turn;
  };
  async function write(key: string, value: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const unfinished = `${pathOf(key)}.${process.pid}.${++count}${UNFINISHED}`;
    await synced(unfinished, 'w', value);
    await rename(unfinished, pathOf(key));
    await synced(folder, 'r');
  }

  return {
    async get(key) {
      await busy.get(key)?.catch(() => {});
      return readFile(pathOf(key), 'utf8').catch(absent);
    },
    set: (key, value) => inTurn(key, () => write(key, value)),
    // What comes back after a power cut was acknowledged, and does no harm when it is sent again.
    delete: (key) => inTurn(key, () => unlink(pathOf(key)).catch(absent)),
    async keys(prefix) {
      const names = (await readdir(folder).catch(absent)) ?? [];
      const keys = names.filter((name) => !name.endsWith(UNFINISHED)).map(decodeURIComponent);
      return keys.filter((key) => key.startsWith(prefix)).sort();
    },
  };
}

async function synced(path: string, flag: 'w' | 'r', value?: string): Promise<void> {
  const handle = await open(path, flag);
  try {
    if (value !== undefined) await handle.writeFile(value);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
