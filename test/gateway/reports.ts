/** What a part under test tells the operator. */
import type { Report } from '../../gateway/report.ts';

/** All of it, and a way to wait for a line. */
export class Reports {
  readonly lines: { level: string; what: string; facts: Readonly<Record<string, unknown>> }[] = [];
  #calls: (() => void)[] = [];

  readonly report: Report = (level, what, facts = {}) => {
    this.lines.push({ level, what, facts });
    for (const call of this.#calls.splice(0)) call();
  };

  async until(what: string): Promise<Readonly<Record<string, unknown>>> {
    for (;;) {
      const line = this.lines.find((each) => each.what === what);
      if (line) return line.facts;
      await new Promise<void>((next) => { this.#calls.push(next); });
    }
  }
}
