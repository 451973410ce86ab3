/**
 * A row of a workspace's list, as the tables got it. Its state is parsed when somebody first looks at it, once for all who do.
 */
import { glance } from '../machines/snapshot.ts';
import type { ConversationState } from '../machines/state.ts';
import type { FeedRow, MovedRow } from './store.ts';

export class Fed {
  readonly n: number;
  readonly actor: string;
  /** Lists that it joined and left by its change, where that is known. */
  readonly joined: readonly string[];
  readonly left: readonly string[];
  readonly #text: string;
  #state: ConversationState | undefined;

  constructor({ n, actor, state, joined = [], left = [] }: FeedRow & Partial<MovedRow>) {
    this.n = n;
    this.actor = actor;
    this.joined = joined;
    this.left = left;
    this.#text = state;
  }

  get state(): ConversationState {
    return this.#state ??= glance(this.#text);
  }
}
