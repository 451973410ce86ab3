/** One message on its way out: what its sender holds, and what is kept of it until it is durable. */
import { errorOf, ParleyError } from './error.ts';
import { cell, type Value } from './value.ts';

export interface Outgoing {
  /** The message's id through every retry and reload. */
  readonly id: string;
  readonly status: Value<'queued' | 'sending' | 'sent' | 'failed'>;
  /** Why it failed, while it is failed. */
  readonly error: Value<ParleyError | null>;
  /** Resolves when the server holds it durably, rejects with a `ParleyError` when it failed; after `retry` a new one. */
  readonly committed: Promise<{ seq: number; at: number }>;
  /** Sends a failed message again, under the same id. */
  retry(): void;
  /** Takes back what has failed or never left this device; what may have arrived is not taken back. */
  discard(): void;
}

/** What storage keeps of it. */
export interface Kept {
  cmid: string;
  conversation: string;
  kind: 'message' | 'note';
  text: string;
  channel: string | null;
  at: number;
  /** The identified person who wrote it: nobody else sends it. Empty for a visitor, whoever that becomes. */
  by: string;
  /** The tab that sends it. */
  tab: string;
  failed: { code: number; detail: string } | null;
}

export class Sending implements Outgoing {
  readonly id: string;
  readonly status = cell<'queued' | 'sending' | 'sent' | 'failed'>('queued');
  readonly error = cell<ParleyError | null>(null);
  kept: Kept;
  /** It is in storage, so it may be sent. */
  safe = false;
  /** When it was sent on the live socket, 0 for not. */
  sentAt = 0;
  /** It has left this device at least once. */
  left = false;
  readonly #retry: (message: Sending) => void;
  readonly #drop: (message: Sending) => void;
  #commit: Commit;

  constructor(kept: Kept, retry: (message: Sending) => void, drop: (message: Sending) => void) {
    this.id = kept.cmid;
    this.kept = kept;
    this.#retry = retry;
    this.#drop = drop;
    this.#commit = promised();
    if (kept.failed !== null) this.fail(errorOf(kept.failed.code, kept.failed.detail));
  }

  get committed(): Promise<{ seq: number; at: number }> {
    return this.#commit.promise;
  }

  sent(seq: number, at: number): void {
    this.status.set('sent');
    this.#commit.resolve({ seq, at });
  }

  fail(error: ParleyError): void {
    this.sentAt = 0;
    this.error.set(error);
    this.status.set('failed');
    this.#commit.reject(error);
  }

  /** As it was before it was sent. */
  rewind(): void {
    this.sentAt = 0;
    if (this.error.get() !== null) this.#commit = promised();
    this.error.set(null);
    this.status.set('queued');
  }

  retry(): void {
    if (this.status.get() === 'failed') this.#retry(this);
  }

  discard(): void {
    if (this.status.get() === 'failed' || (this.status.get() === 'queued' && !this.left)) this.#drop(this);
  }
}

interface Commit {
  promise: Promise<{ seq: number; at: number }>;
  resolve(at: { seq: number; at: number }): void;
  reject(error: Error): void;
}

function promised(): Commit {
  let resolve!: (at: { seq: number; at: number }) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<{ seq: number; at: number }>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  // Nobody has to wait for it, and then its failure is no unhandled one.
  promise.catch(() => {});
  return { promise, resolve, reject };
}
