/**
 * Which nodes live, and which of them take shards. This says when to try, never who is right: that the log decides.
 *
 * Every implementation passes `test/contracts/members.ts`.
 */
export interface Members {
  /** The name of this node in this life: another after every start. */
  readonly self: string;
  /** All who live, as far as this node knows, itself among them; sorted. */
  readonly alive: readonly string[];
  /** Those, too, who may be alive, as far as this node knows: it has seen what they wrote, and not found out yet. */
  readonly possible: readonly string[];
  /**
   * Those who take shards, in the same order: they have joined, and are not about to leave. None for a moment after this
   * node's start, after it stood still or was cut off: until it has heard again of each who may be here, or given it up, it
   * takes nothing, and the others know.
   */
  readonly takers: readonly string[];
  /** When `takers` last changed, in milliseconds of the clock. */
  readonly since: number;
  /** Called after each change of `alive`, `possible` or `takers`. @returns ends it */
  onChange(call: () => void): () => void;
  /**
   * Called when others had given this node up and see it again, or when it finds that it stood still or was cut off
   * itself: whatever it had told them of who is here may have been forgotten. @returns ends it
   */
  onReturn(call: () => void): () => void;
  /** A node has written into the log, at this time of its own clock. */
  wrote(node: string, at: number): void;
  /** The log names it as an owner, who knows since when: it may live, unless this node knows better. */
  named(node: string): void;
  /** From now on this node takes shards. */
  join(): void;
  /** From now on it takes none; it lives on. */
  leave(): void;
  /** It ends, and tells the others, who need not find out. */
  close(): Promise<void>;
}
