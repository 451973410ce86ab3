/**
 * Words between nodes: quick, each at most once, in order from one node to another. Nothing rests on their arrival: what
 * must not be lost is in the log.
 *
 * Every implementation passes `test/contracts/bus.ts`. Subjects are words of letters, digits, `-` and `_`, joined by dots;
 * each names one thing, there are no wildcards.
 */
export interface Bus {
  /**
   * Says something to all who listen on the subject, also on this node, in a later turn. While this node is cut off it is
   * lost. @throws RangeError when it is longer than `bytesMax`, and nothing else
   */
  publish(subject: string, bytes: Uint8Array): void;

  /**
   * Hears what is said and asked on a subject. Resolves once every later word of any node reaches this listener, and rejects
   * when the bus is closed; while cut off it waits. A listener stays through disconnections.
   *
   * @returns ends it, at once on this node
   */
  listen(subject: string, hear: (bytes: Uint8Array, answer: (bytes: Uint8Array) => void) => void): Promise<() => void>;

  /**
   * Asks all who listen on a subject. Each answer is told, however many there are, until the returned function is called.
   * `undefined`, at once (in a later turn), when nobody listens or this node is cut off; then nothing else comes. An ask
   * that is open when this node is cut off ends so too, whoever may have heard it. @throws RangeError as `publish` does
   */
  ask(subject: string, bytes: Uint8Array, heard: (answer: Uint8Array | undefined) => void): () => void;

  /** Whether words can leave this node now, as far as it knows. */
  readonly connected: boolean;
  /** Called with each change of `connected`. @returns ends it */
  onConnection(call: (connected: boolean) => void): () => void;

  /** The largest word, in bytes. */
  readonly bytesMax: number;

  /** What was said has left this node when it resolves; it says and hears nothing more. */
  close(): Promise<void>;
}
