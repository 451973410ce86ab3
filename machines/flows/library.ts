/**
 * The flows of a workspace: drafts, published versions, and which version is live. Actor `f/<workspace>`; versions are
 * never changed and never thrown away, because conversations that run one remember only its number.
 */
import type { ActorCommand, Who } from '../actor.ts';
import type { Flow } from './flow.ts';

export type LibraryCommand = ActorCommand & { who: Who; flow: string } & (
  /** `rev` 0 begins one. A draft may be wrong in any way; it is kept as it is. */
  | { type: 'draft'; definition: unknown; rev: number }
  /** The draft becomes the next version, and live. `migrate`: runs of the live version go over to it, if that is clean. */
  | { type: 'publish'; rev: number; migrate: boolean; note: string }
  /** Back, or forward again, to a version; 0: none, so that nothing new starts. */
  | { type: 'live'; version: number }
  /** Gone from the library; runs finish. Not while it is live. */
  | { type: 'remove' }
);

export interface Version {
  readonly version: number;
  readonly flow: Flow;
  readonly note: string;
  readonly by: string;
  readonly at: number;
  /** The version to which its runs have gone over, 0 for none. */
  readonly successor: number;
}

export interface Shelved {
  readonly id: string;
  readonly draft: unknown;
  /** Grows with every change of the draft. */
  readonly rev: number;
  readonly by: string;
  readonly at: number;
  /** 0: none. */
  readonly live: number;
  readonly removed: boolean;
  readonly versions: readonly Version[];
}
