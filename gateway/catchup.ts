/** Brings tables level with the log: at start, after a rebuild began, and when they fell behind. */
import type { Log, Stored } from './log.ts';

/** What is fed: the store, or the queue within it. */
export interface Fed {
  readonly positions: readonly number[];
  apply(records: readonly Stored[]): void;
  settled(): Promise<void>;
}

/** At most two of these are in memory: the one that is read, and the one that is applied. */
const SLICE_BYTES = 2 * 1024 * 1024;

/** Resolves with the number of records read, when everything that the log held is applied. */
export async function catchUp(log: Pick<Log, 'read'>, store: Fed): Promise<number> {
  let count = 0;
  let bytes = 0;
  let slice: Stored[] = [];
  for await (const record of log.read(new Map(store.positions.entries()))) {
    slice.push(record);
    count += 1;
    bytes += record.bytes.byteLength;
    if (bytes < SLICE_BYTES) continue;
    await store.settled();
    store.apply(slice);
    slice = [];
    bytes = 0;
  }
  await store.settled();
  store.apply(slice);
  await store.settled();
  return count;
}
