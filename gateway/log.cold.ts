/** Reads a log's folder without owning it, for tools and tests: nothing is locked and nothing is changed. */
import * as disk from 'node:fs/promises';
import type { Damage, Stored } from './log.ts';
import { FolderRefusal, inspect } from './log.folder.ts';
import { Scan } from './log.scan.ts';

export interface Verdict {
  shards: number;
  records: number;
  /** Of the records, without what surrounds them. */
  bytes: number;
  /** Newest good sequence of each shard. */
  positions: number[];
  /** Bytes at the end that a crash, or a writer still at work, left half written. */
  torn: number;
  damage: readonly Damage[];
  notes: readonly string[];
}

/** Every good record in the order of the log, each shard's until its damage; `verify` says whether that is all. */
export interface ColdLog extends AsyncIterable<Stored> {
  verify(): Promise<Verdict>;
}

/** @throws FolderRefusal when the folder holds no log. */
export function readLog(path: string): ColdLog {
  const scanOf = async (): Promise<Scan> => {
    const folder = await inspect(path, disk);
    if (!folder.log) throw new FolderRefusal(`There is no log in ${path}. Name the folder that the gateway writes to.`);
    return new Scan(folder, disk);
  };
  return {
    async *[Symbol.asyncIterator]() {
      const scan = await scanOf();
      for await (const batch of scan.run()) {
        for (const { shard, seq, bytes } of batch) yield { shard, seq, bytes: new Uint8Array(bytes) };
      }
    },
    async verify() {
      const scan = await scanOf();
      for await (const _ of scan.run());
      const { heads, records, bytes, torn, damage, notes } = scan;
      return { shards: heads.length, records, bytes, positions: heads.map(({ seq }) => seq), torn, damage, notes };
    },
  };
}
