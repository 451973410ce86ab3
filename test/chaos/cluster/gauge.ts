/** How long people waited: after each fault, for any acknowledgement at all, and while nodes were restarted gently. */
import type { ClientLine, Fault, NodeLine } from './history.ts';

/** Of so many samples, in milliseconds; all null without any. */
export interface Spread {
  count: number;
  p50: number | null;
  p99: number | null;
  max: number | null;
}

export interface Figures {
  /** `kill -9` until a conversation of the victim took words again, by another node, while NATS was there and nothing else began. */
  failover: Spread;
  /** The same, also with a second fault meanwhile. */
  failoverAll: Spread;
  /** As `failover`, for a node that stood still. */
  replaced: Spread;
  replacedAll: Spread;
  /** As `failover`, for a node that could not reach NATS. */
  cutOff: Spread;
  /** The longest time in which nobody had an acknowledgement, in milliseconds. */
  longestGapMs: number;
  /** While nodes were restarted gently: sends that were refused, and the longest time a client was without a connection. */
  rollFailed: number;
  rollDisconnectMs: number;
  /** How long nodes waited for a processor, all together, in milliseconds: of a busy machine all other figures tell less. */
  waitedMs: number;
  /** How often each fault was done. */
  faults: Partial<Record<Fault, number>>;
}

interface Strike {
  kind: Fault;
  who: string;
  from: number;
  to: number;
}

/** Another fault this short before is not yet over for those whom it befell. */
const FRESH_MS: Partial<Record<Fault, number>> = { kill: 1_500, freeze: 4_000, cut: 4_000, deaf: 4_000, roll: 0 };
/** NATS is there again so long after it is started. */
const NATS_MS = 1_000;

export class Gauge {
  readonly #strikes = new Map<number, Strike>();
  readonly #probes = new Map<string, number>();
  readonly #samples: { nth: number; at: number }[] = [];
  readonly #acks: number[] = [];
  readonly #failed: number[] = [];
  readonly #down = new Map<string, number>();
  #waitedMs = 0;
  readonly #absences: { from: number; to: number }[] = [];

  node(line: NodeLine): void {
    if (line.kind === 'waited') {
      this.#waitedMs += line.ms;
      return;
    }
    const { op, kind, who, nth, at } = line;
    const strike = this.#strikes.get(nth);
    if (op === 'invoke') this.#strikes.set(nth, { kind, who, from: at, to: Infinity });
    else if (strike !== undefined) strike.to = at;
  }

  client(line: ClientLine): void {
    if (line.kind === 'connection') return this.#connection(line);
    if (line.kind !== 'send') return;
    if (line.op === 'invoke' && line.probe !== undefined) this.#probes.set(line.id, line.probe);
    if (line.op === 'fail') this.#failed.push(line.at);
    if (line.op !== 'ok') return;
    this.#acks.push(line.at);
    const nth = this.#probes.get(line.id);
    if (nth !== undefined) this.#samples.push({ nth, at: line.at });
  }

  figures(): Figures {
    const strikes = [...this.#strikes.values()];
    const rolls = strikes.filter(({ kind }) => kind === 'roll');
    const during = (at: number): boolean => rolls.some(({ from, to }) => at >= from && at <= to);
    const faults: Partial<Record<Fault, number>> = {};
    for (const { kind } of strikes) faults[kind] = (faults[kind] ?? 0) + 1;
    const absences = this.#absences.filter(({ from }) => during(from)).map(({ from, to }) => to - from);
    return {
      failover: spread(this.#after(['kill'], true)), failoverAll: spread(this.#after(['kill'], false)),
      replaced: spread(this.#after(['freeze'], true)), replacedAll: spread(this.#after(['freeze'], false)),
      cutOff: spread(this.#after(['cut', 'deaf'], false)),
      longestGapMs: longest(this.#acks), rollFailed: this.#failed.filter(during).length, rollDisconnectMs: absences.reduce((a, b) => Math.max(a, b), 0),
      waitedMs: Math.round(this.#waitedMs), faults,
    };
  }

  #connection({ who, at, live }: Extract<ClientLine, { kind: 'connection' }>): void {
    const since = this.#down.get(who);
    if (!live) this.#down.set(who, since ?? at);
    else if (since !== undefined) {
      this.#down.delete(who);
      this.#absences.push({ from: since, to: at });
    }
  }

  /** Times from a fault of these kinds to the answers to its probes. */
  #after(kinds: readonly Fault[], clean: boolean): number[] {
    return this.#samples.flatMap(({ nth, at }) => {
      const strike = this.#strikes.get(nth);
      if (strike === undefined || !kinds.includes(strike.kind) || (clean && this.#disturbed(nth, strike, at))) return [];
      return [at - strike.from];
    });
  }

  #disturbed(nth: number, { from }: Strike, until: number): boolean {
    return [...this.#strikes].some(([other, { kind, from: begun, to }]) => {
      if (other === nth) return false;
      if (kind.startsWith('nats')) return begun <= until && to + NATS_MS >= from;
      return begun <= until && begun >= from - (FRESH_MS[kind] ?? 0);
    });
  }
}

export function spread(values: number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number | null => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? null };
}

function longest(moments: readonly number[]): number {
  const sorted = [...moments].sort((a, b) => a - b);
  return sorted.reduce((gap, at, nth) => Math.max(gap, at - (sorted[nth - 1] ?? at)), 0);
}
