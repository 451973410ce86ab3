/**
 * What one append says: the facts of every step that shared it. Nothing is ever recomputed from old inputs.
 *
 * Bytes: 16 bytes of the SHA-256 of the shard's previous record (zeros for its first), then one MessagePack value.
 * So a hole or a flipped bit is found by reading, and an owner recognises its own record by `(epoch, counter)`.
 */

/** One actor's share of a record. */
export interface Change {
  actor: string;
  /** The actor's whole new state, as UTF-8 JSON. */
  state: Uint8Array;
  /** When its earliest timer is due, 0 for none. */
  due: number;
  /** Whether its outbox holds effects. */
  pending: boolean;
  /** The log lines it gained, oldest first: encoded once, these bytes go to the store and every socket. */
  entries: { audience: Audience; bytes: Uint8Array }[];
}
export type Audience = 'everyone' | 'agents';

export interface ShardRecord {
  /** Grows by one with each claim of the shard. */
  epoch: number;
  /** The owner's appends in this epoch, from 0 (the claim itself). */
  counter: number;
  /** The owner, for reports. */
  node: string;
  at: number;
  changes: Change[];
}
