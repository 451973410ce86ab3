/**
 * An HTTP request of a flow as it waits in the outbox: everything filled in but secrets, which no log ever holds.
 */
import type { ActorCommand } from '../actor.ts';
import type { Json, Value } from './flow.ts';

export interface Call extends ActorCommand {
  type: 'call';
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: string;
  /** A value is texts and names of secrets, one after the other. */
  headers: readonly { name: string; value: readonly (string | { secret: string })[] }[];
  body: Json | undefined;
  map: readonly { path: string; save: string }[];
  timeoutMs: number;
  retries: number;
}

/** What came of it: back to the conversation, which lets go of the effect `n` in the same step. */
export interface Called extends ActorCommand {
  type: 'called';
  n: number;
  /** `values` by where they are to be kept (`vars.x`, `contact.x`). */
  outcome: { values: Readonly<Record<string, Value>> } | { why: string };
}

/** Effects to such targets are no actors': the gateway calls out for them. One conversation's calls go one after the other. */
export function outsideOf(workspace: string, conversation: string): string {
  return `x/${workspace}/${conversation}`;
}

export function isOutside(target: string): boolean {
  return target.startsWith('x/');
}
