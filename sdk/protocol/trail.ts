/** Where in a frame the codec stands, so that a refusal names the field and never shows what the sender wrote in it. */
import { Refusal, type CodeName } from './codes.ts';

export class Trail {
  /** Names on the way in. Those beyond `depth` are left over from earlier fields. */
  readonly names: string[] = [];
  depth = 0;
  /** Values that `data` fields may still hold: bounds one frame's work and memory. */
  budget = 0;

  begin(name: string, budget: number): void {
    this.names[0] = name;
    this.depth = 1;
    this.budget = budget;
  }

  refusal(code: CodeName, why: string): Refusal {
    return new Refusal(code, `${this.names.slice(0, this.depth).join('.')}: ${why}`);
  }
}
