/** A conversation as a row of lists: where it stands in them, and its bytes, made once for all who see it. */
import { decodeSummary, encodeSummary, summaryText } from '../sdk/protocol/envelope.ts';
import type { Fed } from './fed.ts';
import { factsOf, listsOf, type Rank } from './lists.ts';
import type { Report } from './report.ts';
import { tellSummary } from './tell.ts';
import type { Ranked } from './window.ts';

export class Row implements Ranked {
  readonly n: number;
  readonly actor: string;
  readonly at: number;
  readonly waiting: number;
  readonly lists: readonly string[];
  readonly #report: Report;
  /** Until somebody sees it: then its bytes, a tenth of it, are enough. */
  #fed: Fed | undefined;
  #binary: Uint8Array | undefined;
  #text: string | undefined;

  /** @param lists that it is known to be in. */
  constructor(fed: Fed, { at, waiting }: Pick<Rank, 'at' | 'waiting'>, lists: readonly string[], report: Report) {
    this.n = fed.n;
    this.actor = fed.actor;
    this.at = at;
    this.waiting = waiting;
    this.lists = lists;
    this.#fed = fed;
    this.#report = report;
  }

  /** As its change says; undefined when that says nothing that lists are made from. */
  static of(fed: Fed, report: Report): Row | undefined {
    const facts = factsOf(fed.state);
    return facts && new Row(fed, facts, listsOf(facts), report);
  }

  /** Undefined for one that cannot be told, which is a fault of ours: it must not keep the others from who sees them. */
  get binary(): Uint8Array | undefined {
    const fed = this.#fed;
    this.#fed = undefined;
    if (fed === undefined) return this.#binary;
    try {
      this.#binary = encodeSummary(tellSummary(conversationOf(this.actor), fed.state, 'agent'));
    } catch (error) {
      this.#report('error', 'a conversation is left out of lists', { actor: this.actor, why: error instanceof Error ? error.message : String(error) });
    }
    return this.#binary;
  }

  get text(): string | undefined {
    const { binary } = this;
    return this.#text ??= binary && summaryText(decodeSummary(binary));
  }

  same(other: Row): boolean {
    const [mine, its] = [this.binary, other.binary];
    return mine !== undefined && its !== undefined && Buffer.compare(mine, its) === 0;
  }
}

/** The conversation of an actor, as clients know it. */
export const conversationOf = (actor: string): string => actor.slice(actor.lastIndexOf('/') + 1);
