/**
 * A conversation as its desk knows it: how its ticket stands, and the words of `machines/routing.ts`. Its outbox and what
 * is on its way to it are carried out by hand, late and more than once.
 */
import type { Decision, Standing, Stands } from '../../machines/routing.ts';
import type { Status } from '../../machines/style.ts';
import type { Agent } from '../../machines/ticket.ts';

type Heard = Decision;

export class Matter {
  readonly id: string;
  standing: Standing;
  /** Newest decision taken. */
  heard = 0;
  /** What the desk has not been told yet. */
  out: Stands | null = null;
  /** Decisions that were carried out here, the newest last: who had it afterwards. */
  readonly taken: string[] = [];
  #effects = 0;

  constructor(id: string, standing: Standing) {
    this.id = id;
    this.standing = standing;
    this.say();
  }

  get at(): Status {
    return this.standing.status;
  }

  /** Only the newest word waits. */
  say(): void {
    this.out = { type: 'stands', standing: { ...this.standing }, heard: this.heard, from: `c/demo/${this.id}`, n: ++this.#effects };
  }

  set(change: Partial<Standing>): void {
    this.standing = { ...this.standing, ...change };
    this.say();
  }

  /** The desk's decision, if it still fits; answered in either case, but once. */
  hear(decision: Heard): void {
    if (decision.n <= this.heard) return;
    this.heard = decision.n;
    const { ticket, agent } = decision.ground;
    const fits = ticket === this.standing.ticket && agent === (this.standing.agent?.id ?? null) && this.at !== 'solved' && this.at !== 'closed';
    if (!fits) return this.say();
    this.taken.push(`${decision.type} ${decision.type === 'assign' ? decision.agent.id : ''}`);
    if (decision.type === 'assign') this.set({ agent: decision.agent, status: this.at === 'new' ? 'open' : this.at, held: false });
    else if (decision.type === 'requeue') this.set({ agent: null, status: 'new', team: decision.team ?? this.standing.team });
    else this.say();
  }

  /** Somebody takes it by hand, whoever has it. */
  take(agent: Agent): void {
    if (this.at !== 'closed') this.set({ agent, status: 'open', held: false });
  }

  /** A flow begins or ends to look for the right team. */
  hold(held: boolean): void {
    if (this.at === 'new') this.set({ held });
  }

  unassign(): void {
    if (this.at !== 'closed' && this.at !== 'solved') this.set({ agent: null, status: 'new' });
  }

  move(status: 'open' | 'pending' | 'onHold' | 'solved'): void {
    if (this.at === 'new' || this.at === 'closed') return;
    this.set({ status: status === 'solved' && this.standing.style === 'chat' ? 'closed' : status });
  }

  close(): void {
    if (this.at === 'solved') this.set({ status: 'closed' });
  }

  /** The customer writes. */
  write(at: number): void {
    if (this.at === 'closed') this.set({ ticket: this.standing.ticket + 1, status: 'new', agent: null, since: at, answeredAt: 0, active: true });
    else if (this.at !== 'new' && (this.at !== 'open' || !this.standing.active)) this.set({ status: 'open', active: true });
  }
}
