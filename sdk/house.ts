/** What every conversation shares: the connection, the outbox, the list, and who is here. */
import type { Clock } from './clock.ts';
import type { Talk } from './conversation.ts';
import type { Ids } from './ids.ts';
import type { List } from './list.ts';
import type { Me } from './me.ts';
import type { Outbox } from './outbox.ts';
import type { Said } from './protocol/frames.ts';
import type { Reads } from './reads.ts';
import type { Requests } from './requests.ts';
import type { Value } from './value.ts';

export interface House {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly me: Value<Me | null>;
  readonly list: List;
  readonly outbox: Outbox;
  readonly reads: Reads;
  readonly requests: Requests;
  /** Where new conversations open. */
  readonly channel: string;
  live(): boolean;
  /** False when there is no live connection; then nothing is kept. */
  send(frame: Said): boolean;
  /** How long a signal counts, in milliseconds. */
  typingMs(): number;
  /** The live connection's number for a conversation, or none any more. */
  named(talk: Talk, alias: number | null, before: number | null): void;
}
