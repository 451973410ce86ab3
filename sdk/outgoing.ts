/** One message on its way out: what its sender holds, and what is kept of it until it is durable. */
import type { House } from './house.ts';
import { ParleyError } from './error.ts';
import { cell, type Cell, type Value } from './value.ts';

export interface Outgoing {
  /** The message's id through every retry and reload. */
  readonly id: string;
  readonly status: Value<'queued' | 'sending' | 'sent' | 'failed'>;
  /** Why it failed, while it is failed. */
  readonly error: Value<ParleyError | null>;
  /** Resolves when the server holds it durably; rejects with a `ParleyError` when it fails. After `retry` a new one. */
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
  /** It has left this device, or may have: nobody can know after a reload. */
  left?: boolean;
  /** The newest entry on the screen of the agent who wrote it. */
  seen?: number | null;
}

type Act = (message: Sending) => void;

export interface Sending extends Outgoing {
  kept: Kept;
  /** Where it stands, 0 until it is durable. */
  seq: number;
  /** It is in storage, so it may be sent. */
  safe: boolean;
  /** When it was sent on the live socket, 0 for not. */
  sentAt: number;
  readonly status: Cell<ReturnType<Outgoing['status']['get']>>;
  sent(seq: number, at: number): void;
  fail(error: ParleyError): void;
  /** As it was before it was sent. */
  rewind(): void;
}

export function createSending(kept: Kept, retry: Act, drop: Act, errorOf: House['errorOf']): Sending {
  const status: Sending['status'] = cell('queued');
  const error = cell<ParleyError | null>(null);
  let resolve: (at: { seq: number; at: number }) => void;
  let reject: (error: ParleyError) => void;

  let committed: Outgoing['committed'];

  function promise(): void {
    committed = new Promise((yes, no) => {
      resolve = yes;
      reject = no;
    });
    // Nobody has to wait for it, and then its failure is no unhandled one.
    committed.catch(() => {});
  }
  promise();

  const it: Sending = {
    id: kept.cmid,
    kept,
    seq: 0,
    status,
    error,
    safe: false,
    sentAt: 0,
    get committed() {
      return committed;
    },
    sent(seq, at) {
      it.seq = seq;
      status.set('sent');
      resolve({ seq, at });
    },
    fail(why) {
      it.sentAt = 0;
      error.set(why);
      status.set('failed');
      reject(why);
    },
    rewind() {
      it.sentAt = 0;
      if (error.get() !== null) promise();
      error.set(null);
      status.set('queued');
    },
    retry() {
      if (status.get() === 'failed') retry(it);
    },
    discard() {
      if (status.get() === 'failed' || (status.get() === 'queued' && !it.kept.left)) drop(it);
    },
  };
  if (kept.failed !== null) it.fail(errorOf(kept.failed.code, kept.failed.detail));
  return it;
}
