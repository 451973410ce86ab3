/** The last frames that passed, without what anybody said: something to paste into a report. */
import type { Clock } from './clock.ts';

export interface DiagnosticLine {
  /** Milliseconds since 1970, this device's clock. */
  at: number;
  way: 'sent' | 'heard' | 'state';
  /** A frame's name, or a connection state. */
  what: string;
  /** Ids, sequences and codes; never bodies, names or tokens. */
  facts: Readonly<Record<string, string | number | boolean>>;
}

const KEPT = 200;
/** Fields that hold what somebody said, or proves who they are. What lies deeper is left out altogether. */
const SECRET = ['t', 'text', 'token', 'value'];

export class Trace {
  readonly #clock: Clock;
  #lines: DiagnosticLine[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(way: DiagnosticLine['way'], what: string, source: object): void {
    const telling = Object.entries(source).filter(([key, value]) => typeof value !== 'object' && !SECRET.includes(key));
    const line = { at: this.#clock.now(), way, what, facts: Object.fromEntries(telling) };
    this.#lines = [...this.#lines.slice(1 - KEPT), line];
  }

  lines(): readonly DiagnosticLine[] {
    return this.#lines;
  }
}
