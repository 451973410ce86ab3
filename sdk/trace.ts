/** The last frames that passed, without what anybody said: something to paste into a report. */
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
/** Fields that say how things went and nothing about anybody. */
const TELLING = ['rid', 'alias', 'conversation', 'cmid', 'ref', 'code', 'seq', 'n', 'head', 'verdict', 'from', 'to', 'after', 'before', 'more', 'repeated', 'retryAfterMs', 'epoch', 'status', 'because', 'attempt'];

export class Trace {
  readonly #lines: DiagnosticLine[] = [];

  note(at: number, way: DiagnosticLine['way'], what: string, source: object): void {
    const facts: Record<string, string | number | boolean> = {};
    for (const [key, value] of Object.entries(source)) {
      if (TELLING.includes(key) && (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')) facts[key] = value;
    }
    this.#lines.push({ at, way, what, facts });
    if (this.#lines.length > KEPT) this.#lines.shift();
  }

  lines(): readonly DiagnosticLine[] {
    return [...this.#lines];
  }
}
