/**
 * What the run's one flow does in every conversation, as the log and the server outside tell it: wait, say so in a note
 * (`tick`), ask outside, note the answer (`answer <nonce>`), and again. Each timer fires once and in time, each answer counts
 * once, and nothing is asked for whose answer stands.
 */
import type { Flow } from '../../../machines/flows/flow.ts';
import { spread, type Spread } from './gauge.ts';
import { nameOf, type EffectLine, type LogLine, type NodeLine } from './history.ts';
import type { Breaches } from './judge.ts';

/** From one answer to the next tick. */
export const WAIT_MS = 4_000;
const TICK = 'tick';
const ANSWER = 'answer ';
const NO_ANSWER = 'no answer';
const TIMES = 20;
/** How late a timer may be, once it can fire. */
const LATE_MS = 2_000;
/** Between a request's arrival and the server's noticing it. */
const NOTICED_MS = 500;

/** @param port of the server outside */
export function roundsFlow(port: number): Flow {
  return {
    name: 'Rounds', start: [{ on: 'opened' }], again: 'ignore', onAgent: 'goOn', steps: [
      { id: 'wait', do: 'wait', forMs: WAIT_MS },
      { id: 'tick', do: 'note', text: TICK },
      {
        id: 'ask', do: 'http', method: 'POST', url: `http://127.0.0.1:${port}/`, body: { from: '{{conversation.ticket}}' }, timeoutMs: 2_000,
        retries: 5, map: [{ path: '$.nonce', save: 'vars.nonce' }], onFailure: [{ id: 'none', do: 'note', text: NO_ANSWER }, { id: 'again', do: 'jump', to: 'wait', times: TIMES }],
      },
      { id: 'answer', do: 'note', text: `${ANSWER}{{vars.nonce}}` },
      { id: 'round', do: 'jump', to: 'wait', times: TIMES },
    ],
  };
}

interface Round {
  at: 'waiting' | 'asking';
  since: number;
}

export class Rounds {
  readonly #found: (breach: keyof Breaches, words: string) => void;
  readonly #rounds = new Map<string, Round>();
  /** Moments from which on timers could fire again: of all shards, and of one. */
  readonly #healed: number[] = [];
  readonly #claimed = new Map<number, { at: number; epoch: number; node: string }>();
  /** Nobody is late who had no processor. */
  readonly #waits = new Map<string, { at: number; ms: number }[]>();
  readonly #asked = new Map<string, { key: string; at: number }>();
  /** When the answer to each key stood. */
  readonly #applied = new Map<string, number>();
  #timers = 0;
  /** Of each timer, how late after it could fire. */
  readonly #lates: number[] = [];

  constructor(found: (breach: keyof Breaches, words: string) => void) {
    this.#found = found;
  }

  node(line: NodeLine): void {
    const { at, who } = line;
    if (line.kind === 'waited') this.#waits.set(who, [...this.#waits.get(who) ?? [], { at, ms: line.ms }]);
    else if (line.op === 'ok' && line.kind !== 'kill' && line.kind !== 'roll') this.#healed.push(at);
  }

  effect(line: EffectLine): void {
    if (line.kind === 'asked') this.#asked.set(line.nonce, { key: line.key, at: line.at });
  }

  log(line: LogLine): void {
    if (line.kind === 'record' && line.epoch !== this.#claimed.get(line.shard)?.epoch) {
      this.#claimed.set(line.shard, { at: line.at, epoch: line.epoch, node: nameOf(line.node) });
    }
    if (line.kind === 'line') this.#line(line);
  }

  end(): { timers: number; effects: number; late: Spread } {
    for (const [nonce, { key, at }] of this.#asked) {
      const stood = this.#applied.get(key);
      if (stood !== undefined && at > stood + NOTICED_MS) {
        this.#found('zombie', `${key} was asked for (${nonce}) ${at - stood} ms after its answer stood`);
      }
    }
    return { timers: this.#timers, effects: this.#applied.size, late: spread(this.#lates) };
  }

  #line({ conversation, seq, shard, what, at, text = '' }: Extract<LogLine, { kind: 'line' }>): void {
    const place = `${conversation} at ${seq}`;
    const round = this.#rounds.get(conversation);
    if (what === 'ticket') this.#rounds.set(conversation, { at: 'waiting', since: at });
    if (what !== 'note') return;
    if (text === TICK) {
      this.#timers += 1;
      if (round?.at !== 'waiting') return this.#found('twice', `${place}, a timer fires that was not set`);
      this.#due(round.since + WAIT_MS, at, shard, place);
      this.#rounds.set(conversation, { at: 'asking', since: at });
    } else if (text.startsWith(ANSWER) || text === NO_ANSWER) {
      if (round?.at !== 'asking') this.#found('twice', `${place}, an answer to nothing`);
      this.#rounds.set(conversation, { at: 'waiting', since: at });
      if (text !== NO_ANSWER) this.#answer(text.slice(ANSWER.length), at, place);
    }
  }

  #answer(nonce: string, at: number, place: string): void {
    const asked = this.#asked.get(nonce);
    if (asked === undefined) return this.#found('strange', `${place}, the answer ${nonce}, which nobody gave`);
    if (this.#applied.has(asked.key)) this.#found('twice', `${place}, the answer to ${asked.key} counts again`);
    this.#applied.set(asked.key, at);
  }

  #due(due: number, at: number, shard: number, place: string): void {
    if (at < due) this.#found('early', `${place}, a timer fires ${due - at} ms too early`);
    const claim = this.#claimed.get(shard);
    const could = Math.max(due, claim?.at ?? 0, ...this.#healed.filter((healed) => healed <= at));
    const lateMs = Math.max(0, at - could);
    this.#lates.push(lateMs);
    const waited = (this.#waits.get(claim?.node ?? '') ?? []).filter((wait) => wait.at > could && wait.at - wait.ms < at)
      .reduce((sum, { ms }) => sum + ms, 0);
    if (lateMs > LATE_MS + 2 * waited) this.#found('late', `${place}, a timer fires ${lateMs} ms after it could have, with ${Math.round(waited)} ms without a processor`);
  }
}
