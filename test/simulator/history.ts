/** What has happened, as clients, nodes, the log and the outside saw it: all that the checks look at. */
import type { Taken } from './log.model.ts';

/** `at`: by the world's clock. */
export type Fact = { at: number } & (
  /** A client says something for the first time: its `n`-th word in this conversation. */
  | { t: 'send'; client: string; conversation: string; cmid: string; n: number }
  | { t: 'ack'; client: string; node: string; conversation: string; cmid: string; seq: number }
  /** For good. */
  | { t: 'refused'; client: string; conversation: string; cmid: string; code: number }
  /** For now. */
  | { t: 'nack'; client: string; node: string; ref: string; code: number }
  | { t: 'up'; client: string; node: string }
  /** A line came into a client's copy, as the next. */
  | { t: 'line'; client: string; conversation: string; seq: number; digest: string; how: 'event' | 'page' }
  /** A line came that does not follow the copy, or is another than the one there. */
  | { t: 'broken'; client: string; node: string; conversation: string; seq: number; why: string }
  /** A node knew less of a conversation than this client had been told. */
  | { t: 'back'; client: string; node: string; conversation: string; had: number; got: number }
  /** Words of a conversation that is not this client's. */
  | { t: 'foreign'; client: string; conversation: string; whose: string }
  /** A request of a flow left a node, and what came of it came back. */
  | { t: 'call'; node: string; actor: string; n: number; owner: string; settled: boolean }
  | { t: 'outcome'; node: string; actor: string; n: number }
  /** What was done to the world. */
  | { t: 'fault'; what: string; on: string }
  | { t: 'report'; node: string; level: string; what: string }
  | { t: 'record'; shard: number; seq: number; epoch: number; counter: number; node: string; changes: string }
);

/** Without the time, which `History` knows. */
export type Untimed = Fact extends infer F ? (F extends { at: number } ? Omit<F, 'at'> : never) : never;

/** How everything stood when it had come to rest. */
export interface Ends {
  /** Records by shard. */
  log: readonly (readonly Taken[])[];
  /** What each live node's tables say: by actor, a digest. */
  tables: { node: string; shards: readonly number[]; actors: ReadonlyMap<string, string> }[];
  /** What each client has. */
  copies: { client: string; agent: boolean; conversation: string; lines: ReadonlyMap<number, string>; unsent: number }[];
  /** Nodes at which each agent has a connection. */
  seats: ReadonlyMap<string, readonly string[]>;
  /** Shards that were taken from the living. */
  thefts: readonly string[];
  /** Which live nodes say that they own each shard. */
  owners: readonly string[][];
  /** What a place threw, or a store could not take. */
  broken: readonly string[];
  /** When the last fault had ended, and now. */
  healed: number;
  now: number;
}

export class History {
  readonly facts: Fact[] = [];
  readonly #now: () => number;
  readonly #tell: ((fact: Fact) => void) | undefined;
  #high = 0x811c9dc5;
  #low = 0x01000193;

  /** @param tell for a trace */
  constructor(now: () => number, tell?: (fact: Fact) => void) {
    this.#now = now;
    this.#tell = tell;
  }

  add(untimed: Untimed): void {
    const fact = { at: this.#now(), ...untimed } as Fact;
    this.facts.push(fact);
    this.fold(Object.values(fact).join('|'));
    this.#tell?.(fact);
  }

  /** Something that is no fact for the checks, but must be the same in the same run. */
  fold(text: string): void {
    let high = this.#high;
    let low = this.#low;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      high = Math.imul(high ^ unit, 0x01000193);
      low = Math.imul(low + unit, 0x85ebca6b) ^ (low >>> 13);
    }
    this.#high = high;
    this.#low = low;
  }

  get hash(): string {
    return [this.#high, this.#low].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
  }
}
