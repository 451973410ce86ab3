/** A conversation as a row of lists: where it stands in them, and its bytes, made once for all who see it. */
import type { Codec } from '../sdk/protocol/codec.ts';
import { decodeSummary, encodeSummary, summaryText } from '../sdk/protocol/envelope.ts';
import type { Fed } from './hub.ts';
import { factsOf, listsOf } from './lists.ts';
import type { Report } from './report.ts';
import { tellSummary } from './tell.ts';
import type { Ranked } from './window.ts';

export class Row implements Ranked {
  readonly n: number;
  readonly actor: string;
  readonly at: number;
  readonly waiting: number;
  readonly lists: readonly string[];
  readonly binary: Uint8Array;
  #text: string | undefined;

  /** @throws for a state that lists cannot show. */
  constructor({ n, actor, state }: Fed) {
    const facts = factsOf(state);
    if (facts === undefined) throw new Error('it says nothing that lists are made from');
    this.n = n;
    this.actor = actor;
    this.at = facts.at;
    this.waiting = facts.waiting;
    this.lists = listsOf(facts);
    this.binary = encodeSummary(tellSummary(conversationOf(actor), state, 'agent'));
  }

  get text(): string {
    return this.#text ??= summaryText(decodeSummary(this.binary));
  }

  same(other: Row): boolean {
    return Buffer.compare(this.binary, other.binary) === 0;
  }

  size({ binary }: Codec): number {
    return binary ? this.binary.length : this.text.length;
  }
}

/** Many hear of a row at once: a fault in one must not keep the others from them. */
export function* rowsOf(feed: readonly Fed[], report: Report): Iterable<[row: Row, fed: Fed]> {
  for (const fed of feed) {
    let row: Row;
    try {
      row = new Row(fed);
    } catch (error) {
      report('error', 'a conversation is left out of lists', { actor: fed.actor, why: error instanceof Error ? error.message : String(error) });
      continue;
    }
    yield [row, fed];
  }
}

/** The conversation of an actor, as clients know it. */
export const conversationOf = (actor: string): string => actor.slice(actor.lastIndexOf('/') + 1);
