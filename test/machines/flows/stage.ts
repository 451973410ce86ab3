/** A run on its own: its machine driven purely, with a clock moved by hand, and somebody who carries out what it asks for. */
import { compile } from '../../../machines/flows/compile.ts';
import type { Flow, Step, Value } from '../../../machines/flows/flow.ts';
import type { FlowAct, FlowEvent, FlowSnapshot } from '../../../machines/flows/run.ts';
import { parseFlow } from '../../../machines/flows/schema.ts';
import { armed, earliest, type Timer } from '../../../machines/timers.ts';

type Told = { [T in FlowEvent['type']]: Omit<Extract<FlowEvent, { type: T }>, 'at' | 'facts'> }[FlowEvent['type']];

export function flowOf(steps: readonly Step[], more: Partial<Flow> = {}): Flow {
  const parsed = parseFlow({ name: 'Test', start: [{ on: 'opened' }], ...more, steps });
  if ('problems' in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.flow;
}

export class Stage {
  readonly compiled;
  snapshot: FlowSnapshot;
  timers: readonly Timer[] = [];
  at = Date.UTC(2026, 0, 5, 9);
  /** All that it has asked for: `perform ask`, `again ask`, `save contact.email=a@b.co`, `broke ask: why`. */
  readonly asked: string[] = [];
  /** Steps that cannot be carried out. */
  readonly failing = new Set<string>();
  opensAt: (team: string) => number | undefined = () => this.at;

  readonly facts: Record<string, Value>;

  constructor(flow: Flow, facts: Record<string, Value> = {}) {
    this.facts = facts;
    this.compiled = compile(flow);
    this.snapshot = this.compiled.machine.start(undefined).snapshot;
  }

  get step(): string | undefined {
    return this.compiled.standsAt(this.snapshot)?.id;
  }

  /** `done` only once it is over. */
  get status(): string {
    return this.snapshot.status;
  }

  get vars(): Readonly<Record<string, Value>> {
    return (this.snapshot.context as { vars: Readonly<Record<string, Value>> }).vars;
  }

  begin(): this {
    return this.tell({ type: 'begin' });
  }

  say(text: string): this {
    return this.tell({ type: 'customer.message', text });
  }

  tell(told: Told | { type: string }): this {
    const facts = { get: (field: string) => (Object.hasOwn(this.facts, field) ? this.facts[field] : undefined), opensAt: this.opensAt };
    const { snapshot, acts, arms } = this.compiled.machine.step(this.snapshot, { ...told, at: this.at, facts } as never);
    this.snapshot = snapshot;
    this.timers = armed(this.timers, 'flow', arms, this.at);
    for (const act of acts as unknown as FlowAct[]) this.carryOut(act);
    return this;
  }

  /** Time goes by; what falls due meanwhile happens at its own moment. */
  pass(ms: number): this {
    const end = this.at + ms;
    for (let due = earliest(this.timers); due !== undefined && due.at <= end; due = earliest(this.timers)) {
      this.at = due.at;
      const { event } = due;
      this.timers = this.timers.filter((timer) => timer !== due);
      this.tell({ type: event });
    }
    this.at = end;
    return this;
  }

  /** As after a restart. */
  restored(): this {
    this.snapshot = this.compiled.machine.thaw(JSON.parse(this.compiled.machine.freeze(this.snapshot)) as { value: unknown; context: unknown });
    return this;
  }

  private carryOut(act: FlowAct): void {
    if (act.type === 'broke') {
      this.asked.push(`broke ${act.params.step}: ${act.params.why}`);
      return;
    }
    const { step } = act.params;
    if (act.type === 'save') {
      this.asked.push(...Object.entries(act.params.values).map(([field, value]) => `save ${field}=${String(value)}`));
      if (!this.failing.has(`save ${step}`)) Object.assign(this.facts, act.params.values);
      this.tell(this.failing.has(`save ${step}`) ? { type: 'failed', why: 'refused' } : { type: 'done' });
      return;
    }
    this.asked.push(`${act.params.again ? 'again' : 'perform'} ${step}`);
    if (this.failing.has(step)) this.tell({ type: 'failed', why: 'refused' });
    else if (!['ask', 'http'].includes(this.compiled.steps.get(step)?.do ?? '')) this.tell({ type: 'done' });
  }
}
