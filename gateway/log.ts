/**
 * The ordered, durable record of every shard: the truth, and the fence between owners.
 *
 * Every implementation passes `test/contracts/log.ts`.
 */
export interface Log {
  /** Number of shards, fixed when the log is created. */
  readonly shards: number;
  /**
   * Appends one record and resolves with its sequence (`expected + 1`) once it is durable.
   *
   * @param expected the shard's newest sequence as the writer knows it, 0 for none.
   * @throws LogRefusal `fenced`: somebody else wrote first; the caller no longer owns the shard.
   *   `unavailable`: nothing was written (disk full, closed); try again later.
   *   `unknown`: may or may not be durable; append the same bytes with the same expectation until it is known:
   *   an append whose bytes already stand at `expected + 1` resolves.
   *   `damaged`: the shard's history has a hole; it takes no more records.
   */
  append(shard: number, expected: number, record: Uint8Array): Promise<number>;

  /** The newest record of a shard, undefined when it has none. @throws LogRefusal `damaged` */
  last(shard: number): Promise<Stored | undefined>;

  /**
   * Reads the records of the shards that `after` names (shard -> sequence already known), each shard oldest first and
   * without gaps, and ends at the newest without waiting. A damaged shard ends before its damage.
   *
   * @throws LogRefusal `trimmed`: what comes after these positions is not in the log any more; only a backup has it.
   *   `unavailable`: it cannot be read now.
   */
  read(after: ReadonlyMap<number, number>): AsyncIterable<Stored>;

  /** Whether other processes append too. If so, `follow` tells of it; if not, whoever appends knows, and it tells nothing. */
  readonly shared: boolean;

  /**
   * Tells the records of all shards behind the positions that `after` names (shard -> sequence already known), each shard
   * in order and without gaps, soon after they are durable, whoever wrote them, until the returned function is called.
   * What it cannot read now it reads later, by itself. While a promise that `tell` returned is open, little more is read.
   * `lost` is called, once, when what comes next was trimmed away, so that only a backup has it, and when the log has lost
   * what this process has seen of it.
   */
  follow(after: ReadonlyMap<number, number>, tell: (records: readonly Stored[]) => void | Promise<void>, lost: (why: string) => void): () => void;

  /** The longest record that it takes, in bytes. */
  readonly recordBytesMax: number;

  /** What was found damaged, empty when all is well. */
  readonly damage: readonly Damage[];

  /** Waits for what is being written, then lets go of files and locks. */
  close(): Promise<void>;
}

export interface Stored {
  shard: number;
  seq: number;
  bytes: Uint8Array;
}

export interface Damage {
  /** The shard that is stopped. */
  shard: number;
  /** The first sequence that is missing or wrong. */
  seq: number;
  /** Where, for the operator: file and byte offset. */
  where: string;
  /** What was found and what to do, in a sentence each. */
  report: string;
}

export type LogReason = 'fenced' | 'unavailable' | 'unknown' | 'damaged' | 'trimmed';

export class LogRefusal extends Error {
  readonly reason: LogReason;

  constructor(reason: LogReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
