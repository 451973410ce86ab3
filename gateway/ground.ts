/** What a node stands on: its log and its tables, and in a cluster the way to the other nodes. */
import { bootstrap } from './bootstrap.ts';
import { systemClock } from './clock.ts';
import { openFolder } from './folder.ts';
import type { GatewayOptions } from './gateway.ts';
import type { Host } from './host.ts';
import { Keeper } from './keeper.ts';
import { openFileLog } from './log.file.ts';
import { lockFolder } from './log.lock.ts';
import { pings } from './members.pings.ts';
import { openNats } from './nats.ts';
import type { Report } from './report.ts';
import type { Settings } from './settings.ts';
import { openStore } from './store.sqlite.ts';

export interface Ground extends Pick<GatewayOptions, 'log' | 'store' | 'secret' | 'bus' | 'members'> {
  /** What is not lost whatever dies, in a sentence or two, where that needs to be said. */
  promise: string | undefined;
  /** Keeps backups and the log short, for as long as this node owns the first shard; where there are several nodes. */
  keeper?: (host: Host) => Keeper;
  /** Lets go of everything; what is closed already stays so. */
  close(): Promise<void>;
}

interface Life {
  settings: Settings;
  /** The node's name in this life. */
  node: string;
  report: Report;
}

/** @param path the data folder @throws Error in a sentence or two */
export function openGround(path: string, life: Life): Promise<Ground> {
  return life.settings.nats.servers.length > 0 ? onNats(path, life) : onThisMachine(path, life);
}

async function onThisMachine(path: string, { settings, report }: Life): Promise<Ground> {
  const folder = await openFolder(path);
  return undoing(async (undo) => {
    const log = await openFileLog(folder.log, { shards: settings.shards, report: (line) => report('warn', line) });
    undo.push(() => log.close());
    const store = await openStore({ folder: folder.store, log, report });
    undo.push(() => store.close());
    return { log, store, secret: folder.secret, promise: undefined };
  });
}

async function onNats(path: string, { settings: { nats: settings }, node, report }: Life): Promise<Ground> {
  const folder = await openFolder(path, { cluster: settings.name });
  return undoing(async (undo) => {
    // Two processes on one folder would write the same tables.
    const lock = await lockFolder(folder.path);
    undo.push(() => lock.release());
    const clock = systemClock;
    const nats = await openNats(settings, { node, clock, report });
    undo.push(() => nats.close());
    const { log, bus, secret, promise, backups } = nats;
    await bootstrap({ log, backups, folder: folder.store, clock, report });
    const store = await openStore({ folder: folder.store, log, report });
    undo.push(() => store.close());
    const members = pings({ bus, clock, node, report });
    undo.push(() => members.close());
    const keeper = (host: Host): Keeper => new Keeper({
      backups, store, folder: folder.store, bus, clock, report, minutes: settings.backupMinutes,
      owns: (shard) => host.has(shard), renew: (olderThanMs) => host.renew(olderThanMs),
    });
    return { log, store, secret, bus, members, promise, keeper };
  });
}

/** Whatever was opened before something failed is closed again, in the other order. */
async function undoing(open: (undo: (() => Promise<void>)[]) => Promise<Omit<Ground, 'close'>>): Promise<Ground> {
  const undo: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of undo.splice(0).reverse()) await each();
  };
  try {
    return { ...await open(undo), close };
  } catch (error) {
    await close();
    throw error;
  }
}
