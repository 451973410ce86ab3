/** A conversation without a gateway: steps, lines and durable timers, with a clock moved by hand. */
import type { Line, Reply, Who } from '../../machines/actor.ts';
import { conversation, type ConversationCommand } from '../../machines/conversation.ts';
import type { Called } from '../../machines/flows/call.ts';
import type { Decision, Stands } from '../../machines/routing.ts';
import { runsShown, type RunShown } from '../../machines/shown.ts';
import { agentOf, statusOf, SYSTEM, type ConversationState } from '../../machines/state.ts';
import { Step } from '../../machines/step.ts';
import { POLICIES, type Style, type Styles } from '../../machines/style.ts';
import type { TicketEvent } from '../../machines/ticket.ts';
import { earliest } from '../../machines/timers.ts';
import { plain, type World } from '../../machines/world.ts';

export const START = Date.UTC(2026, 0, 5, 9, 0);
export const CUSTOMER: Who = { role: 'customer', id: 'v_1', name: 'Cleo', identified: false };
export const ADA: Who = { role: 'agent', id: 'a_ada', name: 'Ada', identified: true };
export const BEN: Who = { role: 'agent', id: 'a_ben', name: 'Ben', identified: true };
export const ID = 'c/demo/01J9ZK3M8QAAAAAAAAAAAAAAAA';

const DESK = 'd/demo';
type Open<D> = D extends Decision ? Pick<D, 'type'> & Partial<D> : never;
/** A decision, of which only what matters is said. */
export type Deciding = Open<Decision>;

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export const stylesOf = (style: Style): Styles => ({ style, channels: {}, rules: [], policies: POLICIES, teams: ['support', 'billing'] });

export class Talk {
  readonly #kind;
  #ids = 0;
  #decisions = 0;
  #words = 0;
  at = START;
  state: ConversationState | undefined;
  /** What the last refusal said, '' when the last command was taken. */
  refusal = '';
  readonly lines: Line[] = [];

  /** May change between two steps. */
  world: World;

  constructor(styles: Styles, more: Partial<World> = {}) {
    this.world = { ...plain(styles), ...more };
    this.#kind = conversation(() => this.world);
  }

  /** The state survives being written and read back after every step, as it does when the process dies. */
  do(command: ConversationCommand): Reply | string {
    const asked = this.state === undefined ? undefined : this.#kind.mayRepeat(this.state, command);
    const known = asked === undefined ? undefined : this.lines.find((line) => line.cmid === asked);
    const stepped = this.#kind.step(ID, this.state, command, this.at, known);
    this.refusal = 'refused' in stepped ? stepped.detail : '';
    if ('refused' in stepped) return stepped.refused;
    this.state = this.#kind.thaw(this.#kind.freeze(stepped.state));
    this.lines.push(...stepped.lines);
    return stepped.reply;
  }

  id(): string {
    return `01J9ZK3M8Q${String(++this.#ids).padStart(16, '0')}`;
  }

  say(who: Who, text: string, cmid = this.id(), kind: 'message' | 'note' = 'message', seen: number | null = null): Reply | string {
    return this.do({ type: 'say', who, device: `${who.id}-device`, cmid, kind, text, channel: 'web', seen });
  }

  note(who: Who, text: string): Reply | string {
    return this.say(who, text, this.id(), 'note');
  }

  act(who: Who, name: string, args: Record<string, unknown> = {}): Reply | string {
    return this.do({ type: 'act', who, device: `${who.id}-device`, cmid: this.id(), name, args });
  }

  /** The desk decides, on the ground of how things stand unless another is named. */
  decide(decision: Deciding): Reply | string {
    const ground = { ticket: this.state?.number ?? 0, agent: this.agent };
    return this.do({ by: null, note: '', act: '', ground, from: DESK, n: ++this.#decisions, ...decision } as ConversationCommand);
  }

  /** What only a flow does to its ticket. */
  ticket(event: TicketEvent): void {
    if (this.state === undefined) throw new Error('it has not begun');
    const step = new Step(ID, this.state, this.at);
    step.ticket(event, SYSTEM);
    const stepped = step.done();
    if ('refused' in stepped) throw new Error(stepped.detail);
    this.state = this.#kind.thaw(this.#kind.freeze(stepped.state));
    this.lines.push(...stepped.lines);
  }

  /** The contact says what it knows; `changed`: what it did not know before. */
  fields(fields: Readonly<Record<string, string>>, changed: readonly string[] = []): Reply | string {
    return this.do({ type: 'fields', fields, changed, from: `p/demo/${CUSTOMER.id}`, n: ++this.#words });
  }

  /** What an HTTP request that waits in the outbox came to. */
  called(outcome: Called['outcome'], n = this.state?.outbox.find(({ to }) => to.startsWith('x/'))?.n ?? 0): Reply | string {
    return this.do({ type: 'called', n, outcome });
  }

  /** Where the flows stand. */
  get runs(): RunShown[] {
    return this.state === undefined ? [] : runsShown(this.state, this.world.shelf);
  }

  /** What waits to be said to the desk. */
  get stands(): Stands | undefined {
    const waiting = this.state?.outbox.filter(({ to }) => to === DESK) ?? [];
    if (waiting.length > 1) throw new Error('only the newest word to the desk waits');
    return waiting[0]?.command as Stands | undefined;
  }

  /** The desk, or whoever else is told something, has heard it. */
  delivered(): void {
    for (const { n } of this.state?.outbox ?? []) this.do({ type: 'effectDone', n });
  }

  get agent(): string | null {
    return this.state === undefined ? null : agentOf(this.state)?.id ?? null;
  }

  /** Lets time pass, firing each durable timer at its moment. */
  wait(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const timer = this.state === undefined ? undefined : earliest(this.state.timers);
      if (timer === undefined || timer.at > end) break;
      this.at = Math.max(this.at, timer.at);
      this.do({ type: 'timer', owner: timer.owner, id: timer.id, gen: timer.gen });
    }
    this.at = end;
  }

  get status(): string {
    return this.state === undefined ? 'none' : statusOf(this.state);
  }

  /** What the log says, in short: `message hi`, `status open`, `session inactive silence`, … */
  said(from = 0): string[] {
    return this.lines.slice(from).map(({ kind, body }) => {
      return `${kind} ${what(kind, body)}`;
    });
  }
}

function what(kind: string, body: Line['body']): string {
  const name = (body.agent as { name: string } | null | undefined)?.name ?? 'nobody';
  switch (kind) {
    case 'assigned': return name;
    case 'session': return `${String(body.state)} ${String(body.reason)}`;
    case 'routing': return `${String(body.state)} ${name} ${String(body.team)}`;
    case 'ticket': return `${String(body.ticket)} ${String(body.style)}`;
    case 'flow': return [body.what, body.name, body.why].filter((word) => word !== '').join(' ');
    default: return String(body.text ?? body.status ?? body.until ?? body.tags ?? body.priority ?? body.team);
  }
}

/** A conversation of this style whose first ticket Ada has taken and solved. */
export function solved(style: Style): Talk {
  const talk = new Talk(stylesOf(style));
  talk.say(CUSTOMER, 'hello');
  talk.act(ADA, 'accept');
  talk.act(ADA, 'status', { status: 'solved' });
  return talk;
}
