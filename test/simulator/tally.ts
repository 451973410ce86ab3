/** What many runs come to. */
import type { Outcome } from './run.ts';

export interface Figures {
  seeds: number;
  /** Seeds in which some promise was broken. */
  violations: number;
  operations: number;
  events: number;
  faults: number;
  byKind: Record<string, number>;
  milliseconds: number;
  /** Of all histories, whatever order they ended in. */
  hash: string;
  failed: number[];
}

export class Tally {
  readonly #begun = performance.now();
  readonly #figures: Omit<Figures, 'milliseconds' | 'hash'> = { seeds: 0, violations: 0, operations: 0, events: 0, faults: 0, byKind: {}, failed: [] };
  #high = 0;
  #low = 0;

  add({ seed, operations, events, faults, hash, violations }: Outcome): void {
    const all = this.#figures;
    all.seeds++;
    all.operations += operations;
    all.events += events;
    for (const [kind, count] of Object.entries(faults)) {
      all.byKind[kind] = (all.byKind[kind] ?? 0) + count;
      all.faults += count;
    }
    if (violations.length > 0) {
      all.violations++;
      all.failed.push(seed);
    }
    this.#high = (this.#high + Math.imul(parseInt(hash.slice(0, 8), 16) || 0, seed | 1)) | 0;
    this.#low = (this.#low + Math.imul(parseInt(hash.slice(8), 16) || 0, seed | 1)) | 0;
  }

  get figures(): Figures {
    const { failed, ...rest } = this.#figures;
    const hash = [this.#high, this.#low].map((part) => (part >>> 0).toString(16).padStart(8, '0')).join('');
    const byKind = Object.fromEntries(Object.entries(rest.byKind).sort(([a], [b]) => a.localeCompare(b)));
    return { ...rest, byKind, milliseconds: Math.round(performance.now() - this.#begun), hash, failed: failed.sort((a, b) => a - b).slice(0, 20) };
  }

  get text(): string {
    const { seeds, violations, operations, events, faults, milliseconds, hash, byKind } = this.figures;
    const kinds = Object.entries(byKind).map(([kind, count]) => `${kind} ${count}`).join(', ');
    return `${seeds} seeds, ${violations} with a broken promise; ${operations} operations, ${events} events, ${faults} faults (${kinds}) in ${(milliseconds / 1_000).toFixed(1)} s; hash ${hash}`;
  }
}
