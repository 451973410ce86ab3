/** Why an HTTP request of a flow has no answer that counts, in words for agents: nothing of what came back is in them. */
export class Unanswered extends Error {
  /** Whether another try may help. */
  readonly again: boolean;
  /** How long the other side asks to wait, in milliseconds; undefined when it does not say. */
  readonly afterMs: number | undefined;

  constructor(why: string, { again = false, afterMs }: { again?: boolean; afterMs?: number | undefined } = {}) {
    super(why);
    this.again = again;
    this.afterMs = afterMs;
  }
}
