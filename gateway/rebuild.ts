/** Makes the tables anew from the log: the operator's way out of any doubt about them. No gateway may be running. */
import { join } from 'node:path';
import { catchUp } from './catchup.ts';
import { openFolder } from './folder.ts';
import { openFileLog } from './log.file.ts';
import { lockFolder } from './log.lock.ts';
import type { Report } from './report.ts';
import { putAside } from './store.file.ts';
import { openStore, STORE_FILE } from './store.sqlite.ts';

/**
 * @param cluster whose node the folder is of: then the tables are only put aside, since the next start makes them anew
 * @throws Error with a sentence, when the folder is not ours or a gateway has it open. Then nothing was changed.
 */
export async function rebuild(dataFolder: string, say: (line: string) => void, cluster?: string): Promise<void> {
  if (cluster !== undefined) return putAsideOf(dataFolder, cluster, say);
  const folder = await openFolder(dataFolder, { otherwise: 'refuse' });
  // The log's lock is what keeps a running gateway's tables safe, so it comes first.
  const log = await openFileLog(folder.log);
  try {
    for (const { report } of log.damage) say(report);
    putAside(join(folder.store, STORE_FILE));
    const report: Report = (_, what, facts) => say(`${what} ${JSON.stringify(facts ?? {})}`);
    const store = await openStore({ folder: folder.store, log, report });
    try {
      const begun = performance.now();
      const records = await catchUp(log, store);
      const seconds = (performance.now() - begun) / 1000;
      const pace = Math.round(records / seconds);
      say(`The store is made anew: ${records} records in ${seconds.toFixed(1)} s, ${pace} a second.`);
    } finally {
      await store.close();
    }
  } finally {
    await log.close();
  }
}

async function putAsideOf(dataFolder: string, cluster: string, say: (line: string) => void): Promise<void> {
  const folder = await openFolder(dataFolder, { otherwise: 'refuse', cluster });
  const lock = await lockFolder(folder.path);
  try {
    putAside(join(folder.store, STORE_FILE));
    say('The tables are put aside. The next start makes them anew, from a backup or from the log of the cluster.');
  } finally {
    await lock.release();
  }
}
