/**
 * Copies of the store that any node may start from, and the log that may be as short as they allow. A copy is whole or not
 * there; the newest two are kept.
 */
export interface Backups {
  /** The copies that there are, newest first. @throws Error when they cannot be looked up now */
  list(): Promise<Backup[]>;

  /**
   * Keeps a copy; then lets go of all but the newest two. One that is interrupted, at any point, leaves those that were there.
   *
   * @param file a copy of the store, as `Store.backup` makes it
   * @param positions what it has of each shard
   */
  keep(file: string, positions: readonly number[]): Promise<void>;

  /** Writes a copy to a file that is not there yet. @throws Error when it does not come whole, or is not what was kept */
  fetch(backup: Backup, file: string): Promise<void>;

  /**
   * Lets go of what the log has before either of the two copies, but never of a shard's newest record. Without two, of nothing.
   *
   * @returns shards whose newest record is all that keeps older ones of others from going: their owners should append
   */
  trim(): Promise<number[]>;

  /** How many bytes the log holds now. */
  logBytes(): Promise<number>;
}

export interface Backup {
  name: string;
  /** When it was made, in milliseconds since 1970. */
  at: number;
  bytes: number;
  /** What it has of each shard. */
  positions: number[];
}
