/** A desk and real conversations without a gateway: what one says the other hears at once, and a clock moved by hand. */
import { boardView, deskView, desk, type BoardView, type DeskCommand, type DeskState, type DeskView } from '../../machines/desk.ts';
import { OFFICE_HOURS } from '../../machines/hours.ts';
import type { Decision, Priority } from '../../machines/routing.ts';
import type { Style } from '../../machines/style.ts';
import { earliest } from '../../machines/timers.ts';
import type { Member, Routing, Staff, Team } from '../../machines/workspace.ts';
import { CUSTOMER, START, stylesOf, Talk } from './talk.ts';

export const kind = desk((_, value) => (value === 'wrong' ? { problem: 'it is wrong' } : { value }));
const ID = 'd/demo';

export const agent = (id: string): { role: 'agent'; id: string; name: string; identified: boolean } =>
  ({ role: 'agent', id: `a_${id}`, name: id[0]?.toUpperCase() + id.slice(1), identified: true });
export const team = (id: string, more: Partial<Team> = {}): Team => ({
  id, name: id, priority: 5, method: 'longestIdle', offerMs: 30_000, autoAccept: false, preferMs: 60_000, fallback: null, hours: null, ...more,
});
export const member = (id: string, more: Partial<Member> = {}): Member =>
  ({ id, name: agent(id).name, right: 'agent', teams: ['support'], skills: [], capacity: {}, ...more });

interface Setting extends Partial<Omit<Staff, 'routing'>> {
  routing?: Partial<Routing>;
}
interface Asking {
  style?: Style;
  channel?: string;
  team?: string;
  priority?: Priority;
  requires?: string[];
  prefers?: string[];
}

export class Office {
  at = START;
  #state: DeskState | undefined;
  readonly talks = new Map<string, Talk>();
  /** What the last refusal said. */
  detail = '';
  #acts = 0;

  constructor({ routing, ...set }: Setting = {}) {
    const defaults = {
      teams: [team('support')], agents: [member('ada', { right: 'admin' }), member('ben'), member('cid')], skills: [], statuses: [],
      capacity: { messaging: 5 }, channels: { web: { group: 'messaging', requires: [], prefers: [] }, phone: { group: 'voice', requires: [], prefers: [] } },
      routing: { graceMs: 20_000, keepMs: null, returnMs: 300_000, lapses: 0, inactiveFrees: false, ...routing }, hours: OFFICE_HOURS, ...set,
    };
    this.tell({ type: 'begin', node: 'n1', file: {}, defaults });
  }

  get state(): DeskState {
    if (this.#state === undefined) throw new Error('the desk has begun');
    return this.#state;
  }

  /** The desk survives being written and read back after every step, as it does when the process dies. */
  tell(command: DeskCommand): string {
    const stepped = kind.step(ID, this.#state, command, this.at);
    this.detail = 'refused' in stepped ? stepped.detail : '';
    if ('refused' in stepped) return stepped.refused;
    this.#state = kind.thaw(kind.freeze(stepped.state), new Map([...kind.parts?.(stepped.state, undefined) ?? []] as [string, string][]));
    this.settle();
    return stepped.reply.repeated ? 'repeated' : 'done';
  }

  here(...ids: string[]): void {
    for (const id of ids) this.tell({ type: 'here', agent: agent(id), node: 'n1' });
  }

  gone(id: string, node = 'n1'): void {
    this.tell({ type: 'gone', agent: agent(id).id, node });
  }

  act(who: string, name: string, args: Record<string, unknown> = {}, id = `act${++this.#acts}`): string {
    return this.tell({ type: 'act', who: agent(who), id, name, args });
  }

  /** Answers this agent's offer of a conversation. */
  answer(who: string, name: 'accept' | 'decline', conversation: string): string {
    return this.act(who, name, { conversation, offer: this.view(who).offers.find((offer) => offer.conversation === conversation)?.offer ?? 0 });
  }

  configure(section: string, value: unknown, who = 'ada', rev = this.state.sections.get(section)?.rev ?? 0): string {
    return this.tell({ type: 'configure', who: agent(who), section, value, rev });
  }

  /** A customer begins a conversation, or writes in it again. */
  writes(id: string, { style = 'chat', channel = 'web', ...rule }: Asking = {}): Talk {
    const talk = this.talks.get(id) ?? new Talk({ ...stylesOf(style), teams: [...this.state.roster.staff.teams.map((t) => t.id)], rules: [rule] });
    this.talks.set(id, talk);
    talk.at = this.at;
    talk.do({ type: 'say', who: { ...CUSTOMER, name: id }, device: 'd', cmid: talk.id(), kind: 'message', text: 'hello', channel, seen: null });
    this.settle();
    return talk;
  }

  /** An agent does something to a conversation itself. */
  byHand(who: string, id: string, name: string, args: Record<string, unknown> = {}): void {
    const talk = this.talk(id);
    const done = talk.act(agent(who), name, args);
    if (typeof done === 'string') throw new Error(`${done}: ${talk.refusal}`);
    this.settle();
  }

  talk(id: string): Talk {
    const talk = this.talks.get(id);
    if (talk === undefined) throw new Error(`no conversation ${id}`);
    return talk;
  }

  /** Everything that waits to be said is said. */
  settle(): void {
    for (let busy = true; busy;) {
      busy = false;
      for (const [id, talk] of this.talks) {
        talk.at = this.at;
        const word = talk.state?.outbox.find(({ to }) => to === ID);
        talk.delivered();
        if (word === undefined) continue;
        busy = true;
        this.tell({ ...word.command, from: `c/demo/${id}`, n: word.n } as DeskCommand);
      }
      const [effect] = this.state.outbox;
      if (effect === undefined) continue;
      busy = true;
      this.talks.get(effect.to.slice('c/demo/'.length))?.do({ ...effect.command, from: ID, n: effect.n } as Decision);
      this.tell({ type: 'effectDone', n: effect.n });
    }
  }

  /** Time passes; each timer rings at its moment. */
  wait(ms: number): void {
    const end = this.at + ms;
    for (;;) {
      const rings = [{ timer: earliest(this.state.timers), tell: (timer: object) => { this.tell({ type: 'timer', ...timer } as DeskCommand); } },
        ...[...this.talks.values()].map((talk) => ({ timer: earliest(talk.state?.timers ?? []), tell: (timer: object) => { talk.do({ type: 'timer', ...timer } as never); } }))];
      const first = rings.filter(({ timer }) => timer !== undefined && timer.at <= end).sort((a, b) => (a.timer?.at ?? 0) - (b.timer?.at ?? 0))[0];
      if (first?.timer === undefined) break;
      this.at = Math.max(this.at, first.timer.at);
      for (const talk of this.talks.values()) talk.at = this.at;
      const { owner, id, gen } = first.timer;
      first.tell({ owner, id, gen });
      this.settle();
    }
    this.at = end;
  }

  view(who: string): DeskView {
    return deskView(this.state, agent(who).id);
  }

  board(): BoardView {
    return boardView(this.state, this.at);
  }

  /** Conversations on offer to an agent, the oldest first. */
  offers(who: string): string[] {
    return this.view(who).offers.map(({ conversation }) => conversation);
  }

  /** Whom a conversation is on offer to, without the prefix. */
  asked(id: string): string | undefined {
    const seat = this.state.tickets.get(id)?.seat;
    return seat?.at === 'offered' ? seat.agent.slice(2) : undefined;
  }

  /** Places that an agent's conversations take. */
  held(who: string, group = 'messaging'): number {
    return this.view(who).lanes.find(([name]) => name === group)?.[1] ?? 0;
  }

  /** What a customer has been told of their place, in order. */
  told(id: string): string[] {
    return this.talk(id).said().filter((line) => line.startsWith('routing')).map((line) => line.slice('routing '.length));
  }
}
